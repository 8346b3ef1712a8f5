// SPDX-License-Identifier: MIT
// Counting downloads beside the journal: a thread with a connection of its own, so that neither a long log
// nor an unreadable one delays what is made visible.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "registry/config/config.hpp"

namespace wharf {

class CountingThread {
 public:
  explicit CountingThread(const Config& config);
  ~CountingThread();  // ends the thread, after the batch that it is at

 private:
  void run();
  const Config& config_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

// Counts what the logs hold by now, in the caller's thread.
void count_once(const Config& config);

}  // namespace wharf
