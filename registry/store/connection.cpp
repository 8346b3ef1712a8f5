// SPDX-License-Identifier: MIT
#include "registry/store/connection.hpp"

#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>

#include <cstdio>
#include <map>
#include <mutex>

#include "libwharf/base/error.hpp"

namespace wharf::store {

namespace {

constexpr int k_duplicate_key = 1062, k_lock_wait = 1205, k_deadlock = 1213, k_row_is_referenced = 1451,
              k_no_referenced_row = 1452, k_packet_too_large = 1153;

// The key's name at the end of "Duplicate entry '…' for key 'name'"; MySQL 8 puts the table in front of it.
std::string key_of(std::string_view message) {
  const auto marker = message.rfind("for key '");
  if (marker == message.npos) return {};
  auto key = message.substr(marker + 9);
  key = key.substr(0, key.find('\''));
  if (const auto dot = key.rfind('.'); dot != key.npos) key.remove_prefix(dot + 1);
  return std::string(key);
}

DatabaseError translate(const sql::SQLException& error) {
  using Kind = DatabaseError::Kind;
  const int number = error.getErrorCode();
  const std::string what = std::string(error.what()) + " (" + std::to_string(number) + ")";
  switch (number) {
    case k_duplicate_key:
      return {Kind::duplicate_key, number, what, key_of(error.what())};
    case k_lock_wait:
      return {Kind::lock_wait, number, what};
    case k_deadlock:
      return {Kind::deadlock, number, what};
    case k_row_is_referenced:
    case k_no_referenced_row:
      return {Kind::foreign_key, number, what};
    case k_packet_too_large:
    case 1105:
      return {Kind::too_large, number, what};
    // Too many connections, refused logins while starting or stopping, shutdown, a killed query or
    // connection.
    case 1040:
    case 1045:
    case 1049:
    case 1053:
    case 1129:
    case 1130:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1184:
    case 1317:
    case 1927:
    case 3169:
      return {Kind::connection_lost, number, what};
    default:
      break;
  }
  const bool of_the_client = number >= 2000 && number < 3000;
  return {of_the_client || number == 0 ? Kind::connection_lost : Kind::other, number, what};
}

}  // namespace

namespace {

// The driver makes itself when it is first asked for, and takes no care of threads while it does.
sql::Driver& driver() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return *sql::mysql::get_driver_instance();
}

}  // namespace

