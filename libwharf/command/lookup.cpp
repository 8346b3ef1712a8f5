// SPDX-License-Identifier: MIT
#include "libwharf/command/lookup.hpp"

#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::command {

std::size_t words_matched(std::string_view command, const std::vector<std::string>& line) {
  std::size_t count = 0;
  for (const auto word : split(command, ' ')) {
    if (word.empty() || count == line.size() || line[count] != word) return 0;
    ++count;
  }
  return count;
}

const Command* find_command(const Program& program, const std::vector<std::string>& line) {
  const Command* best = nullptr;
  std::size_t most = 0;
  for (const auto& command : program.commands)
    if (const auto count = words_matched(command.words, line); count > most) {
      best = &command;
      most = count;
    }
  return best;
}

bool is_group(const Program& program, std::string_view word) {
  for (const auto& command : program.commands)
    if (command.words.starts_with(std::string(word) + " ")) return true;
  return false;
}

void refuse_unknown(const Program& program, const std::vector<std::string>& line) {
  std::vector<std::string_view> known;
  if (is_group(program, line.front())) {
    std::string verbs;
    for (const auto& command : program.commands)
      if (command.words.starts_with(line.front() + " ")) {
        known.push_back(command.words);
        verbs.append(verbs.empty() ? "" : ", ").append(command.words.substr(line.front().size() + 1));
      }
    if (line.size() < 2 || line[1].starts_with("-"))
      throw UsageError(wharf::quoted(line.front()) + " needs one of: " + verbs);
    const std::string typed = line[0] + " " + line[1];
    throw UsageError("unknown command " + wharf::quoted(typed) + suggestion(typed, known));
  }
  for (const auto& command : program.commands) known.push_back(command.words);
  for (const auto& alias : program.aliases)
    if (alias.option.empty()) known.push_back(alias.words);
  const auto common = common_options(program);
  if (line.front().starts_with("-")) {
    known = {"--version", "--man", "--completion", "--list-commands"};
    for (const auto& option : common) known.push_back(option.name);
  }
  std::string hint = suggestion(line.front(), known);
  if (hint.empty() && line.size() > 1) hint = suggestion(line[0] + " " + line[1], known);
  throw UsageError((line.front().starts_with("-") ? "unknown option " : "unknown command ") +
                   wharf::quoted(line.front()) + hint);
}

}  // namespace wharf::command
