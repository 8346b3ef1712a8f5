// SPDX-License-Identifier: MIT
// Sets of versions in words, against the versions that exist: "every version of foo", "foo 1.2.0 to 1.4.1",
// "foo from 2.0.0 on". Only versions that may be chosen exist here: a yanked one that no lock names does not.
// A range runs over the versions that count, which are all releases, and those prereleases that some
// requirement of the argument allows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libwharf/package/version.hpp"
#include "libwharf/resolver/states.hpp"

namespace wharf::resolver {

struct KnownVersions {
  std::string name;
  std::vector<Version> versions;  // that may be chosen; ascending precedence
  std::vector<bool> counts;       // one for each of them
  States allowed;                 // by some requirement of the argument: only of them need anything be said
  bool some_yanked = false;       // there are others, which may not be chosen
  std::size_t size() const noexcept { return versions.size(); }
};

enum class Join { each, any };  // "1.0.0 and 1.2.0", "1.0.0 or 1.2.0"

struct VersionWords {
  std::string text;
  bool plural = false;  // as the subject of a sentence
  bool every = false;   // the set is every version that counts
};

// The state "none" is not looked at. Where not `whole`, only those versions are told that some requirement
// allows. `pieces` is how many ranges are written out before the text becomes a count ("7 of the 31 versions
// of foo").
VersionWords version_words(const KnownVersions& known, const States& states, Join join, std::size_t pieces,
                           bool whole = true);

// Whether words for the set, `whole`, leave none of it out.
bool is_told_whole(const KnownVersions& known, const States& states);

// What exists of a package that a requirement found nothing in: "there is only 1.0.0", "there are 1.0.0 and
// 2.0.0", "the newest is 2.1.0", "the nearest are 1.4.1 and 2.0.0".
std::string existing_words(const KnownVersions& known, const std::string& requirement);

// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& items, const char* last = " and ");

}  // namespace wharf::resolver
