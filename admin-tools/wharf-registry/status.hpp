// SPDX-License-Identifier: MIT
// `wharf-registry status`: where the journal ends, what this machine's clerk shows, and how far all machines'
// clerks have read. Prints a few lines.
#pragma once

#include "registry/config/config.hpp"

namespace wharf::admin {

// False where something needs looking after: no database, no clerk on this machine, or one that does not
// catch up.
bool show_status(const Config& config);

}  // namespace wharf::admin
