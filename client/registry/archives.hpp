// SPDX-License-Identifier: MIT
// Archives, fetched into the cache. Nothing is handed out whose SHA-256 is not the expected one, be it from
// the network, from a directory or from the cache.
//
// Several are fetched at once, each streamed to a file beside the cache while it is hashed and renamed into
// place when it is right. What was broken off goes on where it stopped; what does not fit after that is
// fetched whole once. A body longer than the expected size is cut off.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "client/registry/access.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::command {
class Transfers;
}

namespace wharf::client {

struct Profile;

struct WantedArchive {
  std::string name;
  Version version;
  std::string checksum;    // SHA-256, 64 small hex digits
  std::uint64_t size = 0;  // bytes; 0: unknown, then the limits of archives bound it
};

// Paths in the cache, in the order asked. Throws IntegrityError where a checksum does not fit: it names both,
// and where the file was put aside; Error(unavailable) where one cannot be fetched, or offline, with all that
// is missing; Error(not_found) where the registry has no such archive.
std::vector<Path> fetch_archives(const RegistryAccess& access, const Profile& profile,
                                 std::span<const WantedArchive> wanted, command::Transfers& transfers);

}  // namespace wharf::client
