// SPDX-License-Identifier: MIT
#include "libwharf/command/aliases.hpp"

#include <algorithm>

#include "libwharf/base/join.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/lookup.hpp"

namespace wharf::command {

namespace {

using Words = std::vector<std::string>;
constexpr std::string_view k_refuse = "refuse: ";

Words words_of(std::string_view text) {
  Words words;
  for (const auto word : split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

bool is_value(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_word(std::string_view word) {
  return !word.empty() && (is_lower(word.front()) || is_digit(word.front()));
}

// Takes the leading words that are neither options nor values.
std::string take_words(Words& words) {
  const auto end = std::ranges::find_if_not(words, is_word);
  const Words taken(words.begin(), end);
  words.erase(words.begin(), end);
  return joined(taken, " ");
}

void refuse_where_it_is(const Alias& alias) {
  if (!alias.refusal.empty()) throw UsageError(alias.refusal);
}

// The row of that kind with the most words that the line begins with.
const Alias* longest(const Program& program, const Words& words, bool of_options) {
  const Alias* best = nullptr;
  for (const auto& alias : program.aliases)
    if (alias.option.empty() != of_options && words_matched(alias.words, words) > 0 &&
        (!best || alias.words.size() > best->words.size()))
      best = &alias;
  return best;
}

// One pass over what stands behind the command's words.
class Line {
 public:
  Line(const Program& program, const Command* of, std::string_view typed)
      : program_(program),
        typed_(typed),
        options_(of ? all_options(program, *of) : common_options(program)) {}

  Words command;  // another one, where an alias means it
  Words rest;

  void read(const Words& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto& word = words[i];
      if (word == "--") {
        rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
        break;
      }
      const auto equals = word.starts_with("--") ? word.find('=') : word.npos;
      const std::string name = word.substr(0, equals);
      const bool adjacent = equals != word.npos;
      const std::string* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
      const std::string value = adjacent ? word.substr(equals + 1) : next ? *next : "";
      if (const auto* alias = row(name, value)) {
        const bool takes = !alias->value.empty() || alias->option.find('=') != alias->option.npos;
        if (takes && !adjacent && !next) throw UsageError(wharf::quoted(name) + " needs its " + alias->value);
        if (!takes && adjacent) throw UsageError(wharf::quoted(name) + " takes no value");
        put(*alias, value);
        if (takes && !adjacent) ++i;
        continue;
      }
      if (!word.starts_with('-') && !first_argument_) first_argument_ = rest.size();
      rest.push_back(word);
      const auto* option = word.starts_with('-') ? find_option(options_, name) : nullptr;
      if (option && !option->value.empty() && !adjacent && next) rest.push_back(words[++i]);
    }
    if (glued_.empty()) return;
    if (!first_argument_) throw UsageError(wharf::quoted(typed_) + " needs the name that this is about");
    rest[*first_argument_] += glued_;
  }

 private:
  const Alias* row(const std::string& name, const std::string& value) const {
    const Alias* bare = nullptr;
    if (!name.starts_with('-')) return nullptr;
    for (const auto& alias : program_.aliases) {
      if (alias.words != typed_) continue;
      if (alias.option == name + "=" + value) return &alias;
      if (alias.option == name) bare = &alias;
    }
    return bare;
  }

  void put(const Alias& alias, const std::string& value) {
    refuse_where_it_is(alias);
    if (!alias.command.empty() && alias.command != typed_) command = words_of(alias.command);
    for (auto word : words_of(alias.means)) {
      const bool glued = word.starts_with('@');
      if (glued) word.erase(0, 1);
      if (!alias.value.empty() && word == alias.value) word = value;
      if (glued)
        glued_ += "@" + word;
      else
        rest.push_back(word);
    }
  }

  const Program& program_;
  std::string_view typed_;
  std::vector<OptionSpec> options_;
  std::optional<std::size_t> first_argument_;
  std::string glued_;
};

}  // namespace

Words without_aliases(const Program& program, Words words) {
  if (program.aliases.empty()) return words;
  const auto* command = find_command(program, words);
  const auto* alias = longest(program, words, false);
  // "cache list" is a command even where "cache" is another spelling.
  if (alias && command && words_matched(command->words, words) > words_matched(alias->words, words))
    alias = nullptr;
  // "owner" may be none, and yet "owner --add".
  const auto* of_options = alias || command ? nullptr : longest(program, words, true);
  if (!alias && !command && !of_options) return words;
  const std::string typed(alias ? alias->words : command ? command->words : of_options->words);
  Words head = words_of(typed);
  const Words behind(words.begin() + static_cast<std::ptrdiff_t>(head.size()), words.end());
  if (alias) {
    refuse_where_it_is(*alias);
    if (!alias->command.empty()) head = words_of(alias->command);
    for (const auto& word : words_of(alias->means)) head.push_back(word);
    command = find_command(program, head);
  }
  Line line(program, command, typed);
  line.read(behind);
  if (!line.command.empty()) head = line.command;
  head.insert(head.end(), line.rest.begin(), line.rest.end());
  return head;
}

std::optional<Alias> alias_from(std::string_view typed, std::string_view meant) {
  Alias alias;
  auto words = words_of(typed);
  alias.words = take_words(words);
  if (alias.words.empty() || words.size() > 2) return std::nullopt;
  if (!words.empty()) {
    if (!words[0].starts_with('-') || words[0].size() < 2) return std::nullopt;
    alias.option = words[0];
  }
  if (words.size() == 2) {
    if (!is_value(words[1]) || alias.option.find('=') != alias.option.npos) return std::nullopt;
    alias.value = words[1];
  }
  if (meant.starts_with(k_refuse)) {
    alias.refusal = meant.substr(k_refuse.size());
    return alias.refusal.empty() ? std::nullopt : std::optional(alias);
  }
  words = words_of(meant);
  alias.command = take_words(words);
  if (alias.command.empty()) return std::nullopt;
  alias.means = joined(words, " ");
  // A spelling of itself would say nothing.
  if (alias.option.empty() && alias.command == alias.words && alias.means.empty()) return std::nullopt;
  return alias;
}

std::string spelling_of(const Alias& alias) {
  std::string text = alias.words;
  for (const auto& part : {alias.option, alias.value})
    if (!part.empty()) text += " " + part;
  return text;
}

std::string meaning_of(const Alias& alias) {
  if (!alias.refusal.empty()) return std::string(k_refuse) + alias.refusal;
  const std::string text = alias.command.empty() ? alias.words : alias.command;
  return alias.means.empty() ? text : text + " " + alias.means;
}

}  // namespace wharf::command
