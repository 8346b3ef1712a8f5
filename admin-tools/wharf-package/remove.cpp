// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "registry/services/removal.hpp"

namespace wharf::admin {

namespace {

int remove(const Arguments& arguments) {
  Workbench bench(arguments);
  const std::string name = package_of(arguments);
  const std::string& version = arguments["VERSION"];
  if (version.empty() != arguments.has("--all-versions"))
    throw UsageError(version.empty() ? "'remove' needs the VERSION to remove, or --all-versions"
                                     : "'remove' takes a VERSION or --all-versions, not both");
  const auto origin = origin_of(arguments);
  Removal removal(bench.database, bench.visibility, std::chrono::hours(bench.config.publish.removal_hours),
                  bench.wait);
  const auto dependents =
      arguments.has("--force") ? Removal::Dependents::ignore : Removal::Dependents::refuse;
  RemovalOutcome outcome;
  if (version.empty()) {
    outcome = removal.remove_all(name, operator_principal(), origin, dependents);
  } else {
    outcome.visible = removal.remove(name, version, operator_principal(), origin, dependents);
    outcome.versions = {version};
  }
  std::string removed;
  for (const auto& one : outcome.versions) removed += (removed.empty() ? "" : ", ") + one;
  return report(arguments,
                {.package = name,
                 .done = "removed " + name + " " + removed,
                 .so_already = {},
                 .changed = true,
                 .visible = outcome.visible,
                 .more = [&](json::Writer& writer) { writer.member("removed", outcome.versions); }});
}

}  // namespace

Command remove_command() {
  return {
      .words = "remove",
      .positional = "PACKAGE [VERSION]",
      .help = "remove a version for good, however old it is",
      .run = remove,
      .effect = Effect::destroys,
      .json = true,
      .description =
          "Its archive is not served any more, its number is never free again, and the archive's file goes "
          "with the next `wharf-registry gc`. Owners can do this within `publish.removal_hours`; the "
          "operator "
          "always.\n\n"
          "A version that another package depends on is refused; `--force` removes it all the same, and that "
          "package's next resolution fails. With `--all-versions` all go or none; the name stays with its "
          "owners, who can publish higher versions. To keep it from them, quarantine the package, too.",
      .options = {{"--all-versions", "", "every version of the package"},
                  {"--force", "", "also what other packages depend on"},
                  {.name = "--reason", .value = "TEXT", .help = "why, for the audit log", .required = true}},
      .examples = {{"wharf-package remove tide-tables 1.4.0 --reason 'a private key in the archive' --yes",
                    "a secret was published"},
                   {"wharf-package remove left-pat --all-versions --force --reason 'malware' --yes",
                    "what nobody must ever install"}},
      .consequence =
          "its number is never free again and its archive goes with the next collection of garbage"};
}

}  // namespace wharf::admin
