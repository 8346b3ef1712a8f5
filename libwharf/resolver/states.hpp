// SPDX-License-Identifier: MIT
// What can become of one package: one of its known versions is chosen, or none is. A set of such states is
// what an incompatibility says of the package: {foo 1.0.0, not bar 2.0.0} is "foo is in {1.0.0}, and bar is
// in {every other version, none}". With "none" as a state of its own, positive and negative terms are of one
// kind, and every step of a proof is a union and some intersections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wharf::resolver {

class States {
 public:
  States() = default;
  // No state, of a package of which `versions` are known.
  explicit States(std::size_t versions) : versions_(versions), words_(versions / 64 + 1) {}

  std::size_t versions() const noexcept { return versions_; }
  bool has(std::size_t version) const noexcept { return (words_[version / 64] >> (version % 64) & 1) != 0; }
  bool has_none() const noexcept { return has(versions_); }
  void add(std::size_t version) noexcept { words_[version / 64] |= std::uint64_t{1} << (version % 64); }
  void add_none() noexcept { add(versions_); }

  bool empty() const noexcept;  // not a single state
  bool full() const noexcept;   // every state: says nothing
  bool contains(const States& other) const noexcept;

  States operator|(const States& other) const;
  States operator&(const States& other) const;
  States operator~() const;
  bool operator==(const States&) const = default;
  auto operator<=>(const States&) const = default;  // any order, for maps

 private:
  std::size_t versions_ = 0;
  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(1);
};

}  // namespace wharf::resolver
