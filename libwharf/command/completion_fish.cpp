// SPDX-License-Identifier: MIT
#include <algorithm>

#include "libwharf/base/text.hpp"
#include "libwharf/command/completion.hpp"
#include "libwharf/command/layout.hpp"

namespace wharf::command {

namespace {

// In single quotes, as fish reads them.
std::string literal(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string option_line(const std::string& begin, const OptionSpec& option) {
  std::string line = begin + " -l " + std::string(option.name.substr(2));
  if (option.letter) line += std::string(" -s ") + option.letter;
  if (!option.value.empty()) line += names_file(option.value) ? " -rF" : " -x";
  if (!option.choices.empty()) line += " -a " + literal(option.choices);
  return line + " -d " + literal(plain(option.help)) + "\n";
}

bool takes_files(const Command& command) {
  for (auto word : split(command.positional, ' ')) {
    std::string name(word);
    std::erase_if(name, [](char c) { return c == '[' || c == ']' || c == '.'; });
    if (names_file(name)) return true;
  }
  return false;
}

}  // namespace

std::string fish_completion_of(const Program& program) {
  const std::string name(program.name);
  std::string function = "__" + name;
  std::ranges::replace(function, '-', '_');
  std::string script = "# fish completion for " + name + ", made by the program itself\nfunction " +
                       function + "_line\n" +
                       R"(  set -l line ' '
  set -l takes_value
  for word in (commandline -opc)[2..-1]
    if test -n "$takes_value"
      set takes_value
      continue
    end
    switch $word
)";
  const auto valued = valued_options(program);
  if (!valued.empty()) {
    script += "      case";
    for (const auto& option : valued) script += " " + literal(option);
    script += "\n        set takes_value yes\n";
  }
  script += R"(      case '-*'
      case '*'
        set line "$line$word "
    end
  end
  test "$argv[1]" = whole; and test -z "$takes_value"; and test "$line" = " $argv[2]"; or test "$argv[1]" = begins; and string match -q -- " $argv[2]*" "$line"
end
)";
  const std::string begin = "complete -c " + name + " -n \"" + function + "_line ";
  script += "complete -c " + name + " -f\n";
  const auto offer = [&](const std::string& before) {
    const auto words = words_after(program, before);
    for (const auto word : split(words, ' ')) {
      std::string help;
      for (const auto& command : program.commands)
        if (command.words == before + std::string(word)) help = plain(command.help);
      script += begin + "whole '" + before + "'\" -a " + literal(word) +
                (help.empty() ? "" : " -d " + literal(help)) + "\n";
    }
  };
  if (!is_single(program)) offer("");
  for (const auto& group : groups_of(program)) offer(group + " ");
  for (const auto& command : program.commands) {
    const std::string words = command.words.empty() ? "" : std::string(command.words) + " ";
    for (const auto& option : all_options(program, command))
      script += option_line(begin + "begins '" + words + "'\"", option);
    if (takes_files(command)) script += begin + "begins '" + words + "'\" -F\n";
  }
  return script;
}

}  // namespace wharf::command
