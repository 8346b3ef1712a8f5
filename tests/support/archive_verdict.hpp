// SPDX-License-Identifier: MIT
// What the archive reader says of some bytes, in a form that tests compare.
#pragma once

#include <string>
#include <string_view>

#include "libwharf/archive/contents.hpp"
#include "libwharf/base/error.hpp"
#include "tests/support/tar_builder.hpp"

namespace wharf::test {

inline std::string detail_of(const Error& error, std::string_view key) {
  for (const auto& [name, value] : error.details())
    if (name == key) return value;
  return {};
}

// "accepted", or "code/rule", with " of entry" where one is to blame.
inline std::string verdict_of(std::string_view packed, const ArchiveLimits& limits = {}) {
  const Fd fd = file_of(packed);
  try {
    inspect_archive(fd.get(), limits);
    return "accepted";
  } catch (const Error& error) {
    std::string verdict = std::string(code_name(error.code())) + "/" + detail_of(error, "rule");
    if (const auto entry = detail_of(error, "entry"); !entry.empty()) verdict += " of " + entry;
    return verdict;
  }
}

inline std::string verdict_of(const TarBuilder& tar, const ArchiveLimits& limits = {}) {
  return verdict_of(gzip(tar.ended()), limits);
}

// A package with nothing but its manifest, to which a test adds what it is about.
inline TarBuilder package() {
  return TarBuilder().file("wharf.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n");
}

}  // namespace wharf::test
