// SPDX-License-Identifier: MIT
// What a full or failing disk means to a caller: the registry cannot take an upload now, and says so (503),
// with nothing left behind. Any other error of a file is a fault of ours.
#pragma once

#include <string_view>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"

namespace wharf {

// From errno: Error(unavailable) for ENOSPC, EDQUOT, EFBIG, EIO and EROFS, else internal_error.
Error storage_error(std::string_view what, const Path& path);

}  // namespace wharf
