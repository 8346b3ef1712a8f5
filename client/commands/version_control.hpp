// SPDX-License-Identifier: MIT
// What git, if it is installed, says of a folder. Whatever goes wrong with it is no fault: then it says
// nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "libwharf/base/file.hpp"

namespace wharf::client {

// `user.name`.
std::optional<std::string> git_user_name(const Path& folder);
// How many files below the folder are changed or not known to git; nothing where no repository is around it.
std::optional<std::size_t> uncommitted_files(const Path& folder);

}  // namespace wharf::client
