// SPDX-License-Identifier: MIT
// What a Universe holds, laid out for the solver: this header is for the resolver's own files.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libwharf/package/requirement.hpp"
#include "libwharf/resolver/bits.hpp"
#include "libwharf/resolver/universe.hpp"

namespace wharf::resolver {

inline constexpr std::uint32_t k_none = ~std::uint32_t{0};

using TextId = std::uint32_t;

// What a solve needs of a package, in half a cache line. Between two solves `domain` equals `initial`, and
// the other marks are as they stand here.
struct State {
  Bits domain{.word = 0};          // what may still become of the package
  Bits initial{.word = 0};         // "absent" and every version that may be chosen
  std::uint32_t last = k_none;     // its latest assignment
  std::uint32_t watches = k_none;  // the first of the clauses that watch it
  std::uint32_t first_version = 0;
  std::uint16_t words = 1;
  bool decided = false;
  bool queued = false;
};

struct Package {
  std::string_view name;
  bool loaded = false;
  Absence absence = Absence::unknown;
  std::span<const Candidate> candidates;
  Bits not_yanked{.word = k_absent};
};

// The dependency that `dependents` of one package have in common: the same package, by the same text.
struct Dependency {
  PackageId dependent, wanted;
  Bits dependents;
  Bits matching;  // once `ready`; never holds "absent"
  TextId text;
  bool ready;
};

struct Tables {
  explicit Tables(Source& from) : source(from) {}

  PackageId intern(std::string_view name);
  TextId intern_text(std::string_view text);
  void load(PackageId package);
  Bits matching(PackageId package, TextId text);  // loads
  void prepare(std::uint32_t dependency) {
    Bits set = matching(dependencies[dependency].wanted, dependencies[dependency].text);
    dependencies[dependency].matching = set;
    dependencies[dependency].ready = true;
  }
  // The want of a merged dependency, as its lowest version has it.
  const Want& want_of(const Dependency& dependency) const;
  // The dependencies of a version of a loaded package, sorted by name.
  std::span<const std::uint32_t> dependencies_of(const State& state, std::size_t version) const {
    const std::uint32_t* begin = &version_begin[state.first_version + version];
    return {uses.data() + begin[0], uses.data() + begin[1]};
  }

  Source& source;
  std::deque<std::string> names, texts;
  std::unordered_map<std::string_view, PackageId> ids;
  std::unordered_map<std::string_view, TextId> text_ids;
  std::vector<std::optional<Requirement>> requirements;  // by TextId; nothing: not readable

  std::vector<Package> packages;  // by PackageId, as `states`
  std::vector<State> states;
  std::vector<std::uint32_t> version_begin;  // into `uses`; one more than versions for each package
  std::vector<std::uint32_t> uses;           // into `dependencies`
  std::vector<Dependency> dependencies;
  std::unordered_map<std::uint64_t, Bits> matches;  // by package and text
  Arena arena;
  std::size_t versions = 0;

  // The solver's working memory from one solve to the next.
  std::shared_ptr<void> scratch;

 private:
  void merge_dependencies(PackageId package);
};

VersionSet version_set(Bits bits, std::size_t versions);  // without "absent"

}  // namespace wharf::resolver
