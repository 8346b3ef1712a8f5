// SPDX-License-Identifier: MIT
// What lies in a profile's cache: found by looking, since no list is kept of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/base/time.hpp"

namespace wharf::client {

struct Profile;

struct CachedFile {
  enum class Kind {
    document,  // of an index
    archive,
    unpacked,  // an archive's content, from which projects take it: a directory, `size` is all in it
    partial,   // a download that was broken off, or is under way
    aside      // an archive whose checksum did not fit
  };
  Kind kind = Kind::document;
  Path path;
  std::string registry;       // of a document; empty for others
  std::string name, version;  // empty where nothing tells
  std::uint64_t size = 0;     // bytes
  Time used;                  // when it was last fetched, confirmed or used
};

std::string_view word_of(CachedFile::Kind kind);

// Everything that cleaning may take away, sorted by kind, name and version. Installed packages are never
// among it, though in Vais they lie beside their archives. `cache` is the profile's cache directory,
// absolute.
std::vector<CachedFile> cached_files(const Profile& profile, const Path& cache);

// Removes the file (or unpacked directory) and the directories that it leaves empty below `cache`; false
// where it stays, because another client writes it at the moment, or because it is gone already.
bool remove_cached(const CachedFile& file, const Path& cache);

}  // namespace wharf::client
