// SPDX-License-Identifier: MIT
// A manifest's file, before anything in it means something: which form and dialect it has, and its document.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "libwharf/json/value.hpp"
#include "libwharf/package/dialect.hpp"
#include "libwharf/package/manifest_section.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf {

struct ManifestForm {
  Dialect dialect = Dialect::native;
  Bare bare = Bare::caret;
  bool toml = true;
};

// Nothing for a file name that no dialect has.
std::optional<ManifestForm> manifest_form(std::string_view file_name);

// Strictly read, TOML as JSON; one object. Throws Error(manifest_invalid) that begins with the file's name.
json::Document read_manifest_document(std::string_view file_name, bool toml, std::string_view text);

// Whether name, version and the rest stand at the top level, and not in a table `package`.
bool is_flat_manifest(const ManifestForm& form, const ManifestSection& root);

// The tables that hold dependencies for the package's own development; the first is the one to write.
std::vector<std::string_view> dev_dependency_tables(const ManifestForm& form, bool flat);

}  // namespace wharf
