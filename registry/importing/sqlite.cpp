// SPDX-License-Identifier: MIT
#include "registry/importing/sqlite.hpp"

#include <sqlite3.h>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::importing {

namespace {

void check(int result, sqlite3* database, std::string_view doing) {
  if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE)
    throw internal_error("SQLite: " + std::string(doing) + ": " +
                         (database ? sqlite3_errmsg(database) : sqlite3_errstr(result)));
}

}  // namespace

void SqliteStatement::Release::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void SqliteStatement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), parameter + 1, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8),
        sqlite3_db_handle(statement_.get()), "binding a parameter");
}

void SqliteStatement::bind_null(int parameter) {
  check(sqlite3_bind_null(statement_.get(), parameter + 1), sqlite3_db_handle(statement_.get()),
        "binding a parameter");
}

bool SqliteStatement::next() {
  const int result = sqlite3_step(statement_.get());
  check(result, sqlite3_db_handle(statement_.get()), "reading a row");
  return result == SQLITE_ROW;
}

void SqliteStatement::rewind() {
  sqlite3_reset(statement_.get());  // says again what next() has said
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string SqliteStatement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::optional<std::string> SqliteStatement::maybe_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

void Sqlite::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close(database);
}

Sqlite::Sqlite(const std::string& name, int flags) {
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(name.c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  check(result, opened, "opening " + (name.empty() ? "a temporary database" : wharf::quoted(name)));
}

Sqlite Sqlite::open(const Path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    throw Error(Code::bad_request, "there is no database " + wharf::quoted(file.native()) +
                                       "; name the SQLite file with --database");
  try {
    Sqlite database(file.native(), SQLITE_OPEN_READONLY);
    database.run("BEGIN");
    database.prepare("SELECT COUNT(*) FROM sqlite_master").next();
    return database;
  } catch (const Error& refused) {
    throw Error(
        Code::bad_request,
        wharf::quoted(file.native()) +
            " cannot be read as an SQLite database; stop the registry that writes it, or make a copy with"
            " sqlite3's .backup",
        refused.detail());
  }
}

Sqlite Sqlite::temporary() {
  return Sqlite({}, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

void Sqlite::run(const std::string& sql) {
  check(sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr), database_.get(),
        "running '" + sql.substr(0, 60) + "'");
}

SqliteStatement Sqlite::prepare(std::string_view sql) {
  SqliteStatement statement;
  sqlite3_stmt* made = nullptr;
  check(sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &made, nullptr),
        database_.get(), "preparing '" + std::string(sql.substr(0, 60)) + "'");
  statement.statement_.reset(made);
  return statement;
}

}  // namespace wharf::importing
