// SPDX-License-Identifier: MIT
#include "client/install/verify.hpp"

#include <algorithm>

#include "client/cache/archive_places.hpp"
#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "client/registry/access.hpp"
#include "client/solve/workplace.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

std::optional<Path> cached_archive(const Session& session, const LockedPackage& package) {
  if (!is_checksum(package.checksum)) return std::nullopt;
  const auto places =
      archive_places(session.profile, cache_of(session), package.name, package.version, package.checksum);
  std::error_code none;
  if (std::filesystem::is_regular_file(places.own, none)) return places.own;
  return std::nullopt;
}

void print_json(const Workplace& workplace, const std::vector<Fault>& faults) {
  json::Writer writer;
  writer.begin_object().member("project", workplace.root().native()).member("passed", faults.empty());
  writer.member("packages", workplace.lock->packages.size()).key("faults").begin_array();
  for (const auto& fault : faults)
    writer.begin_object()
        .member("kind", fault_name(fault.kind))
        .member("package", fault.package)
        .member("path", fault.path.native())
        .member("message", fault.sentence)
        .end_object();
  writer.end_array().end_object();
  command::finish(writer);
}

// Installing keeps what a person put there.
std::string advice_on(const std::vector<Fault>& faults) {
  const auto extra =
      std::ranges::count_if(faults, [](const Fault& fault) { return fault.kind == Fault::Kind::extra; });
  const std::string of_extra = "move or delete what no package brought, which installing keeps";
  const std::string of_others = "`wharf install` puts in place anew what is not as it was packed";
  if (extra == 0) return of_others;
  return static_cast<std::size_t>(extra) == faults.size() ? of_extra : of_others + "; " + of_extra;
}

int verify(const command::Arguments& arguments) {
  const Workplace workplace(open_session(arguments), Workplace::Use::read, arguments.has("--global"));
  workplace.require_lock();
  const auto faults = verify_installed(
      workplace.session.profile, workplace.root(), *workplace.lock,
      [&](const LockedPackage& package) { return cached_archive(workplace.session, package); });
  if (workplace.session.json) {
    print_json(workplace, faults);
    return faults.empty() ? k_ok : k_integrity;
  }
  for (const auto& fault : faults) command::say(command::printable(fault.sentence));
  if (faults.empty()) {
    command::say("passed: " + counted(workplace.lock->packages.size(), "package") +
                 ", every file as it was packed");
    return k_ok;
  }
  throw IntegrityError(counted(faults.size(), "fault") + " found; " + advice_on(faults));
}

}  // namespace

command::Command verify_command() {
  return {
      .words = "verify",
      .positional = "",
      .help = "hold the installed files against the lock's checksums",
      .run = verify,
      .json = true,
      .description =
          "Every file of every locked package must be there as it was packed, and no other beside it. Each "
          "fault is named, and the exit code is 4. Asks no registry.",
      .options = {{"--global", "", "the user's own packages directory", {}, false, false, 'g'}},
      .examples = {{"wharf verify", "has anything been changed by hand?"}}};
}

}  // namespace wharf::client
