// SPDX-License-Identifier: MIT
// How many statements a call runs.
#pragma once

#include <cstdint>
#include <string>

#include "registry/store/connection.hpp"

namespace wharf::test {

// The one that asks for the number is left out.
template <class Call>
std::int64_t queries_of(store::Database& database, Call&& call) {
  const auto count = [&] {
    auto rows = database.connection().query("SHOW SESSION STATUS LIKE 'Com_stmt_execute'");
    rows.next();
    return std::stoll(rows.text(1));
  };
  const auto before = count();
  call();
  return count() - before - 1;
}

}  // namespace wharf::test
