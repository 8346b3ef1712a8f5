// SPDX-License-Identifier: MIT
// `wharf-registry rebuild`: makes the public tree anew from the journal and the blobs alone, as the user who
// owns it, while the old one is served. Refuses where a clerk is at work. It may be ended at any moment: the
// clerk's next start finishes.
#pragma once

#include "registry/config/config.hpp"

namespace wharf::admin {

void rebuild_public_tree(const Config& config);

}  // namespace wharf::admin
