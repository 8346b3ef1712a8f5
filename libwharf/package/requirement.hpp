// SPDX-License-Identifier: MIT
// Requirements with Cargo's meaning: `^ ~ >= <= > < =`, wildcards, comma for AND. What a bare `1.2.3` means belongs to
// the dialect of the manifest. A prerelease matches only where a comparator names the same x.y.z with a prerelease;
// build metadata is ignored. At most 32 comparators and 256 bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/package/version.hpp"

namespace wharf {

enum class Bare { caret, exact };

struct Comparator {
  enum class Op { exact, greater, greater_equal, less, less_equal, tilde, caret, wildcard };
  Op op = Op::caret;
  std::uint64_t major = 0;
  std::optional<std::uint64_t> minor, patch;
  std::string prerelease;
};

class Requirement {
 public:
  static std::optional<Requirement> from(std::string_view text, Bare bare = Bare::caret);
  bool matches(const Version& version) const;  // no allocation
  // As it was written, operators and spacing tidied: what corpora call the canonical form.
  std::string text() const;
  // With three-part comparators that every dialect reads alike: `^1.2.0`, `=1.0.0`, `>=1.2.0, <1.3.0`; `*` is any.
  std::string portable_text() const;
  const std::vector<Comparator>& comparators() const noexcept { return comparators_; }

 private:
  std::vector<Comparator> comparators_;
};

// Throws Error(requirement_invalid) with the reason.
Requirement parse_requirement(std::string_view text, Bare bare = Bare::caret);

}  // namespace wharf
