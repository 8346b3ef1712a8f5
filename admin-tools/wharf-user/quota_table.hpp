// SPDX-License-Identifier: MIT
// A user's quotas as `show` and the `quota` commands print them.
#pragma once

#include <vector>

#include "libwharf/json/writer.hpp"
#include "registry/services/quotas.hpp"

namespace wharf::admin {

void print_quotas(const std::vector<Quotas::Standing>& standings);
// An array of {quota, limit, seconds, own, remaining, used_bytes}: `limit` is null where there is none, `own`
// tells whether the figures were set for this user, `used_bytes` is null but for storage.
void write_quotas(json::Writer& writer, const std::vector<Quotas::Standing>& standings);

}  // namespace wharf::admin
