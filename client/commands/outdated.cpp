// SPDX-License-Identifier: MIT
#include <algorithm>

#include "client/commands/commands.hpp"
#include "client/commands/installing.hpp"
#include "client/solve/lock_graph.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/package/latest.hpp"

namespace wharf::client {

namespace {

struct Row {
  const LockedPackage* package;
  std::optional<Version> wanted;  // what `update` would lock; nothing: it would not be there
  std::optional<Version> latest;  // nothing: every version is yanked, or nobody knows
  std::string asked;              // how the manifest asks for it; empty: it does not
};

std::optional<Version> latest_of_package(Index& index, const LockedPackage& package) {
  const auto* document = index.document(package.name);
  if (!document) return std::nullopt;
  std::vector<VersionStanding> versions;
  for (const auto& entry : document->versions()) versions.push_back({entry.version, entry.yanked});
  const auto latest = latest_of(versions);
  return latest ? std::optional(versions[*latest].version) : std::nullopt;
}

std::vector<Row> rows_of(const Workplace& workplace, Index& index, bool all) {
  const auto& lock = *workplace.lock;
  const auto asked = asked_by(workplace.session.profile, workplace.project);
  std::vector<std::string> names;
  for (const auto& package : lock.packages) names.push_back(package.name);
  index.refresh(names);
  // What cannot be resolved anew stays as it is, and `update` says why.
  Lock updated = lock;
  try {
    updated = plan(index, workplace.session.require_registry(), asked, Lock{}, {}).lock;
  } catch (const Unsolved& failure) {
    command::warn(failure.public_message() + "; `wharf update` explains it");
  }
  std::vector<Row> rows;
  for (const auto& package : lock.packages) {
    Row row{.package = &package, .wanted = {}, .latest = latest_of_package(index, package), .asked = {}};
    if (const auto* now = updated.find(package.name)) row.wanted = now->version;
    for (const auto& want : asked.wants)
      if (want.name == package.name && row.asked.empty()) row.asked = want.text();
    const bool behind = row.wanted != package.version || (row.latest && *row.latest > package.version);
    if (behind || all) rows.push_back(std::move(row));
  }
  return rows;
}

void write_version(json::Writer& writer, std::string_view key, const std::optional<Version>& version) {
  if (version)
    writer.member(key, version->text());
  else
    writer.member_null(key);
}

int outdated(const command::Arguments& arguments) {
  const Workplace workplace(open_session(arguments), Workplace::Use::read, arguments.has("--global"));
  workplace.require_lock();
  workplace.require_same_registry();
  Index index(access_of(workplace.session));
  const auto rows = rows_of(workplace, index, arguments.has("--all"));
  if (workplace.session.json) {
    json::Writer writer;
    writer.begin_object().key("packages").begin_array();
    for (const auto& row : rows) {
      writer.begin_object().member("name", row.package->name).member("current", row.package->version.text());
      write_version(writer, "wanted", row.wanted);
      write_version(writer, "latest", row.latest);
      writer.member("requirement", row.asked).member("direct", !row.asked.empty()).end_object();
    }
    writer.end_array().end_object();
    command::finish(writer);
    return k_ok;
  }
  command::Table table({"NAME", "CURRENT", "WANTED", "LATEST", "ASKED FOR"});
  for (const auto& row : rows) {
    const auto text = [](const std::optional<Version>& version) { return version ? version->text() : "-"; };
    table.add({row.package->name, row.package->version.text(), text(row.wanted), text(row.latest),
               command::printable(row.asked)});
  }
  table.finish();
  if (rows.empty())
    command::note(counted(workplace.lock->packages.size(), "package") + ", each the newest there is");
  return k_ok;
}

}  // namespace

command::Command outdated_command() {
  return {.words = "outdated",
          .positional = "",
          .help = "list the packages of which there are newer versions",
          .run = outdated,
          .json = true,
          .description =
              "CURRENT is what is locked, WANTED what `update` would lock, LATEST the newest version that is "
              "neither yanked nor a prerelease. ASKED FOR is empty for what only other packages need.",
          .options = {{"--all", "", "those that are the newest, too"},
                      {"--global", "", "of the user's own packages directory", {}, false, false, 'g'}},
          .examples = {{"wharf outdated", "is there anything to update?"}}};
}

}  // namespace wharf::client
