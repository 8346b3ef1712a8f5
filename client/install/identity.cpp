// SPDX-License-Identifier: MIT
#include "client/install/identity.hpp"

#include "client/program/exit.hpp"
#include "libwharf/archive/limits.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf::client {

void require_identity(const Path& directory, std::string_view name, const Version& version,
                      const Path& archive) {
  const auto refuse = [&](const std::string& problem, const std::string& detail = {}) {
    throw IntegrityError("the archive of " + wharf::quoted(name) + " " + version.text() + " " + problem +
                             "; it lies in " + wharf::quoted(archive.native()) + ", and was not used",
                         detail);
  };
  const ArchiveLimits limits;
  std::string file, text;
  for (const auto& candidate : limits.manifest_names) {
    auto found = read_file(directory / candidate, limits.manifest_bytes);
    if (!found) continue;
    if (!file.empty()) refuse("has two manifests, '" + file + "' and '" + candidate + "'");
    file = candidate;
    text = std::move(*found);
  }
  if (file.empty()) refuse("holds no manifest, and so no package");
  Manifest manifest;
  try {
    manifest = parse_manifest(file, text);
  } catch (const Error& error) {
    refuse("has an unsound manifest: " + error.public_message());
  }
  if (manifest.name != name || manifest.version != version.text())
    refuse("holds " + wharf::quoted(manifest.name) + " " + manifest.version);
}

}  // namespace wharf::client
