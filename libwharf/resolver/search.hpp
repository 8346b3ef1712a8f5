// SPDX-License-Identifier: MIT
// One solve: what is assumed and what follows, in the order in which it came about. For the resolver's own
// files.
//
// A solve is a trail of assignments, each of which takes possibilities (bits, bits.hpp) from one package.
// Level 0 is what follows from the root's wants; each decision opens a level. A clause is a set of terms that
// cannot all hold; a term holds where the state of its package is within the term's set. Where all terms but
// one hold, the last one is made false (propagate); where all hold, the clause is resolved with what made its
// terms hold until a new clause comes out that would have prevented this earlier (learn), and the search goes
// back to where that matters.
//
// Dependencies of the version being decided are applied straight from the tables. One becomes a clause of its
// own when it has struck out a version: it is then likely to matter again, and sooner.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "libwharf/resolver/solver.hpp"
#include "libwharf/resolver/tables.hpp"

namespace wharf::resolver {

// What an assignment or a clause comes from.
class Cause {
 public:
  enum class Of : std::uint32_t { decision, want, dependency, learnt };
  Cause() = default;
  Cause(Of of, std::uint32_t number) : packed_(static_cast<std::uint32_t>(of) << 30 | number) {}
  Of of() const { return static_cast<Of>(packed_ >> 30); }
  std::uint32_t number() const { return packed_ & 0x3fffffff; }  // of the root want, dependency or clause
  std::uint32_t packed() const { return packed_; }

 private:
  std::uint32_t packed_ = 0;
};

struct BitTerm {
  PackageId package;
  Bits set;
};

struct Assignment {
  PackageId package;
  Cause cause;
  std::uint32_t previous;  // the package's assignment before this one
  std::uint32_t level;
  Bits before;  // its state before this one
};

// How a learnt clause came about: a clause, resolved with others one after the other, each time at a package.
struct Step {
  Cause cause;
  PackageId pivot;  // k_none for the first
};

struct Clause {
  std::uint32_t first_term, terms;
  Cause cause;                      // a learnt clause is its own
  std::uint32_t first_step, steps;  // of a learnt one
};

struct RootWant {
  const Want* want;
  PackageId wanted;
  TextId text;
  Bits matching;
  bool own;  // it is the root itself that is wanted
};

// Vectors that keep their memory from one solve to the next.
struct Scratch {
  std::vector<Assignment> trail;
  std::vector<std::uint32_t> level_trail, level_decided;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> level_scan;
  std::vector<PackageId> needed, decided, queue, forced;
  std::vector<RootWant> wants;
  std::vector<Clause> clauses;
  std::vector<BitTerm> terms;
  std::vector<std::uint32_t> watch_next;  // by clause * 2 + side
  std::vector<PackageId> watched;
  std::vector<Step> steps;
  std::vector<std::uint32_t> activity, clause_stamp;  // by package; by dependency
  std::vector<PackageId> active;
  std::uint32_t stamp = 0;
  Arena arena;
};

class Search {
 public:
  Search(Universe& universe, const Problem& problem);
  ~Search();  // leaves the tables as they were between two solves
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  // False: there is no solution, and failure() says why.
  bool run();
  Solution solution() const;
  Failure failure();

 private:
  friend class Proof;
  using Conflict = std::optional<Cause>;
  struct Lock {
    const Version* version;
    std::size_t bit;  // 0: the package has no such version, or is not loaded yet
  };

  // search.cpp
  Conflict decide(PackageId package);
  bool is_dead(const Dependency& dependency) const;
  std::size_t preferred_bit(PackageId package, Bits among) const;
  PackageId next();
  bool can_stay(PackageId package) const;
  bool own_matches(TextId text) const;

  // loading.cpp
  Conflict begin();
  void load_wanted(PackageId package, std::size_t version);
  void load(PackageId package);
  void hint(const std::vector<std::pair<PackageId, Bits>>& fresh);
  void apply_lock(PackageId package);

  // propagation.cpp
  void assign(PackageId package, Bits set, Cause cause);
  Conflict require(PackageId package, Bits allowed, Cause cause);
  Conflict propagate();
  Conflict visit_clauses(PackageId package);
  std::uint32_t add_clause(const BitTerm* terms, std::size_t count, Cause cause);
  void add_dependency_clause(std::uint32_t dependency);
  void watch(std::uint32_t node, PackageId package);
  void go_back(std::uint32_t level);
  std::uint32_t level() const { return static_cast<std::uint32_t>(s_.level_trail.size()); }

  // conflict.cpp
  void learn(Cause conflict);  // the clause that comes out is asserted; `unsolvable_` where it is empty
  struct Part {
    BitTerm term;
    std::uint32_t satisfier;
  };
  void add_part(BitTerm term);
  BitTerm weakened(const Part& part);
  void resolve(BitTerm weaker);
  std::uint32_t satisfier_of(const BitTerm& term) const;
  void bump(PackageId package);
  // Those terms that are not always true, within what may be chosen.
  template <class Visit>
  void each_term(Cause cause, Visit visit);

  Universe& universe_;
  const Problem& problem_;
  Tables& t_;
  Scratch& s_;
  PackageId own_ = k_none;
  std::size_t direct_ = 0;       // what the root wants itself stands first in s_.needed
  std::size_t scan_ = 0;         // all of s_.needed before it are decided
  std::size_t scan_locked_ = 0;  // all before it are decided or cannot stay
  std::unordered_map<PackageId, Lock> locks_;
  std::vector<PackageId> changed_initial_;
  std::vector<Part> parts_;
  std::vector<Step> steps_;
  bool unsolvable_ = false;
};

template <class Visit>
void Search::each_term(Cause cause, Visit visit) {
  if (cause.of() == Cause::Of::learnt) {
    const Clause& clause = s_.clauses[cause.number()];
    for (std::uint32_t i = 0; i < clause.terms; ++i) visit(s_.terms[clause.first_term + i]);
    return;
  }
  PackageId wanted = k_none;
  Bits matching;
  if (cause.of() == Cause::Of::want) {
    const RootWant& want = s_.wants[cause.number()];
    if (want.own) return;
    wanted = want.wanted;
    matching = want.matching;
  } else {
    const Dependency& dependency = t_.dependencies[cause.number()];
    const State& state = t_.states[dependency.dependent];
    visit(BitTerm{dependency.dependent, both(s_.arena, state.words, dependency.dependents, state.initial)});
    if (dependency.wanted == own_ || dependency.wanted == dependency.dependent) return;
    wanted = dependency.wanted;
    matching = dependency.matching;
  }
  const State& state = t_.states[wanted];
  if (!is_disjoint(matching, state.initial, state.words))
    visit(BitTerm{wanted, without(s_.arena, state.words, state.initial, matching)});
}

}  // namespace wharf::resolver
