// SPDX-License-Identifier: MIT
#include "libwharf/command/completion.hpp"

#include <algorithm>
#include <set>

#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::command {

namespace {

std::string names_of(const std::vector<OptionSpec>& options) {
  std::string text;
  for (const auto& option : options) text.append(text.empty() ? "" : " ").append(option.name);
  return text;
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

std::string function_of(const Program& program) {
  std::string function = "_" + std::string(program.name);
  std::ranges::replace(function, '-', '_');
  return function;
}

// Each command's own, by the words that were typed; bash and zsh read it alike. Longer commands first: "token
// create" before a command "token".
std::string cases_of(const Program& program) {
  std::string script = "  case $line in\n";
  auto commands = program.commands;
  std::ranges::stable_sort(
      commands, [](const Command& a, const Command& b) { return a.words.size() > b.words.size(); });
  for (const auto& command : commands) append_command(script, program, command);
  for (const auto& group : groups_of(program))
    script += "    ' " + group + " ') next='" + words_after(program, group + " ") + "' ;;\n";
  if (!is_single(program))
    script += "    ' ') next='" + words_after(program, "") + "' options='" +
              names_of(common_options(program)) + " --version --man --completion --list-commands' ;;\n";
  return script + "  esac\n";
}

// Which words before the cursor are the command's.
std::string loop_of(const Program& program, std::string_view loop) {
  std::string pattern;
  for (const auto& name : valued_options(program)) pattern.append(pattern.empty() ? "" : "|").append(name);
  return std::string(loop) + R"(    if [ -n "$takes_value" ]; then takes_value=; continue; fi
    case $word in
)" + (pattern.empty() ? "" : "      " + pattern + ") takes_value=yes ;;\n") +
         R"(      -*) ;;
      *) line="$line$word " ;;
    esac
  done
)";
}

}  // namespace

std::string words_after(const Program& program, const std::string& before) {
  std::set<std::string> found;
  for (const auto& command : program.commands) {
    const std::string words(command.words);
    if (!words.starts_with(before)) continue;
    const auto rest = words.substr(before.size());
    if (!rest.empty()) found.insert(rest.substr(0, rest.find(' ')));
  }
  std::string text;
  for (const auto& word : found) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

std::vector<std::string> groups_of(const Program& program) {
  std::set<std::string> groups;
  for (const auto& command : program.commands)
    for (std::size_t at = 0; (at = command.words.find(' ', at)) != command.words.npos; ++at)
      groups.insert(std::string(command.words.substr(0, at)));
  return {groups.begin(), groups.end()};
}

std::vector<std::string> valued_options(const Program& program) {
  std::set<std::string> names;
  for (const auto& command : program.commands)
    for (const auto& option : all_options(program, command))
      if (!option.value.empty()) {
        names.insert(std::string(option.name));
        if (option.letter) names.insert(std::string("-") + option.letter);
      }
  return {names.begin(), names.end()};
}

bool names_file(std::string_view value) {
  return value == "FILE" || value == "DIR";
}

std::string completion_of(const Program& program, std::string_view shell) {
  if (shell == "bash") return bash_completion_of(program);
  if (shell == "zsh") return zsh_completion_of(program);
  if (shell == "fish") return fish_completion_of(program);
  throw UsageError("'--completion' knows " + wharf::quoted(k_shells) + ", not " + wharf::quoted(shell) +
                   "; write '--completion bash'");
}

std::string bash_completion_of(const Program& program) {
  const auto function = function_of(program);
  const std::string name(program.name);
  return "# bash completion for " + name + ", made by the program itself\n" + function + "() {\n" +
         R"(  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local line=' ' next= options= values= files= arguments= takes_value= word i
  COMPREPLY=()
)" + loop_of(program, R"(  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
)") + cases_of(program) +
         R"(  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [ -n "$files" ]; then compopt -o filenames 2>/dev/null || :; COMPREPLY=($(compgen -f -- "$current"))
  elif [ -n "$takes_value" ]; then :
  elif [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [ -n "$next" ]; then COMPREPLY=($(compgen -W "$next" -- "$current"))
  elif [ -n "$arguments" ]; then compopt -o filenames 2>/dev/null || :; COMPREPLY=($(compgen -f -- "$current"))
  fi
}
)" + "complete -F " +
         function + " " + name + "\n";
}

std::string zsh_completion_of(const Program& program) {
  const auto function = function_of(program);
  const std::string name(program.name);
  return "#compdef " + name + "\n# zsh completion for " + name + ", made by the program itself\n" + function +
         "() {\n" +
         R"(  local current=${words[CURRENT]} previous=${words[CURRENT-1]}
  local line=' ' next= options= values= files= arguments= takes_value= word i
)" + loop_of(program, R"(  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
)") + cases_of(program) +
         R"(  if [ -n "$values" ]; then compadd -- ${=values}
  elif [ -n "$files" ]; then _files
  elif [ -n "$takes_value" ]; then :
  elif [[ $current == -* ]]; then compadd -- ${=options}
  elif [ -n "$next" ]; then compadd -- ${=next}
  elif [ -n "$arguments" ]; then _files
  fi
}
)" +
         "if [ \"$funcstack[1]\" = " + function + " ]; then " + function + " \"$@\"; else compdef " +
         function + " " + name + "; fi\n";
}

}  // namespace wharf::command
