// SPDX-License-Identifier: MIT
#include "libwharf/command/program.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/aliases.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/completion.hpp"
#include "libwharf/command/help.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/lookup.hpp"
#include "libwharf/command/manual.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/own_name.hpp"
#include "libwharf/command/table_json.hpp"
#include "libwharf/command/terminal.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::command {

namespace {

using Words = std::vector<std::string>;

// The person at the terminal said no.
struct Declined {};

// What every command takes may stand before the command; such options are taken off.
Words take_leading_options(const Program& program, Words& words) {
  Words leading;
  while (!words.empty()) {
    const auto equals = words.front().find('=');
    const auto* option = find_option(program.common, words.front().substr(0, equals));
    if (!option) break;
    const bool takes_next = !option->value.empty() && equals == std::string::npos && words.size() > 1;
    const auto end = words.begin() + (takes_next ? 2 : 1);
    leading.insert(leading.end(), words.begin(), end);
    words.erase(words.begin(), end);
  }
  return leading;
}

// Behind the words of the command and its first arguments.
void put_back(const Words& leading, Words& words) {
  auto place = words.begin();
  while (place != words.end() && !place->starts_with("-")) ++place;
  words.insert(place, leading.begin(), leading.end());
}

// Takes the command's own words off the line.
const Command* take_command(const Program& program, Words& words) {
  const auto* command = find_command(program, words);
  if (command)
    words.erase(words.begin(),
                words.begin() + static_cast<std::ptrdiff_t>(words_matched(command->words, words)));
  return command;
}

bool is_help(const Words& words, std::size_t at) {
  return at < words.size() && (words[at] == "--help" || words[at] == "-h");
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// --version and its like; false where it is none of them.
bool answer_for_itself(const Program& program, const Words& words, bool json) {
  const std::string first = words.empty() ? "" : words.front();
  const bool has_help = is_single(program) || find_command(program, {"help"});
  if (first == "--version") {
    if (json)
      print("{\"program\":" + json::quote(program.name) + ",\"version\":" + json::quote(WHARF_VERSION) +
            "}\n");
    else
      print(std::string(program.name) + " " + WHARF_VERSION + "\n");
  } else if (first == "--man") {
    print(manual_of(program));
  } else if (first == "--list-commands") {
    print(json_of(program));
  } else if (first == "--completion" || first.starts_with("--completion=")) {
    const std::string shell = first == "--completion" ? words.size() < 2 ? "" : words[1] : first.substr(13);
    print(completion_of(program, shell));
  } else if (is_help(words, 0) || (first == "help" && words.size() == 1 && !has_help)) {
    print(help_of(program));
  } else {
    return false;
  }
  return true;
}

void require_consent(const Program& program, const Command& command, const Arguments& arguments) {
  if (command.effect != Effect::destroys || arguments.has("--yes") || arguments.has("--dry-run")) return;
  std::string what = wharf::quoted(command.words);
  for (const auto word : split(command.positional, ' ')) {
    const std::string name(
        word.substr(word.starts_with('['), word.find_first_of(".]") - word.starts_with('[')));
    for (const auto& given : arguments.all(name)) what += " " + wharf::quoted(given);
  }
  if (!can_ask())
    throw UsageError(what + " cannot be undone (" + plain(command.consequence) + "); add --yes to do it");
  if (!ask(std::string(program.name) + ": " + what + " cannot be undone: " + plain(command.consequence) +
           ". Go on?"))
    throw Declined{};
}

// `hint` becomes what to read where the usage is wrong.
int run(const Program& program, Words words, std::string& hint) {
  const auto leading = is_single(program) ? Words() : take_leading_options(program, words);
  const bool json = std::ranges::find(leading, "--json") != leading.end();
  if (answer_for_itself(program, words, json)) return 0;
  const Command* command = nullptr;
  if (is_single(program)) {
    command = &program.commands.front();
  } else {
    const bool has_help = find_command(program, {"help"});
    if (words.empty() && has_help) words.emplace_back("help");
    if (words.size() > 1 && words.front() == "help" && !has_help) {
      words.erase(words.begin());
      words.push_back("--help");
    }
    if (words.empty()) throw UsageError("no command was given");
    put_back(leading, words);
    words = without_aliases(program, std::move(words));
    command = take_command(program, words);
    if (!command && is_group(program, words.front()) && is_help(words, 1)) {
      print(help_of_group(program, words.front()));
      return 0;
    }
    if (!command) refuse_unknown(program, words);
    hint += " " + std::string(command->words);
  }
  const auto arguments = parse_arguments(program, *command, words);
  if (arguments.has("--help")) {
    print(help_of(program, *command));
    return 0;
  }
  if (program.check) program.check(arguments);
  require_consent(program, *command, arguments);
  return command->run(arguments);
}

}  // namespace

int run_program(const Program& program, int argc, const char* const* argv) {
  const std::string name(program.name);
  const auto complain = [&](const std::string& message) {
    std::fflush(stdout);
    const auto label = coloured(Colour::red, "error:", STDERR_FILENO);
    std::fprintf(stderr, "%s: %s %s\n", name.c_str(), label.c_str(), with_own_name(message).c_str());
  };
  const Words line(argv + (argc > 0 ? 1 : 0), argv + argc);
  const bool json = program.json_errors && std::find(line.begin(), std::ranges::find(line, "--"), "--json") !=
                                               std::ranges::find(line, "--");
  const auto answer = [&](std::string_view error, std::string_view message, const Error* facts = nullptr) {
    if (!json) return;
    json::Writer writer;
    writer.begin_object().member("error", error).member("message", with_own_name(message));
    writer.key("details").begin_object();
    if (facts)
      for (const auto& [key, value] : facts->details()) writer.member(key, value);
    writer.end_object().end_object();
    print(writer.take() + "\n");
  };
  const auto code_of = [&](const std::exception& error) {
    return program.exit_code_of ? program.exit_code_of(error) : 1;
  };
  log::start(program.name, log::Level::warning);
  std::string hint = name;
  int code = 1;
  try {
    code = run(program, line, hint);
  } catch (const UsageError& error) {
    complain(std::string(error.what()) + " (see `" + hint + " --help`)");
    answer("usage", error.what());
    code = 2;
  } catch (const Declined&) {
    std::fprintf(stderr, "%s: nothing was changed\n", name.c_str());
  } catch (const Error& error) {
    // What went wrong on this machine is no secret from whoever sits at it, and there is no other side.
    const bool is_ours = error.code() == Code::internal_error && !error.detail().empty();
    complain(is_ours ? error.detail() : error.public_message());
    answer(code_name(error.code()), is_ours ? error.detail() : error.public_message(), &error);
    if (!is_ours && !error.detail().empty() && (program.details || verbosity() == Verbosity::verbose))
      std::fprintf(stderr, "  %s\n", error.detail().c_str());
    code = code_of(error);
  } catch (const std::filesystem::filesystem_error& error) {
    const auto message = wharf::quoted(error.path1().native()) + ": " + error.code().message();
    complain(message);
    answer("internal_error", message);
    code = code_of(error);
  } catch (const std::exception& error) {
    complain(error.what());
    answer("internal_error", error.what());
    code = code_of(error);
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    complain("the output could not be written");
    return 1;
  }
  return code;
}

}  // namespace wharf::command
