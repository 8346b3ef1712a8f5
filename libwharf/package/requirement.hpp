// SPDX-License-Identifier: MIT
// Requirements with Cargo's meaning: `^ ~ >= <= > < =`, wildcards, comma for AND. What a bare `1.2.3` means
// belongs to the dialect of the manifest; a bare `1.2` where bare is exact means `=1.2`, that is any 1.2.x,
// as Cargo reads it. A prerelease matches only where a comparator names the same x.y.z with a prerelease;
// build metadata is ignored. At most 32 comparators and 256 bytes.
//
// How matching is cheap: what the comparators together say of releases is one interval of (major, minor,
// patch), worked out when the text is read. Only a prerelease is compared with the comparators one by one,
// and only where one of them names a prerelease at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/package/version.hpp"

namespace wharf {

inline constexpr std::size_t k_requirement_bytes = 256;
inline constexpr std::size_t k_requirement_comparators = 32;

enum class Bare { caret, exact };

struct Comparator {
  enum class Op { exact, greater, greater_equal, less, less_equal, tilde, caret, wildcard };
  Op op = Op::caret;
  std::uint64_t major = 0;
  std::optional<std::uint64_t> minor, patch;
  std::string prerelease;  // without '-'
};

// The numbers of a release, in order of precedence.
struct Triple {
  std::uint64_t major = 0, minor = 0, patch = 0;
  // clang-tidy takes the comparison with 0 that the compiler writes here for one of ours.
  auto operator<=>(const Triple&) const = default;  // NOLINT(modernize-use-nullptr)
};

// The releases from `first` to `last`, both of them in it; none where `last` is below `first`.
struct ReleaseRange {
  Triple first;
  Triple last = {~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}};
  bool operator==(const ReleaseRange&) const = default;
};

class Requirement {
 public:
  static std::optional<Requirement> from(std::string_view text, Bare bare = Bare::caret);

  // No allocation.
  bool matches(const Version& version) const noexcept {
    if (version.is_prerelease()) return names_prerelease_ && matches_prerelease(version);
    return !is_below(version.major(), version.minor(), version.patch(), releases_.first) &
           !is_below(releases_.last, version.major(), version.minor(), version.patch());
  }

  // As it was written, operators and spacing tidied: what corpora call the canonical form.
  std::string text() const;

  // With three-part comparators that every dialect reads alike: `^1.2.0`, `=1.0.0`, `>=1.2.0, <1.3.0`; any
  // version is
  // `>=0.0.0`, and what no version matches is `<0.0.0`. It matches exactly what text() matches, prereleases
  // included
  // (`>1, <=2.0.0-rc.1` becomes `>=2.0.0-0, <=2.0.0-rc.1`). It can be longer than what from() reads back.
  std::string portable_text() const;

  const std::vector<Comparator>& comparators() const noexcept { return comparators_; }
  const ReleaseRange& releases() const noexcept { return releases_; }

 private:
  friend std::string read_requirement(std::string_view text, Bare bare, Requirement& requirement);
  bool matches_prerelease(const Version& version) const noexcept;

  // Without branches: which way a comparison goes is as good as random, and a mispredicted branch costs more
  // than all three comparisons.
  static bool is_below(std::uint64_t major, std::uint64_t minor, std::uint64_t patch,
                       const Triple& b) noexcept {
    return (major < b.major) |
           ((major == b.major) & ((minor < b.minor) | ((minor == b.minor) & (patch < b.patch))));
  }
  static bool is_below(const Triple& a, std::uint64_t major, std::uint64_t minor,
                       std::uint64_t patch) noexcept {
    return is_below(a.major, a.minor, a.patch, Triple{major, minor, patch});
  }

  ReleaseRange releases_;
  bool names_prerelease_ = false;
  std::vector<Comparator> comparators_;  // none: any version, `*`
};

// Throws Error(requirement_invalid) with the reason.
Requirement parse_requirement(std::string_view text, Bare bare = Bare::caret);

}  // namespace wharf
