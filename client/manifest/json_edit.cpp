// SPDX-License-Identifier: MIT
#include <algorithm>

#include "client/manifest/json_map.hpp"
#include "client/manifest/text_edit.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::client {

namespace {

class Editor {
 public:
  Editor(std::string_view text, std::string_view table) : text_(text), table_(table), map_(map_json(text)) {}

  std::optional<std::string> set(const NewDependency& dependency) {
    const JsonMember* table = map_.find({table_});
    if (table == nullptr) return add_table(dependency);
    if (text_[table->value.begin] != '{')  // null counts as missing
      return replaced(text_, table->value, table_of(dependency, indent_of(table->key.begin)));
    const JsonMember* own = map_.find({table_, dependency.name});
    if (own == nullptr) return add_member({table_}, table->value, dependency.name, content(dependency));
    if (text_[own->value.begin] == '"' || dependency.path)
      return replaced(text_, own->value, content(dependency));
    if (text_[own->value.begin] != '{') return std::nullopt;
    if (const JsonMember* version = map_.find({table_, dependency.name, "version"}))
      return replaced(text_, version->value, json::quote(dependency.requirement));
    return add_member({table_, dependency.name}, own->value, "version", json::quote(dependency.requirement));
  }

  std::string remove(std::string_view name) {
    const JsonMember* own = map_.find({table_, std::string(name)});
    if (own == nullptr) return std::string(text_);
    const auto all = map_.inside({table_});
    const auto at = std::find(all.begin(), all.end(), own);
    if (at + 1 != all.end()) return replaced(text_, {own->key.begin, at[1]->key.begin}, "");
    if (at != all.begin()) return replaced(text_, {at[-1]->value.end, own->value.end}, "");
    return replaced(text_, map_.find({table_})->value, "{}");
  }

 private:
  bool on_one_line() const { return map_.root.of(text_).find('\n') == std::string_view::npos; }
  std::string colon() const {
    if (map_.members.empty()) return ": ";
    const JsonMember& first = map_.members.front();
    return std::string(text_.substr(first.key.end, first.value.begin - first.key.end));
  }
  std::string indent_of(std::size_t at) const {
    const std::size_t begin = line_begin(text_, at);
    const std::size_t end = std::min(text_.find_first_not_of(" \t", begin), at);
    return std::string(text_.substr(begin, end - begin));
  }
  // One level more, as the text's first member has it.
  std::string unit() const {
    const std::string found = map_.members.empty() ? "" : indent_of(map_.members.front().key.begin);
    return found.empty() ? "  " : found;
  }

  std::string content(const NewDependency& dependency) const {
    if (!dependency.path) return json::quote(dependency.requirement);
    std::string out = "{\"path\"" + colon() + json::quote(*dependency.path);
    if (!dependency.requirement.empty())
      out += ", \"version\"" + colon() + json::quote(dependency.requirement);
    return out + "}";
  }

  std::string object_of(const std::string& member, const std::string& indent) const {
    if (on_one_line()) return "{" + member + "}";
    const std::string end(line_end(text_));
    return "{" + end + indent + unit() + member + end + indent + "}";
  }
  std::string table_of(const NewDependency& dependency, const std::string& indent) const {
    return object_of(json::quote(dependency.name) + colon() + content(dependency), indent);
  }

  std::string add_table(const NewDependency& dependency) const {
    const auto members = map_.inside({});
    const std::string indent = members.empty() ? unit() : indent_of(members.front()->key.begin);
    const std::string table = table_of(dependency, indent);
    if (members.empty())
      return replaced(text_, map_.root, object_of(json::quote(table_) + colon() + table, ""));
    const auto dependencies = std::find_if(members.begin(), members.end(), [](const JsonMember* member) {
      return member->path[0] == "dependencies";
    });
    const JsonMember* behind = dependencies == members.end() ? members.back() : *dependencies;
    return inserted(text_, behind->value.end,
                    "," + between(members, map_.root) + json::quote(table_) + colon() + table);
  }

  // What stands between a comma and the next member of an object.
  std::string between(const std::vector<const JsonMember*>& members, Span object) const {
    if (members.size() > 1) {
      const auto comma = text_.find(',', members[0]->value.end);
      return std::string(text_.substr(comma + 1, members[1]->key.begin - comma - 1));
    }
    const std::string first(text_.substr(object.begin + 1, members[0]->key.begin - object.begin - 1));
    return first.empty() && colon().ends_with(' ') ? " " : first;
  }

  std::string add_member(const std::vector<std::string>& path, Span object, std::string_view name,
                         const std::string& value) const {
    const std::string member = json::quote(name) + colon() + value;
    const auto members = map_.inside(path);
    if (members.empty()) return replaced(text_, object, object_of(member, indent_of(object.begin)));
    const auto by_name = [](const JsonMember* a, const JsonMember* b) {
      return a->path.back() < b->path.back();
    };
    std::size_t before = members.size();
    if (std::is_sorted(members.begin(), members.end(), by_name))
      while (before > 0 && members[before - 1]->path.back() > name) --before;
    const std::string separator = between(members, object);
    if (before == 0) return inserted(text_, members[0]->key.begin, member + "," + separator);
    return inserted(text_, members[before - 1]->value.end, "," + separator + member);
  }

  std::string_view text_;
  std::string table_;
  JsonMap map_;
};

}  // namespace

std::optional<std::string> set_in_json(std::string_view text, std::string_view table,
                                       const NewDependency& dependency) {
  return Editor(text, table).set(dependency);
}

std::string remove_from_json(std::string_view text, std::string_view table, std::string_view name) {
  return Editor(text, table).remove(name);
}

}  // namespace wharf::client
