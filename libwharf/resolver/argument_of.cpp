// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "libwharf/base/error.hpp"
#include "libwharf/package/requirement.hpp"
#include "libwharf/resolver/argument.hpp"

namespace wharf::resolver {
namespace {

class Import {
 public:
  Import(Universe& universe, const Failure& failure) : universe_(universe), failure_(failure) {
    for (const auto& one : failure.all()) {
      if (one.kind != Kind::derived) {
        number(one.wanted);
        if (one.dependent) number(*one.dependent);
      }
      for (const auto& term : one.terms) number(term.package);
    }
    std::map<std::string, PackageId> sorted;
    for (const auto& [package, _] : numbers_) sorted.emplace(universe.name(package), package);
    for (const auto& [name, package] : sorted) {
      numbers_[package] = static_cast<std::uint32_t>(argument_.packages.size());
      add_package(name, package);
    }
    argument_.root = failure.root();
    if (failure.root_version()) argument_.root_version = failure.root_version()->text();
  }

  Argument read() {
    for (const auto& one : failure_.all()) argument_.claims.push_back(claim_of(one));
    set_allowed(argument_);
    return std::move(argument_);
  }

 private:
  void number(PackageId package) { numbers_.emplace(package, 0); }

  void add_package(const std::string& name, PackageId package) {
    KnownVersions known;
    known.name = name;
    auto& places = places_[package];
    if (universe_.is_loaded(package)) {
      const auto candidates = universe_.candidates(package);
      const auto& choosable = failure_.choosable(package);
      places.resize(candidates.size());
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (!choosable.contains(i)) continue;
        places[i] = known.versions.size();
        known.versions.push_back(candidates[i].version);
        known.counts.push_back(!candidates[i].version.is_prerelease());
      }
      known.some_yanked = known.size() < candidates.size();
    }
    argument_.packages.push_back(std::move(known));
    argument_.nearest.emplace_back();
  }

  States states(PackageId package, const VersionSet& versions) const {
    const auto& places = places_.at(package);
    States states(argument_.packages[numbers_.at(package)].size());
    for (const auto& [first, last] : versions.runs()) {
      for (std::size_t i = first; i <= last; ++i) states.add(places[i]);
    }
    return states;
  }

  Claim claim_of(const Incompatibility& one) {
    Claim claim;
    if (one.kind == Kind::derived) {
      claim.first = one.first;
      claim.second = one.second;
      claim.pivot = numbers_.at(one.pivot);
      for (const auto& term : one.terms) {
        const States versions = states(term.package, term.versions);
        claim.terms.emplace_back(numbers_.at(term.package), term.positive ? versions : ~versions);
      }
      std::ranges::sort(claim.terms, {}, &std::pair<std::uint32_t, States>::first);
      return claim;
    }
    claim.ground = one.dependent ? Ground::depends : Ground::asked;
    claim.target = numbers_.at(one.wanted);
    claim.reason = one.kind == Kind::unavailable ? one.reason : Reason::none;
    Part part;
    if (one.dependent) {
      claim.package = numbers_.at(*one.dependent);
      part.who = states(*one.dependent, one.dependents);
    }
    part.wanted = one.kind == Kind::unavailable ? States(argument_.packages[claim.target].size())
                                                : states(one.wanted, one.matching);
    part.want = one.want;
    if (claim.reason == Reason::only_yanked) part.almost = yanked_matches(one);
    if (claim.reason == Reason::only_prereleases) part.almost = prereleases_of(claim.target, one.want);
    if (claim.reason == Reason::unknown)
      argument_.nearest[claim.target] = near_names(universe_.source(), one.want.name);
    claim.parts.push_back(std::move(part));
    set_terms(claim);
    return claim;
  }

  std::vector<std::string> yanked_matches(const Incompatibility& one) {
    std::vector<std::string> versions;
    const auto matching = universe_.matching(one.wanted, one.want.requirement);
    const auto candidates = universe_.candidates(one.wanted);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (matching.contains(i)) versions.push_back(candidates[i].version.text());
    }
    return versions;
  }

  std::vector<std::string> prereleases_of(std::uint32_t target, const Want& want) const {
    std::vector<std::string> versions;
    const auto requirement = Requirement::from(want.requirement);
    if (!requirement) return versions;
    for (const auto& version : argument_.packages[target].versions) {
      const Triple triple{version.major(), version.minor(), version.patch()};
      if (!version.is_prerelease() || triple < requirement->releases().first) continue;
      if (triple <= requirement->releases().last) versions.push_back(version.text());
    }
    return versions;
  }

  Universe& universe_;
  const Failure& failure_;
  Argument argument_;
  std::map<PackageId, std::uint32_t> numbers_;
  std::map<PackageId, std::vector<std::size_t>> places_;  // of each candidate among those that may be chosen
};

}  // namespace

std::vector<std::string> near_names(Source& source, const std::string& name) {
  try {
    return source.near(name);
  } catch (const Error&) {
    return {};
  }
}

Argument argument_of(Universe& universe, const Failure& failure) {
  return Import(universe, failure).read();
}

}  // namespace wharf::resolver
