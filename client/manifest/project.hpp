// SPDX-License-Identifier: MIT
// A project: a directory with a manifest in it, read as its consumer needs it.
//
// What publishing needs (name, version, authors, description) may be missing here, and keys that nobody knows
// are left alone. What is used is read as strictly as at a registry and by the same code: requirements,
// dependency tables, names; and `path`, `git` and `workspace`, which a registry does not follow and a client
// does. Errors are Error(manifest_invalid) that name file and key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/package/dialect.hpp"
#include "libwharf/package/requirement.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

struct Profile;

struct DirectDependency {
  std::string name;
  std::string requirement;  // Requirement::portable_text(); empty: none is written (a path or git one)
  std::string written;      // as the manifest has it; empty where requirement is, or where it means any
  bool dev = false, optional = false;
  std::optional<Path> path;                  // absolute; what lies there is used in place
  bool git = false;                          // has a `git` key; without a requirement it cannot be installed
  std::optional<std::string> registry = {};  // as written; a project has one registry, which must be this
  bool operator==(const DirectDependency&) const = default;
};

struct Project {
  Path root;                  // absolute
  std::string manifest_file;  // its name in `root`
  std::string text;           // of the manifest, byte for byte
  std::string name;           // empty where the manifest has none
  std::optional<Version> version;
  // Normal ones, then dev ones, each sorted by name. A `workspace = true` stands here as what the workspace
  // says of it.
  std::vector<DirectDependency> dependencies;

  Path manifest() const { return root / manifest_file; }
};

// How a manifest is read: by its file name where Wharf knows it, else as the profile says.
struct ManifestReading {
  Dialect dialect;
  Bare bare;
  bool toml;
};
ManifestReading reading_of(const Profile& profile, std::string_view manifest_file);

// The first manifest of the profile (its own name before the others) in `from` or a directory above it;
// nothing where there is none. Throws where there is one that cannot be used.
std::optional<Project> find_project(const Profile& profile, const Path& from);

// The manifest of exactly this directory; nothing where it has none.
std::optional<Project> project_in(const Profile& profile, const Path& directory);

// As if `text` were the manifest: what an edit would make of the project.
Project project_with(const Profile& profile, const Project& project, std::string text);

// The projects that `path` dependencies lead to, and theirs, each directory once, in the order in which they
// are met; dev dependencies are followed from `project` alone, optional ones never. Throws
// Error(manifest_invalid) where a directory or its manifest is missing, or the package in it has another name
// or a version that does not satisfy what is written beside the path.
std::vector<Project> projects_in_place(const Profile& profile, const Project& project);

// Writes a text file that is there already, or not: whole or not at all, through a symbolic link to the file
// it names, with the mode that it had. Nothing is written where it holds the text already, CRLF or not.
void replace_text(const Path& file, std::string_view text);

}  // namespace wharf::client
