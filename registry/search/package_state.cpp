// SPDX-License-Identifier: MIT
#include "registry/search/package_state.hpp"

#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/latest.hpp"

namespace wharf::search {

namespace {

constexpr std::string_view k_whole_package = "*";

}  // namespace

// `<revision> [*]`, then a line for each version: `1.0.0 [y][q]`.
PackageState::PackageState(std::string_view text) {
  bool first = true;
  for (const auto line : split(text, '\n')) {
    if (line.empty()) continue;
    const auto space = std::min(line.find(' '), line.size());
    const auto word = line.substr(0, space), flags = line.substr(space);
    if (first) {
      const auto number = parse_number(word);
      if (!number) throw internal_error("the search index holds a damaged package");
      revision_ = *number;
      quarantined_ = flags.find(k_whole_package) != flags.npos;
      first = false;
    } else {
      versions_[std::string(word)] = {flags.find('y') != flags.npos, flags.find('q') != flags.npos};
    }
  }
}

std::string PackageState::text() const {
  std::string text = std::to_string(revision_) + (quarantined_ ? " *\n" : "\n");
  for (const auto& [version, standing] : versions_)
    text += version + " " + (standing.yanked ? "y" : "") + (standing.quarantined ? "q" : "") + "\n";
  return text;
}

bool PackageState::apply(const store::JournalEvent& event) {
  if (event.seq <= revision_) return false;
  revision_ = event.seq;
  const auto& action = event.action;
  if (action == "quarantine" || action == "release") {
    const bool on = action == "quarantine";
    if (!event.version) {
      quarantined_ = on;
    } else if (const auto found = versions_.find(*event.version); found != versions_.end()) {
      found->second.quarantined = on;
    }
    return true;
  }
  if (!event.version) return true;
  if (action == "publish") {
    versions_[*event.version] = {};
  } else if (action == "remove") {
    versions_.erase(*event.version);
  } else if (action == "yank" || action == "unyank") {
    if (const auto found = versions_.find(*event.version); found != versions_.end())
      found->second.yanked = action == "yank";
  }
  return true;
}

bool PackageState::hidden() const {
  if (quarantined_) return true;
  for (const auto& [version, standing] : versions_)
    if (!standing.quarantined) return false;
  return true;
}

bool PackageState::all_yanked() const {
  for (const auto& [version, standing] : versions_)
    if (!standing.quarantined && !standing.yanked) return false;
  return true;
}

std::optional<Version> PackageState::speaker() const {
  std::vector<VersionStanding> standings;
  for (const auto& [version, standing] : versions_)
    if (!standing.quarantined) standings.push_back({parse_version(version), standing.yanked});
  const auto index = speaker_of(standings);
  if (!index) return std::nullopt;
  return standings[*index].version;
}

PackageTexts texts_of(const store::JournalEvent& event) {
  const auto body = json::parse(event.body);
  const auto root = body.root();
  PackageTexts texts;
  texts.name = event.package;
  texts.metadata = metadata_from_json(root["metadata"]);
  root["owners"].each([&](json::Value owner) {
    if (const auto name = owner["username"].string()) texts.owners.emplace_back(*name);
  });
  texts.updated_at = unix_milliseconds(event.at);
  return texts;
}

}  // namespace wharf::search
