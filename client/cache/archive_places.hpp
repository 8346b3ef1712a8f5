// SPDX-License-Identifier: MIT
// Where archives lie in a profile's cache.
//
//   Vais           cache/<name>/<version>/archive.tar.gz; also read: cache/<name>/<version>.tar.gz
//   Synapse        archives/<sha256>.tar.gz; also read: <name>-<version>.json, which is the tarball
//   all others     archives/<sha256>.tar.gz
//
// A place says nothing about what lies there: whoever reads it compares the checksum.
#pragma once

#include <string>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

struct Profile;

struct ArchivePlaces {
  Path own;                  // where it is put, and looked for first
  std::vector<Path> others;  // where the language's own client may have put it
};

// `cache` is the profile's cache directory, absolute; the name is a package's and the checksum 64 small hex
// digits. Throws IntegrityError where they are not: they come from a registry or a lock, and become a path.
ArchivePlaces archive_places(const Profile& profile, const Path& cache, const std::string& name,
                             const Version& version, const std::string& checksum);

bool is_checksum(std::string_view text);

Path partial_directory(const Path& cache);  // downloads that are under way or were broken off
Path aside_directory(const Path& cache);    // archives whose checksum did not fit, kept for study

}  // namespace wharf::client
