// SPDX-License-Identifier: MIT
// The rows of `blobs`. Whoever publishes and whoever collects garbage holds a blob's row while the file comes
// or goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

// Makes the row, or finds it; either way it is locked until the transaction ends.
void lock_blob(Connection& connection, std::string_view digest, std::uint64_t size, Time at);
bool is_blob_referred_to(Connection& connection, std::string_view digest);
void delete_blob(Connection& connection, std::string_view digest);
// Digests, in order, of blobs that no version refers to, after `after`, at most `limit`.
std::vector<std::string> unreferred_blobs(Connection& connection, std::string_view after, unsigned limit);
bool has_blob_row(Connection& connection, std::string_view digest);

}  // namespace wharf::store
