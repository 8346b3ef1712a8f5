// SPDX-License-Identifier: MIT
#include "client/commands/commands.hpp"
#include "client/commands/installing.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

void print_json(const Asked& asked, const Plan& plan) {
  json::Writer writer;
  writer.begin_object().key("packages").begin_array();
  for (const auto& package : plan.packages) {
    writer.begin_object().member("name", package.name).member("version", package.version.text());
    writer.member("checksum", package.checksum).member("registry", package.registry);
    writer.key("dependencies").begin_object();
    for (const auto& [name, requirement] : package.dependencies) writer.member(name, requirement);
    writer.end_object().end_object();
  }
  writer.end_array().key("in_place").begin_array();
  write_in_place(writer, asked);
  writer.end_array().key("changes");
  write_changes(writer, plan.changes);
  writer.end_object();
  command::finish(writer);
}

int resolve(const command::Arguments& arguments) {
  const Workplace workplace(open_session(arguments), Workplace::Use::read);
  workplace.require_same_registry();
  const auto& session = workplace.session;
  auto asked = asked_by(session.profile, workplace.project);
  const auto& words = arguments.all("NAME[@REQ]");
  if (words.empty() && !workplace.lock) workplace.require_manifest();
  for (const auto& word : words)
    ask_also(asked, named(word, session.profile.bare), session.profile.bare, k_your_command);
  Wish wish = wish_of(arguments);
  if (arguments.has("--lowest")) wish.strategy = resolver::Strategy::lowest;
  const bool fresh = arguments.has("--fresh") || arguments.has("--lowest");
  return solving(session, [&] {
    Index index(access_of(workplace.session));
    const auto answer =
        plan(index, session.require_registry(), asked, fresh ? Lock{} : workplace.lock_or_empty(), wish);
    if (session.json) {
      print_json(asked, answer);
      return k_ok;
    }
    // Against nothing: then every package has its reason.
    const auto reasons =
        changes_between(Lock{}, {.requirements_digest = {}, .packages = answer.packages}, asked.wants, {});
    for (const auto& reason : reasons)
      command::say(command::printable(reason.name + " " + reason.to->text() +
                                      (wish.explain_whole ? " (" + reason.why + ")" : std::string())));
    for (const auto& project : asked.in_place)
      command::say(command::printable(project.name + " " + version_of(project).text() + " in " +
                                      project.root.native()));
    return k_ok;
  });
}

}  // namespace

command::Command resolve_command() {
  return {.words = "resolve",
          .positional = "[NAME[@REQ]...]",
          .help = "print the versions that would be chosen, and write nothing",
          .run = resolve,
          .json = true,
          .description =
              "For what the manifest asks for, and for the named packages besides. What is locked stays "
              "where it can.",
          .options = {{"--lowest", "", "the lowest versions that fit: do the manifest's lower bounds hold?"},
                      {"--fresh", "", "as if there were no lock"},
                      {"--explain", "",
                       "why each version is there; where none fit together, the whole explanation"}},
          .examples = {{"wharf resolve", "what install would lock"},
                       {"wharf resolve tide-tables@^2", "would it fit to the project?"},
                       {"wharf resolve --lowest", "what the manifest promises to work with"}}};
}

}  // namespace wharf::client
