// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/statistics.hpp"

namespace wharf::admin {

namespace {

int stats_of_all(const Arguments& arguments, Workbench& bench) {
  Statistics statistics(bench.database);
  const auto& figures = statistics.overview();
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("packages", figures.totals.listed);
    writer.member("versions", figures.totals.versions).member("users", figures.users);
    writer.member("downloads", figures.downloads).key("top_packages").begin_array();
    for (const auto& package : figures.top)
      writer.begin_object().member("name", package.name).member("downloads", package.downloads).end_object();
    writer.end_array().end_object();
    finish(writer);
    return 0;
  }
  Facts facts;
  facts.add("packages", figures.totals.listed).add("versions", figures.totals.versions);
  facts.add("users", figures.users).add("downloads", figures.downloads);
  facts.print();
  Table table({"MOST DOWNLOADED", "DOWNLOADS"});
  for (const auto& package : figures.top) table.add({package.name, package.downloads});
  table.finish();
  return 0;
}

int stats(const Arguments& arguments) {
  const auto days =
      arguments.number("--days", 1, Statistics::k_most_days).value_or(Statistics::k_default_days);
  Workbench bench(arguments);
  const std::string name = package_of(arguments);
  if (name.empty()) return stats_of_all(arguments, bench);
  const auto figures =
      Statistics(bench.database)
          .of_package(name, static_cast<int>(days), now(), Statistics::Asked::by_the_operator);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("package", name).key("downloads").begin_object();
    writer.member("total", figures.total).member("week", figures.week).member("month", figures.month);
    writer.member("year", figures.year).key("daily").begin_array();
    for (const auto& day : figures.daily)
      writer.begin_object().member("date", day.day).member("count", day.count).end_object();
    writer.end_array().end_object();
    writer.member("versions", figures.versions).member("dependents", figures.dependents).end_object();
    finish(writer);
    return 0;
  }
  Facts facts;
  facts.add("downloads", figures.total).add("in 7 days", figures.week).add("in 30 days", figures.month);
  facts.add("in 365 days", figures.year).add("versions", figures.versions);
  facts.add("dependents", figures.dependents);
  facts.print();
  if (!arguments.has("--days")) return 0;
  Table table({"DAY", "DOWNLOADS"});
  for (const auto& day : figures.daily) table.add({day.day, day.count});
  table.finish();
  return 0;
}

}  // namespace

Command stats_command() {
  return {.words = "stats",
          .positional = "[PACKAGE]",
          .help = "show how much a package, or the whole registry, is used",
          .run = stats,
          .json = true,
          .description =
              "Downloads in all and lately, and how many packages depend on it; of a quarantined package, "
              "too: how "
              "many were reached. Without a package, the registry's totals.",
          .options = {{"--days", "NUMBER", "the downloads of each of the last days, 1 to 366"}},
          .examples = {{"wharf-package stats left-pat --days 14", "who may have fetched it, day by day"},
                       {"wharf-package stats", "the registry as a whole"}}};
}

}  // namespace wharf::admin
