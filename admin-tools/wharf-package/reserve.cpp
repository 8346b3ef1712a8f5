// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/name_reservation.hpp"

namespace wharf::admin {

namespace {

int report_name(const Arguments& arguments, const std::string& name, bool changed, bool reserved,
                const std::string& done, const std::string& so_already) {
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("name", name).member("reserved", reserved).member("changed", changed);
    writer.end_object();
    finish(writer);
  } else {
    say(changed ? done : so_already + "; nothing was changed");
  }
  return 0;
}

int reserve(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const std::string& name = arguments["NAME"];
  const bool changed = NameReservation(bench.database, bench.config.publish.reserved_names)
                           .reserve(name, origin.reason, operator_principal(), origin);
  return report_name(arguments, name, changed, true,
                     "reserved " + wharf::quoted(name) + "; nobody can publish to it",
                     wharf::quoted(name) + " is reserved already, for that reason");
}

int unreserve(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  Workbench bench(arguments);
  const std::string& name = arguments["NAME"];
  NameReservation(bench.database, bench.config.publish.reserved_names)
      .unreserve(name, operator_principal(), origin);
  return report_name(arguments, name, true, false,
                     wharf::quoted(name) + " is free; whoever publishes to it first has it", {});
}

int reserved(const Arguments& arguments) {
  Workbench bench(arguments);
  NameReservation names(bench.database, bench.config.publish.reserved_names);
  const auto all = names.reserved();
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().key("reserved").begin_array();
    for (const auto& name : all) {
      writer.begin_object().member("name", name.name).member("reason", name.reason);
      writer.member("reserved_by", name.reserved_by).member("reserved_at", to_rfc3339(name.reserved_at));
      writer.end_object();
    }
    writer.end_array().member("configured", names.configured()).end_object();
    finish(writer);
    return 0;
  }
  Table table({"NAME", "RESERVED", "BY", "REASON"});
  for (const auto& name : all)
    table.add({name.name, to_rfc3339(name.reserved_at), printable(name.reserved_by),
               printable(name.reason.value_or(""))});
  for (const auto& name : names.configured()) table.add({printable(name), "", "publish.reserved_names", ""});
  table.finish();
  return 0;
}

}  // namespace

Command reserve_command() {
  return {
      .words = "reserve",
      .positional = "NAME",
      .help = "keep a name free",
      .run = reserve,
      .effect = Effect::changes,
      .json = true,
      .description =
          "Nobody can publish a package of that name, nor of one that a person would take for it: `geo-kit` "
          "also keeps away `geo_kit`, `geokit` and `ge0-kit`. The name of a package that is there cannot be "
          "reserved; quarantine the package, or transfer it.",
      .options = {{"--reason", "TEXT", "why, in one line; whoever tries to publish is shown it"}},
      .examples = {
          {"wharf-package reserve openssl --reason 'ask us first: trademark'", "before somebody squats it"}}};
}

Command unreserve_command() {
  return {.words = "unreserve",
          .positional = "NAME",
          .help = "give a reserved name free",
          .run = unreserve,
          .effect = Effect::changes,
          .json = true,
          .description = "Names in `publish.reserved_names` are freed in the configuration.",
          .examples = {{"wharf-package unreserve openssl --reason 'its authors are here'",
                        "the one it was kept for is about to publish"}}};
}

Command reserved_command() {
  return {.words = "reserved",
          .positional = "",
          .help = "list the names that are kept free",
          .run = reserved,
          .json = true,
          .description = "Route words and Windows device names are always reserved and are not listed.",
          .examples = {{"wharf-package reserved", "who reserved what, when and why"}}};
}

}  // namespace wharf::admin
