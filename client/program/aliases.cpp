// SPDX-License-Identifier: MIT
#include "client/program/aliases.hpp"

#include "client/profile/profile.hpp"

namespace wharf::client {

namespace {

using Rows = std::vector<command::Alias>;

Rows rows_of_all() {
  return {
      {.words = "publish",
       .option = "--force",
       .refusal = "a published version never changes; raise the version in the manifest and publish that"}};
}

}  // namespace

Rows aliases_of(std::string_view) {
  return rows_of_all();
}

}  // namespace wharf::client
