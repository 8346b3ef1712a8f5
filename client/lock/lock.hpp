// SPDX-License-Identifier: MIT
// Lock files: which version of each package a project uses, with the checksum of its archive and the registry
// it came from. Each profile's has the shape of its language with fields of ours added, so that the
// language's own tools read it; docs/formats/lock-file.md.
//
// A text depends on nothing but the Lock: the same Lock makes the same bytes. Reading takes nothing on trust:
// names, versions, checksums and requirements are checked, and Error(bad_request) names the file, the package
// and what is wrong. A file of a newer format is refused, not guessed at.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/manifest/project.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

inline constexpr int k_lock_format = 1;

struct LockedPackage {
  std::string name;
  Version version;
  std::string checksum;  // SHA-256 of the archive, 64 hex digits; empty where a foreign lock has none
  std::string registry;  // base URL; empty where a foreign lock has none that means anything
  std::map<std::string, std::string> dependencies;  // name → portable requirement; optional ones left out
  std::string wanted;  // portable requirement it was chosen by: the manifest's, else the first dependent's
  bool dev = false;    // only dev dependencies of the root lead to it
  bool operator==(const LockedPackage&) const = default;
};

struct Lock {
  std::string requirements_digest;      // of the manifest and the projects in place; 64 hex digits
  std::vector<LockedPackage> packages;  // sorted by name, each name once; no packages that are used in place
  bool complete = true;                 // false: a foreign lock without our fields
  const LockedPackage* find(std::string_view name) const;
};

// A lock of what was chosen: digest, order, `wanted` and `dev` are filled in; `packages` bring the rest.
Lock make_lock(const Project& project, std::span<const Project> in_place,
               std::vector<LockedPackage> packages);

// Nothing where there is no such file. The original shapes of the profile's language are read too.
std::optional<Lock> read_lock(const Profile& profile, const Path& file);
// `file` is for messages.
Lock parse_lock(const Profile& profile, const Path& file, std::string_view text);

std::string render_lock(const Profile& profile, const Lock& lock);

// What makes the lock unfit for the project, a sentence each; empty: it is what installing would write again.
// Asks nobody: every requirement, the manifest's, those of the projects in place and those of each package,
// is held against the locked versions.
std::vector<std::string> differences(const Project& project, std::span<const Project> in_place,
                                     const Lock& lock);
std::vector<std::string> differences(const Project& project, const Lock& lock);

// SHA-256 over what the lock answers: direct dependencies, and those of the projects in place.
std::string requirements_digest(const Project& project, std::span<const Project> in_place);

}  // namespace wharf::client
