// SPDX-License-Identifier: MIT
#include "registry/search/index_follower.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"

namespace wharf::search {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Batches that are kept in memory; the index reads the journal itself once it is further behind.
constexpr std::size_t k_most_batches = 16;
constexpr unsigned k_events_at_once = 1000;
constexpr std::size_t k_commits_a_second = 50;
constexpr milliseconds k_between_many{50};
// How often it is looked whether the files are still there and the counts are due.
constexpr milliseconds k_tick{500};
constexpr milliseconds k_least_pause{100}, k_longest_pause{5000};
constexpr unsigned k_counts_at_once = 500;

}  // namespace

IndexFollower::IndexFollower(FollowerSettings settings)
    : settings_(std::move(settings)),
      writer_(settings_.directory),
      database_(settings_.database),
      thread_([this] { run(); }) {}

IndexFollower::~IndexFollower() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void IndexFollower::offer(Batch events) {
  if (events->empty()) return;
  const std::lock_guard lock(mutex_);
  wanted_ = {events->back().seq, events->back().hash};
  told_ = true;
  batches_.push_back(std::move(events));
  if (batches_.size() > k_most_batches) {
    batches_.clear();
    hopeless_ = true;
  }
  wake_.notify_all();
}

void IndexFollower::follow_to(const store::JournalPosition& end, bool anew) {
  const std::lock_guard lock(mutex_);
  wanted_ = end;
  told_ = true;
  if (anew) {
    batches_.clear();
    verify_ = true;
    hopeless_ = true;
  }
  wake_.notify_all();
}

void IndexFollower::wait_briefly(std::uint64_t seq) {
  std::unique_lock lock(mutex_);
  if (!moved_.wait_for(lock, settings_.longest_wait, [&] { return hopeless_ || position_ >= seq; }))
    hopeless_ = true;
}

void IndexFollower::settle() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [&] { return (told_ && !verify_ && position_ >= wanted_.seq) || !failure_.empty(); });
  if (position_ < wanted_.seq) throw internal_error("the search index is behind: " + failure_);
}

std::uint64_t IndexFollower::position() {
  const std::lock_guard lock(mutex_);
  return position_;
}

bool IndexFollower::stopping() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void IndexFollower::run() {
  milliseconds pause = k_least_pause;
  for (;;) {
    try {
      keep_up();
      pause = k_least_pause;
      std::unique_lock lock(mutex_);
      if (!failure_.empty()) log::info("the search index goes on");
      failure_.clear();
      if (stop_) return;
      wake_.wait_for(lock, k_tick, [&] { return stop_ || verify_ || position_ < wanted_.seq; });
      if (stop_) return;
    } catch (const std::exception& error) {
      // Whatever was half done is forgotten with the open index.
      const auto* ours = dynamic_cast<const Error*>(&error);
      const std::string what = ours && !ours->detail().empty() ? ours->detail() : error.what();
      try {
        writer_.close();
      } catch (const std::exception&) {  // the next open() says what is wrong
      }
      std::unique_lock lock(mutex_);
      if (failure_ != what)
        log::error("the search index cannot be kept and is tried again", {{"because", what}});
      failure_ = what;
      hopeless_ = true;
      moved_.notify_all();
      wake_.wait_for(lock, pause, [&] { return stop_; });
      if (stop_) return;
      pause = std::min(pause * 2, k_longest_pause);
    }
  }
}

// Everything that is to be done now.
void IndexFollower::keep_up() {
  for (;;) {
    spread_commits();
    Batch batch;
    store::JournalPosition wanted;
    bool verify = false;
    {
      const std::lock_guard lock(mutex_);
      if (stop_ || !told_) return;
      wanted = wanted_;
      verify = std::exchange(verify_, false);
      batch = next_batch();
    }
    if (writer_.is_open() && !writer_.still_there()) {
      log::warning("the search index was taken away");
      writer_.close();
    }
    if (!writer_.is_open() && !writer_.open()) {
      rebuild(wanted);
      continue;
    }
    // The event at the index's place must still be what it was.
    if (verify && !store::events_after(database_.connection(), writer_.position(), 1)) {
      log::warning("the search index was made from another journal",
                   {{"at", std::to_string(writer_.position().seq)}});
      rebuild(wanted);
      continue;
    }
    bring_to(wanted, batch);
    refresh_counts();
    const std::lock_guard lock(mutex_);
    if (batches_.empty() && !verify_ && position_ >= wanted_.seq) return;
  }
}

// All that has been offered, as one; the lock is held.
IndexFollower::Batch IndexFollower::next_batch() {
  if (batches_.empty()) return nullptr;
  Batch first = std::move(batches_.front());
  batches_.pop_front();
  if (batches_.empty()) return first;
  auto all = std::make_shared<std::vector<store::JournalEvent>>(*first);
  for (; !batches_.empty(); batches_.pop_front())
    all->insert(all->end(), batches_.front()->begin(), batches_.front()->end());
  return all;
}

void IndexFollower::spread_commits() {
  const auto moment = steady_clock::now();
  while (!commits_.empty() && moment - commits_.front() > std::chrono::seconds(1)) commits_.pop_front();
  if (commits_.size() < k_commits_a_second) return;
  std::unique_lock lock(mutex_);
  hopeless_ = true;
  moved_.notify_all();
  wake_.wait_until(lock, commits_.back() + k_between_many, [&] { return stop_; });
}

void IndexFollower::bring_to(const store::JournalPosition& end, const Batch& batch) {
  if (batch && batch->back().seq <= writer_.position().seq) return reached(writer_.position().seq);
  if (batch && batch->front().seq <= writer_.position().seq + 1) {
    const auto next = std::ranges::find_if(
        *batch, [&](const store::JournalEvent& event) { return event.seq > writer_.position().seq; });
    if (next->hash == store::chain_hash(writer_.position().hash, next->body)) {
      writer_.apply(database_.connection(), *batch);
      commits_.push_back(steady_clock::now());
      return reached(writer_.position().seq);
    }
  }
  while (writer_.position().seq < end.seq && !stopping()) {
    const auto left = std::min<std::uint64_t>(k_events_at_once, end.seq - writer_.position().seq);
    const auto events =
        store::events_after(database_.connection(), writer_.position(), static_cast<unsigned>(left));
    if (!events) {
      log::warning("the search index was made from another journal",
                   {{"at", std::to_string(writer_.position().seq)}});
      return rebuild(end);
    }
    if (events->empty()) break;
    writer_.apply(database_.connection(), *events);
    commits_.push_back(steady_clock::now());
    reached(writer_.position().seq);
  }
  reached(writer_.position().seq);
}

void IndexFollower::rebuild(const store::JournalPosition& end) {
  {
    const std::lock_guard lock(mutex_);
    hopeless_ = true;
    position_ = 0;
    moved_.notify_all();
  }
  if (writer_.rebuild(database_.connection(), end, [this] { return stopping(); })) reached(end.seq);
}

void IndexFollower::refresh_counts() {
  const auto moment = steady_clock::now();
  if (moment < next_refresh_) return;
  const auto last = writer_.refresh_downloads(database_.connection(), refreshed_up_to_, k_counts_at_once);
  refreshed_up_to_ = last.value_or(0);
  if (!last) next_refresh_ = moment + settings_.refresh_counts;
}

void IndexFollower::reached(std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  position_ = seq;
  if (position_ >= wanted_.seq) hopeless_ = false;
  moved_.notify_all();
}

}  // namespace wharf::search
