// SPDX-License-Identifier: MIT
#include "registry/store/interruption.hpp"

#include <string>

namespace wharf::store {

std::int64_t connection_id(Connection& connection) {
  auto rows = connection.query("SELECT CONNECTION_ID()");
  rows.next();
  return rows.integer(0);
}

void interrupt(Connection& connection, std::int64_t id) {
  constexpr int k_no_such_thread = 1094;
  try {
    connection.run_text("KILL QUERY " + std::to_string(id));
  } catch (const DatabaseError& error) {
    if (error.number != k_no_such_thread) throw;
  }
}

}  // namespace wharf::store
