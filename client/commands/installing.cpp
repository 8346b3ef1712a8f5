// SPDX-License-Identifier: MIT
#include "client/commands/installing.hpp"

#include <algorithm>
#include <utility>

#include "libwharf/base/counted.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/package/latest.hpp"

namespace wharf::client {

namespace {

using command::printable;

void write_packages(json::Writer& writer, const Workplace& workplace, const Asked& asked,
                    const std::vector<LockedPackage>& packages) {
  writer.key("packages").begin_array();
  for (const auto& package : packages) {
    writer.begin_object().member("name", package.name).member("version", package.version.text());
    writer.member("checksum", package.checksum).member("registry", package.registry);
    writer.member(
        "path",
        installed_path(workplace.session.profile, workplace.root(), package.name, package.version).native());
    writer.member("dev", package.dev).end_object();
  }
  writer.end_array().key("in_place").begin_array();
  write_in_place(writer, asked);
  writer.end_array();
}

struct Outcome {
  std::vector<LockedPackage> packages;
  std::vector<Change> changes;
  Carried carried;
  bool manifest_changed = false;
};

void report_as_json(const Workplace& workplace, const Undertaking& undertaking, const Outcome& outcome) {
  json::Writer writer;
  writer.begin_object().member("profile", workplace.session.profile.name);
  writer.member("project", workplace.root().native()).member("lock", workplace.lock_file.native());
  writer.member("registry", workplace.session.registry).member("dry_run", undertaking.dry_run);
  write_packages(writer, workplace, undertaking.asked, outcome.packages);
  writer.key("changes");
  write_changes(writer, outcome.changes);
  writer.member("installed", outcome.carried.report.installed);
  writer.member("removed", outcome.carried.report.removed);
  writer.member("fetched", outcome.carried.fetched);
  writer.member("lock_changed", outcome.carried.lock_changed);
  writer.member("manifest_changed", outcome.manifest_changed);
  writer.member("warnings", outcome.carried.warnings).end_object();
  command::finish(writer);
}

std::string summary(const Outcome& outcome) {
  const auto& report = outcome.carried.report;
  if (report.installed.empty() && report.removed.empty())
    return outcome.packages.empty() ? "no packages are needed"
                                    : counted(outcome.packages.size(), "package") + " in place already";
  std::string text = counted(report.installed.size(), "package") + " installed";
  if (outcome.carried.fetched != 0) text += " (" + std::to_string(outcome.carried.fetched) + " fetched)";
  if (!report.removed.empty()) text += ", " + std::to_string(report.removed.size()) + " removed";
  if (!report.unchanged.empty()) text += ", " + std::to_string(report.unchanged.size()) + " in place already";
  return text;
}

int report(const Workplace& workplace, const Undertaking& undertaking, const Outcome& outcome) {
  if (workplace.session.json) {
    report_as_json(workplace, undertaking, outcome);
    return k_ok;
  }
  for (const auto& change : outcome.changes) command::say(printable(shown(change)));
  if (undertaking.dry_run)
    command::note(outcome.changes.empty() ? "nothing would change"
                                          : "nothing was changed: this was a dry run");
  else
    command::note(summary(outcome));
  return k_ok;
}

[[noreturn]] void refuse_difference(const Workplace& workplace, const std::vector<std::string>& differences) {
  std::string sentence = "--locked: " + wharf::quoted(workplace.session.profile.lock_file) + " would change:";
  for (const auto& difference : differences) sentence += "\n  " + difference;
  throw Error(Code::conflict, sentence + "\n  run `wharf install` without --locked, and commit the lock");
}

}  // namespace

int solving(const Session& session, const std::function<int()>& work) {
  try {
    return work();
  } catch (const Unsolved& failure) {
    if (session.json) {
      json::Writer writer;
      writer.begin_object().member("error", "no_solution").member("message", failure.public_message());
      writer.key("explanation").begin_array();
      for (const auto line : split(failure.explanation, '\n'))
        if (!line.empty()) writer.value(trim(line));  // without the space beside numbers
      writer.end_array().member("ways_out", failure.ways_out).end_object();
      command::finish(writer);
      return k_no_solution;
    }
    std::string text = failure.public_message() + "\n\n" + failure.explanation;
    for (std::size_t i = 0; i < failure.ways_out.size(); ++i)
      text += (i == 0 ? "\n\nOne way out: " : "\nAnother: ") + failure.ways_out[i];
    throw NoSolution(text);
  }
}

std::optional<std::string> newest_requirement(Index& index, const std::string& name) {
  const auto* document = index.document(name);
  if (!document) return std::nullopt;
  std::vector<VersionStanding> versions;
  for (const auto& entry : document->versions()) versions.push_back({entry.version, entry.yanked});
  const auto latest = latest_of(versions);
  if (!latest || versions[*latest].version.is_prerelease()) return std::nullopt;
  return "^" + versions[*latest].version.identity();
}

int undertake(const Workplace& workplace, const Undertaking& undertaking) {
  workplace.require_same_registry();
  const auto& session = workplace.session;
  return solving(session, [&] {
    const auto shared =
        undertaking.index ? undertaking.index : std::make_shared<Index>(access_of(workplace.session));
    Index& index = *shared;
    Outcome outcome;
    std::vector<std::string> differences;
    if (!undertaking.fresh) differences = workplace.differences_from_lock(undertaking.asked);
    if (undertaking.locked && !differences.empty()) refuse_difference(workplace, differences);
    Order order;
    std::optional<Plan> planned;
    if (undertaking.fresh || !differences.empty()) {
      for (const auto& difference : differences) command::detail(difference);
      planned = plan(index, session.registry, undertaking.asked, workplace.lock_or_empty(), undertaking.wish);
      outcome.changes = planned->changes;
      order.packages = planned->packages;
      order.lock = &planned->lock;
    } else {
      order.packages = workplace.lock->packages;
    }
    outcome.packages = order.packages;
    if (undertaking.manifest && *undertaking.manifest != workplace.project.text) {
      order.manifest = undertaking.manifest;
      outcome.manifest_changed = true;
    }
    if (!undertaking.dry_run) outcome.carried = carry_out(workplace, undertaking.asked, index, order);
    return report(workplace, undertaking, outcome);
  });
}

std::vector<command::OptionSpec> with_solving_options(std::vector<command::OptionSpec> own) {
  own.push_back({"--explain", "", "where no versions fit together, the whole explanation"});
  own.push_back({"--dry-run", "", "say what would change, and change nothing"});
  return own;
}

Wish wish_of(const command::Arguments& arguments) {
  Wish wish;
  wish.explain_whole = arguments.has("--explain");
  return wish;
}

}  // namespace wharf::client
