// SPDX-License-Identifier: MIT
// Sets of what may become of one package, as the solver computes with them: bit 0 stands for "none of its
// versions is chosen", bit i + 1 for version i. So a term, its opposite and the state of a package are sets
// of one kind, and every rule is an intersection, a union or a comparison. Sets of at most 64 bits are the
// word itself; longer ones lie in an Arena and never change once they are made.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace wharf::resolver {

union Bits {
  std::uint64_t word;
  const std::uint64_t* many;
};

inline constexpr std::uint64_t k_absent = 1;

// Memory for long sets, given back as a whole.
class Arena {
 public:
  std::uint64_t* take(std::size_t words) {
    if (used_ + words > block_words()) next_block(words);
    std::uint64_t* place = blocks_[block_].memory.get() + used_;
    used_ += words;
    return place;
  }
  void reset() {
    block_ = 0;
    used_ = 0;
  }
  std::size_t bytes() const {
    std::size_t words = 0;
    for (const auto& block : blocks_) words += block.words;
    return words * sizeof(std::uint64_t);
  }

 private:
  static constexpr std::size_t k_block_words = 4096;
  struct Block {
    std::unique_ptr<std::uint64_t[]> memory;
    std::size_t words;
  };
  std::size_t block_words() const { return block_ < blocks_.size() ? blocks_[block_].words : 0; }
  void next_block(std::size_t words) {
    if (!blocks_.empty()) ++block_;
    used_ = 0;
    while (block_ < blocks_.size() && blocks_[block_].words < words) ++block_;
    if (block_ < blocks_.size()) return;
    const std::size_t size = words > k_block_words ? words : k_block_words;
    blocks_.push_back({std::make_unique<std::uint64_t[]>(size), size});
    block_ = blocks_.size() - 1;
  }
  std::vector<Block> blocks_;
  std::size_t block_ = 0, used_ = 0;
};

inline const std::uint64_t* words_of(const Bits& bits, std::size_t words) {
  return words == 1 ? &bits.word : bits.many;
}

inline bool is_empty(Bits a, std::size_t words) {
  if (words == 1) [[likely]]
    return a.word == 0;
  for (std::size_t i = 0; i < words; ++i)
    if (a.many[i] != 0) return false;
  return true;
}

inline bool is_equal(Bits a, Bits b, std::size_t words) {
  if (words == 1) [[likely]]
    return a.word == b.word;
  for (std::size_t i = 0; i < words; ++i)
    if (a.many[i] != b.many[i]) return false;
  return true;
}

inline bool is_subset(Bits a, Bits b, std::size_t words) {
  if (words == 1) [[likely]]
    return (a.word & ~b.word) == 0;
  for (std::size_t i = 0; i < words; ++i)
    if ((a.many[i] & ~b.many[i]) != 0) return false;
  return true;
}

inline bool is_disjoint(Bits a, Bits b, std::size_t words) {
  if (words == 1) [[likely]]
    return (a.word & b.word) == 0;
  for (std::size_t i = 0; i < words; ++i)
    if ((a.many[i] & b.many[i]) != 0) return false;
  return true;
}

// Exactly one bit, and that a version's.
inline bool is_one_version(Bits a, std::size_t words) {
  if (words == 1) [[likely]]
    return a.word > k_absent && (a.word & (a.word - 1)) == 0;
  bool found = false;
  for (std::size_t i = 0; i < words; ++i) {
    if (a.many[i] == 0) continue;
    if (found || (a.many[i] & (a.many[i] - 1)) != 0) return false;
    found = true;
  }
  return found && (a.many[0] & k_absent) == 0;
}

inline bool contains(Bits a, std::size_t words, std::size_t bit) {
  return (words_of(a, words)[bit / 64] >> (bit % 64) & 1) != 0;
}

// Of sets that are not empty.
inline std::size_t highest_bit(Bits a, std::size_t words) {
  const std::uint64_t* all = words_of(a, words);
  std::size_t i = words - 1;
  while (all[i] == 0) --i;
  return i * 64 + 63 - static_cast<std::size_t>(std::countl_zero(all[i]));
}

inline std::size_t lowest_bit(Bits a, std::size_t words) {
  const std::uint64_t* all = words_of(a, words);
  std::size_t i = 0;
  while (all[i] == 0) ++i;
  return i * 64 + static_cast<std::size_t>(std::countr_zero(all[i]));
}

template <class Operation>
Bits combine(Arena& arena, std::size_t words, Bits a, Bits b, Operation operation) {
  if (words == 1) [[likely]]
    return {.word = operation(a.word, b.word)};
  std::uint64_t* out = arena.take(words);
  for (std::size_t i = 0; i < words; ++i) out[i] = operation(a.many[i], b.many[i]);
  return {.many = out};
}

inline Bits both(Arena& arena, std::size_t words, Bits a, Bits b) {
  return combine(arena, words, a, b, [](std::uint64_t x, std::uint64_t y) { return x & y; });
}
inline Bits either(Arena& arena, std::size_t words, Bits a, Bits b) {
  return combine(arena, words, a, b, [](std::uint64_t x, std::uint64_t y) { return x | y; });
}
inline Bits without(Arena& arena, std::size_t words, Bits a, Bits b) {
  return combine(arena, words, a, b, [](std::uint64_t x, std::uint64_t y) { return x & ~y; });
}

inline Bits single_bit(Arena& arena, std::size_t words, std::size_t bit) {
  if (words == 1) [[likely]]
    return {.word = std::uint64_t{1} << bit};
  std::uint64_t* out = arena.take(words);
  for (std::size_t i = 0; i < words; ++i) out[i] = 0;
  out[bit / 64] = std::uint64_t{1} << (bit % 64);
  return {.many = out};
}

}  // namespace wharf::resolver
