// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "client/commands/commands.hpp"
#include "client/commands/installing.hpp"
#include "client/manifest/edit.hpp"
#include "client/solve/lock_graph.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::client {

namespace {

// Without a manifest: what was once named is forgotten.
void forget(Project& project, const Lock& lock, const std::string& name) {
  const auto gone = std::erase_if(project.dependencies, [&](const auto& one) { return one.name == name; });
  if (gone != 0) return;
  const LockGraph graph(lock);
  if (!graph.find(name)) throw Error(Code::not_found, wharf::quoted(name) + " is not installed here");
  throw Error(Code::conflict, wharf::quoted(name) + " is needed by " +
                                  wharf::quoted(graph.needed_by(name).front().by) + "; remove that one");
}

int remove(const command::Arguments& arguments) {
  const Workplace workplace(open_session(arguments), Workplace::Use::change, arguments.has("--global"));
  if (!workplace.lock) workplace.require_manifest();
  const auto& profile = workplace.session.profile;
  const auto only_dev = arguments.has("--dev") ? std::optional(true) : std::nullopt;
  Project project = workplace.project;
  for (const auto& name : arguments.all("NAME")) {
    if (workplace.has_manifest)
      project = project_with(profile, project, without_dependency(project, profile, name, only_dev));
    else
      forget(project, *workplace.lock, name);
  }
  Undertaking undertaking{.asked = asked_by(profile, project), .wish = wish_of(arguments)};
  undertaking.dry_run = arguments.has("--dry-run");
  undertaking.fresh = !workplace.has_manifest;
  if (workplace.has_manifest) undertaking.manifest = project.text;
  return undertake(workplace, undertaking);
}

}  // namespace

command::Command remove_command() {
  return {.words = "remove",
          .positional = "NAME...",
          .help = "remove dependencies from the manifest, and what only they needed",
          .run = remove,
          .effect = command::Effect::maintains,
          .json = true,
          .description =
              "Only the dependency's own line of the manifest goes; comments and order stay. What "
              "nothing needs any more leaves the lock and the project's packages directory.",
          .options = with_solving_options(
              {{"--dev", "", "among the dev dependencies alone"},
               {"--global", "", "of the user's own packages directory", {}, false, false, 'g'}}),
          .examples = {{"wharf remove tide-tables", "the project needs it no more"}}};
}

}  // namespace wharf::client
