// SPDX-License-Identifier: MIT
// A program as a table of its commands. From this table alone come the parser, `--help` of the program and of
// each command, the suggestion for what was mistyped, the manual page, bash's completion, and the list that
// tests go through: a command that is in the table cannot be forgotten in any of them.
//
// To add a command to a program:
//   1. write admin-tools/<program>/<command>.cpp with `Command <command>_command()`, which returns the row,
//   and
//      the function that the row's `run` names;
//   2. declare it in that program's verbs.hpp and add the call to the table in its main.cpp;
//   3. a command that changes or destroys hands `origin_of(arguments)` and `operator_principal()` to one
//      service, which writes exactly one audit row (operator.hpp).
//
// Texts are for people: help texts begin in lower case and have no full stop at their end; descriptions are
// whole sentences, in paragraphs with an empty line between them; what stands between `backticks` is set as
// literal text. Views must refer to literals.
#pragma once

#include <string_view>
#include <vector>

namespace wharf::admin {

class Arguments;

struct OptionSpec {
  std::string_view name;   // "--output"
  std::string_view value;  // "DIR"; empty for a flag. FILE and DIR are completed as such
  std::string_view help;
  std::string_view choices = {};  // "user admin": nothing else is accepted
  bool required = false;
  bool repeatable = false;
};

// Every command takes --config, --set and --help; what else it takes by itself follows from its effect.
enum class Effect {
  reads,      // nothing is changed
  maintains,  // files of this machine or the shape of the database; nothing that the registry's users see
  changes,    // what the registry stores or shows: takes --reason (of its own where that is shown), leaves
              // exactly one row in the audit log
  destroys    // as `changes`, and cannot be undone: takes --yes, or asks at a terminal before `run` is called
};

struct Example {
  std::string_view command;  // as it is typed, the program's name included
  std::string_view text;     // what it is for
};

struct Command {
  std::string_view words;                  // "token create"; empty where the program is one command
  std::string_view positional;             // "USER [VERSION] [FILE...]": those without brackets must be given
  std::string_view help;                   // one line
  int (*run)(const Arguments&) = nullptr;  // returns the exit code
  Effect effect = Effect::reads;
  bool json = false;  // takes --json: one object on stdout instead of text for people
  std::string_view description = {};
  std::vector<OptionSpec> options = {};
  std::vector<Example> examples = {};
  // Destroys: what will be gone, a sentence without its end: "its name is never free again".
  std::string_view consequence = {};
};

// A section of the manual page beside those that every page has.
struct Section {
  std::string_view title;  // "SIGNALS"
  std::string_view text;
};

struct Program {
  std::string_view name;         // "wharf-user"
  std::string_view help;         // one line: "looks after accounts"
  std::string_view description;  // how to begin, and what holds for every command
  std::vector<Command> commands;
  std::vector<Section> sections = {};
  std::vector<std::string_view> see_also = {};  // "wharf.conf(5)"
};

// The options of a command with those that its effect and `json` bring; the last are those of every command.
std::vector<OptionSpec> own_options(const Command& command);
const std::vector<OptionSpec>& common_options();
std::string_view effect_name(Effect effect);

// The program that consists of one command has no verbs.
inline bool is_single(const Program& program) {
  return program.commands.size() == 1 && program.commands.front().words.empty();
}

}  // namespace wharf::admin
