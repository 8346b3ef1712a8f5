// SPDX-License-Identifier: MIT
// Which registry is which. A token, a cached document and a lock's entry belong to one, and never to another
// that looks alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/http/origin.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::client {

// A registry as a person writes it, in one form: the origin's text and the path without a final slash and
// without
// `/api/v1`. `file:///DIR` is one too, free of `.` and `..` parts and percent signs. Throws
// Error(bad_request).
std::string registry_base(std::string_view text);

// The directory of a `file:///` registry; nothing for others.
std::optional<Path> registry_directory(std::string_view base);

// A file name of its own for each base: its host and the beginning of its digest.
std::string registry_key(std::string_view base);

}  // namespace wharf::client
