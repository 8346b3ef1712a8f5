// SPDX-License-Identifier: MIT
// A registry that is a directory, `file:///DIR`: a mirror, an air-gapped machine's, a test's. It is laid out
// as the public tree of a running one (docs/formats/index-document.md): `index/<name>.json`,
// `tarballs/<name>/<version>.tar.gz`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

// Nothing where the package is not there. Throws Error(unavailable) where the directory itself is not, or
// cannot be read.
std::optional<std::string> read_directory_document(const Path& directory, std::string_view name);

// An open archive; nothing where it is not there. What is no regular file is as good as missing.
std::optional<Fd> open_directory_archive(const Path& directory, std::string_view name,
                                         const Version& version);

std::vector<std::string> directory_names(const Path& directory);  // of its packages, sorted

}  // namespace wharf::client
