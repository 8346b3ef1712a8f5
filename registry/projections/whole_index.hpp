// SPDX-License-Identifier: MIT
// The index of all packages, for clients that fetch everything at once: index.json (`{"packages": […]}`) and
// index-vais.json (an array, each package's newest version first), sorted by name, each also packed, made of
// the documents that stand in the public tree.
//
// It is written in a thread of its own, streaming, so that a publish does not wait for it: at once after a
// quiet time, else at most every half a second, and never more than a fifth of the time. Documents of more
// than k_limit bytes in all take too long for a promise of one second, and no client wants them at once: then
// the files are removed, and the log says so. An installation of that size switches it off (site.whole_index
// = off).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "libwharf/base/file.hpp"

namespace wharf {

class WholeIndex {
 public:
  static constexpr std::uint64_t k_limit = 32u << 20;

  // `enabled` false removes the files and does nothing more.
  WholeIndex(Path root, std::string public_url, bool enabled, std::uint64_t limit = k_limit);
  ~WholeIndex();

  // The documents stand at journal number `seq` now. Returns at once.
  void changed(std::uint64_t seq);
  // Waits until the files stand at the last number; throws what writing them threw.
  void settle();

  // Writes the files now; false where the documents are more than `limit`.
  static bool write(const Path& root, const std::string& public_url, std::uint64_t seq,
                    std::uint64_t limit = k_limit);
  static void remove(const Path& root);

 private:
  void run();
  const Path root_;
  const std::string public_url_;
  const bool enabled_;
  const std::uint64_t limit_;
  std::mutex mutex_;
  std::condition_variable wake_, written_;
  std::uint64_t seq_ = 0, wanted_ = 0,
                done_ = 0;  // the number to write, and how many changes were told and written
  bool stop_ = false, hurry_ = false;
  std::string failure_;
  std::thread thread_;
};

}  // namespace wharf
