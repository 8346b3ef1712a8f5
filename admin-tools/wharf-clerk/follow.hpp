// SPDX-License-Identifier: MIT
// The clerk's life: waits for pokes, applies what the journal holds, and outlives the database, full disks
// and whatever else may pass. Ends on SIGTERM or SIGINT.
#pragma once

#include "registry/config/config.hpp"

namespace wharf {

// The exit code. `once`: ends when the tree stands at the journal's end; 1 where it could not be brought
// there.
int follow(const Config& config, bool once);

}  // namespace wharf
