// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-clerk/housekeeping.hpp"

#include <chrono>
#include <exception>
#include <string>

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "registry/services/trending.hpp"
#include "registry/store/interruption.hpp"

namespace wharf {

namespace {

// How often it is asked whether something is due.
constexpr std::chrono::seconds k_look{2};
constexpr std::chrono::milliseconds k_insist{50};

std::string text_of(const std::exception& error) {
  const auto* ours = dynamic_cast<const Error*>(&error);
  return ours && !ours->detail().empty() ? ours->public_message() + ": " + ours->detail() : error.what();
}

}  // namespace

void keep_house(store::Database& database, const std::function<bool()>& stopping) {
  Trending trending(database);
  for (const auto period : {TrendPeriod::week, TrendPeriod::month})
    if (!stopping()) trending.refresh_if_due(period, now(), stopping);
}

Housekeeping::Housekeeping(store::ConnectionSettings settings)
    : settings_(std::move(settings)), thread_([this] { run(); }) {}

Housekeeping::~Housekeeping() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  change_.notify_all();
  // A statement may begin after it was asked to end, so it is asked again until the thread has ended.
  while (!change_.wait_for(lock, k_insist, [&] { return ended_; })) {
    lock.unlock();
    try {
      if (const auto id = at_work_on_.load()) {
        store::Connection other(settings_);
        store::interrupt(other, id);
      }
    } catch (const std::exception&) {  // where no server is, no statement runs
    }
    lock.lock();
  }
  lock.unlock();
  thread_.join();
}

void Housekeeping::run() {
  store::Database database(settings_);
  const auto stopping = [&] {
    const std::lock_guard lock(mutex_);
    return stopping_;
  };
  std::string last_trouble;
  while (!stopping()) {
    try {
      at_work_on_ = database.read([](store::Connection& open) { return store::connection_id(open); });
      keep_house(database, stopping);
      last_trouble.clear();
    } catch (const std::exception& error) {
      const auto trouble = text_of(error);
      if (!stopping() && trouble != last_trouble)
        log::warning("the clerk's housekeeping failed and is tried again", {{"because", trouble}});
      last_trouble = trouble;
    }
    at_work_on_ = 0;
    std::unique_lock lock(mutex_);
    change_.wait_for(lock, k_look, [&] { return stopping_; });
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  change_.notify_all();
}

}  // namespace wharf
