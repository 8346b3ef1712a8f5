// SPDX-License-Identifier: MIT
// What the clerk does now and then, beside following the journal: a thread with a connection of its own,
// because counting what is trending may take seconds, and the journal is never to wait for that.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "registry/store/connection.hpp"

namespace wharf {

class Housekeeping {
 public:
  explicit Housekeeping(store::ConnectionSettings settings);
  // Interrupts what is being done; it is done by whoever comes next.
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

 private:
  void run();
  const store::ConnectionSettings settings_;
  std::mutex mutex_;
  std::condition_variable change_;
  bool stopping_ = false, ended_ = false;    // under the mutex
  std::atomic<std::int64_t> at_work_on_{0};  // the id of the connection; 0 while there is nothing to do
  std::thread thread_;
};

// Does what is due, once. Throws what stops it: Error, store::DatabaseError.
void keep_house(store::Database& database, const std::function<bool()>& stopping);

}  // namespace wharf
