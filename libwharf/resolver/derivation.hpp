// SPDX-License-Identifier: MIT
// Why there is no solution: a graph of incompatibilities, each of which says that certain things cannot all
// be true at once, from facts (what the root or a version wants, what does not exist) to the last one, which
// says that nothing can.
//
// How to walk it: begin at Failure::last(), whose terms are empty. An incompatibility of kind `derived`
// follows from at(first) and at(second); every other kind is a fact, and says of which want. Causes stand
// before what follows from them, so one pass over all() in order meets every cause first. Several may follow
// from the same one. Everything in the graph is reachable from the last one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libwharf/resolver/universe.hpp"

namespace wharf::resolver {

// positive: a version of the package is chosen, and it is one of `versions`; else: none of `versions` is
// chosen (another one may be, or none at all). Never always true, never never. Sets hold only versions that
// may be chosen in this solve (Failure::choosable).
struct Term {
  PackageId package = 0;
  bool positive = true;
  VersionSet versions;
  bool operator==(const Term&) const = default;
};

enum class Kind {
  root,         // the root wants `want`; term: not `matching`. The root itself is never a term.
  dependency,   // each of `dependents` wants `want`; terms: `dependents`, not `matching`. Where a package
                // wants itself: one term, the dependents that do not match.
  unavailable,  // the root, or each of `dependents`, wants `want`, which nothing can be; terms: `dependents`
                // or none
  derived,      // follows from at(first) and at(second)
};

// Why nothing can be what is wanted; for kind unavailable.
enum class Reason {
  none,
  unknown,           // the registry has no such package
  not_cached,        // no network, and it was never fetched
  quarantined,       // the operator has taken it out of sight
  no_versions,       // it has no version at all
  no_match,          // it has versions, but none that matches
  only_yanked,       // all that match are yanked, and not locked
  only_prereleases,  // all that are in the range are prereleases, which the requirement does not name
  own_version,       // it is the root itself, whose own version does not match
  not_readable,      // the requirement is no requirement
};

struct Incompatibility {
  Kind kind = Kind::derived;
  Reason reason = Reason::none;
  std::vector<Term> terms;  // at most one of each package, sorted by package name

  // Of facts. Versions with an equal want have it in common: `want` is that of the lowest one.
  Want want;
  PackageId wanted = 0;                // the package of that name
  std::optional<PackageId> dependent;  // whose versions want it; nothing: the root
  VersionSet dependents;               // those versions (of `dependent`), choosable ones alone
  VersionSet matching;                 // what the requirement matches (of `wanted`), choosable ones alone

  // Of derived ones: places in Failure::all(), and the package that one says is needed and the other says
  // cannot be.
  std::size_t first = 0, second = 0;
  PackageId pivot = 0;
};

class Failure {
 public:
  Failure(std::string root, std::optional<Version> root_version, std::vector<Incompatibility> all,
          std::map<PackageId, VersionSet> choosable)
      : root_(std::move(root)),
        root_version_(std::move(root_version)),
        all_(std::move(all)),
        choosable_(std::move(choosable)) {}

  const std::string& root() const noexcept { return root_; }  // the problem's name; empty: it had none
  const std::optional<Version>& root_version() const noexcept { return root_version_; }

  const std::vector<Incompatibility>& all() const noexcept { return all_; }
  const Incompatibility& at(std::size_t place) const { return all_.at(place); }
  const Incompatibility& last() const { return all_.back(); }

  // The versions of a package that could be chosen in this solve: those not yanked, and a locked one. For
  // every package that is named anywhere in the graph and is loaded.
  const VersionSet& choosable(PackageId package) const { return choosable_.at(package); }

 private:
  std::string root_;
  std::optional<Version> root_version_;
  std::vector<Incompatibility> all_;
  std::map<PackageId, VersionSet> choosable_;
};

// The rule by which one incompatibility follows from two: the terms of both together, but of `pivot` only
// that one of its two terms holds. Terms that are always true are left out.
std::vector<Term> resolvent(const Universe& universe, const std::vector<Term>& first,
                            const std::vector<Term>& second, PackageId pivot);

}  // namespace wharf::resolver
