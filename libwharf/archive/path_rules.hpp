// SPDX-License-Identifier: MIT
// Which paths an archive may hold: each by itself, and all of them together.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <set>
#include <string>
#include <string_view>

#include "libwharf/archive/limits.hpp"

namespace wharf {

// The path as an archive writes it, without a leading `./` and, for a directory, without one trailing `/`.
// Empty where nothing is left: the archive's own root.
std::string_view plain_path(std::string_view written, bool directory);

// Throws Error(archive_path) where the path, by itself, may not stand in an archive. `path` is plain and not
// empty.
void require_path(std::string_view path, const ArchiveLimits& limits);

// All paths of one archive, with the directories that they imply. Two paths that differ in case only are one
// path on many file systems: folded are ASCII letters and, beyond ASCII, whatever Unicode's simple mappings
// call one letter.
class PathSet {
 public:
  PathSet();
  // Throws Error(archive_path) where the path, checked already, cannot stand beside the ones before it.
  void add(std::string_view path, bool directory);

 private:
  enum class Kind : std::uint8_t { implied_directory, directory, file };
  struct Node {
    std::uint32_t parent;
    Kind kind;
    std::string_view folded, written;
  };
  // An ordered set, not a table of hashes: no archive can make it slow.
  struct Order {
    const std::deque<Node>* nodes;
    bool operator()(std::uint32_t a, std::uint32_t b) const;
  };

  std::string_view keep(std::string_view text);

  std::deque<Node> nodes_;  // never moved: as many as 320 000 in the worst archive
  std::set<std::uint32_t, Order> known_;
  std::list<std::string> texts_;
};

}  // namespace wharf
