// SPDX-License-Identifier: MIT
#include "registry/config/options.hpp"

#include <algorithm>
#include <cstdint>
#include <thread>

#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

using Apply = std::function<bool(Config&, const std::string&)>;

struct Form {
  std::string text;
  Apply apply;
};

template <class Place>
Form text(Place place) {
  return {"text", [place](Config& config, const std::string& value) {
            place(config) = value;
            return true;
          }};
}

template <class Place>
Form path(Place place) {
  return {"absolute path", [place](Config& config, const std::string& value) {
            place(config) = value;
            return value.empty() || value.front() == '/';
          }};
}

template <class Place>
Form number(int least, int most, Place place) {
  return {"whole number from " + std::to_string(least) + " to " + std::to_string(most),
          [=](Config& config, const std::string& value) {
            const auto parsed = parse_number(value);
            if (!parsed || *parsed < static_cast<unsigned>(least) || *parsed > static_cast<unsigned>(most))
              return false;
            place(config) = static_cast<int>(*parsed);
            return true;
          }};
}

template <class Place>
Form flag(Place place) {
  return {"on or off", [place](Config& config, const std::string& value) {
            const bool is_on = value == "on" || value == "yes" || value == "true" || value == "1";
            const bool is_off = value == "off" || value == "no" || value == "false" || value == "0";
            place(config) = is_on;
            return is_on || is_off;
          }};
}

// The value's place in `choices` is handed to `set`.
template <class Set>
Form choice(std::vector<std::string> choices, Set set) {
  std::string form;
  for (const auto& one : choices) form += (form.empty() ? "" : " or ") + one;
  return {form, [=](Config& config, const std::string& value) {
            const auto found = std::find(choices.begin(), choices.end(), value);
            if (found == choices.end()) return false;
            set(config, static_cast<std::size_t>(found - choices.begin()), value);
            return true;
          }};
}

template <class Place>
Form words(Place place) {
  return {"words, separated by spaces or commas", [place](Config& config, std::string value) {
            std::replace(value.begin(), value.end(), ',', ' ');
            auto& list = place(config);
            list.clear();
            for (const auto word : split(value, ' '))
              if (!trim(word).empty()) list.emplace_back(trim(word));
            return true;
          }};
}

// As a browser names it: `https://pages.example` or `http://localhost:3000`.
bool is_origin(std::string_view origin) {
  if (origin == "*") return true;
  const auto colon = origin.find("://");
  if (colon == origin.npos || colon == 0) return false;
  const auto is_fine = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) {
      return is_alphanumeric(c) || std::string_view("+-.:[]").find(c) != std::string_view::npos;
    });
  };
  return is_fine(origin.substr(0, colon)) && is_fine(origin.substr(colon + 3));
}

template <class Place>
Form origins(Place place) {
  return {"origins like https://pages.example, separated by spaces or commas, or *",
          [place, split_up = words(place)](Config& config, const std::string& value) {
            split_up.apply(config, fold(value));
            return std::ranges::all_of(place(config), is_origin);
          }};
}

Form url() {
  return {"http:// or https:// and a host, without '?' or '#'", [](Config& config, std::string value) {
            while (!value.empty() && value.back() == '/') value.pop_back();
            config.site.public_url = value;
            const auto host = value.starts_with("https://")  ? value.substr(8)
                              : value.starts_with("http://") ? value.substr(7)
                                                             : std::string();
            return value.empty() ||
                   (!host.empty() && host.front() != '/' && host.find_first_of(" ?#") == host.npos);
          }};
}

// Both presets of a figure; -1 in the configuration's place is "as the preset says".
struct Figure {
  std::string_view key;
  int Config::Limits::*place;
  int standard, strict;
  std::string_view description;
  bool is_interval = false;  // which the factor divides, where it is used
};

constexpr int k_from_preset = -1;

