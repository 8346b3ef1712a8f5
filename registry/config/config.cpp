// SPDX-License-Identifier: MIT
#include "registry/config/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"
#include "registry/config/ini.hpp"
#include "registry/config/options.hpp"

namespace wharf {

namespace {

namespace po = boost::program_options;

std::string variable_of(std::string_view key) {
  std::string name = "WHARF_";
  for (const char c : key) name += c == '.' ? '_' : is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

bool is_key(std::string_view key) {
  return std::ranges::any_of(config_options(), [&](const auto& option) { return option.key == key; });
}

Error unknown_key(const std::string& where, std::string_view shown, std::span<const std::string_view> known,
                  std::string_view typed) {
  std::string message = where + "unknown key " + wharf::quoted(shown);
  if (const auto near = nearest(typed, known); !near.empty())
    message += "; did you mean " + wharf::quoted(near) + "?";
  else
    message += "; `wharf-registry config --describe` lists all keys";
  return Error(Code::bad_request, message);
}

std::vector<std::string_view> all_keys() {
  std::vector<std::string_view> keys;
  for (const auto& option : config_options()) keys.push_back(option.key);
  return keys;
}

// What one source says, in the form that Boost stores. The source that is stored first wins.
struct Source {
  po::basic_parsed_options<char> parsed;
  std::map<std::string, std::string> origins;

  explicit Source(const po::options_description& description) : parsed(&description) {}
  void add(const std::string& key, const std::string& value, const std::string& origin) {
    if (!is_key(key)) throw unknown_key(origin + ": ", key, all_keys(), key);
    parsed.options.emplace_back(key, std::vector<std::string>{value});
    origins.emplace(key, origin);
  }
};

po::options_description description_of_all() {
  po::options_description description;
  for (const auto& option : config_options())
    description.add_options()(std::string(option.key).c_str(),
                              po::value<std::string>()->default_value(std::string(option.fallback)),
                              std::string(option.description).c_str());
  return description;
}

}  // namespace

Settings settings_of_environment(const char* const* environment) {
  std::map<std::string, std::string, std::less<>> key_of;
  std::vector<std::string> prefixes;
  for (const auto& option : config_options()) {
    key_of.emplace(variable_of(option.key), option.key);
    prefixes.push_back(variable_of(option.key.substr(0, option.key.find('.'))) + "_");
  }
  std::vector<std::string_view> names;
  for (const auto& [name, key] : key_of) names.push_back(name);

  Settings settings;
  for (; environment && *environment; ++environment) {
    const std::string_view variable = *environment;
    const auto name = variable.substr(0, variable.find('='));
    if (name.size() == variable.size()) continue;
    if (const auto found = key_of.find(name); found != key_of.end())
      settings[found->second] = variable.substr(name.size() + 1);
    else if (std::ranges::any_of(prefixes, [&](const auto& prefix) { return name.starts_with(prefix); }))
      throw unknown_key("environment: ", name, names, name);
  }
  return settings;
}

Config load_config(const Path& file, const Settings& environment, const Settings& overrides) {
  const auto description = description_of_all();
  Source flags(description), variables(description), lines(description);
  for (const auto& [key, value] : overrides) flags.add(key, value, "--set " + key);
  for (const auto& [key, value] : environment) variables.add(key, value, variable_of(key));
  if (!file.empty()) {
    std::optional<std::string> text;
    try {
      text = read_file(file, 1u << 20);
    } catch (const Error& error) {
      throw Error(Code::bad_request,
                  "the configuration file " + wharf::quoted(file.native()) +
                      " cannot be read; expected a text file of at most 1 MiB",
                  error.detail());
    }
    if (!text)
      throw Error(Code::bad_request, "the configuration file " + wharf::quoted(file.native()) +
                                         " does not exist; `wharf-registry init` makes one");
    for (const auto& entry : parse_ini(*text, file.native()))
      lines.add(entry.key, entry.value, file.native() + ":" + std::to_string(entry.line));
  }

  po::variables_map values;
  Config config;
  for (const auto* source : {&flags, &variables, &lines}) po::store(source->parsed, values);
  for (const auto& option : config_options()) {
    const std::string key(option.key);
    const auto& value = values[key].as<std::string>();
    std::string origin = "default";
    for (const auto* source : {&lines, &variables, &flags})
      if (const auto found = source->origins.find(key); found != source->origins.end())
        origin = found->second;
    if (!option.apply(config, value))
      throw Error(Code::bad_request, origin + ": " + key + " is " +
                                         (option.secret ? "not of its form" : wharf::quoted(value)) +
                                         "; expected " + option.form);
    config.settings.push_back({key, option.secret && !value.empty() ? "(secret)" : value, origin});
  }
  derive_config(config);
  return config;
}

Config load_config(const Path& file) {
  return load_config(file, settings_of_environment(environ));
}

Config::Database database_for(const Config& config, Config::Role role) {
  Config::Database database = config.database;
  if (role == Config::Role::clerk && !database.clerk_user.empty()) {
    database.user = database.clerk_user;
    database.password_file = database.clerk_password_file;
    database.password.clear();
  } else if (role == Config::Role::admin && !database.admin_user.empty()) {
    database.user = database.admin_user;
    database.password_file = database.admin_password_file;
    database.password.clear();
  }
  if (!database.password.empty() || database.password_file.empty()) return database;
  const auto shown = wharf::quoted(database.password_file.native());
  try {
    const auto content = read_file(database.password_file, 4096);
    if (!content)
      throw Error(Code::bad_request, "the password file " + shown + " of the database user " +
                                         wharf::quoted(database.user) + " does not exist");
    const auto lines = split(*content, '\n');
    database.password = lines.empty() ? std::string() : std::string(trim(lines.front()));
  } catch (const Error& error) {
    if (error.code() != Code::internal_error) throw;
    throw Error(Code::bad_request,
                "the password file " + shown + " of the database user " + wharf::quoted(database.user) +
                    " cannot be read by this user",
                error.detail());
  }
  return database;
}

std::string describe_config() {
  std::string text, section;
  for (const auto& option : config_options()) {
    const auto dot = option.key.find('.');
    if (option.key.substr(0, dot) != section) {
      text += section.empty() ? "" : "\n";
      section = option.key.substr(0, dot);
      text += "[" + section + "]\n";
    }
    text.append("# ").append(option.description).append("\n# (").append(option.form).append(")\n");
    text.append(option.key.substr(dot + 1)).append(" = ").append(option.fallback).append("\n");
  }
  return text;
}

}  // namespace wharf
