// SPDX-License-Identifier: MIT
// A connection to MySQL or MariaDB, and the transactions that run on it. This room alone includes
// Connector/C++.
//
// Session settings: READ COMMITTED, strict mode, UTC, lock waits of 5 s. Statements are prepared once per
// connection and reused. Parameters may be integers, bool, std::string(_view), Time, and std::optional of
// these (nothing is NULL).
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libwharf/base/time.hpp"

namespace wharf::store {

struct ConnectionSettings {
  std::string socket;  // a path; where it is empty, host and port count
  std::string host;
  unsigned port = 3306;
  std::string database, user, password;
  bool allow_unsafe_durability = false;
};

// What the database said. `duplicate_key` names the unique key in `key`. These never reach a caller as they
// are.
class DatabaseError : public std::runtime_error {
 public:
  enum class Kind { duplicate_key, foreign_key, deadlock, lock_wait, connection_lost, too_large, other };
  DatabaseError(Kind the_kind, int the_number, const std::string& what, std::string the_key = {})
      : std::runtime_error(what), kind(the_kind), number(the_number), key(std::move(the_key)) {}
  Kind kind;
  int number;
  std::string key;
};

// The connection went away during COMMIT: whether it took place can be learned only by looking.
class CommitUnknown : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Parameter = std::variant<std::monostate, std::int64_t, std::string>;  // NULL, a number, text

inline Parameter parameter(std::nullopt_t) {
  return {};
}
inline Parameter parameter(std::integral auto value) {
  return static_cast<std::int64_t>(value);
}
inline Parameter parameter(std::string_view value) {
  return std::string(value);
}
inline Parameter parameter(const std::string& value) {
  return value;
}
inline Parameter parameter(const char* value) {
  return std::string(value);
}
Parameter parameter(Time value);
template <class T>
Parameter parameter(const std::optional<T>& value) {
  return value ? parameter(*value) : Parameter{};
}

// The rows of one query. Columns count from 0. Reading NULL as text, number or time is a fault in the
// program.
class Rows {
 public:
  ~Rows();
  Rows(Rows&&) noexcept;
  bool next();
  bool is_null(unsigned column) const;
  std::string text(unsigned column) const;
  std::int64_t integer(unsigned column) const;
  Time time(unsigned column) const;
  std::optional<std::string> maybe_text(unsigned column) const;
  std::optional<Time> maybe_time(unsigned column) const;

 private:
  friend class Connection;
  struct State;
  explicit Rows(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class Connection {
 public:
  explicit Connection(const ConnectionSettings& settings);  // throws DatabaseError(connection_lost)
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  template <class... A>
  Rows query(std::string_view sql, const A&... arguments) {
    return run_query(sql, {parameter(arguments)...});
  }
  // The number of rows that were changed.
  template <class... A>
  std::uint64_t execute(std::string_view sql, const A&... arguments) {
    return run_update(sql, {parameter(arguments)...});
  }
  // For statements whose number of parameters is known only at run time (multi-row inserts, IN lists).
  Rows run_query(std::string_view sql, const std::vector<Parameter>& parameters);
  std::uint64_t run_update(std::string_view sql, const std::vector<Parameter>& parameters);
  // A statement that cannot be prepared (DDL, SET); never with a caller's text in it.
  void run_text(std::string_view sql);

  std::uint64_t last_insert_id();
  void begin();
  void commit();  // throws CommitUnknown where the connection is lost on the way
  void rollback() noexcept;
  // False once the connection was lost; a new one is needed.
  bool usable() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The database of a program: connects when first asked and again after a loss, so that a program outlives its
// server.
class Database {
 public:
  explicit Database(ConnectionSettings settings);
  ~Database();

  // Throws Error(unavailable) while the server is away, has another schema than this program, or has settings
  // that lose commits (innodb_flush_log_at_trx_commit ≠ 1; sync_binlog ≠ 1 with a binary log) and is not
  // allowed to.
  Connection& connection();

  // Runs `work` between BEGIN and COMMIT. A deadlock, a lock wait, and a connection lost before COMMIT run
  // the whole again, at most 5 times, then Error(unavailable). `work` must therefore touch nothing but the
  // database, or be able to do it again. CommitUnknown goes through to the caller.
  template <class Work>
  auto transaction(Work&& work) -> decltype(work(std::declval<Connection&>())) {
    using Result = decltype(work(std::declval<Connection&>()));
    if constexpr (std::is_void_v<Result>) {
      run_transaction([&](Connection& c) { work(c); });
    } else {
      std::optional<Result> result;
      run_transaction([&](Connection& c) { result.emplace(work(c)); });
      return std::move(*result);
    }
  }
  // Runs `work` outside of a transaction (each statement commits itself), again after a lost connection: for
  // reads.
  template <class Work>
  auto read(Work&& work) -> decltype(work(std::declval<Connection&>())) {
    using Result = decltype(work(std::declval<Connection&>()));
    std::optional<Result> result;
    run_read([&](Connection& c) { result.emplace(work(c)); });
    return std::move(*result);
  }

 private:
  void run_transaction(const std::function<void(Connection&)>& work);
  void run_read(const std::function<void(Connection&)>& work);
  ConnectionSettings settings_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace wharf::store
