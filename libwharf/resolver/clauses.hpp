// SPDX-License-Identifier: MIT
// One claim of an argument in words, without a full stop: "foo 1.0.0 depends on bar ^2.0.0", "no version of
// foo can be used together with bar 1.0.0". Every clause is true by itself, of the versions that may be
// chosen.
#pragma once

#include <string>
#include <vector>

#include "libwharf/resolver/argument.hpp"

namespace wharf::resolver {

class Clauses {
 public:
  // `pieces`: how many ranges of versions are written out before they are only counted.
  Clauses(const Argument& argument, std::size_t pieces) : argument_(argument), pieces_(pieces) {}

  // A fact as a fact, all else as what follows.
  std::string of(const Claim& claim) const { return claim.is_fact() ? fact(claim) : conclusion(claim); }

  // Several facts or conclusions that stand side by side as reasons: a dependency of what another one needs
  // is told with "which", and what the same subject asks for or depends on is told at once. `around`: what
  // follows from them, and what it rests on beside them.
  std::vector<std::string> together(const std::vector<const Claim*>& claims,
                                    std::vector<const Claim*> around) const;

 private:
  std::string fact(const Claim& claim) const;
  std::string conclusion(const Claim& claim) const;
  struct Used {  // a term that is one of versions alone
    std::uint32_t package;
    const States* versions;
    bool whole;
  };
  std::string any_of(const Used& used) const;
  std::string cannot_be_used(const std::vector<Used>& whose) const;
  std::string object(const Claim& claim) const;        // "bar ^2.0.0", and why nothing is found there
  std::string requirements(const Claim& claim) const;  // "bar ^2.0.0"
  std::string trouble(const Claim& claim) const;
  bool is_lockstep(const Claim& claim) const;
  bool has_the_same_subject(const Claim& claim, const Claim& other) const;
  static States who(const Claim& fact);     // all parts together
  static States wanted(const Claim& fact);  // likewise
  static bool is_about_itself(const Claim& fact);
  bool leads_on(const Claim& claim, const Claim& next, const std::vector<const Claim*>& around) const;
  VersionWords words(std::uint32_t package, const States& states, Join join) const {
    return version_words(argument_.packages[package], states, join, pieces_);
  }
  VersionWords words(const Used& used, Join join) const {
    return version_words(argument_.packages[used.package], *used.versions, join, pieces_, used.whole);
  }
  const std::string& name(std::uint32_t package) const { return argument_.packages[package].name; }

  const Argument& argument_;
  std::size_t pieces_;
};

}  // namespace wharf::resolver
