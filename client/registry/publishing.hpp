// SPDX-License-Identifier: MIT
// An archive on its way into a registry, and back to see that it arrived.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "client/registry/api.hpp"

namespace wharf::client {

struct Upload {
  std::string name, version;
  Path archive;
  std::string checksum;  // SHA-256, 64 small hex digits
  std::uint64_t size = 0;
};

struct Uploaded {
  bool was_there = false;  // the same bytes had been published before: nothing was changed
  bool is_visible = true;
};

// Streams the archive to the registry. An answer that is lost is not taken for a failure: the registry is
// asked whether the version is there with these bytes, and only if it is not is it sent again, a few times.
// Other bytes under that version are Error(version_exists). `say` gets a sentence when something has to be
// done again.
Uploaded upload(Api& api, const Upload& wanted, const Http::OnProgress& on_progress,
                const std::function<void(std::string_view)>& say);

// The registry makes every check and keeps nothing. Its answer.
ApiAnswer try_upload(Api& api, const Upload& wanted, const Http::OnProgress& on_progress);

// Reads the version back, and the archive with it. Throws IntegrityError that names both checksums where
// either is not what was sent; Error(not_found) where there is no such version or archive yet;
// Error(unavailable) where the registry could not be asked. `patience`: how long an archive may stay
// invisible.
void read_back(Api& api, const Upload& wanted, std::chrono::milliseconds patience);

}  // namespace wharf::client
