// SPDX-License-Identifier: MIT
// `wharf-registry doctor --downloads`: the counts against the logs that are kept.
#pragma once

#include "admin-tools/common/tool.hpp"

namespace wharf::admin {

// Returns the exit code.
int recount_downloads(const Arguments& arguments);

}  // namespace wharf::admin
