// SPDX-License-Identifier: MIT
#include "client/program/configuration.hpp"

#include <algorithm>
#include <cstdlib>

#include "client/program/home.hpp"
#include "client/program/strict_table.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_largest_file = 1u << 20;
constexpr std::string_view k_registry = "registry.";

std::string file_text() {
  return read_file(configuration_file(), k_largest_file).value_or("");
}

Configuration read_text(const std::string& text) {
  StrictTable table("configuration " + wharf::quoted(configuration_file().native()), text);
  Configuration found;
  found.registries = table.texts_below("registry");
  if (const auto jobs = table.number("jobs", 1, 64)) found.jobs = static_cast<unsigned>(*jobs);
  if (const auto seconds = table.number("timeout", 1, 3600)) found.timeout = std::chrono::seconds(*seconds);
  if (const auto file = table.text("ca_file")) found.ca_file = with_home(*file);
  if (const auto when = table.choice("color", {"auto", "always", "never"})) found.color = *when;
  table.finish();
  return found;
}

void require_key(std::string_view key) {
  if (key.starts_with(k_registry) && key.size() > k_registry.size()) return;
  std::vector<std::string_view> known;
  for (const auto& one : configuration_keys()) {
    if (one.name == key && !key.starts_with(k_registry)) return;
    known.push_back(one.name);
  }
  throw command::UsageError("there is no key " + wharf::quoted(key) + command::suggestion(key, known));
}

// A line of the file: its table's name, and its key; both as they are written by us.
struct Place {
  std::string table, key;
};

Place place_of(std::string_view key) {
  const auto dot = key.find('.');
  return dot == key.npos ? Place{"", std::string(key)}
                         : Place{std::string(key.substr(0, dot)), std::string(key.substr(dot + 1))};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const auto line : split(text, '\n')) lines.emplace_back(line);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::optional<std::string> table_of(std::string_view line) {
  line = trim(line);
  if (!line.starts_with('[')) return std::nullopt;
  return std::string(trim(line.substr(1, line.find(']') - 1)));
}

bool sets(std::string_view line, const Place& place, const std::string& table) {
  const auto equals = line.find('=');
  if (equals == line.npos) return false;
  auto key = std::string(trim(line.substr(0, equals)));
  std::erase(key, '"');
  return (table == place.table && key == place.key) ||
         (table.empty() && key == place.table + "." + place.key);
}

// Where the key's line is; else where a new one would be put, in a table of its own if `found` says so.
struct Spot {
  std::size_t line = 0;
  bool is_set = false, has_table = false;
};

Spot spot_of(const std::vector<std::string>& lines, const Place& place) {
  Spot spot;
  std::string table;
  std::size_t end_of_table = 0;
  spot.has_table = place.table.empty();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (const auto opened = table_of(lines[i])) {
      table = *opened;
    } else if (sets(lines[i], place, table)) {
      return {i, true, true};
    }
    if (table != place.table) continue;
    spot.has_table = true;
    if (!trim(lines[i]).empty()) end_of_table = i + 1;
  }
  spot.line = spot.has_table ? end_of_table : lines.size();
  return spot;
}

void write(const std::vector<std::string>& lines) {
  const auto text = joined(lines);
  read_text(text);
  const auto file = configuration_file();
  std::filesystem::create_directories(file.parent_path());
  write_file_durably(file, text);
}

std::string value_text(std::string_view key, std::string_view value) {
  const bool is_number = (key == "jobs" || key == "timeout") && parse_number(value);
  return is_number ? std::string(value) : json::quote(value);
}

}  // namespace

const std::vector<ConfigurationKey>& configuration_keys() {
  static const std::vector<ConfigurationKey> keys = {
      {"registry.PROFILE", "the profile's own",
       "the registry that a profile talks to, where no option and no variable names one"},
      {"jobs", "8", "uploads and downloads at once, 1 to 64"},
      {"timeout", "30", "seconds to wait for an answer, 1 to 3600"},
      {"ca_file", "the system's", "a file of certificates to trust, in the place of the system's"},
      {"color", "auto", "auto, always or never"},
  };
  return keys;
}

Path configuration_file() {
  if (const char* named = std::getenv("WHARF_CLIENT_CONFIG"); named && *named)
    return std::filesystem::absolute(named);
  return configuration_directory() / "config.toml";
}

Configuration read_configuration() {
  return read_text(file_text());
}

std::optional<std::string> configured(std::string_view key) {
  require_key(key);
  const auto found = read_configuration();
  const auto lines = lines_of(file_text());
  if (!spot_of(lines, place_of(key)).is_set) return std::nullopt;
  if (key.starts_with(k_registry)) return found.registries.at(std::string(key.substr(k_registry.size())));
  if (key == "jobs") return std::to_string(found.jobs);
  if (key == "timeout") return std::to_string(found.timeout.count());
  if (key == "ca_file") return found.ca_file->native();
  return found.color;
}

void configure(std::string_view key, std::string_view value) {
  require_key(key);
  auto lines = lines_of(file_text());
  const auto place = place_of(key);
  const auto spot = spot_of(lines, place);
  const std::string line = place.key + " = " + value_text(key, value);
  const auto at = lines.begin() + static_cast<std::ptrdiff_t>(spot.line);
  if (spot.is_set) {
    *at = line;
  } else if (spot.has_table) {
    lines.insert(at, line);
  } else {
    if (!lines.empty() && !lines.back().empty()) lines.push_back("");
    lines.push_back("[" + place.table + "]");
    lines.push_back(line);
  }
  write(lines);
}

bool unset(std::string_view key) {
  require_key(key);
  auto lines = lines_of(file_text());
  const auto spot = spot_of(lines, place_of(key));
  if (!spot.is_set) return false;
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(spot.line));
  write(lines);
  return true;
}

}  // namespace wharf::client
