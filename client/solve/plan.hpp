// SPDX-License-Identifier: MIT
// From what is asked for, the lock and the index to a new lock.
//
// The answer is the solver's, checked by the validator, which shares nothing with it. What was locked and
// stays must have the checksum that the lock says: a registry that has another one for it is not believed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "client/lock/lock.hpp"
#include "client/program/exit.hpp"
#include "client/registry/index.hpp"
#include "client/solve/asked.hpp"
#include "client/solve/changes.hpp"
#include "libwharf/resolver/solver.hpp"

namespace wharf::client {

// No versions fit together. The sentence is short; the explanation has the reasons.
struct Unsolved : NoSolution {
  Unsolved(std::string sentence, std::string the_explanation, std::vector<std::string> the_ways_out);
  std::string explanation;            // prose, several lines
  std::vector<std::string> ways_out;  // each was tried, and leads to an answer
};

struct Wish {
  std::set<std::string> freed;  // of these the lock says nothing
  // Of these the manifest says so only in future: explanations have it from the command.
  std::set<std::string> named = {};
  resolver::Strategy strategy = resolver::Strategy::highest;
  bool explain_whole = false;
};

struct Plan {
  Lock lock;                            // of what the project asks for
  std::vector<LockedPackage> packages;  // all that is to be installed: of what was asked for besides, too
  std::vector<Change> changes;          // of the packages, against the lock before
};

// Asks the index for what is missing. Throws Unsolved; IntegrityError where a locked checksum is no longer
// the registry's; what Index throws.
Plan plan(Index& index, const std::string& registry, const Asked& asked, const Lock& before,
          const Wish& wish);

// What the index says of a locked package, nothing where it cannot be asked: for what is good to know and not
// needed.
const IndexEntry* known_entry(Index& index, const LockedPackage& package);

// What people should know of the packages of a lock, as far as documents are at hand: those that were yanked.
std::vector<std::string> warnings_of(Index& index, const Lock& lock);

// Throws IntegrityError where the registry has another checksum for a version of the lock.
void require_same_checksums(Index& index, const Lock& lock);

}  // namespace wharf::client
