// SPDX-License-Identifier: MIT
#include "client/program/home.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "libwharf/base/error.hpp"

namespace wharf::client {

Path home_directory() {
  if (const char* home = std::getenv("HOME"); home && *home) return home;
  if (const passwd* user = ::getpwuid(::geteuid()); user && user->pw_dir && *user->pw_dir)
    return user->pw_dir;
  throw Error(Code::bad_request,
              "this user has no home directory; set HOME to the folder for the client's files");
}

Path with_home(std::string_view path) {
  if (path == "~") return home_directory();
  if (path.starts_with("~/")) return home_directory() / path.substr(2);
  return path;
}

Path configuration_directory() {
  // The specification of these variables: a path that is not absolute is to be ignored.
  if (const char* base = std::getenv("XDG_CONFIG_HOME"); base && *base == '/') return Path(base) / "wharf";
  return home_directory() / ".config/wharf";
}

}  // namespace wharf::client
