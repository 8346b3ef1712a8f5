// SPDX-License-Identifier: MIT
// The limits' part of nginx's configuration: classes of calls, zones with their rates, and where they are
// applied.
#pragma once

#include <map>
#include <string>

#include "registry/config/config.hpp"

namespace wharf::admin {

// Adds CLASSES, ZONES, APPLIED, RETRIES and RETRY_OTHER. `base` is the expression of all bases.
void add_limit_values(const Config::Limits& limits, const std::string& base,
                      std::map<std::string, std::string, std::less<>>& values);

}  // namespace wharf::admin
