// SPDX-License-Identifier: MIT
// The clerk's side of searching: a thread that keeps the index beside the public tree, with a connection of
// its own, so that neither holds up the other.
//
// The clerk hands it each batch of events once these are durable, does its own work meanwhile, and then waits
// a moment for the index, so that a package can be found when its publish returns. Where the index is being
// made anew, or is far behind because many publish at once, the clerk does not wait, and the index follows on
// its own. Whatever goes wrong here (the disk is full, the index was deleted) is logged, tried again, and
// never holds up the tree.
//
// A reader of an index that changes under it must look again, so there are at most k_commits_a_second;
// beyond, batches are put together and nobody waits.
//
// Every now and then the counts of downloads are brought up to date.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "registry/search/index_writer.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/journal.hpp"

namespace wharf::search {

struct FollowerSettings {
  Path directory;
  store::ConnectionSettings database;
  std::chrono::milliseconds longest_wait{200};       // of the clerk, for one batch
  std::chrono::milliseconds refresh_counts{20'000};  // how often
};

class IndexFollower {
 public:
  explicit IndexFollower(FollowerSettings settings);
  // Ends what is being done, and leaves the index durable.
  ~IndexFollower();

  // Durable events, in order, that the tree is going to show.
  void offer(std::shared_ptr<const std::vector<store::JournalEvent>> events);
  // Everything up to `end` is durable; `anew`: the journal may be another one than before.
  void follow_to(const store::JournalPosition& end, bool anew);
  // Waits until the index stands at `seq`, at most the longest wait, and not at all where that is hopeless.
  void wait_briefly(std::uint64_t seq);
  // Waits until the index stands where it was told to; throws what keeps it from there.
  void settle();
  std::uint64_t position();

 private:
  using Batch = std::shared_ptr<const std::vector<store::JournalEvent>>;
  void run();
  void keep_up();
  void bring_to(const store::JournalPosition& end, const Batch& batch);
  void rebuild(const store::JournalPosition& end);
  void refresh_counts();
  void spread_commits();
  Batch next_batch();
  bool stopping();
  void reached(std::uint64_t seq);

  const FollowerSettings settings_;
  // --- of the thread alone ---
  IndexWriter writer_;
  store::Database database_;
  std::chrono::steady_clock::time_point next_refresh_{};
  std::int64_t refreshed_up_to_ = 0;
  std::deque<std::chrono::steady_clock::time_point> commits_;  // within the last second
  // --- shared ---
  std::mutex mutex_;
  std::condition_variable wake_, moved_;
  std::deque<Batch> batches_;
  store::JournalPosition wanted_;
  bool told_ = false, verify_ = false, stop_ = false;
  bool hopeless_ = true;  // to wait for it
  std::uint64_t position_ = 0;
  std::string failure_;
  std::thread thread_;
};

}  // namespace wharf::search
