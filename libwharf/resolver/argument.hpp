// SPDX-License-Identifier: MIT
// Why there is no solution, as a proof: facts (what the project asks for, what versions depend on, what is
// not there) and what follows from two of them, the last claim being that nothing fits. It is made from the
// solver's derivation and knows nothing of how the solver found it, so that it can be made shorter
// (shorten.hpp) and be told (narration.hpp) on its own.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "libwharf/resolver/derivation.hpp"
#include "libwharf/resolver/states.hpp"
#include "libwharf/resolver/version_words.hpp"

namespace wharf::resolver {

enum class Ground {
  asked,     // the project asks for `target`
  depends,   // the versions `who` of `package` depend on `target`
  derived,   // follows from `first` and `second`
  left_out,  // is true, but the steps to it are not told
  leads_to   // follows from `first` by steps that are not told
};

// One requirement of a fact, and which versions it holds for. Facts that say the same of several versions are
// one fact with several of these.
struct Part {
  States who;     // versions of Claim::package; of no size where the project asks
  States wanted;  // versions of Claim::target that it accepts
  Want want;
  std::vector<std::string> almost;  // versions that match but are yanked, or would match but are prereleases
};

// "These states of these packages do not go together." No terms: nothing fits.
struct Claim {
  Ground ground = Ground::derived;
  std::vector<std::pair<std::uint32_t, States>> terms;  // ascending packages; never a full set
  std::uint32_t package = 0, target = 0;                // of a fact; `package` has no meaning where asked
  // One for each term: it may be told of versions that nobody asks for, as in "every version of foo", because
  // what it follows from was told of them, too.
  std::vector<bool> whole;
  Reason reason = Reason::none;       // of a fact that finds nothing: why
  std::vector<Part> parts;            // of a fact
  std::size_t first = 0, second = 0;  // of a derived one: its causes, which come before it
  std::size_t steps = 0;              // of one that others lead to: how many are not told
  std::uint32_t pivot = 0;            // and the package of which they say that it is needed and cannot be

  bool is_fact() const noexcept { return ground == Ground::asked || ground == Ground::depends; }
  bool rests_on_others() const noexcept { return ground == Ground::derived || ground == Ground::leads_to; }
  const States* find(std::uint32_t package) const;
};

struct Argument {
  std::vector<KnownVersions> packages;  // by the numbers that claims use, in the order of their names
  std::vector<std::vector<std::string>> nearest;  // of each package that does not exist: names like it
  std::string root, root_version;                 // the project's own
  std::vector<Claim> claims;                      // the last one is the conclusion
};

// The solver's derivation in this form. Asks the source for names like those that do not exist.
Argument argument_of(Universe& universe, const Failure& failure);

// `a` says at least as much as `b`.
bool implies(const Claim& a, const Claim& b);

// What follows from both, whichever of the two states `pivot` is in; without a term that says nothing.
std::vector<std::pair<std::uint32_t, States>> resolvent(const Claim& a, const Claim& b, std::uint32_t pivot);

// The terms of a fact, out of its parts.
void set_terms(Claim& fact);

// Names like one that does not exist, for messages: none where the source cannot be asked now.
std::vector<std::string> near_names(Source& source, const std::string& name);

// Which versions the facts' requirements allow, and which terms are whole; to be said again when claims were
// left away.
void set_allowed(Argument& argument);

// The same without the claims that the last one, the conclusion, does not need.
std::vector<Claim> pruned(const std::vector<Claim>& claims);

}  // namespace wharf::resolver
