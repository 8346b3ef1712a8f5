// SPDX-License-Identifier: MIT
#include "libwharf/archive/contents.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "libwharf/archive/cross_check.hpp"
#include "libwharf/archive/refusal.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

constexpr std::string_view k_nesting_manifest = "synapse.json";
constexpr std::array<std::string_view, 3> k_readmes{"README.md", "README", "README.txt"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Keeps the few texts that may turn out to be the manifest or its README, and what is needed to tell which.
class Finder {
 public:
  Finder(const ArchiveLimits& limits) : limits_(limits) {}

  void look_at(const ArchiveEntry& entry, TarReader& reader);
  void choose(ArchiveContents& contents) const;

 private:
  void choose_manifest(ArchiveContents& contents) const;

  const ArchiveLimits& limits_;
  std::map<std::string, std::optional<std::string>> texts_;  // by path; nothing where it is too large
  std::vector<std::string> roots_;                           // manifests at the root, in the archive's order
  std::string top_;                                          // the first entry's first part …
  bool one_top_ = true;                                      // … while everything lies in it
};

void Finder::look_at(const ArchiveEntry& entry, TarReader& reader) {
  const auto slash = entry.path.find('/');
  const auto top = std::string_view(entry.path).substr(0, slash);
  if (top_.empty()) top_ = top;
  if (top != top_ || (slash == entry.path.npos && !entry.directory)) one_top_ = false;
  if (entry.directory) return;

  const bool at_root = slash == entry.path.npos;
  const auto name = at_root ? top : std::string_view(entry.path).substr(slash + 1);
  if (!at_root && !one_top_) return;
  const bool manifest = is_one_of(name, limits_.manifest_names) && (at_root || name == k_nesting_manifest);
  if (!manifest && !is_one_of(name, k_readmes)) return;
  if (manifest && at_root) roots_.push_back(entry.path);
  auto& text = texts_[entry.path];
  if (entry.size > (manifest ? limits_.manifest_bytes : limits_.readme_bytes)) return;
  text.emplace(entry.size, '\0');
  reader.read(std::as_writable_bytes(std::span(*text)));
}

void Finder::choose_manifest(ArchiveContents& contents) const {
  if (roots_.size() > 1)
    throw refusal(Code::manifest_invalid, "one_manifest",
                  "the archive has " + quoted(roots_[0]) + " and " + quoted(roots_[1]) +
                      " at its root; a package has exactly one manifest",
                  roots_[1]);
  if (roots_.size() == 1) {
    contents.manifest_file = roots_[0];
    return;
  }
  std::string names;
  for (const auto& name : limits_.manifest_names) names += (names.empty() ? "" : ", ") + name;
  const std::string nested = top_ + "/" + std::string(k_nesting_manifest);
  if (one_top_ && texts_.contains(nested)) {
    contents.manifest_file = k_nesting_manifest;
    contents.top_directory = top_;
    return;
  }
  for (const auto& entry : contents.entries)
    if (const auto slash = entry.path.find('/');
        slash != entry.path.npos && is_one_of(entry.path.substr(slash + 1), limits_.manifest_names))
      throw refusal(Code::manifest_missing, "manifest_place",
                    "the archive has " + quoted(entry.path) +
                        ", but no manifest at its root; pack it without the directory around it",
                    entry.path);
  throw refusal(Code::manifest_missing, "manifest",
                "the archive has no manifest at its root: one of " + names);
}

void Finder::choose(ArchiveContents& contents) const {
  choose_manifest(contents);
  const std::string beside = contents.top_directory.empty() ? "" : contents.top_directory + "/";
  const std::string path = beside + contents.manifest_file;
  const auto& text = texts_.at(path);
  if (!text)
    throw refusal(Code::manifest_invalid, "manifest_bytes",
                  "the manifest " + quoted(path) + " has more than the " +
                      std::to_string(limits_.manifest_bytes) + " bytes that are allowed",
                  path);
  contents.manifest_text = *text;
  for (const auto name : k_readmes) {
    const auto found = texts_.find(beside + std::string(name));
    if (found == texts_.end() || !found->second || !is_utf8(*found->second)) continue;
    contents.readme = found->second;
    contents.readme_file = name;
    return;
  }
}

}  // namespace

ArchiveContents inspect_archive(int fd, const ArchiveLimits& limits) {
  ArchiveContents contents;
  Finder finder(limits);
  TarReader reader(fd, limits);
  while (auto entry = reader.next()) {
    finder.look_at(*entry, reader);
    contents.entries.push_back(std::move(*entry));
  }
  contents.packed_bytes = reader.packed_bytes();
  contents.unpacked_bytes = reader.unpacked_bytes();
  require_same_listing(fd, contents.entries);
  finder.choose(contents);
  return contents;
}

}  // namespace wharf
