// SPDX-License-Identifier: MIT
// A program as a table of its commands. From this table alone come the parser, `--help` of the program and of
// each command, the suggestion for what was mistyped, the manual page, the shells' completions, and the list
// that tests go through: a command that is in the table cannot be forgotten in any of them.
//
// Texts are for people: help texts begin in lower case and have no full stop at their end; descriptions are
// whole sentences, in paragraphs with an empty line between them; what stands between `backticks` is set as
// literal text. Views must refer to literals.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::command {

class Arguments;

struct OptionSpec {
  std::string_view name;   // "--output"
  std::string_view value;  // "DIR"; empty for a flag. FILE and DIR are completed as such
  std::string_view help;
  std::string_view choices = {};  // "user admin": nothing else is accepted
  bool required = false;
  bool repeatable = false;
  char letter = 0;  // 'C': `-C` means the same
};

// What else a command takes by itself follows from its effect.
enum class Effect {
  reads,      // nothing is changed
  maintains,  // files of this machine or the shape of the database; nothing that the registry's users see
  changes,    // what the registry stores or shows: takes the program's `for_changes`
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

// Another spelling, put in the place of what was typed before the line is read (aliases.hpp).
struct Alias {
  std::string words;  // the command that is typed, ours or one that only the alias knows: "uninstall"
  // "": the words are the spelling. Else an option behind them: "--save-dev", "-D", "--sort=newest" (with
  // that value alone).
  std::string option = {};
  std::string value = {};    // "REQ": the option takes a value, for which REQ stands in `means`
  std::string command = {};  // the words of the command that is meant; empty: the one that was typed
  // What takes the option's place, or goes behind the words: "--dev", "--name REQ". "@REQ" is added to the
  // first argument, other words are arguments. Empty: the option means nothing here.
  std::string means = {};
  std::string refusal = {};  // it is wrong usage, and this sentence says why
};

// A line of the manual's lists: a variable or file, and what it is for.
struct Described {
  std::string_view name, text;
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
  std::vector<OptionSpec> common =
      {};  // what every command takes beside --help; may stand before the command
  std::vector<OptionSpec> for_changes = {};  // what every command takes that changes or destroys
  std::vector<Alias> aliases = {};
  std::string aliases_title = {};                        // "As Raven writes it"
  void (*check)(const Arguments&) = nullptr;             // of the common options; before a command is run
  int (*exit_code_of)(const std::exception&) = nullptr;  // null: 1 for every error
  // What an error has to say to a log is printed below its sentence; false: only when verbose.
  bool details = true;
  // With --json, an error is an object on standard output, too: {"error": code, "message": …, "details":
  // {…}}.
  bool json_errors = false;
  int manual_section = 8;
  std::vector<Described> environment = {}, files = {};
  std::string_view exit_status = "0, 1 for an error, 2 for wrong usage.";
};

// The options of a command with those that its effect and `json` bring, without those of every command.
std::vector<OptionSpec> own_options(const Program& program, const Command& command);
// Those of every command, --help last.
std::vector<OptionSpec> common_options(const Program& program);
std::vector<OptionSpec> all_options(const Program& program, const Command& command);
std::string_view effect_name(Effect effect);
// The command takes --json, by its row or because every command does.
bool takes_json(const Program& program, const Command& command);

const OptionSpec* find_option(const std::vector<OptionSpec>& options, std::string_view name);
// "-C, --directory DIR": as help and messages show it.
std::string shown_option(const OptionSpec& option);

// The program that consists of one command has no verbs.
inline bool is_single(const Program& program) {
  return program.commands.size() == 1 && program.commands.front().words.empty();
}

}  // namespace wharf::command
