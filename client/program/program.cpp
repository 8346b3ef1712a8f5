// SPDX-License-Identifier: MIT
#include "client/program/program.hpp"

#include <signal.h>
#include <unistd.h>

#include <string>

#include "client/program/aliases.hpp"
#include "client/program/exit.hpp"
#include "client/program/session.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/own_name.hpp"
#include "libwharf/command/program.hpp"

namespace wharf::client {

namespace {

using namespace command;

Program running;

const std::vector<OptionSpec>& global_options() {
  static const std::vector<OptionSpec> options = {
      {"--registry", "URL", "the registry: `https://host`, or `file:///folder` for one that is a directory"},
      {"--profile", "NAME", "the language: `wharf`, `synapse`, `raven`, `vais`, or a profile of your own"},
      {"--offline", "", "use what the cache holds and no network"},
      {"--json", "", "print one JSON object instead of text"},
      {.name = "--quiet", .value = "", .help = "say nothing but errors and warnings", .letter = 'q'},
      {.name = "--verbose", .value = "", .help = "say more of what is being done", .letter = 'v'},
      {.name = "--color", .value = "WHEN", .help = "colours in the output", .choices = "auto always never"},
      {.name = "--directory", .value = "DIR", .help = "work as if started in this folder", .letter = 'C'},
  };
  return options;
}

Colouring colouring_of(const std::string& when) {
  return when == "always" ? Colouring::always : when == "never" ? Colouring::never : Colouring::automatic;
}

// A configuration that cannot be read is said by the commands that need it; help does not.
std::string configured_colour() {
  try {
    return read_configuration().color;
  } catch (const std::exception&) {
    return "auto";
  }
}

void apply_global_options(const Arguments& arguments) {
  if (arguments.has("--quiet") && arguments.has("--verbose"))
    throw UsageError("'--quiet' and '--verbose' contradict each other; give one of them");
  set_verbosity(arguments.has("--quiet")     ? Verbosity::quiet
                : arguments.has("--verbose") ? Verbosity::verbose
                                             : Verbosity::normal);
  set_colouring(colouring_of(arguments.has("--color") ? arguments.value("--color") : configured_colour()));
}

void interrupted(int) {
  ::_exit(130);
}

// The value of a common option, looked for before the line can be read as a whole: what it means depends on
// it.
std::string value_before_reading(int argc, const char* const* argv, std::string_view name, char letter) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;
    const bool is_letter = letter && word.size() == 2 && word[0] == '-' && word[1] == letter;
    if ((word == name || is_letter) && i + 1 < argc) return argv[i + 1];
    if (word.starts_with(name) && word.substr(name.size()).starts_with('='))
      return std::string(word.substr(name.size() + 1));
  }
  return {};
}

// A profile that cannot be read is said when the command opens its session.
void add_spellings(Program& program, int argc, const char* const* argv) {
  try {
    const auto given = value_before_reading(argc, argv, "--directory", 'C');
    const auto directory = std::filesystem::absolute(given.empty() ? "." : given).lexically_normal();
    const auto chosen = choose_profile(value_before_reading(argc, argv, "--profile", 0), directory);
    const auto profile = find_profile(chosen.name);
    program.aliases = aliases_of(profile);
    program.aliases_title = "As " + profile.language + " writes it";
  } catch (const std::exception&) {
    program.aliases.clear();
  }
}

}  // namespace

const Program& running_program() {
  return running;
}

int run_client(std::vector<Command> commands, int argc, const char* const* argv) {
  // Who had it ignored, as `nohup` and shells in the background do, means it.
  if (::signal(SIGINT, interrupted) == SIG_IGN) ::signal(SIGINT, SIG_IGN);
  static const std::string name(program_started_as(argc > 0 ? argv[0] : nullptr));
  running = {
      .name = name,
      .help = "publish, resolve and install packages",
      .description =
          "The client of the Wharf package registry, and of every language that uses one. A profile says "
          "which language it "
          "is: what its manifest and lock file are called and look like, where packages go, which registry "
          "is asked. It is "
          "chosen by `--profile`, by `WHARF_PROFILE`, by the name that the program was started under "
          "(`raven-pkg` is the "
          "profile `raven`), by the manifest in the current folder or above it, and is `wharf` otherwise.\n\n"
          "To begin: `init` makes a manifest, `add` and `install` bring in packages, `register` and `login` "
          "make an account "
          "known, `publish` puts the package into the registry.",
      .commands = std::move(commands),
      .sections =
          {{"PROFILES",
            "`wharf profile list` names them, `wharf profile show` prints what the one says that would be "
            "used here. A file of "
            "your own below ~/.config/wharf/profiles adds one, or takes the place of a built-in one of that "
            "name. Each takes "
            "its language's own spellings of commands and options; `help` lists them."},
           {"REGISTRIES",
            "Which one is asked is said by `--registry`, by `WHARF_REGISTRY`, by the language's own variable "
            "(`SYNAPSE_REGISTRY`, `RAVEN_REGISTRY`, `VAIS_REGISTRY_URL`), by `wharf config set "
            "registry.PROFILE URL`, or by the "
            "profile; the first of these counts. A folder is a registry, too (`file:///srv/mirror`), laid "
            "out as a registry "
            "lays out its public files.\n\n"
            "A token goes to the registry that gave it, and nowhere else. A package comes from one registry, "
            "and the lock "
            "says which."},
           {"OUTPUT",
            "What was asked for goes to standard output, messages to standard error. With `--json` the "
            "answer is one object. "
            "Progress is shown where standard error is a terminal, plain lines elsewhere. With `--json` an "
            "error is an "
            "object with `error`, `message` and `details`, beside the message on standard error."}},
      .see_also = {"wharf(7)"},
      .common = global_options(),
      .check = apply_global_options,
      .exit_code_of = exit_code_of,
      .details = false,
      .json_errors = true,
      .manual_section = 1,
      .environment = {{"WHARF_REGISTRY", "The registry where `--registry` is not given."},
                      {"WHARF_PROFILE", "The profile where `--profile` is not given."},
                      {"WHARF_TOKEN", "The API token, in the place of the one that `login` has kept."},
                      {"WHARF_CLIENT_CONFIG", "The configuration's file."},
                      {"SYNAPSE_REGISTRY",
                       "The registry in the profile `synapse`, where none of ours names one."},
                      {"RAVEN_REGISTRY", "The same in the profile `raven`."},
                      {"VAIS_REGISTRY_URL", "The same in the profile `vais`."},
                      {"HOME", "Below it are the configuration, the cache and the credentials."},
                      {"XDG_CONFIG_HOME", "Takes the place of ~/.config."}},
      .files = {{"~/.config/wharf/config.toml", "The configuration, see `wharf config`."},
                {"~/.config/wharf/profiles/*.toml", "Profiles of your own."}},
      .exit_status =
          "0; 1 for an error; 2 for wrong usage; 3 where no set of versions satisfies what is asked for; 4 "
          "where what was "
          "received or stored is not what its checksum says; 130 after Ctrl-C.",
  };
  set_own_name("wharf", name);
  add_spellings(running, argc, argv);
  return run_program(running, argc, argv);
}

}  // namespace wharf::client
