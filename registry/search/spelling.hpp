// SPDX-License-Identifier: MIT
// Other spellings of a query whose words are hardly known. Inside of this room alone.
#pragma once

#include <xapian.h>

#include <functional>
#include <optional>
#include <string>

namespace wharf::search {

// The query with its unknown words put right, where any can be and `finds_more` agrees.
std::optional<std::string> respelt(const Xapian::Database& database, const std::string& query,
                                   const std::function<bool(const std::string&)>& finds_more);

}  // namespace wharf::search
