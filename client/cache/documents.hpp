// SPDX-License-Identifier: MIT
// The index documents of one registry that were fetched before, with their ETags:
// `index/<registry>/<name>.json` in the cache directory.
//
// A file is one line of JSON about the document, then the document as it arrived. The line names the
// registry, the package and the SHA-256 of the rest; a file of which any of these does not fit is as good as
// missing. So nothing of one registry is taken for another's, and no half-written or damaged file is used.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf::client {

struct CachedDocument {
  std::string etag;  // empty where the registry gave none
  std::string text;
};

// One file of any registry's; nothing where it is missing or damaged.
struct CachedDocumentFile {
  std::string registry, name;
  CachedDocument document;
};
std::optional<CachedDocumentFile> read_cached_document(const Path& file);

class DocumentCache {
 public:
  // The directory is the registry's own; `base` says which that is.
  DocumentCache(Path directory, std::string base)
      : directory_(std::move(directory)), base_(std::move(base)) {}

  std::optional<CachedDocument> find(std::string_view name) const;
  // What cannot be kept is fetched again the next time: these three do not throw.
  void keep(std::string_view name, const CachedDocument& document) const noexcept;
  // The registry says that it is still the same: the file's time becomes now.
  void confirm(std::string_view name) const noexcept;
  void forget(std::string_view name) const noexcept;
  std::vector<std::string> names() const;  // sorted

  const Path& directory() const { return directory_; }

 private:
  Path file_of(std::string_view name) const;
  Path directory_;
  std::string base_;
};

}  // namespace wharf::client
