// SPDX-License-Identifier: MIT
#include "client/profile/profile.hpp"

#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "client/program/session.hpp"
#include "libwharf/base/join.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

// `used`: the registry that is talked to here; nothing where that is another profile's.
void write_profile(json::Writer& writer, const Profile& profile, const std::optional<std::string>& used) {
  writer.begin_object();
  writer.member("name", profile.name).member("language", profile.language).member("source", profile.source);
  writer.key("manifest").begin_object();
  writer.member("file", profile.manifest_file).member("also", profile.other_manifests);
  writer.member("dialect", word_of(profile.dialect)).member("bare", word_of(profile.bare)).end_object();
  writer.key("lock").begin_object();
  writer.member("file", profile.lock_file).member("form", word_of(profile.lock_form)).end_object();
  writer.key("packages").begin_object();
  writer.member("directory", profile.packages_directory)
      .member("layout", word_of(profile.layout))
      .end_object();
  writer.key("cache").begin_object().member("directory", profile.cache_directory).end_object();
  writer.key("credentials").begin_object();
  writer.member("file", profile.credentials_file)
      .member("form", word_of(profile.credentials_form))
      .end_object();
  writer.key("registry").begin_object();
  writer.member("default", profile.default_registry)
      .member("environment", profile.registry_environment)
      .member("used", used)
      .end_object();
  writer.key("archive").begin_object();
  writer.member("top", profile.archive_top)
      .member("pack", profile.pack)
      .member("leave_out", profile.leave_out);
  writer.end_object().key("publish").begin_object();
  writer.member("mismatch", profile.bare_publish_check_warns ? "warning" : "error").end_object().end_object();
}

int list(const Arguments& arguments) {
  const auto session = open_session(arguments);
  std::vector<Profile> profiles;
  for (const auto& name : profile_names()) profiles.push_back(find_profile(name));
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("chosen", session.profile.name).key("profiles").begin_array();
    for (const auto& profile : profiles) {
      writer.begin_object().member("name", profile.name).member("language", profile.language);
      writer.member("manifest", profile.manifest_file).member("source", profile.source).end_object();
    }
    writer.end_array().end_object();
    finish(writer);
    return k_ok;
  }
  Table table{"", "NAME", "LANGUAGE", "MANIFEST", "FROM"};
  for (const auto& profile : profiles)
    table.add({profile.name == session.profile.name ? "*" : "", profile.name, profile.language,
               profile.manifest_file, profile.source});
  table.finish();
  return k_ok;
}

int show(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto& named = arguments["NAME"];
  const bool is_chosen = named.empty() || named == session.profile.name;
  const auto profile = named.empty() ? session.profile : find_profile(named);
  if (session.json) {
    json::Writer writer;
    write_profile(writer, profile, is_chosen ? std::optional(session.registry) : std::nullopt);
    finish(writer);
    return k_ok;
  }
  if (arguments.has("--source")) {
    const auto text =
        profile.source == "built in" ? std::string(built_in_text(profile.name)) : *read_file(profile.source);
    say(text.substr(0, text.find_last_not_of('\n') + 1));
    return k_ok;
  }
  Facts facts;
  facts.add("name", profile.name).add("language", profile.language).add("from", profile.source);
  facts.add(
      "manifest",
      profile.manifest_file +
          (profile.other_manifests.empty() ? "" : " (also " + joined(profile.other_manifests, " ") + ")"));
  facts.add("dialect", word_of(profile.dialect)).add("a bare version means", word_of(profile.bare));
  facts.add("lock file", profile.lock_file + " (" + std::string(word_of(profile.lock_form)) + ")");
  facts.add("packages", profile.packages_directory + " (" + std::string(word_of(profile.layout)) + ")");
  facts.add("cache", profile.cache_directory);
  facts.add("credentials",
            profile.credentials_file + " (" + std::string(word_of(profile.credentials_form)) + ")");
  facts.add("default registry", profile.default_registry.empty() ? "none" : profile.default_registry);
  if (is_chosen) facts.add("registry here", session.registry.empty() ? "none" : session.registry);
  facts.add("archives",
            profile.archive_top.empty() ? "files at the top" : "below " + profile.archive_top + "/");
  facts.add("packed", profile.pack.empty() ? "everything" : joined(profile.pack, " "));
  facts.add("left out", profile.leave_out.empty() ? "nothing more" : joined(profile.leave_out, " "));
  facts.print();
  return k_ok;
}

}  // namespace

Command profile_list_command() {
  return {.words = "profile list",
          .positional = "",
          .help = "list the profiles, built in and your own",
          .run = list,
          .description = "The one that would be used here is marked.",
          .examples = {{"wharf profile list", "which languages this program speaks"}}};
}

Command profile_show_command() {
  return {.words = "profile show",
          .positional = "[NAME]",
          .help = "show what a profile says",
          .run = show,
          .description = "Without a name, of the profile that would be used here.",
          .options = {{"--source", "", "print the profile's file, to begin one of your own with"}},
          .examples = {{"wharf profile show raven", "where Raven's packages go"},
                       {"wharf profile show vais --source", "begin a profile of your own with it"}}};
}

}  // namespace wharf::client
