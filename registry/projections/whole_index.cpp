// SPDX-License-Identifier: MIT
#include "registry/projections/whole_index.hpp"

#include <fcntl.h>

#include <algorithm>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/package/index_document.hpp"
#include "registry/projections/gzip.hpp"
#include "registry/projections/public_tree.hpp"

namespace wharf {

namespace {

constexpr std::chrono::milliseconds k_pause{500};
constexpr std::chrono::seconds k_pause_after_failure{5};
constexpr int k_share = 4;  // pauses at least this many times as long as writing took
constexpr const char* k_names[] = {"index.json", "index-vais.json"};

// One form of the index on its way to disk, plain and packed.
class Output {
 public:
  Output(const Path& root, const std::string& name)
      : target_(root / name),
        temporary_(root / ".tmp" / name),
        plain_(open_file(temporary_, O_WRONLY | O_CREAT | O_TRUNC, 0644)),
        packed_(open_file(temporary_.native() + ".gz", O_WRONLY | O_CREAT | O_TRUNC, 0644)),
        gzip_([this](std::string_view bytes) { write_all(packed_.get(), bytes); }) {}

  void write(std::string_view bytes) {
    buffer_.append(bytes);
    if (buffer_.size() >= (64u << 10)) flush();
  }
  void commit(std::uint64_t seq) {
    flush();
    gzip_.finish();
    for (const Fd* fd : {&packed_, &plain_}) {
      set_revision_time(fd->get(), seq);
      sync_file(fd->get(), temporary_);
    }
    failpoint("clerk.before_whole_index_rename");
    rename_over(temporary_.native() + ".gz", target_.native() + ".gz");
    failpoint("clerk.within_whole_index_rename");
    rename_over(temporary_, target_);
    failpoint("clerk.after_whole_index_rename");
  }

 private:
  void flush() {
    write_all(plain_.get(), buffer_);
    gzip_.write(buffer_);
    buffer_.clear();
  }
  Path target_, temporary_;
  Fd plain_, packed_;
  std::string buffer_;
  Gzip gzip_;
};

}  // namespace

bool WholeIndex::write(const Path& root, const std::string& public_url, std::uint64_t seq,
                       std::uint64_t limit) {
  std::vector<std::string> files;
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root / "index")) {
    if (entry.path().extension() != ".json") continue;
    std::error_code gone;
    const auto size = entry.file_size(gone);
    if (!gone) bytes += size;
    files.push_back(entry.path().filename().native());
  }
  if (bytes > limit) {
    remove(root);
    return false;
  }
  // By name, not by file name: "a-b.json" would come before "a.json".
  std::sort(files.begin(), files.end(), [](const std::string& a, const std::string& b) {
    return std::string_view(a).substr(0, a.size() - 5) < std::string_view(b).substr(0, b.size() - 5);
  });
  Output native(root, k_names[0]), vais(root, k_names[1]);
  native.write("{\"packages\":[");
  vais.write("[");
  bool first = true, first_vais = true;
  for (const auto& file : files) {
    const auto text = read_file(root / "index" / file, 1u << 30);
    if (!text) continue;
    if (!first) native.write(",");
    first = false;
    native.write(*text);
    const auto document = IndexDocument::from_json(*text);
    if (!first_vais) vais.write(",");
    first_vais = false;
    vais.write(document.render(public_url, IndexDocument::Order::newest_first));
  }
  native.write("]}\n");
  vais.write("]\n");
  vais.commit(seq);
  native.commit(seq);
  sync_directory(root);
  return true;
}

void WholeIndex::remove(const Path& root) {
  for (const std::string name : k_names) {
    remove_file(root / name);
    remove_file(root / (name + ".gz"));
  }
}

WholeIndex::WholeIndex(Path root, std::string public_url, bool enabled, std::uint64_t limit)
    : root_(std::move(root)), public_url_(std::move(public_url)), enabled_(enabled), limit_(limit) {
  if (enabled_)
    thread_ = std::thread([this] { run(); });
  else
    remove(root_);
}

WholeIndex::~WholeIndex() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WholeIndex::changed(std::uint64_t seq) {
  if (!enabled_) return;
  {
    const std::lock_guard lock(mutex_);
    seq_ = seq;
    ++wanted_;
  }
  wake_.notify_all();
}

void WholeIndex::settle() {
  if (!enabled_) return;
  std::unique_lock lock(mutex_);
  hurry_ = true;
  failure_.clear();
  wake_.notify_all();
  written_.wait(lock, [this] { return done_ == wanted_ || !failure_.empty(); });
  hurry_ = false;
  if (!failure_.empty()) throw internal_error(failure_);
}

void WholeIndex::run() {
  using Clock = std::chrono::steady_clock;
  auto due = Clock::now();
  bool refused = false;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || done_ != wanted_; });
    wake_.wait_until(lock, due, [this] { return stop_ || hurry_; });
    if (stop_) return;
    const auto seq = seq_, change = wanted_;
    lock.unlock();
    const auto start = Clock::now();
    std::string failure;
    try {
      const bool written = write(root_, public_url_, seq, limit_);
      if (!written && !refused)
        log::warning("the index of all packages is too large and is not kept; set site.whole_index = off",
                     {{"limit_bytes", std::to_string(limit_)}});
      refused = !written;
    } catch (const std::exception& error) {
      failure = error.what();
      log::error("cannot write the index of all packages", {{"because", failure}});
    }
    due =
        Clock::now() + (failure.empty() ? std::max<Clock::duration>(k_pause, k_share * (Clock::now() - start))
                                        : k_pause_after_failure);
    lock.lock();
    failure_ = failure;
    if (failure.empty()) done_ = change;
    written_.notify_all();
  }
}

}  // namespace wharf
