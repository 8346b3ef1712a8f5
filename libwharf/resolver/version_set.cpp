// SPDX-License-Identifier: MIT
#include "libwharf/resolver/version_set.hpp"

#include <algorithm>
#include <bit>

namespace wharf::resolver {

namespace {

constexpr std::size_t k_bits = 64;

std::size_t words_for(std::size_t size) {
  return (size + k_bits - 1) / k_bits;
}

}  // namespace

VersionSet::VersionSet(std::size_t size) : size_(size), few_{} {
  if (!is_few()) many_ = new std::uint64_t[words_for(size)]();
}

VersionSet::VersionSet(const VersionSet& other) : VersionSet(other.size_) {
  std::ranges::copy(other.words(), mutable_words().begin());
}

VersionSet::VersionSet(VersionSet&& other) noexcept : size_(0), few_{} {
  std::swap(size_, other.size_);
  std::swap(few_, other.few_);
}

VersionSet& VersionSet::operator=(VersionSet other) noexcept {
  std::swap(size_, other.size_);
  std::swap(few_, other.few_);
  return *this;
}

VersionSet::~VersionSet() {
  if (!is_few()) delete[] many_;
}

VersionSet VersionSet::all(std::size_t size) {
  VersionSet set(size);
  const auto words = set.mutable_words();
  std::ranges::fill(words, ~std::uint64_t{0});
  if (size % k_bits != 0) words.back() = (std::uint64_t{1} << (size % k_bits)) - 1;
  return set;
}

VersionSet VersionSet::of_words(std::size_t size, const std::uint64_t* words) {
  VersionSet set(size);
  std::copy_n(words, words_for(size), set.mutable_words().begin());
  return set;
}

std::span<std::uint64_t> VersionSet::mutable_words() noexcept {
  return {is_few() ? few_ : many_, words_for(size_)};
}

std::span<const std::uint64_t> VersionSet::words() const noexcept {
  return {is_few() ? few_ : many_, words_for(size_)};
}

std::size_t VersionSet::count() const noexcept {
  std::size_t count = 0;
  for (const auto word : words()) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

bool VersionSet::empty() const noexcept {
  return std::ranges::all_of(words(), [](std::uint64_t word) { return word == 0; });
}

bool VersionSet::contains(std::size_t version) const noexcept {
  return version < size_ && (words()[version / k_bits] >> (version % k_bits) & 1) != 0;
}

void VersionSet::insert(std::size_t version) noexcept {
  mutable_words()[version / k_bits] |= std::uint64_t{1} << (version % k_bits);
}

void VersionSet::erase(std::size_t version) noexcept {
  mutable_words()[version / k_bits] &= ~(std::uint64_t{1} << (version % k_bits));
}

std::size_t VersionSet::lowest() const noexcept {
  const auto all = words();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i] != 0) return i * k_bits + static_cast<std::size_t>(std::countr_zero(all[i]));
  return size_;
}

std::size_t VersionSet::highest() const noexcept {
  const auto all = words();
  for (std::size_t i = all.size(); i-- > 0;)
    if (all[i] != 0) return i * k_bits + k_bits - 1 - static_cast<std::size_t>(std::countl_zero(all[i]));
  return size_;
}

std::vector<std::pair<std::size_t, std::size_t>> VersionSet::runs() const {
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (std::size_t i = 0; i < size_; ++i) {
    if (!contains(i)) continue;
    if (runs.empty() || runs.back().second + 1 != i)
      runs.emplace_back(i, i);
    else
      runs.back().second = i;
  }
  return runs;
}

bool VersionSet::is_subset_of(const VersionSet& other) const noexcept {
  return std::ranges::equal(words(), other.words(),
                            [](std::uint64_t a, std::uint64_t b) { return (a & ~b) == 0; });
}

bool VersionSet::intersects(const VersionSet& other) const noexcept {
  return !std::ranges::equal(words(), other.words(),
                             [](std::uint64_t a, std::uint64_t b) { return (a & b) == 0; });
}

VersionSet& VersionSet::operator&=(const VersionSet& other) noexcept {
  const auto mine = mutable_words();
  for (std::size_t i = 0; i < mine.size(); ++i) mine[i] &= other.words()[i];
  return *this;
}

VersionSet& VersionSet::operator|=(const VersionSet& other) noexcept {
  const auto mine = mutable_words();
  for (std::size_t i = 0; i < mine.size(); ++i) mine[i] |= other.words()[i];
  return *this;
}

VersionSet& VersionSet::operator-=(const VersionSet& other) noexcept {
  const auto mine = mutable_words();
  for (std::size_t i = 0; i < mine.size(); ++i) mine[i] &= ~other.words()[i];
  return *this;
}

VersionSet VersionSet::complement() const {
  return all(size_) -= *this;
}

bool operator==(const VersionSet& a, const VersionSet& b) noexcept {
  return a.size_ == b.size_ && std::ranges::equal(a.words(), b.words());
}

}  // namespace wharf::resolver
