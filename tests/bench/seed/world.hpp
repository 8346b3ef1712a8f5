// SPDX-License-Identifier: MIT
// A made-up registry: what each package is called, says, needs, and how often it was downloaded. All of it
// follows from the seed; nothing but names and numbers of versions is kept in memory.
//
// The shape is that of real registries: most packages have a version or two and few have a hundred; most are
// needed by nobody, and a few by a good part of all; downloads fall off as 1/rank; one version in fifty is
// yanked, one in thirty is a prerelease.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libwharf/base/time.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf::seed {

struct Shape {
  std::uint64_t seed = 1;
  std::size_t packages = 1000;
  std::size_t versions = 5000;  // of all packages together; at least one each
  Time today;                   // the last day of the history
};

struct MadeVersion {
  Manifest manifest;
  std::string manifest_text;  // of a wharf.json
  std::string readme;
  Time published_at;
  bool yanked = false;
};

struct DayDownloads {
  std::size_t version = 0;  // index into the package's versions
  std::string day;          // 2026-01-31
  std::int64_t count = 0;
};

class World {
 public:
  explicit World(Shape shape);

  const Shape& shape() const { return shape_; }
  std::string name(std::size_t package) const;
  std::size_t users() const { return users_; }
  std::string user(std::size_t number) const;
  std::size_t owner_of(std::size_t package) const;

  std::vector<MadeVersion> versions(std::size_t package) const;
  std::vector<DayDownloads> downloads(std::size_t package, const std::vector<MadeVersion>& versions) const;

 private:
  void choose_names();
  void choose_counts();
  std::string text_of(std::uint32_t name) const;
  std::string first_version(std::size_t package) const;
  Shape shape_;
  std::size_t users_;
  std::vector<std::uint32_t> names_;   // each a number of words
  std::vector<std::uint16_t> counts_;  // of versions
};

}  // namespace wharf::seed
