// SPDX-License-Identifier: MIT
// The first ones of many in the order of downloads, time or name, found band by band: of half a million that
// match, a page is taken from the few thousand that can be on it. Inside of this room alone.
#pragma once

#include <string>
#include <vector>

#include "registry/search/layout.hpp"
#include "registry/search/searcher.hpp"

namespace wharf::search {

// Names of at most `wanted` packages that match; `about` says how many do. Not for Sort::relevance. What is
// alike stands in the order of names' first events in the journal.
std::vector<std::string> first_sorted(const Xapian::Database& database, const Xapian::Query& matching,
                                      Sort sort, Xapian::doccount wanted, std::uint64_t about);

}  // namespace wharf::search
