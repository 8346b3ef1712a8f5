// SPDX-License-Identifier: MIT
#include <algorithm>

#include "client/manifest/text_edit.hpp"
#include "client/manifest/toml_map.hpp"

namespace wharf::client {

namespace {

using Kind = TomlEntry::Kind;

// One edit of one text: the map is made anew for each.
class Editor {
 public:
  Editor(std::string_view text, std::string_view table)
      : text_(text), table_({std::string(table)}), end_(line_end(text)), entries_(map_toml(text)) {}

  std::optional<std::string> set(const NewDependency& dependency) {
    const std::vector<std::string> path = {table_[0], dependency.name};
    const TomlEntry* own = find(path);
    if (own == nullptr && std::none_of(entries_.begin(), entries_.end(),
                                       [&](const auto& entry) { return begins_with(entry.path, path); }))
      return add(dependency);
    if (dependency.path && own != nullptr && own->kind != Kind::header)
      return replaced(text_, own->value, content(dependency, quote_of(own->value)));
    if (dependency.path) return std::nullopt;
    return set_requirement(own, path, dependency);
  }

  std::string remove(std::string_view name) {
    const std::vector<std::string> path = {table_[0], std::string(name)};
    std::string out(text_);
    // From the last to the first, so that the places before it stay what they are.
    for (std::size_t i = entries_.size(); i-- > 0;) {
      const TomlEntry& entry = entries_[i];
      if (!begins_with(entry.path, path)) continue;
      if (entry.kind == Kind::member) {
        if (is_outermost(entry, path)) out = without_member(out, i);
      } else if (entry.kind == Kind::header) {
        out = without_section(out, i);
      } else if (entry.section == TomlEntry::no_section || !begins_with(section_path(entry), path)) {
        out = replaced(out, entry.lines, "");
      }
    }
    return out;
  }

