// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "client/commands/commands.hpp"
#include "client/commands/installing.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::client {

namespace {

[[noreturn]] void refuse_unknown(const Lock& lock, const std::string& name) {
  std::vector<std::string_view> known;
  for (const auto& package : lock.packages) known.push_back(package.name);
  throw Error(Code::not_found,
              wharf::quoted(name) + " is not among the locked packages" + command::suggestion(name, known));
}

int update(const command::Arguments& arguments) {
  const Workplace workplace(open_session(arguments), Workplace::Use::change, arguments.has("--global"));
  if (!workplace.lock) workplace.require_manifest();
  const Lock lock = workplace.lock_or_empty();
  Undertaking undertaking{.asked = asked_by(workplace.session.profile, workplace.project),
                          .wish = wish_of(arguments)};
  undertaking.dry_run = arguments.has("--dry-run");
  undertaking.fresh = true;
  const auto& names = arguments.all("NAME");
  for (const auto& name : names) {
    if (!lock.find(name)) refuse_unknown(lock, name);
    undertaking.wish.freed.insert(name);
  }
  if (names.empty())
    for (const auto& package : lock.packages) undertaking.wish.freed.insert(package.name);
  return undertake(workplace, undertaking);
}

}  // namespace

command::Command update_command() {
  return {
      .words = "update",
      .positional = "[NAME...]",
      .help = "move locked packages to the newest versions that fit",
      .run = update,
      .effect = command::Effect::maintains,
      .json = true,
      .description =
          "With names, only these are freed, and of the others none moves that can stay. The manifest is "
          "never changed: to go beyond what it asks for, use `add NAME@REQ`. Says what moved, from what to "
          "what, and why.",
      .options = with_solving_options(
          {{"--global", "", "in the user's own packages directory", {}, false, false, 'g'}}),
      .examples = {{"wharf update", "everything"},
                   {"wharf update tide-core", "one package, the others as they are"},
                   {"wharf update --dry-run", "what would move"}}};
}

}  // namespace wharf::client
