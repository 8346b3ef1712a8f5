// SPDX-License-Identifier: MIT
#include "registry/importing/pg_dump.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::importing {

namespace {

using Field = std::optional<std::string>;  // nothing is NULL

constexpr std::size_t k_longest_statement = 64u << 20;  // a line, too
constexpr std::string_view k_last_comment = "-- PostgreSQL database dump complete";

bool is_word(char c) {
  return is_alphanumeric(c) || c == '_';
}

std::string read_name(std::string_view& text) {
  std::string name;
  if (text.starts_with('"')) {
    for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
      if (text.starts_with("\"\""))
        text.remove_prefix(1);
      else if (text.front() == '"')
        break;
      name += text.front();
    }
    if (!text.empty()) text.remove_prefix(1);
    return name;
  }
  while (!text.empty() && is_word(text.front())) {
    name += text.front();
    text.remove_prefix(1);
  }
  return fold(name);
}

void skip_space(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n' || text.front() == '\t'))
    text.remove_prefix(1);
}

// The table of `[schema.]table`.
std::string read_table(std::string_view& text) {
  skip_space(text);
  std::string name = read_name(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    name = read_name(text);
  }
  skip_space(text);
  return name;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::string in_quotes(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

class Dump {
 public:
  Dump(const Path& file, const std::set<std::string>& tables, Sqlite& into)
      : name_(file.native()), file_(file), tables_(tables), into_(into) {
    if (!file_)
      throw Error(Code::bad_request,
                  "there is no dump " + wharf::quoted(name_) + "; make one with 'pg_dump --format=plain'");
  }

  void load() {
    into_.run("BEGIN");
    std::string statement;
    while (read_statement(statement)) handle(statement);
    if (!complete_)
      refuse("is cut off: its last line '" + std::string(k_last_comment) + "' is missing; dump anew");
    into_.run("COMMIT");
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(Code::bad_request, wharf::quoted(name_) + ", line " + std::to_string(line_) + ": " + why);
  }

  // Of a line that is not wanted no more than its beginning is kept.
  bool get_line(std::string& line, bool wanted) {
    line.clear();
    for (bool whole = false; !whole;) {
      file_.getline(piece_.data(), static_cast<std::streamsize>(piece_.size()));
      auto length = static_cast<std::size_t>(file_.gcount());
      if (file_.bad() || (file_.eof() && length == 0 && line.empty())) return false;
      whole = file_.eof() || !file_.fail();
      if (whole && !file_.eof()) --length;  // the line's end
      if (!whole) file_.clear();
      if (!wanted && !line.empty()) continue;
      line.append(piece_.data(), length);
      if (line.size() > k_longest_statement) {
        ++line_;
        refuse("a line of more than 64 MiB");
      }
    }
    return true;
  }

  bool read_line(std::string& line, bool wanted = true) {
    if (!get_line(line, wanted)) return false;
    if (++line_ == 1 && line.starts_with("PGDMP"))
      refuse(
          "this is a dump in pg_dump's own format; make a plain one with 'pg_dump --format=plain', or of "
          "this one"
          " with 'pg_restore --file=FILE'");
    if (line.ends_with('\r')) line.pop_back();
    return true;
  }

  // One statement without its semicolon and comments. False at the end of the file.
  bool read_statement(std::string& statement) {
    statement.clear();
    std::string line, closing;  // what ends the quote that is open
    while (read_line(line)) {
      if (closing.empty() && trim(statement).empty()) {
        if (line == k_last_comment) complete_ = true;
        if (line.starts_with('\\')) continue;  // a command of psql
      }
      std::string_view rest = line;
      while (!rest.empty()) {
        if (!closing.empty()) {
          const auto end = rest.find(closing);
          if (end == rest.npos) break;
          statement += rest.substr(0, end + closing.size());
          rest.remove_prefix(end + closing.size());
          closing.clear();
          continue;
        }
        if (rest.starts_with("--")) {
          rest = {};
          break;
        }
        const char c = rest.front();
        if (c == ';') {
          // Nothing but comments follow a statement on its line.
          const auto after = trim(rest.substr(1));
          if (!after.empty() && !after.starts_with("--")) refuse("two statements on one line; expected one");
          return true;
        }
        if (c == '\'' && is_escape_string(statement))
          refuse("a string with backslash escapes; dump with standard_conforming_strings on");
        if (c == '\'' || c == '"')
          closing = c;
        else if (c == '$')
          closing = dollar_tag(rest, statement);
        const std::size_t taken = closing.size() > 1 ? closing.size() : 1;
        statement += rest.substr(0, taken);
        rest.remove_prefix(taken);
      }
      if (!closing.empty()) statement += rest;
      if (!statement.empty()) statement += '\n';
      if (statement.size() > k_longest_statement) refuse("a statement of more than 64 MiB");
    }
    if (statement.find_first_not_of(" \t\n") != statement.npos)
      refuse("the file ends in the middle of a statement; dump anew");
    return false;
  }

  static bool is_escape_string(const std::string& before) {
    const auto size = before.size();
    return size >= 1 && (before[size - 1] == 'E' || before[size - 1] == 'e') &&
           (size == 1 || !is_word(before[size - 2]));
  }

  static std::string dollar_tag(std::string_view text, const std::string& before) {
    if (!before.empty() && is_word(before.back())) return {};
    const auto end = text.find('$', 1);
    if (end == text.npos || !std::ranges::all_of(text.substr(1, end - 1), is_word)) return {};
    return std::string(text.substr(0, end + 1));
  }

  void handle(std::string_view statement) {
    skip_space(statement);
    if (take(statement, "SET client_encoding = ")) {
      if (!statement.starts_with("'UTF8'"))
        refuse("the dump's encoding is not UTF8; use 'pg_dump --encoding=UTF8'");
    } else if (take(statement, "CREATE TABLE ")) {
      const auto table = read_table(statement);
      if (tables_.contains(table)) read_columns(table, statement);
    } else if (take(statement, "COPY ")) {
      copy(statement);
    } else if (take(statement, "INSERT INTO ")) {
      const auto table = read_table(statement);
      if (tables_.contains(table)) insert(table, statement);
    }
  }

  void read_columns(const std::string& table, std::string_view text) {
    if (!take(text, "(")) refuse("expected the columns of table " + wharf::quoted(table));
    std::vector<std::string> columns;
    for (const auto line : split(text, '\n')) {
      auto definition = trim(line);
      if (definition.empty() || definition == ")" || definition.starts_with("CONSTRAINT ")) continue;
      columns.push_back(read_name(definition));
      if (columns.back().empty()) refuse("expected a column of table " + wharf::quoted(table));
    }
    make_table(table, columns);
  }

  void make_table(const std::string& table, const std::vector<std::string>& columns) {
    if (columns_.contains(table)) return;
    std::string sql = "CREATE TABLE " + in_quotes(table) + " (";
    for (const auto& column : columns) sql += (sql.ends_with('(') ? "" : ", ") + in_quotes(column) + " TEXT";
    into_.run(sql + ")");
    columns_[table] = columns;
  }

  // `(a, b, c)`, or all columns in their order where there is no list.
  std::vector<std::string> read_list(const std::string& table, std::string_view& text) {
    if (!take(text, "(")) {
      const auto known = columns_.find(table);
      if (known == columns_.end()) refuse("the columns of table " + wharf::quoted(table) + " are not known");
      return known->second;
    }
    std::vector<std::string> names;
    do {
      skip_space(text);
      names.push_back(read_name(text));
      skip_space(text);
    } while (take(text, ","));
    if (!take(text, ")")) refuse("expected ')' behind the columns of table " + wharf::quoted(table));
    skip_space(text);
    return names;
  }

  SqliteStatement inserter(const std::string& table, const std::vector<std::string>& names) {
    make_table(table, names);
    std::string sql = "INSERT INTO " + in_quotes(table) + " (", marks;
    for (const auto& name : names) {
      sql += (marks.empty() ? "" : ", ") + in_quotes(name);
      marks += marks.empty() ? "?" : ", ?";
    }
    return into_.prepare(sql + ") VALUES (" + marks + ")");
  }

  void add(SqliteStatement& inserter, const std::string& table, std::size_t expected,
           const std::vector<Field>& fields) const {
    if (fields.size() != expected)
      refuse("a row of table " + wharf::quoted(table) + " has " + std::to_string(fields.size()) +
             " values, expected " + std::to_string(expected));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i] && !is_utf8(*fields[i])) refuse("a value that is not UTF-8");
      if (fields[i])
        inserter.bind(static_cast<int>(i), *fields[i]);
      else
        inserter.bind_null(static_cast<int>(i));
    }
    inserter.next();
    inserter.rewind();
  }

  void copy(std::string_view text) {
    const auto table = read_table(text);
    const bool wanted = tables_.contains(table);
    const auto names = wanted ? read_list(table, text) : std::vector<std::string>();
    if (wanted && !text.starts_with("FROM stdin")) refuse("expected 'FROM stdin'");
    if (!wanted && text.find("FROM stdin") == text.npos) return;
    std::optional<SqliteStatement> row;
    if (wanted) row = inserter(table, names);
    std::string line;
    while (read_line(line, wanted)) {
      if (line == "\\.") return;
      if (!wanted) continue;
      std::vector<Field> fields;
      for (const auto field : split(line, '\t')) fields.push_back(copied(field));
      add(*row, table, names.size(), fields);
    }
    refuse("the file ends among the rows of table " + wharf::quoted(table) + "; dump anew");
  }

  static Field copied(std::string_view text) {
    if (text == "\\N") return std::nullopt;
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\' || i + 1 == text.size()) {
        plain += text[i];
        continue;
      }
      constexpr std::string_view k_letters = "bfnrtv", k_meant = "\b\f\n\r\t\v";
      const char c = text[++i];
      const auto place = k_letters.find(c);
      plain += place == k_letters.npos ? c : k_meant[place];
    }
    return plain;
  }

  void insert(const std::string& table, std::string_view text) {
    const auto names = read_list(table, text);
    if (!take(text, "VALUES")) refuse("expected 'VALUES'");
    auto row = inserter(table, names);
    for (;;) {
      skip_space(text);
      if (!take(text, "(")) refuse("expected '(' before the values of a row");
      std::vector<Field> fields;
      do {
        skip_space(text);
        fields.push_back(value(text));
        skip_space(text);
      } while (take(text, ","));
      if (!take(text, ")")) refuse("expected ')' behind the values of a row");
      add(row, table, names.size(), fields);
      skip_space(text);
      if (text.empty() || text.starts_with("ON CONFLICT")) return;
      if (!take(text, ",")) refuse("expected ',' between rows");
    }
  }

  Field value(std::string_view& text) const {
    std::string plain;
    if (take(text, "'")) {
      for (; !text.empty(); text.remove_prefix(1)) {
        if (text.starts_with("''"))
          text.remove_prefix(1);
        else if (text.front() == '\'')
          break;
        plain += text.front();
      }
      if (!take(text, "'")) refuse("a string that does not end");
      return plain;
    }
    while (!text.empty() &&
           (is_word(text.front()) || text.front() == '-' || text.front() == '.' || text.front() == '+')) {
      plain += text.front();
      text.remove_prefix(1);
    }
    if (plain.empty()) refuse("expected a value, found " + wharf::quoted(text.substr(0, 20)));
    if (plain == "NULL") return std::nullopt;
    return plain;
  }

  const std::string name_;
  std::ifstream file_;
  std::array<char, 65536> piece_;
  const std::set<std::string>& tables_;
  Sqlite& into_;
  std::map<std::string, std::vector<std::string>> columns_;
  std::uint64_t line_ = 0;
  bool complete_ = false;
};

}  // namespace

void load_pg_dump(const Path& file, const std::set<std::string>& tables, Sqlite& into) {
  Dump(file, tables, into).load();
}

}  // namespace wharf::importing
