// SPDX-License-Identifier: MIT
#include "registry/doctor/examination.hpp"

#include <algorithm>
#include <memory>

#include "admin-tools/common/identity.hpp"
#include "admin-tools/common/operator.hpp"
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/doctor_downloads.hpp"
#include "admin-tools/wharf-registry/projections.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/services.hpp"

namespace wharf::admin {

namespace {

using namespace doctor;

constexpr int k_repairable = 1, k_loss = 2;

void write_finding(json::Writer& writer, const Finding& finding) {
  writer.begin_object();
  writer.member("check", finding.check).member("severity", severity_name(finding.severity));
  writer.member("where", finding.where).member("what", finding.what).member("mend", finding.mend);
  writer.member("mended", finding.mended);
  writer.key("failure");
  finding.failure.empty() ? writer.null() : writer.value(finding.failure);
  writer.end_object();
}

void print_finding(const Finding& finding) {
  std::string line = std::string(finding.mended ? "mended" : severity_name(finding.severity)) + " [" +
                     std::string(finding.check) + "] " + printable(finding.where) + ": " +
                     printable(finding.what);
  if (!finding.mended) line += "; " + printable(finding.mend);
  if (!finding.failure.empty()) line += " (could not be mended: " + printable(finding.failure) + ")";
  say(line);
}

std::vector<Check> chosen(const std::vector<std::string>& names) {
  std::vector<Check> wanted;
  std::vector<std::string_view> known;
  for (const auto& check : checks()) known.push_back(check.name);
  for (const auto& name : names)
    if (std::ranges::find(known, name) == known.end())
      throw UsageError("there is no check '" + name + "'" + suggestion(name, known));
  for (const auto& check : checks())
    if (names.empty() || std::ranges::find(names, check.name) != names.end()) wanted.push_back(check);
  return wanted;
}

void summarize(const Examination& examination) {
  const auto line = [](std::uint64_t count, const char* what) {
    return count == 0 ? std::string() : std::to_string(count) + " " + what;
  };
  const auto notes = examination.count(Severity::note);
  std::string said;
  for (const auto& part :
       {line(examination.count(Severity::loss), "lost"),
        line(examination.count(Severity::repairable), "to be mended"), line(examination.mended(), "mended"),
        notes == 0 ? std::string() : counted(notes, "note")})
    if (!part.empty()) said += (said.empty() ? "" : ", ") + part;
  say(said.empty() ? "all is well" : said);
}

int run_doctor(const Arguments& arguments) {
  if (arguments.has("--downloads")) {
    if (!arguments.all("CHECK").empty() || arguments.has("--deep"))
      throw UsageError("--downloads is a check of its own; leave the others and --deep out");
    return recount_downloads(arguments);
  }
  if (arguments.has("--logs")) throw UsageError("--logs goes with --downloads");
  const auto config = config_of(arguments);
  const auto origin = origin_of(arguments);
  const auto who = operator_principal();
  const auto wanted = chosen(arguments.all("CHECK"));
  json::Writer writer;
  if (arguments.json()) writer.begin_object().key("findings").begin_array();

  std::unique_ptr<Progress> progress;
  Examination::Settings settings;
  settings.deep = arguments.has("--deep");
  settings.repair = arguments.has("--repair");
  settings.rebuild_tree = [&] {
    const ActAsOwnerOf clerk(config.storage.public_tree);
    rebuild_tree(config);
  };
  settings.rebuild_search = [&] {
    const ActAsOwnerOf clerk(config.storage.public_tree);
    rebuild_search(config);
  };
  settings.listener = [&](const Finding& finding) {
    if (!arguments.json()) return print_finding(finding);
    write_finding(writer, finding);
    put(writer);
  };
  settings.progress = [&](std::string_view, std::uint64_t done) { progress->at(done); };

  store::Database database(connection_settings(config, Config::Role::admin));
  Examination examination(config, database, std::move(settings), who, origin);
  for (const auto& check : wanted) {
    progress = std::make_unique<Progress>(std::string(check.name));
    run_check(examination, check);
  }
  progress.reset();
  if (arguments.json()) {
    writer.end_array();
    writer.key("checks").begin_array();
    for (const auto& check : wanted) writer.value(check.name);
    writer.end_array();
    for (const auto severity : {Severity::note, Severity::repairable, Severity::loss})
      writer.member(severity_name(severity), examination.count(severity));
    writer.member("mended", examination.mended()).end_object();
    finish(writer);
  } else {
    summarize(examination);
  }
  if (examination.count(Severity::loss) > 0) return k_loss;
  return examination.count(Severity::repairable) > 0 ? k_repairable : 0;
}

}  // namespace

Command doctor_command() {
  return {.words = "doctor",
          .positional = "[CHECK...]",
          .help = "look whether everything fits together",
          .run = run_doctor,
          .effect = Effect::changes,
          .json = true,
          .description =
              "Compares rows, archives, the journal, what nginx serves, the search index and the download "
              "counts with one "
              "another. The registry may be at work: what looks wrong is looked at again before it is told. "
              "The checks are "
              "`journal`, `blobs`, `packages`, `totals`, `downloads`, `accounts`, `tree`, `search` and "
              "`garbage`; all of "
              "them where none is named.\n\n"
              "`--downloads` is a check of its own: it counts downloads once more, from the download logs "
              "that are kept, "
              "and compares each day that these cover whole. A day is left out where a log with lines of it "
              "is not here: "
              "rotated away, or another machine's (`--logs` names folders with those).\n\n"
              "Exit code: 0 where all is well or was mended, 1 where something can be mended (with "
              "`--downloads` also "
              "after it was), 2 where something is lost. Without `--repair` nothing is changed. What it "
              "mends leaves a row "
              "each in the audit log.",
          .options = {{"--downloads", "", "the download counts against the kept logs, and nothing else"},
                      {"--logs",
                       "DIR",
                       "a folder with more of the download logs, as copied from another machine",
                       {},
                       false,
                       true},
                      {"--deep", "", "read every byte of every archive"},
                      {"--repair", "", "mend what can be mended without a loss"}},
          .examples = {{"wharf-registry doctor", "every night, from cron"},
                       {"wharf-registry doctor --deep blobs", "after trouble with a disk"},
                       {"wharf-registry doctor --downloads", "every week, from cron"},
                       {"wharf-registry doctor --repair tree", "while the clerk is stopped"}}};
}

}  // namespace wharf::admin
