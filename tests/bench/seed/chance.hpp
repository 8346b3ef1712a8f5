// SPDX-License-Identifier: MIT
// Numbers that look like chance and are the same for the same seed on every machine (SplitMix64).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wharf::seed {

class Chance {
 public:
  // A stream of its own for each `what` and `index`, whatever was drawn from others.
  Chance(std::uint64_t seed, std::uint64_t what, std::uint64_t index)
      : state_(mixed(seed) ^ mixed(what * 0x9e3779b97f4a7c15u + 1) ^ mixed(index + 0x5851f42d4c957f2du)) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    return mixed(state_);
  }
  // 0 ≤ x < 1.
  double fraction() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  std::size_t below(std::size_t end) {
    return static_cast<std::size_t>(fraction() * static_cast<double>(end));
  }
  bool in_hundred(int times) { return below(100) < static_cast<std::size_t>(times); }
  template <class T>
  const T& one_of(std::span<const T> all) {
    return all[below(all.size())];
  }
  // Most are small, few are large: the least is `scale`, and about one in 2^(1/alpha) is twice the one
  // before.
  double heavy(double scale, double alpha) { return scale * std::pow(1 - fraction(), -1 / alpha); }

 private:
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }
  std::uint64_t state_;
};

}  // namespace wharf::seed
