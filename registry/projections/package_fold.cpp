// SPDX-License-Identifier: MIT
#include "registry/projections/package_fold.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/json/value.hpp"

namespace wharf {

PackageFold::PackageFold(std::string name, std::optional<IndexDocument> document)
    : name_(std::move(name)), document_(document ? std::move(*document) : IndexDocument(name_)) {}

void PackageFold::apply(const store::JournalEvent& event) {
  last_seq_ = event.seq;
  const auto body = json::parse(event.body);
  const auto root = body.root();
  if (event.version && event.action == "remove") {
    published_.erase(*event.version);
    removed_.insert(*event.version);
  } else if (event.version && event.action == "publish") {
    const auto checksum = root["entry"]["checksum"].string();
    if (!checksum || checksum->size() != 64)
      throw internal_error("journal event " + std::to_string(event.seq) + " publishes without a checksum");
    published_.insert_or_assign(*event.version, std::string(*checksum));
  }
  if (event.seq <= document_.revision()) return;
  document_.apply_event(event.seq, root);
  changed_ = true;
}

const std::map<std::string, std::string>& PackageFold::published() const {
  static const std::map<std::string, std::string> none;
  return document_.quarantine() ? none : published_;
}

void PackageFold::withhold(std::string_view version) {
  published_.erase(std::string(version));
  document_.apply_remove(parse_version(version));
  changed_ = true;
}

}  // namespace wharf
