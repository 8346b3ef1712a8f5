// SPDX-License-Identifier: MIT
// Which files of a folder make up a package.
//
// In this order: folders of version control are never packed. What `allow` names is. What an ignore file
// leaves out is not: `.wharfignore` files where the package's folder has one, else `.gitignore` files, those
// of the folders above it included as far as the repository reaches. Hidden files, folders of builds and the
// packages directory are not, unless `.wharfignore` takes them back. Where the profile lists what is packed,
// nothing else is, but for a README and licences beside the manifest; the manifest always is.
//
// What would be packed and looks like a secret is not among the files but among the secrets, for the caller
// to refuse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf::client {

struct PackRules {
  std::string manifest_file;           // beside the root
  std::vector<std::string> pack;       // rules; empty: everything
  std::vector<std::string> leave_out;  // rules, beside those that every package has
  std::vector<std::string> allow;      // paths below the root: packed, whatever they are called or hold
};

struct PackFile {
  std::string path;  // below the root, with `/`
  Path source;       // what is read: for a link, what it leads to
  std::uint64_t size = 0;
  bool executable = false;
  std::optional<std::string> content = {};  // in the place of what is in `source`
};

struct Secret {
  std::string path, reason;  // "is called like a private key"
};

struct PackList {
  std::vector<PackFile> files;  // by path
  std::vector<Secret> secrets;  // by path
  std::uint64_t bytes() const;
};

// Throws Error(bad_request) where a link leads out of the package, nowhere or round in a circle, where a file
// is neither file, folder nor link, and where `allow` names what is not there; Error(archive_size) past the
// most entries of an archive.
PackList list_files(const Path& root, const PackRules& rules);

}  // namespace wharf::client
