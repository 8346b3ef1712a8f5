// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/package_overview.hpp"

namespace wharf::admin {

namespace {

constexpr std::int64_t k_most = 10'000;

store::OverviewFilter filter_of(const Arguments& arguments) {
  using Order = store::OverviewFilter::Order;
  store::OverviewFilter filter;
  if (const auto owner = arguments.maybe("--owner")) filter.owner = fold(*owner);
  if (const auto query = arguments.maybe("--query")) filter.query = fold(*query);
  filter.quarantined = arguments.has("--quarantined");
  filter.yanked = arguments.has("--yanked");
  const auto sort = arguments.maybe("--sort").value_or("name");
  filter.order = sort == "recent" ? Order::recent : sort == "downloads" ? Order::downloads : Order::name;
  filter.limit = static_cast<std::uint64_t>(arguments.number("--limit", 1, k_most).value_or(100));
  filter.offset = static_cast<std::uint64_t>(arguments.number("--offset", 0, 1'000'000'000).value_or(0));
  return filter;
}

void print_json(const std::vector<store::PackageOverview>& packages) {
  json::Writer writer;
  writer.begin_object().key("packages").begin_array();
  for (const auto& package : packages) {
    writer.begin_object().member("name", package.name).member("latest_version", package.latest_version);
    writer.member("versions", package.versions).member("yanked", package.yanked);
    writer.member("downloads", package.downloads).key("owners").begin_array();
    for (const auto owner : split(package.owners, ' '))
      if (!owner.empty()) writer.value(owner);
    writer.end_array().member("updated_at", to_rfc3339(package.updated_at));
    writer.member("quarantined", package.quarantine.has_value()).end_object();
    put(writer);
  }
  writer.end_array().end_object();
  finish(writer);
}

int list(const Arguments& arguments) {
  const auto filter = filter_of(arguments);
  Workbench bench(arguments);
  const auto packages = PackageOverviews(bench.database).list(filter);
  if (arguments.json()) {
    print_json(packages);
    return 0;
  }
  Table table({"NAME", "LATEST", "VERSIONS", "YANKED", "DOWNLOADS", "OWNERS", "CHANGED"});
  for (const auto& package : packages) {
    const Cell latest =
        package.quarantine ? Cell(Colour::red, "quarantined") : Cell(package.latest_version.value_or("none"));
    table.add({package.name, latest, package.versions, package.yanked, package.downloads,
               printable(package.owners), to_rfc3339(package.updated_at)});
  }
  table.finish();
  if (packages.size() == filter.limit)
    note("there may be more; see them with --offset " + std::to_string(filter.offset + filter.limit));
  return 0;
}

}  // namespace

Command list_command() {
  return {.words = "list",
          .positional = "",
          .help = "list packages, quarantined ones too",
          .run = list,
          .json = true,
          .options = {{"--owner", "USER", "those that a user owns or maintains"},
                      {"--query", "TEXT", "those with this in their name"},
                      {"--quarantined", "", "those that are quarantined"},
                      {"--yanked", "", "those with a yanked version"},
                      {"--sort", "ORDER", "by `name` (unless given), `recent` or `downloads`",
                       "name recent downloads"},
                      {"--limit", "NUMBER", "at most this many, 1 to 10000 (100)"},
                      {"--offset", "NUMBER", "leave out this many"}},
          .examples = {{"wharf-package list --quarantined", "what is out of sight"},
                       {"wharf-package list --sort recent --limit 20", "what happened lately"},
                       {"wharf-package list --owner grace --json", "for a script"}}};
}

}  // namespace wharf::admin
