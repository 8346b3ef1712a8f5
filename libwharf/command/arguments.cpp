// SPDX-License-Identifier: MIT
#include "libwharf/command/arguments.hpp"

#include <boost/program_options.hpp>
#include <charconv>

#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::command {

namespace {

namespace po = boost::program_options;

const std::vector<std::string> k_none;
const std::string k_empty;

po::options_description described(const std::vector<OptionSpec>& options) {
  po::options_description description;
  for (const auto& option : options) {
    std::string name(option.name.substr(2));
    if (option.letter) name.append(",").append(1, option.letter);
    if (option.value.empty())
      description.add_options()(name.c_str(), new po::untyped_value(true), "");
    else
      description.add_options()(name.c_str(), po::value<std::string>(), "");
  }
  return description;
}

std::vector<po::option> parsed(const std::vector<OptionSpec>& options,
                               const std::vector<std::string>& words) {
  using namespace po::command_line_style;
  const auto description = described(options);
  try {
    return po::command_line_parser(words)
        .options(description)
        .style(allow_long | long_allow_adjacent | long_allow_next | allow_short | allow_dash_for_short |
               short_allow_next)
        .run()
        .options;
  } catch (const po::unknown_option& error) {
    const std::string whole = error.get_option_name();
    const std::string name = whole.substr(0, whole.find('='));
    std::vector<std::string_view> known;
    for (const auto& option : options) known.push_back(option.name);
    throw UsageError("unknown option " + wharf::quoted(name) + suggestion(name, known));
  } catch (const po::invalid_syntax& error) {
    const std::string name = error.get_option_name();
    const auto* option = find_option(options, name);
    if (error.kind() == po::invalid_syntax::extra_parameter || !option || option->value.empty())
      throw UsageError(wharf::quoted(name) + " takes no value");
    throw UsageError(wharf::quoted(name) + " needs its " + std::string(option->value));
  }
}

void require_choice(const OptionSpec& option, const std::string& value) {
  if (option.choices.empty()) return;
  const auto choices = split(option.choices, ' ');
  std::string listed;
  for (const auto choice : choices) {
    if (choice == value) return;
    listed.append(listed.empty() ? "" : choice == choices.back() ? " or " : ", ").append(choice);
  }
  throw UsageError(wharf::quoted(option.name) + " is " + wharf::quoted(value) + "; expected " + listed +
                   suggestion(value, choices));
}

struct Slot {
  std::string name;
  bool optional = false, repeated = false;
};

std::vector<Slot> slots_of(const Command& command) {
  std::vector<Slot> slots;
  for (auto word : split(command.positional, ' ')) {
    if (word.empty()) continue;
    Slot slot;
    if (word.front() == '[') {
      slot.optional = true;
      word = word.substr(1, word.size() - 2);
    }
    if (word.ends_with("...")) {
      slot.repeated = true;
      word.remove_suffix(3);
    }
    slot.name = word;
    slots.push_back(slot);
  }
  return slots;
}

}  // namespace

std::string suggestion(std::string_view typed, const std::vector<std::string_view>& known) {
  const auto near = nearest(typed, known);
  return near.empty() ? std::string() : "; did you mean " + wharf::quoted(near) + "?";
}

bool Arguments::has(std::string_view option) const {
  return options_.find(option) != options_.end();
}

const std::string& Arguments::value(std::string_view option) const {
  const auto& given = values(option);
  return given.empty() ? k_empty : given.back();
}

std::optional<std::string> Arguments::maybe(std::string_view option) const {
  return has(option) ? std::optional(value(option)) : std::nullopt;
}

const std::vector<std::string>& Arguments::values(std::string_view option) const {
  const auto found = options_.find(option);
  return found == options_.end() ? k_none : found->second;
}

std::optional<std::int64_t> Arguments::number(std::string_view option, std::int64_t least,
                                              std::int64_t most) const {
  if (!has(option)) return std::nullopt;
  const auto& text = value(option);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
    throw UsageError(wharf::quoted(option) + " is " + wharf::quoted(text) +
                     "; expected a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most));
  return number;
}

const std::string& Arguments::operator[](std::string_view name) const {
  const auto& given = all(name);
  return given.empty() ? k_empty : given.front();
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
  const auto found = positional_.find(name);
  return found == positional_.end() ? k_none : found->second;
}

Arguments parse_arguments(const Program& program, const Command& command,
                          const std::vector<std::string>& words) {
  const auto options = all_options(program, command);
  Arguments arguments;
  std::vector<std::string> positional;
  for (const auto& one : parsed(options, words)) {
    if (one.string_key.empty() || one.position_key >= 0) {
      positional.insert(positional.end(), one.value.begin(), one.value.end());
      continue;
    }
    const auto& option =
        *find_option(options, (one.string_key.starts_with("-") ? "" : "--") + one.string_key);
    const std::string key(option.name);
    // `--reason --yes` has forgotten the reason; `--reason=--yes` means it.
    if (one.original_tokens.size() > 1 && find_option(options, one.original_tokens[1]))
      throw UsageError(wharf::quoted(key) + " needs its " + std::string(option.value));
    auto& given = arguments.options_[key];
    if (!given.empty() && !option.repeatable && !option.value.empty())
      throw UsageError(wharf::quoted(key) + " was given twice");
    given.push_back(one.value.empty() ? std::string() : one.value.front());
    require_choice(option, given.back());
  }
  if (arguments.has("--help")) return arguments;

  const std::string called = command.words.empty() ? "the command" : wharf::quoted(command.words);
  std::size_t next = 0;
  for (const auto& slot : slots_of(command)) {
    auto& place = arguments.positional_[slot.name];
    while (next < positional.size() && (place.empty() || slot.repeated)) place.push_back(positional[next++]);
    if (place.empty() && !slot.optional)
      throw UsageError(called + " needs " + std::string(command.positional));
  }
  if (next < positional.size())
    throw UsageError(wharf::quoted(positional[next]) + " is one argument too many");
  for (const auto& option : options)
    if (option.required && !arguments.has(option.name))
      throw UsageError(called + " needs " + std::string(option.name) + " " + std::string(option.value));
  return arguments;
}

}  // namespace wharf::command
