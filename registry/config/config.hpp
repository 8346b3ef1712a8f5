// SPDX-License-Identifier: MIT
// The configuration of an installation: one INI file, every key of which WHARF_<SECTION>_<KEY> in the
// environment overrides, and a flag overrides both. Keys, defaults and descriptions are declared once, in
// options.cpp.
//
// An unknown key or a value that is not of its form is an Error(bad_request) whose sentence names the file,
// the line and the key (or the variable, or the flag) and says what was expected.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/base/log.hpp"

namespace wharf {

struct Config {
  enum class Mode { development, production };

  // Who speaks to the database; each may have a user of its own with the rights that it needs and no others.
  enum class Role { worker, clerk, admin };

  struct Site {
    Mode mode = Mode::development;
    std::string public_url;  // without a trailing slash; empty where unknown
    std::string dialect;     // native, synapse, raven or vais: what answers at the root
    bool registration_open = true;
    std::vector<std::string> cors_origins;  // `*` alone is any
    bool whole_index = true;
  } site;

  struct Database {
    Path socket;  // where set, host and port are not used
    std::string host;
    int port = 3306;
    std::string name;
    std::string user;
    std::string password;  // as configured; use database_for(), which also reads password_file
    Path password_file;
    bool allow_unsafe_durability = false;
    std::string clerk_user, admin_user;  // empty: `user`
    Path clerk_password_file, admin_password_file;
  } database;

  struct Storage {  // absolute; what is not set lies below root
    Path root, blobs, staging, public_tree, search, run;
  } storage;

  struct Auth {
    Path jwt_key_file;
    int session_days = 30;
    int password_hash_slots = 0;  // never 0 once loaded: the machine's cores
  } auth;

  struct Publish {
    int max_archive_mib = 100;
    std::vector<std::string> reserved_names;
    bool allow_non_ascii_paths = false;
    int removal_hours = 72;
    std::vector<std::string> manifests;  // file names that are accepted, in order of preference
  } publish;

  struct Clerk {
    Path socket;          // datagrams: "there is something new"
    Path state;           // shared memory: applied numbers and the heartbeat
    std::string machine;  // this machine's name among those that follow the journal
    int wait_ms = 1000;   // how long a publish waits for its event to be visible
  } clerk;

  struct Downloads {
    bool counting = true;         // nginx logs them and the clerk counts
    bool raw = false;             // one row each is kept beside the counts
    int raw_retention_days = 30;  // how long such a row is kept
  } downloads;

  // Figures per window, preset and factor applied; 0 is "no limit".
  struct Limits {
    std::string preset;
    int factor = 1;
    int register_per_hour = 0;   // per address
    int login_per_hour = 0;      // per address
    int publish_per_hour = 0;    // per address
    int remove_per_hour = 0;     // per address
    int search_per_hour = 0;     // per address
    int anonymous_per_hour = 0;  // per address, other worker calls that carry no token
    int worker_per_minute = 0;   // per address, other worker calls
    int token_per_hour = 0;      // per token, other worker calls
    // Quotas per user, kept in the database and so the same for all machines: how many at once, and the
    // seconds after which one more is admitted; these are not divided by the factor yet.
    int user_new_packages = 0, user_new_package_seconds = 0;
    int user_versions = 0, user_version_seconds = 0;
    int user_yanks = 0, user_yank_seconds = 0;
    int user_storage_mib = 0;
  } limits;

  struct Log {
    log::Level level = log::Level::info;
  } log;

  struct Nginx {                         // what `wharf-registry nginx-config` renders
    std::vector<std::string> addresses;  // `*` is all of IPv4, `[::]` all of IPv6
    int http_port = 80;
    int https_port = 443;
    std::string server_name;
    Path certificate, certificate_key;
    std::string user;  // empty: whoever starts it
    int workers = 0;   // 0: one per core
    Path templates;
    Path pid, temporary;
    Path access_log, error_log, download_log;
    Path read_socket, write_socket;
  } nginx;

  // Every key with its value as text and where that came from: `default`, `/etc/wharf/wharf.conf:12`,
  // `WHARF_SITE_MODE` or `--set`. Secrets are shown as `(secret)`.
  struct Setting {
    std::string key, value, origin;
  };
  std::vector<Setting> settings;
};

using Settings = std::map<std::string, std::string>;

// Those variables of `environment` (as `environ`) that override a key: WHARF_SITE_MODE as site.mode. A
// variable that begins as a section's does, but names no key of it, is an error.
Settings settings_of_environment(const char* const* environment);

// `file` empty: defaults alone. Keys of `overrides` are `section.key`.
Config load_config(const Path& file, const Settings& environment, const Settings& overrides = {});
// With this process's environment.
Config load_config(const Path& file);

// The database section with `user` and `password` those of the role; reads the password file.
Config::Database database_for(const Config& config, Config::Role role);

// The keys that sign sessions, the first one signs, all verify: the lines of auth.jwt_key_file in hex or
// base64. In development without a file: one well-known key. In production a file that is missing, that
// others can read, or that holds the well-known key or one of fewer than 32 bytes is an error.
std::vector<std::string> load_jwt_keys(const Config& config);

// All keys with their forms, defaults and descriptions, as a commented INI file that loads to the defaults.
std::string describe_config();

}  // namespace wharf
