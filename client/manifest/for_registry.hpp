// SPDX-License-Identifier: MIT
// A manifest under a name that registries know. A language of its own may call its manifest what it likes;
// the archive of a package then also holds the same text under the name of the dialect that it is written in,
// by which any registry, and any other client, reads it.
#pragma once

#include <optional>
#include <string>

#include "client/manifest/project.hpp"

namespace wharf::client {

struct ManifestForRegistry {
  std::string file;  // "wharf.toml"
  std::string text;  // where a bare version means something else there, requirements are written out
};

// Nothing where the manifest's own name is one that registries know.
std::optional<ManifestForRegistry> manifest_for_registry(const Profile& profile, const Project& project);

}  // namespace wharf::client
