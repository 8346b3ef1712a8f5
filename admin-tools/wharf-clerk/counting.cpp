// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-clerk/counting.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>

#include "admin-tools/common/database.hpp"
#include "admin-tools/wharf-clerk/trouble.hpp"
#include "registry/counting/download_counter.hpp"

namespace wharf {

namespace {

using std::chrono::milliseconds;

// The logs are looked at this often: a download is counted well within a second.
constexpr milliseconds k_poll{250};
constexpr milliseconds k_longest_pause{5000};
// On a machine that has no time to spare, serving comes first and counting catches up.
constexpr int k_niceness = 10;

}  // namespace

CountingThread::CountingThread(const Config& config) : config_(config), thread_([this] { run(); }) {}

CountingThread::~CountingThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void CountingThread::run() {
  // Linux: of this thread alone. Where it is refused, counting is as important as all else.
  [[maybe_unused]] const auto ignored = ::setpriority(PRIO_PROCESS, 0, k_niceness);
  store::Database database(admin::connection_settings(config_, Config::Role::clerk));
  DownloadCounter counter(counting_settings(config_), database);
  Trouble trouble("downloads cannot be counted for now", "downloads are counted again");
  milliseconds pause = k_poll;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    bool more = false;
    try {
      more = counter.step();
      trouble.over();
      pause = k_poll;
    } catch (const std::exception& error) {
      trouble.report(error);
      pause = std::min(pause * 2, k_longest_pause);
    }
    lock.lock();
    if (!more) wake_.wait_for(lock, pause, [&] { return stopping_; });
  }
}

void count_once(const Config& config) {
  store::Database database(admin::connection_settings(config, Config::Role::clerk));
  DownloadCounter counter(counting_settings(config), database);
  while (counter.step()) {
  }
}

}  // namespace wharf
