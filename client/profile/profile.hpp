// SPDX-License-Identifier: MIT
// A profile: all that makes `wharf` one language's package manager. It is a small TOML file
// (docs/profiles.md), in which a key that is missing means what Wharf's own profile says. Four are built in,
// as texts of the same form; others are ~/.config/wharf/profiles/NAME.toml, and may also stand in a built-in
// one's place.
//
// A wrong or unknown key is Error(bad_request) that names the file and the key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/command/command.hpp"
#include "libwharf/package/dialect.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::client {

// How a lock file is written. wharf: TOML of ours; wharf_json: the same as JSON; the others as that
// language's own.
enum class LockForm { wharf, wharf_json, synapse, raven, vais };

// Where an installed package lies below the packages directory.
enum class Layout {
  name,                 // NAME/…: one version of each
  name_version,         // NAME/VERSION/…
  name_version_nested,  // NAME/VERSION/NAME-VERSION/…: with the archive's own top folder
  cache_extracted       // NAME/VERSION/{archive.tar.gz,extracted/…}
};

// How a credentials file is written. wharf: TOML, a table per origin; synapse: JSON, an object per registry
// as it was typed; raven: JSON, one registry only; vais: TOML, a table per registry as it was typed.
enum class CredentialsForm { wharf, synapse, raven, vais };

struct Profile {
  std::string name;      // "raven"
  std::string language;  // "Raven": as people write it
  std::string source;    // the file that it was read from; "built in" for a built-in one

  Dialect dialect = Dialect::native;         // how its manifest is read
  Bare bare = Bare::caret;                   // what a bare version means
  std::string manifest_file;                 // made by init
  std::vector<std::string> other_manifests;  // read, too, where that one is missing

  std::string lock_file;
  LockForm lock_form = LockForm::wharf;

  // Relative to the project, or absolute, or in the home directory ("~/…"), which all projects share.
  std::string packages_directory;
  Layout layout = Layout::name;

  std::string cache_directory;
  std::string credentials_file;
  CredentialsForm credentials_form = CredentialsForm::wharf;

  std::string default_registry;      // empty: none
  std::string registry_environment;  // the language's own variable for it, "SYNAPSE_REGISTRY"; empty: none

  std::string archive_top;  // "" or "{name}-{version}": the folder that everything lies in
  std::vector<std::string>
      pack;  // rules as in a .gitignore file, of what goes into an archive; empty: everything
  std::vector<std::string> leave_out;     // the same, of what does not
  bool bare_publish_check_warns = false;  // another checksum read back after publishing: a warning, no error

  // Its language's own spellings of the command line, as [spellings] has them: "install -D" → "install
  // --dev".
  std::vector<command::Alias> spellings;

  // The path with its "~" and the project's directory put in.
  Path expand(std::string_view path, const Path& project) const;
  // Packages are shared by all projects.
  bool shares_packages() const;
};

// The profile of that name: the user's file, else the built-in one. Throws Error(not_found) with the names
// that exist.
Profile find_profile(std::string_view name);
std::vector<std::string> profile_names();               // sorted, each once
std::vector<std::string_view> built_in_names();         // wharf, synapse, raven, vais
std::string_view built_in_text(std::string_view name);  // empty where there is none
Path user_profile_file(std::string_view name);          // where it would be
Profile read_profile(std::string name, std::string source, std::string_view text);

// The words of the profile's keys.
std::string_view word_of(Dialect dialect);
std::string_view word_of(LockForm form);
std::string_view word_of(Layout layout);
std::string_view word_of(CredentialsForm form);
std::string_view word_of(Bare bare);

}  // namespace wharf::client
