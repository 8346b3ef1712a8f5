// SPDX-License-Identifier: MIT
// Statements about many rows at once. They run in pieces of a few fixed sizes, so that a connection prepares
// few texts.
#pragma once

#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

using RowList = std::vector<std::vector<Parameter>>;

// `head` ("INSERT INTO … VALUES "), then `row` ("(?, ?)") for each, separated by `between`, then `tail`.
// Returns the number of rows that were changed.
std::uint64_t execute_for_rows(Connection& connection, std::string_view head, std::string_view row,
                               std::string_view between, std::string_view tail, const RowList& rows);
// The same as a query; `take` is called for each row that comes back.
void query_for_rows(Connection& connection, std::string_view head, std::string_view row,
                    std::string_view between, std::string_view tail, const RowList& rows,
                    const std::function<void(const Rows&)>& take);

}  // namespace wharf::store
