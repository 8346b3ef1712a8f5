// SPDX-License-Identifier: MIT
#include "libwharf/resolver/abridge.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "libwharf/resolver/narration.hpp"

namespace wharf::resolver {
namespace {

// A side branch of at most so many steps may be told where there is room.
constexpr std::size_t k_side_steps = 4;

class Abridger {
 public:
  Abridger(const Argument& argument, std::size_t sentences, std::size_t pieces)
      : argument_(argument),
        made_{argument.packages, argument.nearest, argument.root, argument.root_version, {}},
        sentences_(sentences),
        pieces_(pieces) {
    follow_chain();
  }

  Abridged run() {
    choose_ends();
    open_sides();
    return {made(), untold(told_)};
  }

 private:
  bool is_step(std::size_t at) const { return argument_.claims[at].ground == Ground::derived; }

  // From the conclusion down, always to the cause that rests on the longest line of steps.
  void follow_chain() {
    std::vector<std::size_t> depth(argument_.claims.size());
    for (std::size_t i = 0; i < depth.size(); ++i) {
      if (is_step(i))
        depth[i] = 1 + std::max(depth[argument_.claims[i].first], depth[argument_.claims[i].second]);
    }
    for (std::size_t at = depth.size() - 1; is_step(at);) {
      chain_.push_back(at);
      const auto& claim = argument_.claims[at];
      at = depth[claim.first] >= depth[claim.second] ? claim.first : claim.second;
    }
  }

  // How many steps of the chain are told at its top and at its bottom. Best of all, everything that the
  // project asks for is told, since that is what a person can change; then the ends of the gap are simple
  // claims, and what there is room for is told.
  void choose_ends() {
    long best = std::numeric_limits<long>::max();
    std::size_t best_top = 1, best_bottom = 1;
    const std::size_t most = std::min(chain_.size() - 1, 2 * sentences_);
    for (std::size_t top = 1; top <= most; ++top) {
      for (std::size_t bottom = 1; bottom <= most && top + bottom <= chain_.size(); ++bottom) {
        set_ends(top, bottom);
        const auto& told = made();
        const auto lines = narrated(told, pieces_).size();
        if (lines > sentences_) continue;
        const auto asked =
            std::ranges::count(told.claims, Ground::asked, [](const Claim& one) { return one.ground; });
        const auto terms = [&](std::size_t link) { return argument_.claims[chain_[link]].terms.size(); };
        const long score = 2 * static_cast<long>(terms(top) + terms(chain_.size() - bottom)) -
                           static_cast<long>(lines) - 20 * static_cast<long>(asked);
        if (score >= best) continue;
        best = score;
        best_top = top;
        best_bottom = bottom;
      }
    }
    set_ends(best_top, best_bottom);
  }

  void set_ends(std::size_t top, std::size_t bottom) {
    told_.assign(argument_.claims.size(), false);
    for (std::size_t link = 0; link < chain_.size(); ++link) {
      told_[chain_[link]] = link < top || link >= chain_.size() - bottom;
    }
    gap_end_ = chain_[top];
    gap_start_ = chain_[chain_.size() - bottom];
  }

  void open_sides() {
    for (std::size_t at = argument_.claims.size(); at-- > 0;) {
      if (!told_[at]) continue;
      for (const auto side : {argument_.claims[at].first, argument_.claims[at].second}) {
        if (!is_step(side) || told_[side] || side == gap_end_) continue;
        const auto before = told_;
        if (open(side, k_side_steps) && narrated(made(), pieces_).size() <= sentences_) continue;
        told_ = before;
      }
    }
  }

  bool open(std::size_t at, std::size_t steps) {
    std::vector<std::size_t> stack{at};
    for (std::size_t opened = 0; !stack.empty();) {
      const auto next = stack.back();
      stack.pop_back();
      if (!is_step(next) || told_[next]) continue;
      if (next == gap_end_ || ++opened > steps) return false;
      told_[next] = true;
      stack.push_back(argument_.claims[next].first);
      stack.push_back(argument_.claims[next].second);
    }
    return true;
  }

  std::size_t untold(const std::vector<bool>& told) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < argument_.claims.size(); ++i) count += is_step(i) && !told[i] ? 1 : 0;
    return count;
  }

  // Steps below the gap's end that are not told.
  std::size_t gap_steps() const {
    std::vector<bool> below(argument_.claims.size());
    below[gap_end_] = true;
    std::size_t count = 0;
    for (std::size_t i = gap_end_ + 1; i-- > 0;) {
      if (!below[i] || !is_step(i) || told_[i]) continue;
      ++count;
      below[argument_.claims[i].first] = below[argument_.claims[i].second] = true;
    }
    return count;
  }

  // The claims that are told, and those that they rest on.
  const Argument& made() {
    std::vector<bool> needed(argument_.claims.size());
    std::vector<std::size_t> place(needed.size());
    needed.back() = true;
    for (std::size_t i = needed.size(); i-- > 0;) {
      if (!needed[i] || !is_step(i)) continue;
      if (told_[i]) needed[argument_.claims[i].first] = needed[argument_.claims[i].second] = true;
      if (!told_[i] && i == gap_end_) needed[gap_start_] = true;
    }
    made_.claims.clear();
    for (std::size_t i = 0; i < needed.size(); ++i) {
      if (!needed[i]) continue;
      place[i] = made_.claims.size();
      made_.claims.push_back(argument_.claims[i]);
      auto& claim = made_.claims.back();
      if (!is_step(i)) continue;
      if (told_[i]) {
        claim.first = place[claim.first];
        claim.second = place[claim.second];
      } else if (i == gap_end_) {
        claim.ground = Ground::leads_to;
        claim.first = claim.second = place[gap_start_];
        claim.steps = gap_steps();
      } else {
        claim.ground = Ground::left_out;
      }
    }
    return made_;
  }

  const Argument& argument_;
  Argument made_;
  std::size_t sentences_, pieces_;
  std::vector<std::size_t> chain_;
  std::vector<bool> told_;
  std::size_t gap_end_ = 0, gap_start_ = 0;
};

}  // namespace

Abridged abridged(const Argument& argument, std::size_t sentences, std::size_t pieces) {
  if (narrated(argument, pieces).size() <= sentences) return {argument, 0};
  return Abridger(argument, sentences, pieces).run();
}

}  // namespace wharf::resolver
