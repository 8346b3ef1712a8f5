// SPDX-License-Identifier: MIT
// A project, and the lock that answers it: what the golden files of tests/unit/client/golden/lock hold.
#pragma once

#include "client/lock/lock.hpp"
#include "tests/unit/client/manifest/projects.hpp"

namespace wharf::test {

inline client::LockedPackage locked(const std::string& name, const std::string& version, char checksum,
                                    std::map<std::string, std::string> dependencies = {}) {
  return {name,
          *Version::from(version),
          std::string(64, checksum),
          "https://packages.example.org",
          std::move(dependencies),
          {},
          false};
}

// sky-ui needs sky-core, which needs sky-ui again; plot.js is for development alone.
inline std::vector<client::LockedPackage> locked_packages() {
  return {locked("sky-ui", "1.4.0", 'a', {{"sky-core", "^1.2.0-rc.1"}, {"base", ">=0.2.0, <0.4.0"}}),
          locked("sky-core", "1.2.0-rc.1", 'b', {{"sky-ui", ">=1.0.0"}}),
          locked("plot.js", "0.9.1+build.7", 'c', {{"base", "^0.3.0"}}), locked("base", "0.3.2", 'd')};
}

// The same dependencies as each profile's manifest says them.
inline client::Project locked_project(const std::string& profile) {
  if (profile == "synapse")
    return project_of(profile, R"({"dependencies": {"sky-ui": "^1.2", "sky-core": ">=1.2.0-rc.1"},
                                   "devDependencies": {"plot.js": "0.9.1"}})");
  return project_of(profile,
                    "[dependencies]\nsky-ui = \"^1.2\"\nsky-core = \">=1.2.0-rc.1\"\n"
                    "[dev-dependencies]\n\"plot.js\" = \"=0.9.1\"\n");
}

inline client::Lock locked_lock(const std::string& profile) {
  return client::make_lock(locked_project(profile), {}, locked_packages());
}

}  // namespace wharf::test
