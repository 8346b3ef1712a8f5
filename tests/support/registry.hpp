// SPDX-License-Identifier: MIT
// A registry without its HTTP side: a scratch database, blobs and staging in a directory of its own, users,
// and packages made on the spot. There is no clerk, so that nothing is ever visible.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "registry/blobs/blob_store.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/services/publishing.hpp"
#include "registry/services/removal.hpp"
#include "registry/services/yanking.hpp"
#include "registry/store/connection.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/scratch_directory.hpp"

namespace wharf::test {

// An archive with a wharf.toml of that name and version; `more` follows in the same [package] table.
std::string package_archive(std::string_view name, std::string_view version, std::string_view more = {});

struct Registry {
  ScratchDatabase scratch;
  ScratchDirectory directory;
  Path staging = directory.path() / "staging";
  store::Database database{scratch.settings()};
  LocalBlobStore blobs{directory.path() / "blobs"};
  VisibilityReader visibility{directory.path() / "clerk.state", directory.path() / "clerk.sock"};
  Publishing::Rules rules;

  Registry();
  Principal add_user(const std::string& username);
  Publication publish(const Principal& who, std::string_view archive, const Claimed& claimed = {},
                      bool dry_run = false);
  Publication publish(const Principal& who, std::string_view name, std::string_view version,
                      std::string_view more = {}) {
    return publish(who, package_archive(name, version, more));
  }
  Yanking yanking() { return Yanking(database, visibility, std::chrono::milliseconds(0), rules.quotas); }
  Removal removal(int hours = 72) {
    return Removal(database, visibility, std::chrono::hours(hours), std::chrono::milliseconds(0));
  }

  std::int64_t number(std::string_view sql);
  std::string text(std::string_view sql);
  // What there is of everything that a publish could leave: "packages=1 versions=1 … blobs=1 staged=0".
  std::string inventory();
  // The document of a package, rendered from its rows alone.
  std::string document_from_rows(std::string_view name);
  void append_owner(std::string_view package, const Principal& who, std::string_view role);
};

}  // namespace wharf::test
