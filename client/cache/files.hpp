// SPDX-License-Identifier: MIT
// How files come into the cache. Everything in it can be fetched again and is checked before it is used, so
// they need not be durable; but several clients use one cache at once, so each appears whole, by rename.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::client {

// With the directories above it. Throws Error(unavailable) that names the directory.
void make_cache_directory(const Path& directory);

// A file below a cache directory, made where it is missing, with this content.
void put_in_cache(const Path& target, std::string_view content);

// The packages of which a directory holds a document, NAME.json, sorted; none where it cannot be read.
std::vector<std::string> documented_names(const Path& directory);

// What cannot be written, read or removed: Error(unavailable) with the path and the system's reason, for
// people.
Error cache_trouble(std::string_view doing, const Path& path);

}  // namespace wharf::client
