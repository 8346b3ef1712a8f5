// SPDX-License-Identifier: MIT
// What events do to one package: a function of the document before and the events after it, and of nothing
// else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "libwharf/package/index_document.hpp"
#include "registry/store/journal.hpp"

namespace wharf {

class PackageFold {
 public:
  // Goes on from a document, or from nothing.
  PackageFold(std::string name, std::optional<IndexDocument> document);

  // Events must come in order. One that the document knows already changes nothing, but a version that it
  // removed still counts as removed: the crash may have come before the tarball went.
  void apply(const store::JournalEvent& event);

  // Takes a version out whose archive cannot be shown.
  void withhold(std::string_view version);

  bool changed() const { return changed_; }
  const std::string& name() const { return name_; }
  IndexDocument& document() { return document_; }
  // Versions that came and stayed, with the digests of their archives; and those that went. None came of a
  // package that is quarantined.
  const std::map<std::string, std::string>& published() const;
  const std::set<std::string>& removed() const { return removed_; }
  std::uint64_t last_seq() const { return last_seq_; }

 private:
  std::string name_;
  IndexDocument document_;
  std::map<std::string, std::string> published_;
  std::set<std::string> removed_;
  std::uint64_t last_seq_ = 0;
  bool changed_ = false;
};

}  // namespace wharf
