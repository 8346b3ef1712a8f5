// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/doctor_downloads.hpp"

#include "admin-tools/common/database.hpp"
#include "admin-tools/common/operator.hpp"
#include "admin-tools/common/tool.hpp"
#include "libwharf/command/output.hpp"
#include "registry/counting/download_check.hpp"

namespace wharf::admin {

namespace {

constexpr std::size_t k_shown = 20;

std::string days_of(const DownloadCheck& check) {
  if (check.days.empty()) return "none: no kept log covers a day whole";
  return std::to_string(check.days.size()) + ", " + check.days.front() + " to " + check.days.back();
}

void print(const DownloadCheck& check, bool repaired) {
  Facts()
      .add("days compared", days_of(check))
      .add("downloads in them", check.downloads)
      .add("logs recounted", check.logs)
      .add("logs not here", check.logs_elsewhere)
      .add("bytes to be counted", check.uncounted)
      .print();
  Table table({"DAY", "PACKAGE", "VERSION", "COUNTED", "IN THE LOGS", "IMPORTED"});
  for (std::size_t i = 0; i < check.differences.size() && i < k_shown; ++i) {
    const auto& one = check.differences[i];
    table.add({one.day, one.package, one.version, one.counted, one.logged, one.imported});
  }
  table.finish();
  if (check.differences.size() > k_shown)
    say("and " + std::to_string(check.differences.size() - k_shown) + " more (--json shows all)");
  for (const auto& sum : check.wrong_sums) say("the sums in '" + sum + "' are not those of the days");
  for (const auto& loss : check.losses)
    say("the log '" + printable(loss.path) + "' of machine '" + printable(loss.machine) + "' " + loss.what);
  if (check.verdict() == 0)
    say("the counts are those of the logs");
  else if (check.repairable())
    say(repaired ? "the counts were set to those of the logs" : "repair the counts with --repair");
  if (check.verdict() == 2)
    say(repaired ? "lines are lost for good; noted"
                 : "lines are lost for good; --repair takes note of logs that are gone");
}

void print_json(const DownloadCheck& check, bool repaired) {
  json::Writer writer;
  writer.begin_object().member("verdict", check.verdict()).member("repaired", repaired);
  writer.member("days", check.days).member("downloads", check.downloads).member("logs", check.logs);
  writer.member("logs_elsewhere", check.logs_elsewhere).member("bytes_uncounted", check.uncounted);
  writer.key("differences").begin_array();
  for (const auto& one : check.differences) {
    writer.begin_object()
        .member("day", one.day)
        .member("package", one.package)
        .member("version", one.version);
    writer.member("counted", one.counted).member("logged", one.logged).member("imported", one.imported);
    writer.end_object();
  }
  writer.end_array().member("wrong_sums", check.wrong_sums).key("losses").begin_array();
  for (const auto& loss : check.losses) {
    writer.begin_object().member("path", loss.path).member("machine", loss.machine).member("what", loss.what);
    writer.end_object();
  }
  writer.end_array().end_object();
  finish(writer);
}

}  // namespace

int recount_downloads(const Arguments& arguments) {
  const auto config = config_of(arguments);
  DownloadCheckSettings settings;
  settings.machine = config.clerk.machine;
  settings.logs.push_back(config.nginx.download_log);
  for (const auto& folder : arguments.values("--logs"))
    settings.logs.push_back(Path(folder) / config.nginx.download_log.filename());
  store::Database database(connection_settings(config, Config::Role::admin));
  const bool repair = arguments.has("--repair");
  const auto origin = origin_of(arguments);
  const auto check =
      repair ? repair_downloads(database, settings,
                                [&](store::Connection& connection, const DownloadCheck& found) {
                                  note_in_audit(connection, "downloads-repair", "downloads",
                                                std::to_string(found.differences.size()) + " counts, " +
                                                    std::to_string(found.wrong_sums.size()) +
                                                    " tables of sums, " +
                                                    std::to_string(found.losses.size()) + " logs with losses",
                                                origin);
                                })
             : check_downloads(database, settings);
  if (arguments.json())
    print_json(check, repair);
  else
    print(check, repair);
  return check.verdict();
}

}  // namespace wharf::admin
