// SPDX-License-Identifier: MIT
// The journal as files: `<directory>/<first number>.jsonl`, 10 000 events each, one JSON object per line:
//   {"seq":1,"at":"…","action":"…","package":"…","version":"…" or null,"actor":"…","hash":"…","body":{…}}
// `body` is the event's canonical JSON, byte for byte, so that hash = SHA-256(previous hash ‖ body) can be
// checked by anyone who reads the files.
//
// They are also the clerk's memory: an event is appended, and made durable, only when everything that it
// changes in the public tree is durable, so the last whole line says how far the tree is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"
#include "registry/store/journal.hpp"

namespace wharf {

class JournalFiles {
 public:
  static constexpr std::uint64_t k_events_per_file = 10'000;

  // Opens what is there and cuts off what a crash left behind a last whole line that fits the chain of
  // hashes.
  explicit JournalFiles(Path directory);

  const store::JournalPosition& position() const { return position_; }
  // Appends events that follow the position. They are durable when it returns, unless `durable` is false.
  void append(const std::vector<store::JournalEvent>& events, bool durable = true);

  static std::string line_of(const store::JournalEvent& event);

 private:
  void recover();
  bool read_file_from(std::uint64_t first, const std::string& previous_hash);
  Path path_of(std::uint64_t first) const;

  Path directory_;
  store::JournalPosition position_;
  Fd file_;  // the one that is appended to
  std::uint64_t file_first_ = 0;
};

}  // namespace wharf
