// SPDX-License-Identifier: MIT
// Versions: Semantic Versioning 2.0.0, exactly. Numbers up to 2^64-1; at most 256 bytes, of which 128 may be
// published.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wharf {

inline constexpr std::size_t k_version_bytes = 256;  // what is read (real ones of 147 bytes exist)
inline constexpr std::size_t k_publishable_version_bytes = 128;  // what a registry takes

class Version {
 public:
  // Nothing where the text is not a version. parse_version() says why.
  static std::optional<Version> from(std::string_view text);

  std::uint64_t major() const noexcept { return major_; }
  std::uint64_t minor() const noexcept { return minor_; }
  std::uint64_t patch() const noexcept { return patch_; }
  const std::string& prerelease() const noexcept { return prerelease_; }  // without '-'; empty: a release
  const std::string& build() const noexcept { return build_; }            // without '+'
  bool is_prerelease() const noexcept { return !prerelease_.empty(); }

  std::string text() const;
  // The text without build metadata: two versions with the same one cannot both be published.
  std::string identity() const;

  // Precedence (SemVer §11): build metadata does not count, so "equal" is weaker than "the same text".
  friend std::strong_ordering compare_precedence(const Version& a, const Version& b);
  // Precedence, then the build metadata: a total order of texts, for sorting.
  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b) = default;

 private:
  friend std::string read_version(std::string_view text, Version& version);
  std::uint64_t major_ = 0, minor_ = 0, patch_ = 0;
  std::string prerelease_, build_;
};

// Throws Error(version_invalid): `version '1.2' has two parts; write 'major.minor.patch'`.
Version parse_version(std::string_view text);

// A version that a registry takes: at most 128 bytes, and not ending in `.tar.gz`, which stands for the
// archive in a path. Throws Error(version_invalid).
Version parse_publishable_version(std::string_view text);

// SemVer §11 for two prereleases without '-'; an empty one, a release, is above all others.
std::strong_ordering compare_prereleases(std::string_view a, std::string_view b);

}  // namespace wharf
