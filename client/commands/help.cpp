// SPDX-License-Identifier: MIT
#include "libwharf/command/help.hpp"

#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "client/program/program.hpp"
#include "libwharf/command/aliases.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/completion.hpp"
#include "libwharf/command/lookup.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/table_json.hpp"

namespace wharf::client {

namespace {

using namespace command;

void print(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  say(text);
}

int help(const Arguments& arguments) {
  const auto& program = running_program();
  const auto words = without_aliases(program, arguments.all("COMMAND"));
  if (words.empty()) {
    print(arguments.json() ? json_of(program) : help_of(program));
    return k_ok;
  }
  const auto* command = find_command(program, words);
  if (command)
    print(arguments.json() ? json_of(program, *command) : help_of(program, *command));
  else if (is_group(program, words.front()) && words.size() == 1 && !arguments.json())
    print(help_of_group(program, words.front()));
  else
    refuse_unknown(program, words);
  return k_ok;
}

int completion(const Arguments& arguments) {
  const auto text = completion_of(running_program(), arguments["SHELL"]);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("shell", arguments["SHELL"]).member("script", text).end_object();
    finish(writer);
  } else {
    print(text);
  }
  return k_ok;
}

}  // namespace

Command help_command() {
  return {.words = "help",
          .positional = "[COMMAND...]",
          .help = "say more of a command, or what commands there are",
          .run = help,
          .examples = {{"wharf help install", "what `install` can do"}}};
}

Command completion_command() {
  return {.words = "completion",
          .positional = "SHELL",
          .help = "print what makes a shell complete this program's command line",
          .run = completion,
          .description = "SHELL is `bash`, `zsh` or `fish`.",
          .examples = {{"wharf completion bash > ~/.local/share/bash-completion/completions/wharf",
                        "for every bash from now on"}}};
}

}  // namespace wharf::client
