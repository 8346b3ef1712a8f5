// SPDX-License-Identifier: MIT
#include "client/commands/commands.hpp"
#include "client/program/configuration.hpp"
#include "client/program/exit.hpp"
#include "client/program/session.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

struct Setting {
  std::string key, value;
  bool is_set = false;
};

// Every key but `registry.PROFILE`, which stands for one of each registry that is set.
std::vector<Setting> settings() {
  std::vector<Setting> found;
  for (const auto& [profile, url] : read_configuration().registries)
    found.push_back({"registry." + profile, url, true});
  for (const auto& key : configuration_keys()) {
    if (key.name.starts_with("registry.")) continue;
    const auto value = configured(key.name);
    found.push_back({std::string(key.name), value.value_or(std::string(key.initial)), value.has_value()});
  }
  return found;
}

int list(const Arguments& arguments) {
  const auto session = open_session(arguments);
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("file", configuration_file().native()).key("settings").begin_array();
    for (const auto& one : settings())
      writer.begin_object()
          .member("key", one.key)
          .member("value", one.value)
          .member("set", one.is_set)
          .end_object();
    writer.end_array().end_object();
    finish(writer);
    return k_ok;
  }
  Table table{"KEY", "VALUE", "SET"};
  for (const auto& one : settings()) table.add({one.key, one.value, one.is_set ? "here" : "default"});
  table.finish();
  return k_ok;
}

int get(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto& key = arguments["KEY"];
  auto value = configured(key);
  if (!value && !key.starts_with("registry."))
    for (const auto& known : configuration_keys())
      if (known.name == key) value = known.initial;
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("key", key).member("value", value).end_object();
    finish(writer);
  } else if (value) {
    say(*value);
  } else {
    note(wharf::quoted(key) + " is not set");
  }
  return value ? k_ok : k_failed;
}

void report(const Session& session, std::string_view key, const std::optional<std::string>& value,
            bool changed) {
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("key", key).member("value", value).member("changed", changed);
    writer.member("file", configuration_file().native()).end_object();
    finish(writer);
  } else if (!changed) {
    note(wharf::quoted(key) + (value ? " is so already" : " is not set"));
  } else {
    note((value ? "set " : "unset ") + wharf::quoted(key) + " in " + configuration_file().native());
  }
}

int set(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto& key = arguments["KEY"];
  std::string value = arguments["VALUE"];
  if (key.starts_with("registry.")) {
    const auto profile = find_profile(key.substr(key.find('.') + 1));
    value = registry_from(value, profile, session.directory);
    if (value.empty())
      throw UsageError("a registry's address is not empty; `config unset " + key + "` takes it away");
  }
  const bool changed = configured(key) != value;
  if (changed) configure(key, value);
  report(session, key, value, changed);
  return k_ok;
}

int unset_key(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const bool changed = unset(arguments["KEY"]);
  report(session, arguments["KEY"], std::nullopt, changed);
  return k_ok;
}

int path(const Arguments& arguments) {
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("file", configuration_file().native()).end_object();
    finish(writer);
  } else {
    say(configuration_file().native());
  }
  return k_ok;
}

}  // namespace

Command config_list_command() {
  return {.words = "config list",
          .positional = "",
          .help = "list your settings",
          .run = list,
          .description =
              "The keys: `registry.PROFILE`, the registry that a profile talks to where no option and no "
              "variable names one; `jobs`, "
              "uploads and downloads at once, 1 to 64; `timeout`, seconds to wait for an answer, 1 to 3600; "
              "`ca_file`, a file of "
              "certificates to trust in the place of the system's; `color`: `auto`, `always` or `never`.",
          .examples = {{"wharf config list", "what is set, and what holds otherwise"}}};
}

Command config_get_command() {
  return {.words = "config get",
          .positional = "KEY",
          .help = "print one setting",
          .run = get,
          .description = "Ends with 1 where the key has neither a value nor a default.",
          .examples = {{"wharf config get registry.raven", "which registry Raven's packages come from"}}};
}

Command config_set_command() {
  return {.words = "config set",
          .positional = "KEY VALUE",
          .help = "change one setting",
          .run = set,
          .effect = Effect::maintains,
          .description =
              "The rest of the file stays as it is, comments included. A setting that cannot be is refused, "
              "and the file left "
              "alone.",
          .examples = {{"wharf config set registry.wharf https://packages.example.org",
                        "use your organisation's registry"}}};
}

Command config_unset_command() {
  return {.words = "config unset",
          .positional = "KEY",
          .help = "let the default hold again",
          .run = unset_key,
          .effect = Effect::maintains,
          .examples = {{"wharf config unset jobs", "as it was in the beginning"}}};
}

Command config_path_command() {
  return {.words = "config path",
          .positional = "",
          .help = "print where the settings are",
          .run = path,
          .examples = {{"wharf config path", "to edit them by hand"}}};
}

}  // namespace wharf::client
