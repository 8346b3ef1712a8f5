// SPDX-License-Identifier: MIT
// Between index_entry.cpp and index_document.cpp alone.
#pragma once

#include "libwharf/package/index_document.hpp"

namespace wharf {

void write_index_entry_members(json::Writer& writer, const IndexEntry& entry);
// Throws internal_error where a text that we stored is no version.
Version stored_version(std::string_view text);

}  // namespace wharf
