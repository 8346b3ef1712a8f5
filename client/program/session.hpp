// SPDX-License-Identifier: MIT
// What every command of the client begins with: where it works, for which language, against which registry.
//
//   int run(const command::Arguments& arguments) {
//     const auto session = open_session(arguments);
//     …
//   }
#pragma once

#include <string>
#include <string_view>

#include "client/profile/profile.hpp"
#include "client/program/configuration.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/command/arguments.hpp"

namespace wharf::client {

struct Session {
  const command::Arguments& arguments;
  Path directory;  // -C DIR, else the current one; absolute
  Profile profile;
  // Base URL without a final slash and without /api/v1, or file:///…. Empty where nothing names one: then a
  // command that needs it calls require_registry().
  std::string registry;
  bool offline = false, json = false, quiet = false, verbose = false;
  Configuration configuration;

  // Throws UsageError that says how to name one.
  const std::string& require_registry() const;
};

// Throws UsageError, and Error where a file of the user's cannot be read.
Session open_session(const command::Arguments& arguments);
// As if started in the folder `below` that one: what a command takes as PATH.
Session open_session(const command::Arguments& arguments, const Path& below);

// How it was decided which profile is used, in this order: --profile, WHARF_PROFILE, the name that the
// program was started under (`raven-pkg`, also as a symbolic link), the manifest found upwards from the
// directory, `wharf`.
struct ChosenProfile {
  std::string name;
  std::string
      by;  // "--profile", "WHARF_PROFILE", "the program's name", "the manifest /…/raven.toml", "default"
};
ChosenProfile choose_profile(const std::string& option, const Path& directory);

// `argv[0]`, kept for choose_profile(); "raven-pkg" for a name that means a profile, else "wharf".
std::string_view program_started_as(const char* argv0);

// A registry as it was typed, in the form of Session::registry. Throws UsageError where it is no URL of a
// registry.
std::string registry_from(std::string_view typed, const Profile& profile, const Path& directory);

}  // namespace wharf::client
