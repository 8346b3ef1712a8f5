// SPDX-License-Identifier: MIT
#include "libwharf/command/help.hpp"

#include <algorithm>

#include "libwharf/command/aliases.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/own_name.hpp"

namespace wharf::command {

namespace {

constexpr std::size_t k_width = 100, k_left = 26;

void append_row(std::string& text, const std::string& left, std::string_view right) {
  std::string line = "  " + left;
  const auto lines = wrapped(plain(right), k_width - k_left);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (width_of(line) + 1 > k_left) {
      text += line + "\n";
      line.clear();
    }
    line.append(k_left - width_of(line), ' ').append(lines[i]);
    text += line + "\n";
    line.clear();
  }
}

void append_option(std::string& text, const OptionSpec& option) {
  std::string right(option.help);
  if (!option.choices.empty()) {
    std::string choices(option.choices);
    for (std::size_t at = 0; (at = choices.find(' ', at)) != choices.npos; at += 2)
      choices.replace(at, 1, ", ");
    right += " (one of " + choices + ")";
  }
  append_row(text, shown_option(option), right);
}

void append_paragraphs(std::string& text, std::string_view description) {
  for (const auto paragraph : paragraphs(description)) {
    for (const auto& line : wrapped(plain(paragraph), k_width)) text += line + "\n";
    text += "\n";
  }
}

void append_commands(std::string& text, const Program& program, std::string_view group) {
  for (const auto& command : program.commands) {
    if (!group.empty() && command.words.substr(0, command.words.find(' ')) != group) continue;
    std::string left(command.words);
    if (!command.positional.empty()) left.append(" ").append(command.positional);
    append_row(text, left, command.help);
  }
}

void append_examples(std::string& text, const std::vector<Example>& examples) {
  if (examples.empty()) return;
  text += "\nExamples:\n";
  for (const auto& example : examples)
    text.append("  # ")
        .append(plain(example.text))
        .append("\n  ")
        .append(command_with_own_name(example.command))
        .append("\n");
}

// All of them, or those that are typed for one command.
void append_aliases(std::string& text, const Program& program, const Command* command) {
  std::string rows;
  for (const auto& alias : program.aliases) {
    if (command && alias.words != command->words && alias.command != command->words) continue;
    auto meaning = meaning_of(alias);
    if (!alias.refusal.empty()) meaning = "refused: " + alias.refusal;
    append_row(rows, spelling_of(alias), meaning);
  }
  if (!rows.empty()) text.append("\n").append(program.aliases_title).append(":\n").append(rows);
}

void append_footer(std::string& text, const Program& program) {
  text += "\nEvery command takes:\n";
  for (const auto& option : common_options(program)) append_option(text, option);
  text += "\nIn the place of a command:\n";
  append_row(text, "--version", "the program's version");
  append_row(text, "--man", "the manual page, for `man -l`");
  append_row(text, "--completion bash", "what makes bash complete this program's command line");
  append_row(text, "--list-commands", "the table of commands as JSON");
  std::string hint =
      "\n`" + std::string(program.name) + " COMMAND --help` says more of a command, with examples.\n";
  text += plain(hint);
}

}  // namespace

std::string usage_of(const Program& program, const Command& command) {
  std::string usage(program.name);
  if (!command.words.empty()) usage.append(" ").append(command.words);
  if (!command.positional.empty()) usage.append(" ").append(command.positional);
  for (const auto& option : command.options)
    if (option.required) usage.append(" ").append(option.name).append(" ").append(option.value);
  return usage + " [OPTION]...";
}

std::string help_of(const Program& program) {
  if (is_single(program)) return help_of(program, program.commands.front());
  std::string text = std::string(program.name) + ": " + plain(program.help) +
                     "\n\nUsage: " + std::string(program.name) + " COMMAND [OPTION]... [ARGUMENT]...\n\n";
  append_paragraphs(text, program.description);
  text += "Commands:\n";
  append_commands(text, program, {});
  append_aliases(text, program, nullptr);
  append_footer(text, program);
  return text;
}

std::string help_of_group(const Program& program, std::string_view group) {
  std::string text = "Usage: " + std::string(program.name) + " " + std::string(group) +
                     " COMMAND [OPTION]... [ARGUMENT]...\n\nCommands:\n";
  append_commands(text, program, group);
  return text;
}

std::string help_of(const Program& program, const Command& command) {
  const bool single = is_single(program);
  std::string text = std::string(program.name);
  if (!single) text.append(" ").append(command.words);
  text += ": " + plain(single ? program.help : command.help) + "\n\nUsage: " + usage_of(program, command) +
          "\n\n";
  if (single) append_paragraphs(text, program.description);
  append_paragraphs(text, command.description);
  if (!command.consequence.empty())
    append_paragraphs(text, "It cannot be undone: " + std::string(command.consequence) +
                                ". It asks at a terminal, and elsewhere needs `--yes`.");
  text += "Options:\n";
  for (const auto& option : all_options(program, command)) append_option(text, option);
  if (single) {
    append_row(text, "--version", "the program's version");
    append_row(text, "--man", "the manual page, for `man -l`");
    append_row(text, "--completion bash", "what makes bash complete this program's command line");
    append_row(text, "--list-commands", "the table of commands as JSON");
  }
  append_aliases(text, program, &command);
  append_examples(text, command.examples);
  return text;
}

}  // namespace wharf::command
