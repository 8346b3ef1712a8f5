// SPDX-License-Identifier: MIT
// `wharf-registry gc`: takes away what crashes and removals left behind (registry/services/blob_gc.hpp says
// what that is, and why it may run at any time). Prints what it removed.
#pragma once

#include "registry/config/config.hpp"

namespace wharf::admin {

void collect_garbage(const Config& config);

}  // namespace wharf::admin
