// SPDX-License-Identifier: MIT
// How a registry is reached, and where what comes from it is kept.
#pragma once

#include <cstddef>
#include <string>

#include "client/http/http.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::client {

struct RegistryAccess {
  std::string base;      // registry_base(): `https://packages.example.org`, `file:///srv/mirror`
  bool offline = false;  // only what is in the cache; a directory is read all the same
  Path cache;            // the profile's cache directory, absolute
  std::size_t jobs = 8;  // archives fetched at once
  HttpOptions http = {};
};

}  // namespace wharf::client
