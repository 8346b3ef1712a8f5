// SPDX-License-Identifier: MIT
#include "registry/services/yanking.hpp"

#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"

namespace wharf::admin {

namespace {

int report_yank(const Arguments& arguments, const YankOutcome& outcome, bool yanked) {
  const std::string what = package_of(arguments) + " " + outcome.version.version;
  return report(arguments, {.package = package_of(arguments),
                            .done = yanked ? "yanked " + what + "; whoever is locked to it can still fetch it"
                                           : "unyanked " + what,
                            .so_already = what + (yanked ? " is yanked already" : " is not yanked"),
                            .changed = outcome.changed,
                            .visible = outcome.visible,
                            .more = [&](json::Writer& writer) {
                              writer.member("version", outcome.version.version).member("yanked", yanked);
                              writer.member("yank_reason", outcome.version.yank_reason);
                            }});
}

int yank(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const auto outcome =
      Yanking(bench.database, bench.visibility, bench.wait)
          .yank(package_of(arguments), arguments["VERSION"], origin.reason, operator_principal(), origin);
  return report_yank(arguments, outcome, true);
}

int unyank(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const auto outcome = Yanking(bench.database, bench.visibility, bench.wait)
                           .unyank(package_of(arguments), arguments["VERSION"], operator_principal(), origin);
  return report_yank(arguments, outcome, false);
}

}  // namespace

Command yank_command() {
  return {
      .words = "yank",
      .positional = "PACKAGE VERSION",
      .help = "keep a version out of new resolutions",
      .run = yank,
      .effect = Effect::changes,
      .json = true,
      .description =
          "Whoever is locked to the version can still fetch it. Yanking it again with another reason changes "
          "the reason.",
      .options = {{"--reason", "TEXT", "why, in one line; everyone is shown it beside the version"}},
      .examples = {{"wharf-package yank tide-tables 1.4.0 --reason 'wrong tables for spring'",
                    "broken, but harmless"}}};
}

Command unyank_command() {
  return {.words = "unyank",
          .positional = "PACKAGE VERSION",
          .help = "take a yank back",
          .run = unyank,
          .effect = Effect::changes,
          .json = true,
          .examples = {{"wharf-package unyank tide-tables 1.4.0", "it was right after all"}}};
}

}  // namespace wharf::admin
