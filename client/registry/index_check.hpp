// SPDX-License-Identifier: MIT
// A registry's index document, which is a stranger's text until it was looked through.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libwharf/package/index_document.hpp"
#include "libwharf/resolver/source.hpp"

namespace wharf::client {

// Throws IntegrityError where it is none, where it is another package's, and where a version of it has no
// proper checksum, an impossible size, an unreadable requirement or a twin.
IndexDocument read_index_document(const std::string& base, const std::string& name, std::string_view text);

// What the resolver wants of it: normal, non-optional dependencies. A quarantined package has none.
std::vector<resolver::Candidate> candidates_of(const IndexDocument& document);

}  // namespace wharf::client
