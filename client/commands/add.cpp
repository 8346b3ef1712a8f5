// SPDX-License-Identifier: MIT
#include <utility>

#include "client/commands/adding.hpp"
#include "client/commands/commands.hpp"
#include "client/manifest/edit.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::client {

namespace {

using command::UsageError;

// The path as it is to stand in the manifest: seen from there, not from where the command was typed.
std::string seen_from(const Project& project, const Session& session, const std::string& typed) {
  const Path path = (session.directory / typed).lexically_normal();
  const Path seen = Path(typed).is_absolute() ? path : path.lexically_relative(project.root);
  std::string text = seen.generic_string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

int add_in_place(const Workplace& workplace, const Named& one, const std::string& typed, bool dev,
                 Undertaking undertaking) {
  const auto& profile = workplace.session.profile;
  const auto path = seen_from(workplace.project, workplace.session, typed);
  const auto project =
      project_with(profile, workplace.project,
                   with_path_dependency(workplace.project, profile, one.name, path, one.written, dev));
  undertaking.manifest = project.text;
  undertaking.asked = asked_by(profile, project);
  return undertake(workplace, undertaking);
}

int add(const command::Arguments& arguments) {
  const Workplace workplace(open_session(arguments), Workplace::Use::change);
  workplace.require_manifest();
  auto names = arguments.all("NAME[@REQ]");
  const bool dev = arguments.has("--dev");
  Undertaking undertaking{.asked = {}, .wish = wish_of(arguments)};
  undertaking.dry_run = arguments.has("--dry-run");
  if (const auto version = arguments.maybe("--version")) {
    if (names.size() != 1 || names.front().find('@') != std::string::npos)
      throw UsageError("'--version' is for one package that is named without '@'");
    names.front() += "@" + *version;
  }
  if (const auto path = arguments.maybe("--path")) {
    if (names.size() != 1) throw UsageError("'--path' is for one package");
    return add_in_place(workplace, named(names.front(), workplace.session.profile.bare), *path, dev,
                        std::move(undertaking));
  }
  return add_packages(workplace, names, {.dev = dev, .save = true}, std::move(undertaking));
}

}  // namespace

command::Command add_command() {
  return {
      .words = "add",
      .positional = "NAME[@REQ]...",
      .help = "add dependencies to the manifest, and install them",
      .run = add,
      .effect = command::Effect::maintains,
      .json = true,
      .description =
          "Without a requirement it becomes `^` and the newest version that fits with what else is asked "
          "for. Only the dependency's own line of "
          "the manifest changes; comments and order stay. Where no versions fit together, or anything else "
          "goes wrong, the manifest is left as it is.",
      .options =
          with_solving_options({{"--dev", "", "for developing this package: nobody else's dependency"},
                                {"--version", "REQ", "the requirement, as after `@`"},
                                {"--path", "DIR", "the package in that directory, used where it lies"}}),
      .examples = {{"wharf add tide-tables", "in its newest version, and what is compatible with it"},
                   {"wharf add 'tide-tables@>=1.2, <1.5' --dev", "in a range, for developing alone"},
                   {"wharf add tide-core --path ../tide-core", "a package that lies beside this one"}}};
}

}  // namespace wharf::client
