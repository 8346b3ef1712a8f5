// SPDX-License-Identifier: MIT
#include "admin-tools/common/command_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::admin {

namespace {

constexpr std::string_view k_default_config = "/etc/wharf/wharf.conf";

const OptionSpec k_common[] = {
    {"--config", "FILE", "the configuration (default /etc/wharf/wharf.conf)"},
    {"--set", "KEY=VALUE", "override a key, as in --set log.level=debug"},
    {"--help", "", "this text"},
};

struct UsageError {
  std::string message;
};

void print_option(const OptionSpec& option) {
  std::string left(option.name);
  if (!option.value.empty()) left.append(" ").append(option.value);
  std::printf("  %-24s %s\n", left.c_str(), std::string(option.help).c_str());
}

void print_help(std::string_view program, std::string_view summary, std::span<const Command> commands) {
  std::printf("%s: %s\n\nUsage: %s COMMAND [OPTION]… [ARGUMENT]…\n\n", std::string(program).c_str(),
              std::string(summary).c_str(), std::string(program).c_str());
  for (const auto& command : commands)
    std::printf("  %-24s %s\n", (std::string(command.name) + " " + std::string(command.positional)).c_str(),
                std::string(command.help).c_str());
  std::printf("\nEvery command takes:\n");
  for (const auto& option : k_common) print_option(option);
  std::printf("  %-24s %s\n", "--version", "the program's version");
}

void print_command_help(std::string_view program, const Command& command) {
  std::printf("%s %s %s: %s\n\n", std::string(program).c_str(), std::string(command.name).c_str(),
              std::string(command.positional).c_str(), std::string(command.help).c_str());
  for (const auto& option : command.options) print_option(option);
  for (const auto& option : k_common) print_option(option);
}

std::string suggestion(std::string_view typed, const std::vector<std::string_view>& known) {
  const auto near = nearest(typed, known);
  return near.empty() ? std::string() : "; did you mean '" + std::string(near) + "'?";
}

}  // namespace

struct Parser {
  const Command& command;
  Arguments arguments;

  const OptionSpec* find(std::string_view name) const {
    for (const auto& option : command.options)
      if (option.name == name) return &option;
    for (const auto& option : k_common)
      if (option.name == name) return &option;
    return nullptr;
  }

  void take_option(const OptionSpec& option, const std::string& value) {
    if (option.name == "--config") {
      arguments.config_file_ = value;
    } else if (option.name == "--set") {
      const auto equals = value.find('=');
      if (equals == value.npos) throw UsageError{"--set takes KEY=VALUE, not '" + value + "'"};
      arguments.overrides_[value.substr(0, equals)] = value.substr(equals + 1);
    } else {
      arguments.options_[std::string(option.name)] = value;
    }
  }

  void parse(std::span<const char* const> words) {
    bool only_positional = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string word = words[i];
      if (only_positional || word.size() < 2 || word.front() != '-') {
        arguments.positional_.push_back(word);
        continue;
      }
      if (word == "--") {
        only_positional = true;
        continue;
      }
      const auto equals = word.find('=');
      const std::string name = word.substr(0, equals);
      const auto* option = find(name);
      if (!option) {
        std::vector<std::string_view> known;
        for (const auto& one : command.options) known.push_back(one.name);
        for (const auto& one : k_common) known.push_back(one.name);
        throw UsageError{"unknown option '" + name + "'" + suggestion(name, known)};
      }
      if (option->value.empty()) {
        if (equals != word.npos) throw UsageError{"'" + name + "' takes no value"};
        take_option(*option, "");
      } else if (equals != word.npos) {
        take_option(*option, word.substr(equals + 1));
      } else if (++i < words.size()) {
        take_option(*option, words[i]);
      } else {
        throw UsageError{"'" + name + "' needs its " + std::string(option->value)};
      }
    }
    check_positional();
  }

  void check_positional() const {
    if (arguments.has("--help")) return;
    std::size_t least = 0, most = 0;
    for (const auto word : split(command.positional, ' ')) {
      if (word.empty()) continue;
      ++most;
      if (word.front() != '[') ++least;
    }
    const auto given = arguments.positional_.size();
    if (given < least)
      throw UsageError{"'" + std::string(command.name) + "' needs " + std::string(command.positional)};
    if (given > most && command.positional.find("...") == command.positional.npos)
      throw UsageError{"'" + arguments.positional_[most] + "' is one argument too many"};
  }
};

Config Arguments::config() const {
  Path file = config_file_;
  if (file.empty() && ::access(std::string(k_default_config).c_str(), F_OK) == 0) file = k_default_config;
  return load_config(file, settings_of_environment(environ), overrides_);
}

bool Arguments::has(std::string_view option) const {
  return options_.find(option) != options_.end();
}

const std::string& Arguments::value(std::string_view option) const {
  static const std::string none;
  const auto found = options_.find(option);
  return found == options_.end() ? none : found->second;
}

int run_program(std::string_view program, std::string_view summary, std::span<const Command> commands,
                int argc, const char* const* argv) {
  const auto say = [&](const std::string& message) {
    std::fprintf(stderr, "%s: error: %s\n", std::string(program).c_str(), message.c_str());
  };
  try {
    const std::span<const char* const> words(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
    const std::string_view first = words.empty() ? std::string_view() : words.front();
    if (first == "--version") {
      std::printf("%s %s\n", std::string(program).c_str(), WHARF_VERSION);
      return 0;
    }
    if (first == "--help" || first == "help") {
      print_help(program, summary, commands);
      return 0;
    }
    if (words.empty()) throw UsageError{"no command was given"};
    const auto found = std::ranges::find(commands, first, &Command::name);
    if (found == commands.end()) {
      std::vector<std::string_view> known;
      for (const auto& command : commands) known.push_back(command.name);
      throw UsageError{"unknown command '" + std::string(first) + "'" + suggestion(first, known)};
    }
    Parser parser{*found, {}};
    parser.parse(words.subspan(1));
    if (parser.arguments.has("--help")) {
      print_command_help(program, *found);
      return 0;
    }
    return found->run(parser.arguments);
  } catch (const UsageError& error) {
    say(error.message + " (see `" + std::string(program) + " --help`)");
    return 2;
  } catch (const Error& error) {
    say(error.public_message());
    if (!error.detail().empty()) std::fprintf(stderr, "  %s\n", error.detail().c_str());
    return 1;
  } catch (const std::exception& error) {
    say(error.what());
    return 1;
  }
}

}  // namespace wharf::admin
