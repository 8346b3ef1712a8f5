// SPDX-License-Identifier: MIT
#include <utility>

#include "client/commands/adding.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/installing.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::client {

namespace {

int install(const command::Arguments& arguments) {
  const Workplace workplace(open_session(arguments), Workplace::Use::change, arguments.has("--global"));
  const auto& names = arguments.all("NAME[@REQ]");
  const bool dev = arguments.has("--dev");
  if (names.empty() && dev) throw command::UsageError("'--dev' is for packages that are named");
  Undertaking undertaking{.asked = {}, .wish = wish_of(arguments)};
  undertaking.locked = arguments.has("--locked");
  undertaking.dry_run = arguments.has("--dry-run");
  if (arguments.has("--update")) {
    if (undertaking.locked) throw command::UsageError("'--update' and '--locked' contradict each other");
    undertaking.fresh = true;
    for (const auto& package : workplace.lock_or_empty().packages)
      undertaking.wish.freed.insert(package.name);
  }
  if (!names.empty()) {
    const bool save = workplace.has_manifest && !arguments.has("--no-save");
    return add_packages(workplace, names, {.dev = dev, .save = save}, std::move(undertaking));
  }
  if (!workplace.lock) workplace.require_manifest();
  undertaking.asked = asked_by(workplace.session.profile, workplace.project);
  return undertake(workplace, undertaking);
}

}  // namespace

command::Command install_command() {
  return {
      .words = "install",
      .positional = "[NAME[@REQ]...]",
      .help = "install what the manifest asks for, or the named packages",
      .run = install,
      .effect = command::Effect::maintains,
      .json = true,
      .description =
          "Without names: all that the manifest asks for. Where the lock satisfies the manifest, exactly "
          "what is "
          "locked is installed, and nobody but the archives that are missing is asked for; else versions are "
          "chosen, as few of the locked ones as possible move, and the lock is written anew.\n\n"
          "With names: these too, and they are added to the manifest, unless `--no-save` is given. Where "
          "there is "
          "no manifest, they go into the profile's packages directory, with a lock beside it.\n\n"
          "Everything is fetched and checked before anything changes, and then changes at once: whatever "
          "ends "
          "the program leaves the old state or the new one.",
      .options = with_solving_options(
          {{"--dev", "",
            "the named packages are for developing this one: they are nobody else's dependencies"},
           {"--no-save", "", "neither the manifest nor what the lock says of it knows the named packages"},
           {"--locked", "", "fail, with the difference, where the lock would change: for CI"},
           {"--update", "", "the lock counts for nothing: take the newest versions that fit"},
           {"--global",
            "",
            "not for the project, but into the user's own packages directory",
            {},
            false,
            false,
            'g'}}),
      .examples = {{"wharf install", "what the manifest asks for, as it is locked"},
                   {"wharf install tide-tables@^1.2", "a package, which the manifest asks for from then on"},
                   {"wharf install --locked", "in CI: exactly the lock, or a failure"},
                   {"wharf install --offline", "from what was fetched before"}}};
}

}  // namespace wharf::client