const Figure k_figures[] = {
    {"limits.register_per_hour", &Config::Limits::register_per_hour, 5, 5,
     "registrations per hour and address"},
    {"limits.login_per_hour", &Config::Limits::login_per_hour, 10, 10, "logins per hour and address"},
    {"limits.publish_per_hour", &Config::Limits::publish_per_hour, 60, 10, "publishes per hour and address"},
    {"limits.remove_per_hour", &Config::Limits::remove_per_hour, 0, 20, "removals per hour and address"},
    {"limits.search_per_hour", &Config::Limits::search_per_hour, 0, 100, "searches per hour and address"},
    {"limits.anonymous_per_hour", &Config::Limits::anonymous_per_hour, 0, 60,
     "other worker calls without a token per hour and address"},
    {"limits.worker_per_minute", &Config::Limits::worker_per_minute, 100, 100,
     "other worker calls per minute and address"},
    {"limits.token_per_hour", &Config::Limits::token_per_hour, 5000, 5000,
     "other worker calls per hour and token"},
    {"limits.user_new_packages", &Config::Limits::user_new_packages, 5, 5,
     "new packages that one user may publish at once"},
    {"limits.user_new_package_seconds", &Config::Limits::user_new_package_seconds, 600, 600,
     "seconds after which one more new package is admitted", true},
    {"limits.user_versions", &Config::Limits::user_versions, 30, 30,
     "versions that one user may publish at once, those of new packages too"},
    {"limits.user_version_seconds", &Config::Limits::user_version_seconds, 60, 60,
     "seconds after which one more version is admitted", true},
    {"limits.user_yanks", &Config::Limits::user_yanks, 100, 100, "versions that one user may yank at once"},
    {"limits.user_yank_seconds", &Config::Limits::user_yank_seconds, 60, 60,
     "seconds after which one more yank is admitted", true},
    {"limits.user_storage_mib", &Config::Limits::user_storage_mib, 0, 0,
     "MiB of archives that one user may keep"},
};

