// SPDX-License-Identifier: MIT
// That an archive holds the package that it was fetched as. A checksum says only that it is the one that the
// registry named.
#pragma once

#include "libwharf/base/file.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

// `directory` is where it was unpacked to, and `archive` what messages name. Throws IntegrityError where the
// one manifest that every package has is missing, is not sound, or says another name or version.
void require_identity(const Path& directory, std::string_view name, const Version& version,
                      const Path& archive);

}  // namespace wharf::client
