// SPDX-License-Identifier: MIT
// What a project asks for: its manifest's dependencies, what its path dependencies need in turn, and what was
// named on the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/manifest/project.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/version.hpp"
#include "libwharf/resolver/source.hpp"

namespace wharf::client {

// Where wants stand that no file has yet: "your command asks for fog ^2".
inline constexpr std::string_view k_your_command = "your command";

struct Asked {
  Project project;
  // Its path dependencies and theirs: used where they lie, never looked up in a registry.
  std::vector<Project> in_place;
  // Of the project and of those in place. Optional dependencies are left out, dev dependencies of the project
  // alone count.
  std::vector<resolver::Want> wants;
};

// Throws Error(manifest_invalid) for a dependency that no registry can answer (git without a version), and
// what projects_in_place() throws.
Asked asked_by(const Profile& profile, const Project& project);

// The members of an array: what is used where it lies.
void write_in_place(json::Writer& writer, const Asked& asked);

// What a package is called in messages about the project: 0.0.0 where its manifest says no version.
Version version_of(const Project& project);

// "fog@^1.2", "fog": a package as it is named on the command line.
struct Named {
  std::string name;
  std::string written;  // the requirement as it was typed; empty: none ("latest" counts as none)
};

// Throws Error(name_invalid), Error(requirement_invalid).
Named named(std::string_view word, Bare bare);

// Beside what the project asks for; in place of what it asks of that very package. `where` is for
// explanations.
void ask_also(Asked& asked, const Named& named, Bare bare, std::string_view where);

}  // namespace wharf::client
