// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "libwharf/base/text.hpp"
#include "registry/services/moderation.hpp"

namespace wharf::admin {

namespace {

int quarantine(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const std::string name = package_of(arguments);
  const auto outcome = Moderation(bench.database, bench.visibility, bench.wait)
                           .quarantine(name, reason_of(origin), operator_principal(), origin);
  return report(arguments, {.package = name,
                            .done = "quarantined " + wharf::quoted(name) +
                                    (outcome.visible ? "; nobody is served it any more" : ""),
                            .so_already = wharf::quoted(name) + " is quarantined already, for that reason",
                            .changed = outcome.changed,
                            .visible = outcome.visible,
                            .more = [&](json::Writer& writer) {
                              writer.key("quarantined").begin_object();
                              writer.member("reason", outcome.quarantine->reason);
                              writer.member("at", to_rfc3339(outcome.quarantine->at)).end_object();
                            }});
}

int release(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const std::string name = package_of(arguments);
  const auto outcome =
      Moderation(bench.database, bench.visibility, bench.wait).release(name, operator_principal(), origin);
  return report(arguments,
                {.package = name,
                 .done = "released " + wharf::quoted(name) + (outcome.visible ? "; it is served again" : ""),
                 .so_already = wharf::quoted(name) + " is not quarantined",
                 .changed = outcome.changed,
                 .visible = outcome.visible,
                 .more = [](json::Writer& writer) { writer.member_null("quarantined"); }});
}

}  // namespace

Command quarantine_command() {
  return {
      .words = "quarantine",
      .positional = "PACKAGE",
      .help = "take a package out of sight, with all of its versions",
      .run = quarantine,
      .effect = Effect::changes,
      .json = true,
      .description =
          "Nobody is served its archives, nothing resolves to it, no list, search or count has it, and "
          "whoever asks for it is told that it is quarantined and why. Its owners can neither publish, yank "
          "nor change owners. Its name stays taken, its archives stay on the disk, and nothing is lost: "
          "`release` brings all back.\n\n"
          "Quarantining it again with another reason changes the reason.",
      .options = {{.name = "--reason",
                   .value = "TEXT",
                   .help = "why, in one line; everyone who asks for the package is shown it",
                   .required = true}},
      .examples = {{"wharf-package quarantine left-pat --reason 'its build script sends keys away'",
                    "malware, or a suspicion of it"}}};
}

Command release_command() {
  return {.words = "release",
          .positional = "PACKAGE",
          .help = "show a quarantined package again",
          .run = release,
          .effect = Effect::changes,
          .json = true,
          .description = "Everything is as it was, with what the operator changed meanwhile.",
          .examples = {{"wharf-package release left-pat --reason 'a false alarm'", "it was harmless"}}};
}

}  // namespace wharf::admin
