// SPDX-License-Identifier: MIT
#include "libwharf/resolver/shorten.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace wharf::resolver {
namespace {

using Claims = std::vector<Claim>;

// Claims looked at while trying to put facts together, over all tries.
constexpr std::size_t k_budget = 20'000;
// In a proof of no more claims each new one is held against all before it, not against equal ones alone.
constexpr std::size_t k_small = 200;

std::size_t steps_of(const Claims& claims) {
  return static_cast<std::size_t>(
      std::ranges::count(claims, Ground::derived, [](const Claim& claim) { return claim.ground; }));
}

// Some facts as one: the claims at these places, and what stands for them.
struct Merged {
  std::vector<std::size_t> places;  // ascending
  Claim fact;
};

// The proof again, from facts that may be others now: a step is left away whose one cause alone says as much,
// or that was made before. Nothing where the conclusion does not follow any more.
class Redoing {
 public:
  Redoing(const Claims& claims, const Merged* merged)
      : claims_(claims), merged_(merged), place_(claims.size()) {}

  std::optional<Claims> run() {
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      place_[i] = claims_[i].ground == Ground::derived ? step(claims_[i]) : fact(i);
    }
    const std::size_t last = place_.back();
    if (!again_[last].terms.empty()) return std::nullopt;
    again_.resize(last + 1);
    Claims kept = pruned(again_);
    for (auto& claim : kept) {
      if (claim.ground != Ground::derived) claim = told(claim.steps);
    }
    return kept;
  }

 private:
  const Claim& told(std::size_t place) const {
    return merged_ != nullptr && place == merged_->places.front() ? merged_->fact : claims_[place];
  }

  // Its terms alone; what it says otherwise is put back at the end, from its place.
  std::size_t fact(std::size_t place) {
    if (merged_ != nullptr && place != merged_->places.front() &&
        std::ranges::binary_search(merged_->places, place)) {
      return place_[merged_->places.front()];
    }
    Claim light;
    light.ground = told(place).ground;
    light.terms = told(place).terms;
    light.steps = place;
    again_.push_back(std::move(light));
    return again_.size() - 1;
  }

  std::size_t step(const Claim& claim) {
    const std::size_t first = place_[claim.first];
    const std::size_t second = place_[claim.second];
    for (const auto cause : {first, second}) {
      if (implies(again_[cause], claim) || again_[cause].find(claim.pivot) == nullptr) return cause;
    }
    Claim made;
    made.first = first;
    made.second = second;
    made.pivot = claim.pivot;
    made.terms = resolvent(again_[first], again_[second], claim.pivot);
    for (const auto cause : {first, second}) {
      if (implies(again_[cause], made)) return cause;
    }
    if (const auto known = known_.find(made.terms); known != known_.end()) return known->second;
    if (claims_.size() <= k_small) {
      for (std::size_t i = 0; i < again_.size(); ++i) {
        if (again_[i].ground == Ground::derived && implies(again_[i], made)) return i;
      }
    }
    known_.emplace(made.terms, again_.size());
    again_.push_back(std::move(made));
    return again_.size() - 1;
  }

  const Claims& claims_;
  const Merged* merged_;
  std::vector<std::size_t> place_;  // of each claim among the new ones
  Claims again_;
  std::map<std::vector<std::pair<std::uint32_t, States>>, std::size_t> known_;
};

class Merger {
 public:
  explicit Merger(const Claims& claims) : claims_(claims) {}

  Claims run() {
    if (auto again = Redoing(claims_, nullptr).run()) claims_ = std::move(*again);
    for (bool changed = true; changed && left_ > 0;) {
      changed = false;
      for (const auto& group : groups()) {
        if (!merge(group)) continue;
        changed = true;
        break;  // the places of all claims have changed
      }
    }
    return std::move(claims_);
  }

 private:
  using Group = std::vector<std::size_t>;  // facts of one package about one other, with one reason

  std::vector<Group> groups() const {
    std::map<std::tuple<std::uint32_t, std::uint32_t, Reason>, Group> by_what;
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      const auto& claim = claims_[i];
      if (claim.ground == Ground::depends) by_what[{claim.package, claim.target, claim.reason}].push_back(i);
    }
    std::vector<Group> found;
    for (auto& [_, group] : by_what) {
      if (group.size() > 1) found.push_back(std::move(group));
    }
    return found;
  }

  // All of them into one or, where the proof does not bear that, as many as go with the first that does.
  bool merge(const Group& group) {
    if (attempt(group)) return true;
    for (std::size_t i = 0; i + 1 < group.size(); ++i) {
      for (std::size_t j = i + 1; j < group.size(); ++j) {
        if (attempt({group[i], group[j]})) return true;
      }
    }
    return false;
  }

  bool attempt(const Group& group) {
    std::string key;
    for (const auto at : group) {
      const auto& claim = claims_[at];
      key += std::to_string(claim.package) + ' ' + std::to_string(claim.target);
      for (const auto& part : claim.parts) key += '\n' + part.want.requirement;
    }
    if (left_ < claims_.size() || !tried_.insert(key).second) return false;
    left_ -= claims_.size();
    Merged merged{group, claims_[group.front()]};
    for (std::size_t i = 1; i < group.size(); ++i) {
      const auto& parts = claims_[group[i]].parts;
      merged.fact.parts.insert(merged.fact.parts.end(), parts.begin(), parts.end());
    }
    set_terms(merged.fact);
    auto again = Redoing(claims_, &merged).run();
    if (!again || steps_of(*again) >= steps_of(claims_)) return false;
    claims_ = std::move(*again);
    return true;
  }

  Claims claims_;
  std::size_t left_ = k_budget;
  std::set<std::string> tried_;
};

}  // namespace

Argument shortened(const Argument& argument) {
  Argument shorter{argument.packages, argument.nearest, argument.root, argument.root_version,
                   Merger(argument.claims).run()};
  set_allowed(shorter);
  return shorter;
}

}  // namespace wharf::resolver
