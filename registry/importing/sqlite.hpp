// SPDX-License-Identifier: MIT
// SQLite databases, as other registries leave them: read, never changed. This file's source alone includes
// sqlite3.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libwharf/base/file.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace wharf::importing {

// A prepared statement; parameters and columns are counted from 0. Goes before its database.
class SqliteStatement {
 public:
  void bind(int parameter, std::string_view text);
  void bind_null(int parameter);
  bool next();    // to the next row; throws Error(internal_error) with what SQLite says
  void rewind();  // to run it again, with what is bound
  bool is_null(int column) const;
  std::string text(int column) const;  // empty where it is NULL
  std::optional<std::string> maybe_text(int column) const;
  std::int64_t integer(int column) const;

 private:
  friend class Sqlite;
  struct Release {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Release> statement_;
};

class Sqlite {
 public:
  // Read alone, and as it stands at this moment however long that takes. Error(bad_request) for what is none.
  static Sqlite open(const Path& file);
  // An empty one on disk, which is gone with its owner.
  static Sqlite temporary();

  void run(const std::string& sql);
  SqliteStatement prepare(std::string_view sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  explicit Sqlite(const std::string& name, int flags);
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace wharf::importing
