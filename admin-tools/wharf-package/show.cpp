// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/package_overview.hpp"

namespace wharf::admin {

namespace {

void print_json(const PackageOverviews::OfPackage& found) {
  const auto& package = found.overview;
  json::Writer writer;
  writer.begin_object().member("name", package.name).member("latest_version", package.latest_version);
  writer.member("versions", package.versions).member("yanked", package.yanked);
  writer.member("removed", package.removed).member("downloads", package.downloads);
  writer.key("owners").begin_array();
  for (const auto& owner : found.owners)
    writer.begin_object().member("username", owner.username).member("role", owner.role).end_object();
  writer.end_array().member("created_at", to_rfc3339(package.created_at));
  writer.member("updated_at", to_rfc3339(package.updated_at)).member("revision", package.revision);
  if (package.quarantine) {
    writer.key("quarantined").begin_object().member("reason", package.quarantine->reason);
    writer.member("at", to_rfc3339(package.quarantine->at)).end_object();
  } else {
    writer.member_null("quarantined");
  }
  writer.end_object();
  finish(writer);
}

int show(const Arguments& arguments) {
  Workbench bench(arguments);
  const auto found = PackageOverviews(bench.database).package(package_of(arguments));
  if (arguments.json()) {
    print_json(found);
    return 0;
  }
  const auto& package = found.overview;
  Facts facts;
  facts.add("name", package.name);
  if (package.quarantine) {
    facts.add("quarantined", Cell(Colour::red, "since " + to_rfc3339(package.quarantine->at)));
    facts.add("reason", printable(package.quarantine->reason));
  }
  facts.add("latest version", package.latest_version.value_or("none"));
  facts.add("versions", std::to_string(package.versions) + ", of which " + std::to_string(package.yanked) +
                            " yanked; " + std::to_string(package.removed) + " more were removed");
  for (const auto& owner : found.owners) facts.add(owner.role, printable(owner.username));
  facts.add("downloads", package.downloads);
  facts.add("created", to_rfc3339(package.created_at)).add("changed", to_rfc3339(package.updated_at));
  facts.add("revision", package.revision);
  facts.print();
  return 0;
}

int versions(const Arguments& arguments) {
  Workbench bench(arguments);
  const auto rows = PackageOverviews(bench.database).versions(package_of(arguments));
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("package", package_of(arguments)).key("versions").begin_array();
    for (const auto& row : rows) {
      writer.begin_object().member("version", row.version).member("state", store::state_name(row.state));
      writer.member("yank_reason", row.yank_reason).member("published_at", to_rfc3339(row.published_at));
      writer.member("published_by", row.published_by).member("size", row.size);
      writer.member("checksum", row.digest).member("dialect", row.dialect).end_object();
      put(writer);
    }
    writer.end_array().end_object();
    finish(writer);
    return 0;
  }
  Table table({"VERSION", "STATE", "PUBLISHED", "BY", "BYTES", "SHA-256", "REASON"});
  for (const auto& row : rows)
    table.add({row.version, store::state_name(row.state), to_rfc3339(row.published_at),
               printable(row.published_by), row.size, row.digest, printable(row.yank_reason.value_or(""))});
  table.finish();
  return 0;
}

}  // namespace

Command show_command() {
  return {.words = "show",
          .positional = "PACKAGE",
          .help = "show what there is of a package",
          .run = show,
          .json = true,
          .description = "Also of a quarantined one, with the reason.",
          .examples = {{"wharf-package show tide-tables", "its owners, versions and downloads at a glance"}}};
}

Command versions_command() {
  return {.words = "versions",
          .positional = "PACKAGE",
          .help = "list every version that a package ever had",
          .run = versions,
          .json = true,
          .description = "Highest first; `active`, `yanked` and `removed` ones, with who published them.",
          .examples = {{"wharf-package versions tide-tables", "who published what, and when"}}};
}

}  // namespace wharf::admin
