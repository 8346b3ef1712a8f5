// SPDX-License-Identifier: MIT
#include "client/program/aliases.hpp"

#include <algorithm>

namespace wharf::client {

std::vector<command::Alias> aliases_of(const Profile& profile) {
  auto rows = profile.spellings;
  const bool has_own = std::ranges::any_of(
      rows, [](const command::Alias& row) { return row.words == "publish" && row.option == "--force"; });
  if (!has_own)
    rows.push_back(
        {.words = "publish",
         .option = "--force",
         .refusal = "a published version never changes; raise the version in the manifest and publish that"});
  return rows;
}

}  // namespace wharf::client
