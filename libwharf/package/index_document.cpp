// SPDX-License-Identifier: MIT
#include "libwharf/package/index_document.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/package/index_entry.hpp"
#include "libwharf/package/stored_json.hpp"

namespace wharf {

namespace {

bool is_before(const IndexEntry& entry, const Version& version) {
  return entry.version < version;
}

json::Document parse_stored(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const Error& error) {
    throw internal_error("a stored index document: " + error.public_message());
  }
}

}  // namespace

std::vector<IndexEntry>::iterator IndexDocument::place_of(const Version& version) {
  return std::lower_bound(versions_.begin(), versions_.end(), version, is_before);
}

const IndexEntry* IndexDocument::find(const Version& version) const {
  const auto place = std::lower_bound(versions_.begin(), versions_.end(), version, is_before);
  return place != versions_.end() && place->version == version ? &*place : nullptr;
}

void IndexDocument::apply_publish(IndexEntry entry) {
  const auto place = place_of(entry.version);
  if (place != versions_.end() && place->version == entry.version)
    *place = std::move(entry);
  else
    versions_.insert(place, std::move(entry));
}

void IndexDocument::apply_yank(const Version& version, bool yanked, std::optional<std::string> reason) {
  const auto place = place_of(version);
  if (place == versions_.end() || place->version != version) return;
  place->yanked = yanked;
  place->yank_reason = yanked ? std::move(reason) : std::nullopt;
}

void IndexDocument::apply_remove(const Version& version) {
  const auto place = place_of(version);
  if (place != versions_.end() && place->version == version) versions_.erase(place);
}

void IndexDocument::apply_event(std::uint64_t seq, json::Value body) {
  if (seq <= revision_) return;
  const std::string package = stored::text(body, "package"), action = stored::text(body, "action");
  if (package != name_)
    throw internal_error("event " + std::to_string(seq) + " of '" + package + "' given to the index of '" +
                         name_ + "'");
  PackageMetadata metadata = metadata_from_json(body["metadata"]);  // first: a broken event changes nothing
  const auto version = [&] { return stored_version(stored::text(body, "version")); };
  if (action == "publish")
    apply_publish(index_entry_from_json(stored::object(body, "entry")));
  else if (action == "yank")
    apply_yank(version(), true, stored::maybe_text(body, "reason"));
  else if (action == "unyank")
    apply_yank(version(), false, std::nullopt);
  else if (action == "remove")
    apply_remove(version());
  else if (action == "quarantine")
    set_quarantine(IndexQuarantine{stored::text(body, "reason"), stored::text(body, "at")});
  else if (action == "release")
    set_quarantine(std::nullopt);
  set_metadata(std::move(metadata));
  set_revision(seq);
}

IndexDocument IndexDocument::from_json(std::string_view text) {
  const json::Document document = parse_stored(text);
  const json::Value root = document.root();
  IndexDocument index(stored::text(root, "name"));
  index.metadata_ = metadata_from_json(root);
  const auto revision = stored::integer(root, "revision");
  if (revision < 0) throw internal_error("stored JSON: a revision below 0");
  index.revision_ = static_cast<std::uint64_t>(revision);
  if (const json::Value quarantine = root["quarantined"]; quarantine && !quarantine.is_null())
    index.quarantine_ = IndexQuarantine{stored::text(quarantine, "reason"), stored::text(quarantine, "at")};
  const json::Value versions = stored::array(root, "versions");
  index.versions_.reserve(versions.size());
  versions.each([&](json::Value entry) { index.versions_.push_back(index_entry_from_json(entry)); });
  std::sort(index.versions_.begin(), index.versions_.end(),
            [](const IndexEntry& a, const IndexEntry& b) { return a.version < b.version; });
  return index;
}

std::string IndexDocument::render(std::string_view public_url, Order order) const {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  json::Writer writer;
  writer.begin_object();
  writer.member("name", name_);
  write_metadata_members(writer, quarantine_ ? PackageMetadata() : metadata_);
  writer.member("revision", revision_);
  if (quarantine_) {
    writer.key("quarantined").begin_object();
    writer.member("reason", quarantine_->reason).member("at", quarantine_->at).end_object();
  } else {
    writer.member_null("quarantined");
  }
  writer.key("versions").begin_array();
  const auto write = [&](const IndexEntry& entry) {
    writer.begin_object();
    write_index_entry_members(writer, entry);
    if (public_url.empty()) {
      writer.member_null("download_url");
    } else {
      std::string url(public_url);
      url.append("/api/v1/packages/")
          .append(name_)
          .append("/")
          .append(entry.version.text())
          .append("/download");
      writer.member("download_url", url);
    }
    writer.end_object();
  };
  if (quarantine_) {
    // Nothing of it is to be resolved.
  } else if (order == Order::ascending) {
    std::for_each(versions_.begin(), versions_.end(), write);
  } else {
    std::for_each(versions_.rbegin(), versions_.rend(), write);
  }
  writer.end_array();
  writer.end_object();
  return writer.take();
}

}  // namespace wharf
