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

// Claims looked at while trying to put facts together, over all tries.
constexpr std::size_t k_budget = 200'000;

std::size_t steps_of(const Argument& argument) {
  return static_cast<std::size_t>(
      std::ranges::count(argument.claims, Ground::derived, [](const Claim& claim) { return claim.ground; }));
}

// The proof again, from facts that may have changed: a step whose one cause alone says as much is left away.
// Nothing where the conclusion does not follow any more.
// The claims `same` are one fact.
std::optional<Argument> redone(const Argument& argument, const std::vector<std::size_t>& same = {}) {
  Argument again{argument.packages, argument.nearest, argument.root, argument.root_version, {}};
  std::vector<std::size_t> place(argument.claims.size());
  for (std::size_t i = 0; i < argument.claims.size(); ++i) {
    const auto& claim = argument.claims[i];
    place[i] = again.claims.size();
    if (!same.empty() && i != same.front() && std::ranges::binary_search(same, i)) {
      place[i] = place[same.front()];
      continue;
    }
    if (claim.ground != Ground::derived) {
      again.claims.push_back(claim);
      continue;
    }
    const std::size_t first = place[claim.first];
    const std::size_t second = place[claim.second];
    const auto lacks_pivot = [&](std::size_t at) { return again.claims[at].find(claim.pivot) == nullptr; };
    if (implies(again.claims[first], claim) || lacks_pivot(first)) {
      place[i] = first;
      continue;
    }
    if (implies(again.claims[second], claim) || lacks_pivot(second)) {
      place[i] = second;
      continue;
    }
    Claim made;
    made.first = first;
    made.second = second;
    made.pivot = claim.pivot;
    made.terms = resolvent(again.claims[first], again.claims[second], claim.pivot);
    if (implies(again.claims[first], made) || implies(again.claims[second], made)) {
      place[i] = implies(again.claims[first], made) ? first : second;
      continue;
    }
    const auto known = std::ranges::find_if(
        again.claims, [&](const Claim& one) { return one.ground == Ground::derived && implies(one, made); });
    if (known != again.claims.end()) {
      place[i] = static_cast<std::size_t>(known - again.claims.begin());
      continue;
    }
    again.claims.push_back(std::move(made));
  }
  const std::size_t last = place.back();
  if (!again.claims[last].terms.empty()) return std::nullopt;
  again.claims.resize(last + 1);
  return pruned(again);
}

class Merger {
 public:
  explicit Merger(Argument argument) : argument_(std::move(argument)) {}

  Argument run() {
    if (auto again = redone(argument_)) argument_ = std::move(*again);
    for (bool changed = true; changed && left_ > 0;) {
      changed = false;
      for (const auto& group : groups()) {
        if (!merge(group)) continue;
        changed = true;
        break;  // the places of all claims have changed
      }
    }
    return std::move(argument_);
  }

 private:
  using Group = std::vector<std::size_t>;  // facts of one package about one other, with one reason

  std::vector<Group> groups() const {
    std::map<std::tuple<std::uint32_t, std::uint32_t, Reason>, Group> by_what;
    for (std::size_t i = 0; i < argument_.claims.size(); ++i) {
      const auto& claim = argument_.claims[i];
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
      const auto& claim = argument_.claims[at];
      key += std::to_string(claim.package) + ' ' + std::to_string(claim.target);
      for (const auto& part : claim.parts) key += '\n' + part.want.requirement;
    }
    if (left_ < argument_.claims.size() || !tried_.insert(key).second) return false;
    left_ -= argument_.claims.size();
    Argument with = argument_;
    Claim merged = argument_.claims[group.front()];
    for (std::size_t i = 1; i < group.size(); ++i) {
      const auto& parts = argument_.claims[group[i]].parts;
      merged.parts.insert(merged.parts.end(), parts.begin(), parts.end());
    }
    set_terms(merged);
    with.claims[group.front()] = merged;
    auto again = redone(with, group);
    if (!again || steps_of(*again) >= steps_of(argument_)) return false;
    argument_ = std::move(*again);
    return true;
  }

  Argument argument_;
  std::size_t left_ = k_budget;
  std::set<std::string> tried_;
};

}  // namespace

Argument shortened(const Argument& argument) {
  auto shorter = Merger(argument).run();
  set_allowed(shorter);
  return shorter;
}

}  // namespace wharf::resolver
