// SPDX-License-Identifier: MIT
#include "client/manifest/for_registry.hpp"

#include "client/manifest/edit.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf::client {

namespace {

std::string known_name(const ManifestReading& reading) {
  if (reading.dialect == Dialect::native) return reading.toml ? "wharf.toml" : "wharf.json";
  return std::string(dialect_name(reading.dialect)) + (reading.toml ? ".toml" : ".json");
}

}  // namespace

std::optional<ManifestForRegistry> manifest_for_registry(const Profile& profile, const Project& project) {
  if (dialect_of_file(project.manifest_file)) return std::nullopt;
  const auto reading = reading_of(profile, project.manifest_file);
  auto changed = project;
  if (reading.bare != bare_meaning(reading.dialect))
    for (const auto& dependency : project.dependencies)
      if (!dependency.requirement.empty())
        changed = project_with(
            profile, changed,
            with_dependency(changed, profile, dependency.name, dependency.requirement, dependency.dev));
  return ManifestForRegistry{known_name(reading), std::move(changed.text)};
}

}  // namespace wharf::client
