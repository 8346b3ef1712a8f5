// SPDX-License-Identifier: MIT
// A package as a Xapian document.
#pragma once

#include <string>
#include <vector>

#include "registry/search/layout.hpp"
#include "registry/search/package_state.hpp"

namespace wharf::search {

// As much of a README as is searched for.
inline constexpr std::size_t k_longest_readme = 32u << 10;

Xapian::Document document_of(const PackageState& state, const PackageTexts& texts);

// Puts another number of downloads into a document that may be found.
void set_downloads(Xapian::Document& document, std::int64_t downloads);

// The words that mistyped ones may be corrected to: those of names, keywords and descriptions.
std::vector<std::string> spellings_of(const Xapian::Document& document);

}  // namespace wharf::search