Parameter parameter(Time value) {
  using namespace std::chrono;
  const auto day = floor<days>(value);
  const year_month_day date(day);
  const hh_mm_ss clock(value - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%03d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(text);
}

struct Rows::State {
  std::unique_ptr<sql::ResultSet> set;
};

Rows::Rows(std::unique_ptr<State> state) : state_(std::move(state)) {}
Rows::~Rows() = default;
Rows::Rows(Rows&&) noexcept = default;

bool Rows::next() {
  try {
    return state_->set->next();
  } catch (const sql::SQLException& error) {
    throw translate(error);
  }
}

bool Rows::is_null(unsigned column) const {
  return state_->set->isNull(column + 1);
}

std::string Rows::text(unsigned column) const {
  const auto value = state_->set->getString(column + 1);
  if (state_->set->wasNull()) throw internal_error("column " + std::to_string(column) + " is NULL");
  return value.asStdString();
}

std::int64_t Rows::integer(unsigned column) const {
  const auto value = state_->set->getInt64(column + 1);
  if (state_->set->wasNull()) throw internal_error("column " + std::to_string(column) + " is NULL");
  return value;
}

Time Rows::time(unsigned column) const {
  std::string value = text(column);
  if (value.size() >= 19) value[10] = 'T';
  const auto parsed = from_rfc3339(value + "Z");
  if (!parsed) throw internal_error("column " + std::to_string(column) + " is not a time: " + value);
  return *parsed;
}

std::optional<std::string> Rows::maybe_text(unsigned column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<Time> Rows::maybe_time(unsigned column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

struct Connection::State {
  std::unique_ptr<sql::Connection> connection;
  std::map<std::string, std::unique_ptr<sql::PreparedStatement>, std::less<>> statements;
  bool usable = true;

  [[noreturn]] void fail(const sql::SQLException& error) {
    const auto translated = translate(error);
    if (translated.kind == DatabaseError::Kind::connection_lost) usable = false;
    throw translated;
  }

  sql::PreparedStatement& prepare(std::string_view sql, const std::vector<Parameter>& parameters) {
    auto found = statements.find(sql);
    if (found == statements.end()) {
      // A bound on what a connection keeps: multi-row statements come in many lengths.
      if (statements.size() >= 200) statements.clear();
      std::unique_ptr<sql::PreparedStatement> made(connection->prepareStatement(std::string(sql)));
      found = statements.emplace(std::string(sql), std::move(made)).first;
    }
    auto& statement = *found->second;
    unsigned index = 0;
    for (const auto& value : parameters) {
      ++index;
      if (const auto* number = std::get_if<std::int64_t>(&value))
        statement.setInt64(index, *number);
      else if (const auto* text = std::get_if<std::string>(&value))
        statement.setString(index, *text);
      else
        statement.setNull(index, sql::DataType::VARCHAR);
    }
    return statement;
  }
};

Connection::Connection(const ConnectionSettings& settings) : state_(std::make_unique<State>()) {
  try {
    sql::ConnectOptionsMap options;
    options["hostName"] = settings.socket.empty()
                              ? "tcp://" + settings.host + ":" + std::to_string(settings.port)
                              : "unix://" + settings.socket;
    options["userName"] = settings.user;
    options["password"] = settings.password;
    if (!settings.database.empty()) options["schema"] = settings.database;
    options["OPT_CONNECT_TIMEOUT"] = 3;
    options["OPT_READ_TIMEOUT"] = 60;
    options["OPT_WRITE_TIMEOUT"] = 60;
    options["OPT_CHARSET_NAME"] = "utf8mb4";
    state_->connection.reset(driver().connect(options));
    run_text("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
    run_text(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO',"
        " time_zone = '+00:00', innodb_lock_wait_timeout = 5");
    run_text("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  } catch (const sql::SQLException& error) {
    throw translate(error);
  }
}

Connection::~Connection() = default;

Rows Connection::run_query(std::string_view sql, const std::vector<Parameter>& parameters) {
  try {
    auto state = std::make_unique<Rows::State>();
    state->set.reset(state_->prepare(sql, parameters).executeQuery());
    return Rows(std::move(state));
  } catch (const sql::SQLException& error) {
    state_->fail(error);
  }
}

std::uint64_t Connection::run_update(std::string_view sql, const std::vector<Parameter>& parameters) {
  try {
    return static_cast<std::uint64_t>(state_->prepare(sql, parameters).executeUpdate());
  } catch (const sql::SQLException& error) {
    state_->fail(error);
  }
}

void Connection::run_text(std::string_view sql) {
  try {
    const std::unique_ptr<sql::Statement> statement(state_->connection->createStatement());
    statement->execute(std::string(sql));
  } catch (const sql::SQLException& error) {
    state_->fail(error);
  }
}

std::uint64_t Connection::last_insert_id() {
  auto rows = query("SELECT LAST_INSERT_ID()");
  rows.next();
  return static_cast<std::uint64_t>(rows.integer(0));
}

void Connection::begin() {
  run_text("START TRANSACTION");
}

void Connection::commit() {
  try {
    run_text("COMMIT");
  } catch (const DatabaseError& error) {
    if (error.kind == DatabaseError::Kind::connection_lost) throw CommitUnknown(error.what());
    throw;
  }
}

void Connection::rollback() noexcept {
  if (!state_->usable) return;
  try {
    run_text("ROLLBACK");
  } catch (...) {
    state_->usable = false;  // the server rolls back what a closed connection leaves
  }
}

bool Connection::usable() const noexcept {
  return state_->usable;
}

}  // namespace wharf::store
