// SPDX-License-Identifier: MIT
// Ending a statement that takes long, from another connection of the same database user.
#pragma once

#include <cstdint>

#include "registry/store/connection.hpp"

namespace wharf::store {

std::int64_t connection_id(Connection& connection);
// What runs on that connection fails with DatabaseError(connection_lost). Nothing happens where nothing runs.
void interrupt(Connection& connection, std::int64_t id);

}  // namespace wharf::store
