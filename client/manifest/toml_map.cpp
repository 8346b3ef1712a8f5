// SPDX-License-Identifier: MIT
#include "client/manifest/toml_map.hpp"

#include <algorithm>
#include <utility>

#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/package/toml.hpp"

namespace wharf::client {

namespace {

class Mapper {
 public:
  explicit Mapper(std::string_view text) : text_(text) {}

  std::vector<TomlEntry> map() {
    for (skip_blank_lines(); at_ < text_.size(); skip_blank_lines()) {
      if (text_[at_] == '[')
        header();
      else
        statement();
      at_ = next_line(text_, at_);
    }
    return std::move(entries_);
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  void skip_comment() {
    if (here() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
  }
  void skip_blank_lines() {
    while (at_ < text_.size()) {
      const auto before = at_;
      while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
        ++at_;
      skip_comment();
      if (at_ == before) return;
    }
  }

  void header() {
    const std::size_t begin = line_begin(text_, at_);
    const bool array = text_.substr(at_).starts_with("[[");
    at_ += array ? 2 : 1;
    TomlEntry entry;
    entry.kind = TomlEntry::Kind::header;
    entry.key = key(entry.path);
    if (array) entry.path.emplace_back("[]");
    entry.lines = {begin, next_line(text_, at_)};
    section_ = entries_.size();
    entry.section = section_;
    section_path_ = entry.path;
    entries_.push_back(std::move(entry));
  }

  void statement() {
    const std::size_t begin = line_begin(text_, at_), first = entries_.size();
    pair(TomlEntry::Kind::statement, section_path_);
    const Span lines{begin, next_line(text_, at_)};
    for (std::size_t i = first; i < entries_.size(); ++i) entries_[i].lines = lines;
  }

  // KEY = VALUE, with the members of an inline table behind it.
  void pair(TomlEntry::Kind kind, const std::vector<std::string>& parent) {
    const std::size_t index = entries_.size();
    TomlEntry entry;
    entry.kind = kind;
    entry.path = parent;
    entry.section = section_;
    entry.key = key(entry.path);
    while (at_ < text_.size() && text_[at_] != '=') ++at_;
    ++at_;
    skip_spaces();
    const std::vector<std::string> path = entry.path;
    const std::size_t begin = at_;
    entries_.push_back(std::move(entry));
    value(&path);
    entries_[index].value = {begin, at_};
  }

  // The key's parts are added to `path`; the place ends before what follows it.
  Span key(std::vector<std::string>& path) {
    skip_spaces();
    Span place{at_, at_};
    for (;;) {
      skip_spaces();
      const std::size_t begin = at_;
      if (here() == '"' || here() == '\'')
        string();
      else
        while (is_alphanumeric(here()) || here() == '_' || here() == '-') ++at_;
      if (at_ == begin) return place;
      path.push_back(part(text_.substr(begin, at_ - begin)));
      place.end = at_;
      skip_spaces();
      if (here() != '.') return place;
      ++at_;
    }
  }

  static std::string part(std::string_view written) {
    if (written[0] != '"' && written[0] != '\'') return std::string(written);
    if (written[0] == '\'' || written.find('\\') == written.npos)
      return std::string(written.substr(1, written.size() - 2));
    const auto document = json::parse(toml_to_json("k = " + std::string(written)));
    return std::string(document.root()["k"].string().value_or(""));
  }

  void string() {
    const char quote = here();
    const std::string three(3, quote);
    const bool many_lines = text_.substr(at_).starts_with(three);
    at_ += many_lines ? 3 : 1;
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\') {
        at_ += 2;
      } else if (many_lines ? text_.substr(at_).starts_with(three) : text_[at_] == quote) {
        at_ += many_lines ? 3 : 1;
        for (int i = 0; many_lines && i < 2 && here() == quote; ++i) ++at_;
        return;
      } else {
        ++at_;
      }
    }
  }

  // With a path the members of an inline table become entries; inside of an array nothing does.
  void value(const std::vector<std::string>* path) {
    switch (here()) {
      case '"':
      case '\'':
        return string();
      case '[':
        return array();
      case '{':
        return inline_table(path);
      default:
        break;
    }
    while (at_ < text_.size() && std::string_view(",]}#\r\n").find(text_[at_]) == std::string_view::npos)
      ++at_;
    while (text_[at_ - 1] == ' ' || text_[at_ - 1] == '\t') --at_;
  }

  void array() {
    ++at_;
    for (;;) {
      skip_blank_lines();
      if (at_ >= text_.size()) return;
      if (here() == ',') {
        ++at_;
      } else if (here() == ']') {
        ++at_;
        return;
      } else {
        value(nullptr);
      }
    }
  }

  void inline_table(const std::vector<std::string>* path) {
    ++at_;
    for (;;) {
      skip_blank_lines();
      if (at_ >= text_.size()) return;
      if (here() == ',') {
        ++at_;
      } else if (here() == '}') {
        ++at_;
        return;
      } else if (path != nullptr) {
        pair(TomlEntry::Kind::member, *path);
      } else {
        std::vector<std::string> ignored;
        key(ignored);
        while (at_ < text_.size() && text_[at_] != '=') ++at_;
        ++at_;
        skip_spaces();
        value(nullptr);
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<TomlEntry> entries_;
  std::vector<std::string> section_path_;
  std::size_t section_ = TomlEntry::no_section;
};

}  // namespace

std::vector<TomlEntry> map_toml(std::string_view text) {
  return Mapper(text).map();
}

bool begins_with(const std::vector<std::string>& path, const std::vector<std::string>& beginning) {
  return path.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), path.begin());
}

std::string toml_key(std::string_view name) {
  const bool bare = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '-';
  });
  return bare ? std::string(name) : toml_quoted(name);
}

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00" + to_hex({&c, 1});
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace wharf::client
