// SPDX-License-Identifier: MIT
#include "libwharf/resolver/states.hpp"

#include <algorithm>

namespace wharf::resolver {

bool States::empty() const noexcept {
  return std::ranges::all_of(words_, [](std::uint64_t word) { return word == 0; });
}

bool States::full() const noexcept {
  return (~*this).empty();
}

bool States::contains(const States& other) const noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if ((other.words_[i] & ~words_[i]) != 0) return false;
  }
  return true;
}

States States::operator|(const States& other) const {
  States both = *this;
  for (std::size_t i = 0; i < words_.size(); ++i) both.words_[i] |= other.words_[i];
  return both;
}

States States::operator&(const States& other) const {
  States both = *this;
  for (std::size_t i = 0; i < words_.size(); ++i) both.words_[i] &= other.words_[i];
  return both;
}

States States::operator~() const {
  States others = *this;
  for (auto& word : others.words_) word = ~word;
  // The bits past "none" stand for nothing.
  if (versions_ % 64 != 63) others.words_.back() &= (std::uint64_t{2} << (versions_ % 64)) - 1;
  return others;
}

}  // namespace wharf::resolver
