// SPDX-License-Identifier: MIT
// What `add` and `install NAME…` have in common.
#pragma once

#include <string>
#include <vector>

#include "client/commands/installing.hpp"

namespace wharf::client {

struct Adding {
  bool dev = false;
  bool save = true;  // in the manifest; else for this once
};

// Asks for the named packages too (`fog`, `fog@^1.2`), installs all, and on success the manifest has them.
// What is named without a requirement keeps the one that it has, else gets the caret of its newest version
// that fits with the rest.
int add_packages(const Workplace& workplace, const std::vector<std::string>& words, const Adding& adding,
                 Undertaking undertaking);

}  // namespace wharf::client