 private:
  const TomlEntry* find(const std::vector<std::string>& path) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.path == path; });
    return found == entries_.end() ? nullptr : &*found;
  }
  std::vector<std::string> section_path(const TomlEntry& entry) const {
    return entry.section == TomlEntry::no_section ? std::vector<std::string>{} : entries_[entry.section].path;
  }
  char quote_of(Span value) const {
    const char first = value.size() > 0 ? text_[value.begin] : '"';
    return first == '\'' ? '\'' : '"';
  }
  bool is_inline(const TomlEntry& entry) const {
    return entry.value.size() > 0 && text_[entry.value.begin] == '{';
  }
  bool is_string(const TomlEntry& entry) const {
    return entry.value.size() > 0 && (text_[entry.value.begin] == '"' || text_[entry.value.begin] == '\'');
  }
  // `{a = …}` or `{ a = … }`, as it is here.
  static std::string with_first_member(std::string_view table, std::string_view member) {
    const auto first = table.find_first_not_of(" \t", 1);
    if (table[first] == '}') return "{ " + std::string(member) + " }";
    return "{" + std::string(table.substr(1, first - 1)) + std::string(member) + ", " +
           std::string(table.substr(first));
  }

  static std::string in_quotes(std::string_view text, char quote) {
    if (quote == '\'' && text.find('\'') == text.npos) return "'" + std::string(text) + "'";
    return toml_quoted(text);
  }
  static std::string content(const NewDependency& dependency, char quote) {
    const std::string requirement = in_quotes(dependency.requirement, quote);
    if (!dependency.path) return requirement;
    const std::string path = "path = " + in_quotes(*dependency.path, quote);
    return "{ " + path + (dependency.requirement.empty() ? "" : ", version = " + requirement) + " }";
  }

  std::optional<std::string> set_requirement(const TomlEntry* own, const std::vector<std::string>& path,
                                             const NewDependency& dependency) {
    if (own != nullptr && is_string(*own))
      return replaced(text_, own->value, in_quotes(dependency.requirement, quote_of(own->value)));
    std::vector<std::string> version = path;
    version.emplace_back("version");
    if (const TomlEntry* entry = find(version)) {
      if (!is_string(*entry)) return std::nullopt;
      return replaced(text_, entry->value, in_quotes(dependency.requirement, quote_of(entry->value)));
    }
    const std::string member = "version = " + toml_quoted(dependency.requirement);
    if (own != nullptr && own->kind == Kind::header)
      return inserted(text_, own->lines.end, line_break_before(own->lines.end) + member + std::string(end_));
    if (own != nullptr && is_inline(*own))
      return replaced(text_, own->value, with_first_member(own->value.of(text_), member));
    if (own != nullptr) return std::nullopt;
    // `foo.path = …`: another line of the same kind before it.
    const auto dotted = std::find_if(entries_.begin(), entries_.end(), [&](const TomlEntry& entry) {
      return entry.kind == Kind::statement && begins_with(entry.path, path) && entry.path.size() == 3;
    });
    if (dotted == entries_.end()) return std::nullopt;
    const std::string beginning(text_.substr(dotted->lines.begin, dotted->key.begin - dotted->lines.begin));
    const bool inside = dotted->section != TomlEntry::no_section;
    const std::string key = (inside ? "" : toml_key(path[0]) + ".") + toml_key(path[1]) + ".";
    return inserted(text_, dotted->lines.begin, beginning + key + member + std::string(end_));
  }

  // --- A new one ---

  std::optional<std::string> add(const NewDependency& dependency) {
    const TomlEntry* own = find(table_);
    if (own != nullptr && own->kind == Kind::header) return add_line(dependency, own);
    if (own != nullptr && is_inline(*own)) return add_member(dependency, *own);
    if (own != nullptr) return std::nullopt;
    const auto inside = [&](const TomlEntry& entry) { return begins_with(entry.path, table_); };
    const auto first = std::find_if(entries_.begin(), entries_.end(), inside);
    if (first != entries_.end() && first->section == TomlEntry::no_section)
      return add_line(dependency, nullptr);
    if (first != entries_.end()) return add_section(dependency, first->lines.begin);
    return add_section(dependency, end_of_section("dependencies"));
  }

  // Behind the last line of a table and its sub-tables; the text's end where there is none.
  std::size_t end_of_section(std::string_view table) const {
    std::size_t end = text_.size();
    for (const auto& entry : entries_)
      if (!entry.path.empty() && entry.path[0] == table && entry.section != TomlEntry::no_section)
        end = entry.lines.end;
    return end;
  }

  std::string add_section(const NewDependency& dependency, std::size_t at) {
    const std::string line = toml_key(dependency.name) + " = " + content(dependency, '"');
    const std::string end(end_);
    std::string section = "[" + toml_key(table_[0]) + "]" + end + line + end;
    if (at > 0 && !text_.substr(0, at).ends_with(end + end)) section = end + section;
    if (at < text_.size() && !text_.substr(at).starts_with(end)) section += end;
    return inserted(text_, at, line_break_before(at) + section);
  }

  std::string line_break_before(std::size_t at) const {
    return at == 0 || text_[at - 1] == '\n' ? std::string() : std::string(end_);
  }

  // The statements `NAME = …` and `NAME.key = …` of the table, in a section or, without one, at the top.
  std::vector<const TomlEntry*> lines_of_table(const TomlEntry* header) const {
    std::vector<const TomlEntry*> lines;
    for (const auto& entry : entries_)
      if (entry.kind == Kind::statement && entry.path.size() > 1 && begins_with(entry.path, table_) &&
          (header != nullptr ? entry.section != TomlEntry::no_section && &entries_[entry.section] == header
                             : entry.section == TomlEntry::no_section))
        lines.push_back(&entry);
    return lines;
  }

  std::string add_line(const NewDependency& dependency, const TomlEntry* header) {
    const auto lines = lines_of_table(header);
    const auto by_name = [](const TomlEntry* a, const TomlEntry* b) { return a->path[1] < b->path[1]; };
    std::size_t before = lines.size();
    if (std::is_sorted(lines.begin(), lines.end(), by_name))
      while (before > 0 && lines[before - 1]->path[1] > dependency.name) --before;
    // At the very beginning of a text without header there is nothing to stand behind.
    if (before == 0 && header == nullptr)
      return inserted(text_, lines[0]->lines.begin, line_like(lines, dependency) + std::string(end_));
    const std::size_t at = before == 0 ? header->lines.end : lines[before - 1]->lines.end;
    const bool open_end = at == text_.size() && !text_.ends_with('\n');
    return inserted(text_, at,
                    (open_end ? std::string(end_) : "") + line_like(lines, dependency) +
                        (open_end ? "" : std::string(end_)));
  }

  // Indented, spaced and quoted as the lines that are there.
  std::string line_like(const std::vector<const TomlEntry*>& lines, const NewDependency& dependency) const {
    std::string key = toml_key(dependency.name), indent, gap = " = ";
    char quote = '"';
    if (!lines.empty()) {
      const TomlEntry& model = *lines.back();
      indent = text_.substr(model.lines.begin, model.key.begin - model.lines.begin);
      gap = text_.substr(model.key.end, model.value.begin - model.key.end);
      for (const auto* line : lines)
        if (is_string(*line)) quote = quote_of(line->value);
      const auto in_quotes = [&](const TomlEntry* line) { return text_[line->key.begin] == '"'; };
      if (std::all_of(lines.begin(), lines.end(), in_quotes)) key = toml_quoted(dependency.name);
      if (model.section == TomlEntry::no_section) key = toml_key(table_[0]) + "." + key;
      gap = aligned(lines, key.size()).value_or(gap);
    }
    return indent + key + gap + content(dependency, quote);
  }

  // The gap that puts the value below the others, where they are in one column and two names differ in
  // length.
  std::optional<std::string> aligned(const std::vector<const TomlEntry*>& lines, std::size_t key) const {
    const auto column = [](const TomlEntry* line) { return line->value.begin - line->lines.begin; };
    const auto width = [](const TomlEntry* line) { return line->key.size(); };
    const auto same = [&](const auto& of) {
      return std::all_of(lines.begin(), lines.end(),
                         [&](const auto* line) { return of(line) == of(lines[0]); });
    };
    if (lines.size() < 2 || !same(column) || same(width)) return std::nullopt;
    const std::size_t indent = lines[0]->key.begin - lines[0]->lines.begin;
    const std::string_view gap = Span{lines[0]->key.end, lines[0]->value.begin}.of(text_);
    const std::string sign(gap.substr(gap.find('=')));
    const std::size_t wanted = column(lines[0]) - indent;
    return (key + sign.size() < wanted ? std::string(wanted - key - sign.size(), ' ') : " ") + sign;
  }

  std::string add_member(const NewDependency& dependency, const TomlEntry& table) {
    const std::string member = toml_key(dependency.name) + " = " + content(dependency, '"');
    const TomlEntry* last = nullptr;
    for (const auto& entry : entries_)
      if (entry.kind == Kind::member && entry.path.size() >= 2 && begins_with(entry.path, table_) &&
          is_outermost(entry, table_))
        last = &entry;
    if (last == nullptr) return replaced(text_, table.value, "{ " + member + " }");
    return inserted(text_, last->value.end, ", " + member);
  }

  // --- Gone ---

  // Of the members within members that begin with `path`, those that no other one holds.
  bool is_outermost(const TomlEntry& entry, const std::vector<std::string>& path) const {
    return std::none_of(entries_.begin(), entries_.end(), [&](const TomlEntry& other) {
      return &other != &entry && other.kind != Kind::header && begins_with(other.path, path) &&
             other.path != table_ && other.value.begin < entry.value.begin &&
             other.value.end >= entry.value.end;
    });
  }

  // With the comma behind it, or, for the last one, before it.
  static std::string without_member(const std::string& text, Span key, Span value) {
    const auto after = text.find_first_not_of(" \t", value.end);
    if (text[after] == ',') {
      const auto next = text.find_first_not_of(" \t", after + 1);
      return replaced(text, {key.begin, next}, "");
    }
    const auto before = text.find_last_not_of(" \t", key.begin - 1);
    if (text[before] == ',') return replaced(text, {before, value.end}, "");
    return replaced(text, {before + 1, after}, "");
  }
  std::string without_member(const std::string& text, std::size_t index) const {
    return without_member(text, entries_[index].key, entries_[index].value);
  }

  // From its header to its last statement: what is commented in between goes with it, what follows stays.
  std::string without_section(const std::string& text, std::size_t index) const {
    Span gone = entries_[index].lines;
    for (const auto& entry : entries_)
      if (entry.section == index) gone.end = std::max(gone.end, entry.lines.end);
    const std::string end(end_);
    const bool blank_before = gone.begin == 0 || text.substr(0, gone.begin).ends_with(end + end);
    if (blank_before && std::string_view(text).substr(gone.end).starts_with(end)) gone.end += end.size();
    return replaced(text, gone, "");
  }

  std::string_view text_;
  std::vector<std::string> table_;
  std::string_view end_;
  std::vector<TomlEntry> entries_;
};

}  // namespace

std::optional<std::string> set_in_toml(std::string_view text, std::string_view table,
                                       const NewDependency& dependency) {
  return Editor(text, table).set(dependency);
}

std::string remove_from_toml(std::string_view text, std::string_view table, std::string_view name) {
  return Editor(text, table).remove(name);
}

}  // namespace wharf::client
