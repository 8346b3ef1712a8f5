// SPDX-License-Identifier: MIT
// How a worker learns what the clerk has made visible: a small file in shared memory that the clerk writes
// and workers read, and a datagram socket on which workers poke the clerk.
//
// The file holds the journal number up to which the public tree stands, a counter that changes whenever that
// number is shown (what waiters sleep on), and the clerk's heartbeat (monotonic milliseconds). Readers map it
// read-only; a missing or old file means "no clerk", never an error. A clerk that starts makes a new file;
// readers follow it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "libwharf/base/file.hpp"

namespace wharf {

struct Visibility {
  std::uint64_t visible_seq = 0;
  std::chrono::milliseconds heartbeat_age{};  // how long ago the clerk last wrote
};

// The clerk's side.
class VisibilityWriter {
 public:
  explicit VisibilityWriter(const Path& file);
  ~VisibilityWriter();
  void show(std::uint64_t visible_seq);  // also a heartbeat; wakes those who wait
  void heartbeat();

 private:
  struct Map;
  std::unique_ptr<Map> map_;
};

// A worker's side.
class VisibilityReader {
 public:
  VisibilityReader(Path file, Path poke_socket);
  ~VisibilityReader();
  // Nothing where there is no clerk's file.
  std::optional<Visibility> look();
  // Tells the clerk that there is something to read. Never blocks, never fails.
  void poke();
  // Pokes and waits until `seq` is visible, at most `longest`. A clerk whose heartbeat is older than a second
  // is not waited for. True where it is visible.
  bool wait_until_visible(std::uint64_t seq, std::chrono::milliseconds longest);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wharf
