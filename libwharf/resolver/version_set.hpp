// SPDX-License-Identifier: MIT
// A set of versions of one package: bit i stands for its i-th known version, counted from the lowest. Sets
// that are put together must be of the same package, so of equal size(). Up to 128 versions need no
// allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace wharf::resolver {

class VersionSet {
 public:
  explicit VersionSet(std::size_t size = 0);  // the empty set among that many versions
  static VersionSet all(std::size_t size);
  static VersionSet of_words(std::size_t size, const std::uint64_t* words);  // least significant bit first

  VersionSet(const VersionSet& other);
  VersionSet(VersionSet&& other) noexcept;
  VersionSet& operator=(VersionSet other) noexcept;
  ~VersionSet();

  std::size_t size() const noexcept { return size_; }  // how many versions there are to be in it
  std::size_t count() const noexcept;                  // how many are in it
  bool empty() const noexcept;
  bool contains(std::size_t version) const noexcept;
  void insert(std::size_t version) noexcept;
  void erase(std::size_t version) noexcept;
  std::size_t lowest() const noexcept;   // size() where the set is empty
  std::size_t highest() const noexcept;  // the same
  // The stretches of versions without a gap, as first and last, ascending.
  std::vector<std::pair<std::size_t, std::size_t>> runs() const;

  bool is_subset_of(const VersionSet& other) const noexcept;
  bool intersects(const VersionSet& other) const noexcept;
  VersionSet& operator&=(const VersionSet& other) noexcept;
  VersionSet& operator|=(const VersionSet& other) noexcept;
  VersionSet& operator-=(const VersionSet& other) noexcept;
  VersionSet complement() const;
  friend VersionSet operator&(VersionSet a, const VersionSet& b) { return a &= b; }
  friend VersionSet operator|(VersionSet a, const VersionSet& b) { return a |= b; }
  friend VersionSet operator-(VersionSet a, const VersionSet& b) { return a -= b; }
  friend bool operator==(const VersionSet& a, const VersionSet& b) noexcept;

  std::span<const std::uint64_t> words() const noexcept;

 private:
  static constexpr std::size_t k_few_words = 2;
  std::span<std::uint64_t> mutable_words() noexcept;
  bool is_few() const noexcept { return size_ <= 64 * k_few_words; }

  std::size_t size_ = 0;
  union {
    std::uint64_t few_[k_few_words];
    std::uint64_t* many_;
  };
};

}  // namespace wharf::resolver
