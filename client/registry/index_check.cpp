// SPDX-License-Identifier: MIT
#include "client/registry/index_check.hpp"

#include "client/cache/archive_places.hpp"
#include "client/program/exit.hpp"
#include "libwharf/archive/limits.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

// What a version may have, whatever the registry's own limits are.
constexpr std::uint64_t k_largest_archive = std::uint64_t{4} << 30;

[[noreturn]] void refuse(const std::string& base, const std::string& name, const std::string& what,
                         std::string detail = {}) {
  throw IntegrityError(
      "the index document of '" + name + "' from '" + base + "' " + what + "; tell the registry's operator",
      std::move(detail));
}

void check_entry(const std::string& base, const std::string& name, const IndexEntry& entry) {
  const std::string version = entry.version.text();
  if (!is_checksum(entry.checksum)) refuse(base, name, "has no proper checksum for version " + version);
  if (entry.size > k_largest_archive) refuse(base, name, "has an impossible size for version " + version);
}

}  // namespace

IndexDocument read_index_document(const std::string& base, const std::string& name, std::string_view text) {
  auto read = [&] {
    try {
      return IndexDocument::from_json(text);
    } catch (const Error& error) {
      refuse(base, name, "is damaged, or no index document at all", error.detail());
    }
  };
  IndexDocument document = read();
  if (document.name() != name) refuse(base, name, "is that of " + wharf::quoted(document.name()));
  const IndexEntry* before = nullptr;
  for (const auto& entry : document.versions()) {
    check_entry(base, name, entry);
    if (before && compare_precedence(before->version, entry.version) == 0)
      refuse(base, name, "has version " + entry.version.text() + " twice");
    before = &entry;
  }
  return document;
}

std::vector<resolver::Candidate> candidates_of(const IndexDocument& document) {
  std::vector<resolver::Candidate> out;
  if (document.quarantine()) return out;
  out.reserve(document.versions().size());
  for (const auto& entry : document.versions()) {
    resolver::Candidate& candidate = out.emplace_back();
    candidate.version = entry.version;
    candidate.yanked = entry.yanked;
    for (const auto& dependency : entry.dependencies)
      if (dependency.kind == Dependency::Kind::normal && !dependency.optional)
        candidate.wants.push_back({dependency.name, dependency.requirement, {}, {}});
  }
  return out;
}

}  // namespace wharf::client
