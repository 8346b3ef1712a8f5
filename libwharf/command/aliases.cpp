// SPDX-License-Identifier: MIT
#include "libwharf/command/aliases.hpp"

#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/lookup.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::command {

namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view text) {
  Words words;
  for (const auto word : split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

void use(const Alias& alias) {
  if (!alias.refusal.empty()) throw UsageError(std::string(alias.refusal));
  if (!alias.warning.empty()) warn(alias.warning);
}

// The row whose words the line begins with, the longest of them; a row with an option is none.
const Alias* alias_of_words(const Program& program, const Words& words) {
  const Alias* best = nullptr;
  for (const auto& alias : program.aliases)
    if (alias.option.empty() && words_matched(alias.words, words) > 0 &&
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
        return;
      }
      const auto equals = word.starts_with("--") ? word.find('=') : word.npos;
      const std::string name = word.substr(0, equals);
      const bool adjacent = equals != word.npos;
      const std::string* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
      const std::string value = adjacent ? word.substr(equals + 1) : next ? *next : "";
      if (const auto* alias = row(name, value)) {
        const bool takes = !alias->value.empty() || alias->option.find('=') != alias->option.npos;
        if (takes && !adjacent && !next)
          throw UsageError(wharf::quoted(name) + " needs its " + std::string(alias->value));
        if (!takes && adjacent) throw UsageError(wharf::quoted(name) + " takes no value");
        use(*alias);
        put(*alias, value);
        if (takes && !adjacent) ++i;
        continue;
      }
      rest.push_back(word);
      const auto* option = word.starts_with('-') ? find_option(options_, name) : nullptr;
      if (option && !option->value.empty() && !adjacent && next) rest.push_back(words[++i]);
    }
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
    if (!alias.command.empty()) command = words_of(alias.command);
    for (auto word : words_of(alias.means)) {
      const bool glued = word.starts_with('@');
      if (glued) word.erase(0, 1);
      if (!alias.value.empty() && word == alias.value) word = value;
      if (!glued) {
        rest.push_back(word);
      } else if (rest.empty() || rest.back().starts_with('-')) {
        throw UsageError(wharf::quoted(alias.option) + " belongs behind the name that it is about");
      } else {
        rest.back() += "@" + word;
      }
    }
  }

  const Program& program_;
  std::string_view typed_;
  std::vector<OptionSpec> options_;
};

}  // namespace

Words without_aliases(const Program& program, Words words) {
  if (program.aliases.empty()) return words;
  const auto* command = find_command(program, words);
  const auto* alias = alias_of_words(program, words);
  // "cache list" is a command even where "cache" is another spelling.
  if (alias && command && words_matched(command->words, words) > words_matched(alias->words, words))
    alias = nullptr;
  if (!alias && !command) return words;
  const std::string_view typed = alias ? alias->words : command->words;
  Words head = words_of(typed);
  Words rest(words.begin() + static_cast<std::ptrdiff_t>(head.size()), words.end());
  if (alias) {
    use(*alias);
    if (!alias->command.empty()) head = words_of(alias->command);
    for (const auto& word : words_of(alias->means)) head.push_back(word);
    command = find_command(program, head);
  }
  Line line(program, command, typed);
  line.read(rest);
  if (!line.command.empty()) head = line.command;
  head.insert(head.end(), line.rest.begin(), line.rest.end());
  return head;
}

std::string spelling_of(const Alias& alias) {
  std::string text(alias.words);
  if (!alias.option.empty()) text.append(" ").append(alias.option);
  if (!alias.value.empty()) text.append(" ").append(alias.value);
  return text;
}

std::string meaning_of(const Alias& alias) {
  if (!alias.refusal.empty()) return {};
  std::string text(alias.command.empty() ? alias.words : alias.command);
  if (!alias.means.empty()) text.append(alias.means.starts_with('@') ? " …" : " ").append(alias.means);
  return text;
}

}  // namespace wharf::command
