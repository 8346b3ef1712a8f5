// SPDX-License-Identifier: MIT
// A home folder of its own, with an environment that names nothing else.
#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "libwharf/base/file.hpp"

namespace wharf::test {

class Home {
 public:
  Home() {
    std::string name = "/tmp/wharf-home-XXXXXX";
    folder = ::mkdtemp(name.data());
    for (const char* variable :
         {"HOME", "XDG_CONFIG_HOME", "WHARF_CLIENT_CONFIG", "WHARF_PROFILE", "WHARF_REGISTRY",
          "SYNAPSE_REGISTRY", "RAVEN_REGISTRY", "VAIS_REGISTRY_URL"}) {
      const char* value = std::getenv(variable);
      before_[variable] = value ? std::optional<std::string>(value) : std::nullopt;
      ::unsetenv(variable);
    }
    ::setenv("HOME", folder.c_str(), 1);
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  ~Home() {
    for (const auto& [variable, value] : before_)
      value ? ::setenv(variable.c_str(), value->c_str(), 1) : ::unsetenv(variable.c_str());
    std::error_code none;
    std::filesystem::remove_all(folder, none);
  }

  // Makes the folders above it.
  Path write(const std::string& path, std::string_view text) const {
    const Path file = folder / path;
    std::filesystem::create_directories(file.parent_path());
    write_file_durably(file, text);
    return file;
  }

  Path folder;

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

}  // namespace wharf::test