Form figure(int Config::Limits::*place) {
  return {"whole number, 0 for no limit, or empty for the preset's",
          [place](Config& config, const std::string& value) {
            if (value.empty()) {
              config.limits.*place = k_from_preset;
              return true;
            }
            const auto parsed = parse_number(value);
            if (!parsed || *parsed > 1'000'000'000) return false;
            config.limits.*place = static_cast<int>(*parsed);
            return true;
          }};
}

ConfigOption option(std::string_view key, std::string_view fallback, Form form, std::string_view description,
                    bool secret = false) {
  return {key, fallback, description, std::move(form.text), std::move(form.apply), secret};
}

#define WHARF_AT(member)         \
  [](Config & config) -> auto& { \
    return config.member;        \
  }

std::vector<ConfigOption> make_options() {
  std::vector<ConfigOption> all = {
      option("site.mode", "development",
             choice({"development", "production"},
                    [](Config& config, std::size_t index, const std::string&) {
                      config.site.mode = static_cast<Config::Mode>(index);
                    }),
             "production refuses a session key that is missing, well known or short"),
      option("site.public_url", "", url(),
             "where the world finds this registry; makes URLs in answers absolute"),
      option(
          "site.dialect", "native",
          choice({"native", "synapse", "raven", "vais"},
                 [](Config& config, std::size_t, const std::string& value) { config.site.dialect = value; }),
          "whose calls answer at the root as well"),
      option(
          "site.registration", "open",
          choice({"open", "closed"}, [](Config& config, std::size_t index,
                                        const std::string&) { config.site.registration_open = index == 0; }),
          "whether anyone may register an account"),
      option("site.cors_origins", "", origins(WHARF_AT(site.cors_origins)),
             "origins whose pages may call the API, or *; none by default"),
      option("site.whole_index", "on", flag(WHARF_AT(site.whole_index)),
             "whether /index.json with every package is kept; switch it off for large registries"),

      option("database.socket", "/run/mysqld/mysqld.sock", path(WHARF_AT(database.socket)),
             "the server's unix socket; empty: host and port"),
      option("database.host", "127.0.0.1", text(WHARF_AT(database.host)), "the server's host"),
      option("database.port", "3306", number(1, 65535, WHARF_AT(database.port)), "the server's port"),
      option("database.name", "wharf", text(WHARF_AT(database.name)), "the schema"),
      option("database.user", "wharf", text(WHARF_AT(database.user)), "the workers' user"),
      option("database.password", "", text(WHARF_AT(database.password)),
             "its password; better in password_file", true),
      option("database.password_file", "", path(WHARF_AT(database.password_file)),
             "a file whose first line is the password"),
      option("database.clerk_user", "", text(WHARF_AT(database.clerk_user)),
             "the clerk's user; empty: as the workers'"),
      option("database.clerk_password_file", "", path(WHARF_AT(database.clerk_password_file)),
             "a file with the clerk's password"),
      option("database.admin_user", "", text(WHARF_AT(database.admin_user)),
             "the user that migrates the schema and administers; empty: as the workers'"),
      option("database.admin_password_file", "", path(WHARF_AT(database.admin_password_file)),
             "a file with that user's password"),
      option("database.allow_unsafe_durability", "off", flag(WHARF_AT(database.allow_unsafe_durability)),
             "start even where the server's settings can lose commits; for tests"),

      option("storage.root", "/var/lib/wharf", path(WHARF_AT(storage.root)),
             "everything that is kept on disk"),
      option("storage.blobs", "", path(WHARF_AT(storage.blobs)),
             "archives by digest; empty: blobs/ below the root"),
      option("storage.staging", "", path(WHARF_AT(storage.staging)),
             "uploads in progress, on the same file system as the blobs; empty: staging/ below the root"),
      option("storage.public", "", path(WHARF_AT(storage.public_tree)),
             "what nginx serves, on the same file system as the blobs; empty: public/ below the root"),
      option("storage.search", "", path(WHARF_AT(storage.search)),
             "the search index; empty: search/ below the root"),
      option("storage.run", "", path(WHARF_AT(storage.run)), "sockets and locks; empty: run/ below the root"),

      option("auth.jwt_key_file", "", path(WHARF_AT(auth.jwt_key_file)),
             "session keys, one a line in hex or base64, at least 32 bytes; the first signs, all verify"),
      option("auth.session_days", "30", number(1, 3650, WHARF_AT(auth.session_days)),
             "how long a login lasts"),
      option("auth.password_hash_slots", "0", number(0, 1024, WHARF_AT(auth.password_hash_slots)),
             "passwords hashed at once on this machine (64 MiB each); 0: one per core"),

      option("publish.max_archive_mib", "100", number(1, 1024, WHARF_AT(publish.max_archive_mib)),
             "the largest archive in MiB"),
      option("publish.reserved_names", "std core vais test main lib", words(WHARF_AT(publish.reserved_names)),
             "names that no package may take, nor one that looks like them"),
      option("publish.allow_non_ascii_paths", "off", flag(WHARF_AT(publish.allow_non_ascii_paths)),
             "whether paths inside archives may be other than ASCII"),
      option("publish.removal_hours", "72", number(0, 87600, WHARF_AT(publish.removal_hours)),
             "how long after publishing a version may be removed"),
      option("publish.manifests", "synapse.json vais.toml raven.toml wharf.toml wharf.json",
             words(WHARF_AT(publish.manifests)), "file names that are manifests"),

      option("clerk.socket", "", path(WHARF_AT(clerk.socket)),
             "where the clerk is poked; empty: below storage.run"),
      option("clerk.state", "", path(WHARF_AT(clerk.state)),
             "shared memory with what is visible; empty: below storage.run"),
      option("clerk.machine", "main", text(WHARF_AT(clerk.machine)),
             "this machine's name in the clerks' positions"),
      option("clerk.wait_ms", "1000", number(0, 60000, WHARF_AT(clerk.wait_ms)),
             "how long a publish waits until it is visible, in milliseconds"),

      option("downloads.counting", "on", flag(WHARF_AT(downloads.counting)),
             "whether nginx logs downloads and the clerk counts them"),
      option("downloads.raw", "off", flag(WHARF_AT(downloads.raw)),
             "whether each download is kept as a row, with its time, hashed address and agent"),
      option("downloads.raw_retention_days", "30", number(1, 3650, WHARF_AT(downloads.raw_retention_days)),
             "after how many days such a row is deleted"),

      option(
          "limits.preset", "standard",
          choice({"standard", "strict", "off"},
                 [](Config& config, std::size_t, const std::string& value) { config.limits.preset = value; }),
          "which figures hold where none is given; off: no limits and no quotas"),
      option("limits.factor", "1", number(1, 1000, WHARF_AT(limits.factor)),
             "every figure is multiplied by this, every time between two divided"),
  };
  for (const auto& one : k_figures) all.push_back(option(one.key, "", figure(one.place), one.description));

  const std::vector<ConfigOption> rest = {
      option("log.level", "info",
             choice({"debug", "info", "warning", "error"},
                    [](Config& config, std::size_t index, const std::string&) {
                      config.log.level = static_cast<log::Level>(index);
                    }),
             "the least level that is written"),

      option("nginx.addresses", "*", words(WHARF_AT(nginx.addresses)),
             "addresses to listen on: * and [::] are all of IPv4 and IPv6"),
      option("nginx.http_port", "80", number(0, 65535, WHARF_AT(nginx.http_port)), "plain HTTP; 0: none"),
      option("nginx.https_port", "443", number(0, 65535, WHARF_AT(nginx.https_port)), "HTTPS; 0: none"),
      option("nginx.server_name", "_", text(WHARF_AT(nginx.server_name)), "the site's host names"),
      option("nginx.certificate", "/etc/wharf/tls.crt", path(WHARF_AT(nginx.certificate)),
             "certificate chain, PEM"),
      option("nginx.certificate_key", "/etc/wharf/tls.key", path(WHARF_AT(nginx.certificate_key)),
             "its key, PEM"),
      option("nginx.user", "", text(WHARF_AT(nginx.user)),
             "whom nginx's workers run as; empty: whoever starts it"),
      option("nginx.workers", "0", number(0, 1024, WHARF_AT(nginx.workers)),
             "nginx's processes; 0: one per core"),
      option("nginx.templates", "", path(WHARF_AT(nginx.templates)),
             "the templates that are rendered; empty: those that came with the program"),
      option("nginx.pid", "", path(WHARF_AT(nginx.pid)), "nginx's pid file; empty: below storage.run"),
      option("nginx.temporary", "", path(WHARF_AT(nginx.temporary)),
             "where bodies are spooled and answers cached; empty: nginx/ below the root"),
      option("nginx.access_log", "/var/log/wharf/access.log", path(WHARF_AT(nginx.access_log)),
             "the log for people"),
      option("nginx.error_log", "/var/log/wharf/error.log", path(WHARF_AT(nginx.error_log)),
             "nginx's errors"),
      option("nginx.download_log", "/var/log/wharf/downloads.log", path(WHARF_AT(nginx.download_log)),
             "one JSON line per answer to a request for a tarball"),
      option("nginx.read_socket", "", path(WHARF_AT(nginx.read_socket)),
             "the workers that read; empty: read.sock below storage.run"),
      option("nginx.write_socket", "", path(WHARF_AT(nginx.write_socket)),
             "the workers that publish and log in; empty: write.sock below storage.run"),
  };
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

#undef WHARF_AT

void default_to(Path& place, const Path& fallback) {
  if (place.empty()) place = fallback;
}

}  // namespace

const std::vector<ConfigOption>& config_options() {
  static const std::vector<ConfigOption> all = make_options();
  return all;
}

void derive_config(Config& config) {
  auto& storage = config.storage;
  default_to(storage.blobs, storage.root / "blobs");
  default_to(storage.staging, storage.root / "staging");
  default_to(storage.public_tree, storage.root / "public");
  default_to(storage.search, storage.root / "search");
  default_to(storage.run, storage.root / "run");
  default_to(config.clerk.socket, storage.run / "clerk.sock");
  default_to(config.clerk.state, storage.run / "clerk.state");
  default_to(config.nginx.pid, storage.run / "nginx.pid");
  default_to(config.nginx.temporary, storage.root / "nginx");
  default_to(config.nginx.read_socket, storage.run / "read.sock");
  default_to(config.nginx.write_socket, storage.run / "write.sock");

  if (config.auth.password_hash_slots == 0)
    config.auth.password_hash_slots = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));

  auto& limits = config.limits;
  for (const auto& one : k_figures) {
    int& value = limits.*one.place;
    if (limits.preset == "off") {
      value = 0;
      continue;
    }
    if (value == k_from_preset) value = limits.preset == "strict" ? one.strict : one.standard;
    if (one.is_interval) continue;
    value = static_cast<int>(std::min<std::int64_t>(std::int64_t{value} * limits.factor, 1'000'000'000));
  }
}

}  // namespace wharf
