// SPDX-License-Identifier: MIT
// A test that cannot run here says why: `if (!corpora()) return skip("…");` It then counts as skipped, not
// passed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace wharf::test {

inline std::string& skip_reason() {
  static std::string reason;
  return reason;
}

inline void skip(std::string reason) {
  skip_reason() = std::move(reason);
}

// The shared test data that no one here wrote: $WHARF_CORPORA, else ../shared/corpora beside the checkout.
inline std::optional<std::filesystem::path> corpora() {
  const char* named = std::getenv("WHARF_CORPORA");
  std::filesystem::path path = named ? named : "../shared/corpora";
  if (std::filesystem::exists(path)) return path;
  return std::nullopt;
}

}  // namespace wharf::test
