// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/owners.hpp"

namespace wharf::admin {

namespace {

void write_owners(json::Writer& writer, const std::vector<store::OwnerRow>& owners) {
  writer.key("owners").begin_array();
  for (const auto& owner : owners) {
    writer.begin_object().member("username", owner.username).member("role", owner.role);
    writer.member("added_at", to_rfc3339(owner.added_at)).end_object();
  }
  writer.end_array();
}

int report_owners(const Arguments& arguments, const OwnersOutcome& outcome, std::string done,
                  std::string so_already) {
  return report(arguments, {.package = package_of(arguments),
                            .done = std::move(done),
                            .so_already = std::move(so_already),
                            .changed = outcome.changed,
                            .visible = outcome.visible,
                            .more = [&](json::Writer& writer) { write_owners(writer, outcome.owners); }});
}

int owner_list(const Arguments& arguments) {
  Workbench bench(arguments);
  const auto owners = Owners(bench.database, bench.visibility, bench.wait).list(package_of(arguments));
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("package", package_of(arguments));
    write_owners(writer, owners);
    writer.end_object();
    finish(writer);
    return 0;
  }
  Table table({"USER", "ROLE", "SINCE"});
  for (const auto& owner : owners)
    table.add({printable(owner.username), owner.role, to_rfc3339(owner.added_at)});
  table.finish();
  return 0;
}

int owner_add(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  const auto role = owner_role_from(arguments.maybe("--role").value_or("owner"));
  Workbench bench(arguments);
  const std::string name = package_of(arguments);
  const auto outcome = Owners(bench.database, bench.visibility, bench.wait)
                           .add(name, arguments["USER"], role, operator_principal(), origin);
  const std::string what = wharf::quoted(outcome.subject.username) + " is " +
                           (role == OwnerRole::owner ? "an owner" : "a maintainer") + " of " +
                           wharf::quoted(name);
  return report_owners(arguments, outcome, what, what + " already");
}

int owner_remove(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const std::string name = package_of(arguments);
  const auto outcome = Owners(bench.database, bench.visibility, bench.wait)
                           .remove(name, arguments["USER"], operator_principal(), origin);
  const std::string what =
      wharf::quoted(outcome.subject.username) + " has no part in " + wharf::quoted(name) + " any more";
  return report_owners(arguments, outcome, what, what);
}

int transfer(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const std::string name = package_of(arguments);
  const auto outcome = Owners(bench.database, bench.visibility, bench.wait)
                           .transfer(name, arguments["USER"], operator_principal(), origin);
  const std::string what =
      wharf::quoted(outcome.subject.username) + " is the one owner of " + wharf::quoted(name);
  return report_owners(arguments, outcome, what, what + " already");
}

}  // namespace

Command owner_list_command() {
  return {.words = "owner list",
          .positional = "PACKAGE",
          .help = "list who may do what with a package",
          .run = owner_list,
          .json = true,
          .description = "Owners may do everything, maintainers publish and yank.",
          .examples = {{"wharf-package owner list tide-tables", "whom to ask"}}};
}

Command owner_add_command() {
  return {.words = "owner add",
          .positional = "PACKAGE USER",
          .help = "give a user a role with a package",
          .run = owner_add,
          .effect = Effect::changes,
          .json = true,
          .description = "Whoever has another role already is given this one.",
          .options = {{"--role", "ROLE", "which one; owner unless given", "owner maintainer"}},
          .examples = {{"wharf-package owner add tide-tables grace --reason 'ada asked by letter'",
                        "an owner has lost their account"}}};
}

Command owner_remove_command() {
  return {.words = "owner remove",
          .positional = "PACKAGE USER",
          .help = "take a user's role with a package away",
          .run = owner_remove,
          .effect = Effect::changes,
          .json = true,
          .description = "The last owner stays: `transfer` the package, or add another owner first.",
          .examples = {{"wharf-package owner remove tide-tables hopper --reason 'left the company'",
                        "whoever is not to publish any more"}}};
}

Command transfer_command() {
  return {.words = "transfer",
          .positional = "PACKAGE USER",
          .help = "make a user the one owner of a package",
          .run = transfer,
          .effect = Effect::changes,
          .json = true,
          .description = "All others lose their roles, maintainers too.",
          .examples = {{"wharf-package transfer tide-tables grace --reason 'the name was squatted'",
                        "a name goes to whom it belongs"}}};
}

}  // namespace wharf::admin
