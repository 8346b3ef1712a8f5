// SPDX-License-Identifier: MIT
#include "libwharf/command/completion.hpp"

#include <algorithm>
#include <set>

#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::command {

namespace {

// What may be typed after these words of a command: "token" → create, list, revoke.
std::set<std::string> words_after(const Program& program, const std::string& before) {
  std::set<std::string> found;
  for (const auto& command : program.commands) {
    const std::string words(command.words);
    if (!words.starts_with(before)) continue;
    const auto rest = words.substr(before.size());
    if (!rest.empty()) found.insert(rest.substr(0, rest.find(' ')));
  }
  return found;
}

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

std::string names_of(const std::vector<OptionSpec>& options) {
  std::string text;
  for (const auto& option : options) text.append(text.empty() ? "" : " ").append(option.name);
  return text;
}

// The options of any command that take a value: where one stands before the cursor, no word is completed.
std::string valued(const Program& program) {
  std::set<std::string> names;
  for (const auto& command : program.commands)
    for (const auto& option : all_options(program, command))
      if (!option.value.empty()) {
        names.insert(std::string(option.name));
        if (option.letter) names.insert(std::string("-") + option.letter);
      }
  std::string pattern;
  for (const auto& name : names) pattern.append(pattern.empty() ? "" : "|").append(name);
  return pattern;
}

bool names_file(std::string_view value) {
  return value == "FILE" || value == "DIR";
}

void append_command(std::string& script, const Program& program, const Command& command) {
  const auto command_options = all_options(program, command);
  const std::string words(command.words);
  script += "    ' " + words + (words.empty() ? "'*)\n" : " '*)\n");
  script += "      options='" + names_of(command_options) + "'\n";
  std::string choices, files;
  for (const auto& option : command_options) {
    std::string pattern(option.name);
    if (option.letter) pattern.append("|-").append(1, option.letter);
    if (!option.choices.empty())
      choices += "        " + pattern + ") values='" + std::string(option.choices) + "' ;;\n";
    if (names_file(option.value)) files.append(files.empty() ? "" : "|").append(pattern);
  }
  if (!files.empty()) choices += "        " + files + ") files=yes ;;\n";
  if (!choices.empty()) script += "      case $previous in\n" + choices + "      esac\n";
  for (auto word : split(command.positional, ' ')) {
    while (!word.empty() && (word.front() == '[' || word.back() == ']' || word.back() == '.'))
      word = word.front() == '[' ? word.substr(1) : word.substr(0, word.size() - 1);
    if (names_file(word)) script += "      [ -n \"$values$files\" ] || arguments=files\n";
  }
  script += "      ;;\n";
}

}  // namespace

std::string completion_of(const Program& program, std::string_view shell) {
  if (shell == "bash") return bash_completion_of(program);
  throw UsageError("'--completion' knows " + wharf::quoted(k_shells) + ", not " + wharf::quoted(shell) +
                   "; write '--completion bash'");
}

std::string bash_completion_of(const Program& program) {
  std::string function = "_" + std::string(program.name);
  std::ranges::replace(function, '-', '_');
  std::string script = "# bash completion for " + std::string(program.name) +
                       ", made by the program itself\n" + function + "() {\n" +
                       R"(  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local words=' ' next= options= values= files= arguments= takes_value= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [ -n "$takes_value" ]; then takes_value=; continue; fi
    case $word in
)" + "      " + valued(program) +
                       R"() takes_value=yes ;;
      -*) ;;
      *) words="$words$word " ;;
    esac
  done
  case $words in
)";
  // Longer commands first: "token create" before a command "token".
  auto commands = program.commands;
  std::ranges::stable_sort(
      commands, [](const Command& a, const Command& b) { return a.words.size() > b.words.size(); });
  std::set<std::string> groups;
  for (const auto& command : commands) {
    append_command(script, program, command);
    for (std::size_t at = 0; (at = command.words.find(' ', at)) != command.words.npos; ++at)
      groups.insert(std::string(command.words.substr(0, at)));
  }
  for (const auto& group : groups)
    script += "    ' " + group + " ') next='" + joined(words_after(program, group + " ")) + "' ;;\n";
  if (!is_single(program))
    script += "    ' ') next='" + joined(words_after(program, "")) +
              "' options='--help --version --man --completion --list-commands' ;;\n";
  script += R"(  esac
  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [ -n "$files" ]; then compopt -o filenames 2>/dev/null || :; COMPREPLY=($(compgen -f -- "$current"))
  elif [ -n "$takes_value" ]; then :
  elif [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [ -n "$next" ]; then COMPREPLY=($(compgen -W "$next" -- "$current"))
  elif [ -n "$arguments" ]; then compopt -o filenames 2>/dev/null || :; COMPREPLY=($(compgen -f -- "$current"))
  fi
}
)";
  script += "complete -F " + function + " " + std::string(program.name) + "\n";
  return script;
}

}  // namespace wharf::command
