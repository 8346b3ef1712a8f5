// SPDX-License-Identifier: MIT
#include <chrono>
#include <random>
#include <thread>

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/migrations.hpp"

namespace wharf::store {

namespace {

constexpr int k_attempts = 5;

Error database_away(const std::string& detail) {
  return Error(Code::unavailable, "the registry cannot reach its database; please try again shortly", detail)
      .retry_in(5);
}

// A short, growing, uneven pause, so that two that collided do not collide again.
void pause_before_retry(int attempt) {
  static thread_local std::mt19937 generator{std::random_device{}()};
  std::uniform_int_distribution<int> milliseconds(1, 4 << attempt);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(generator)));
}

void require_durable_settings(Connection& connection) {
  auto rows = connection.query(
      "SELECT @@GLOBAL.innodb_flush_log_at_trx_commit, @@GLOBAL.log_bin, @@GLOBAL.sync_binlog");
  rows.next();
  if (rows.integer(0) != 1)
    throw database_away("the server's innodb_flush_log_at_trx_commit is " + rows.text(0) + ", must be 1");
  if (rows.integer(1) != 0 && rows.integer(2) != 1)
    throw database_away("the server has a binary log and sync_binlog is " + rows.text(2) + ", must be 1");
}

bool worth_another_try(DatabaseError::Kind kind) {
  using Kind = DatabaseError::Kind;
  return kind == Kind::deadlock || kind == Kind::lock_wait || kind == Kind::connection_lost;
}

}  // namespace

Database::Database(ConnectionSettings settings) : settings_(std::move(settings)) {}
Database::~Database() = default;

Connection& Database::connection() {
  if (connection_ && connection_->usable()) return *connection_;
  connection_.reset();
  try {
    auto fresh = std::make_unique<Connection>(settings_);
    if (!settings_.allow_unsafe_durability) require_durable_settings(*fresh);
    require_current_schema(*fresh);
    connection_ = std::move(fresh);
  } catch (const DatabaseError& error) {
    throw database_away(error.what());
  }
  return *connection_;
}

void Database::run_transaction(const std::function<void(Connection&)>& work) {
  for (int attempt = 1;; ++attempt) {
    Connection& open = connection();
    try {
      open.begin();
      work(open);
      open.commit();
      return;
    } catch (const DatabaseError& error) {
      open.rollback();
      if (!worth_another_try(error.kind)) throw;
      if (attempt == k_attempts) throw database_away(error.what());
      log::debug("transaction runs again", {{"because", error.what()}});
    } catch (...) {
      open.rollback();
      throw;
    }
    pause_before_retry(attempt);
  }
}

void Database::run_read(const std::function<void(Connection&)>& work) {
  for (int attempt = 1;; ++attempt) {
    try {
      work(connection());
      return;
    } catch (const DatabaseError& error) {
      if (!worth_another_try(error.kind)) throw;
      if (attempt == 2) throw database_away(error.what());
    }
  }
}

}  // namespace wharf::store
