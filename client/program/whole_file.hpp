// SPDX-License-Identifier: MIT
// Files that appear whole or not at all, and of which a killed program leaves nothing behind: until it is
// whole, a file has no name. One that was killed in the moment between naming it and putting it in its place
// leaves a hidden file, which the next durable writing of the same file takes away once it is a minute old.
#pragma once

#include <string_view>

#include "libwharf/base/file.hpp"

namespace wharf::client {

enum class Durable { yes, no };  // yes: on the disk before it takes its name

// Writes the file anew, with that mode, in the place of what is there. Throws system_error(). Where the file
// system knows no files without a name, a killed program can leave a hidden one beside it.
void put_whole_file(const Path& target, std::string_view content, unsigned mode, Durable durable);

}  // namespace wharf::client
