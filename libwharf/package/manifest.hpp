// SPDX-License-Identifier: MIT
// What a package says of itself: one model for `synapse.json`, `raven.toml`, `vais.toml`, `wharf.toml`,
// `wharf.json`.
//
// parse_manifest() is the one reader. It throws Error(manifest_invalid) that names the file, the key
// (details: "key") and what was expected, and Error(dependency_not_publishable) for a path, git or workspace
// dependency without a version requirement. Unknown keys are ignored; null, and an empty text where a text
// may be missing, count as missing.
//
// Shapes:
//  - `synapse.json`: everything at the top level; `author` (text) or `authors`; `repository` text or `{type,
//  url}`;
//    `dependencies` and `devDependencies` map a name to a requirement text. `description` is required here
//    alone.
//  - the TOML files: `[package]`, `[dependencies]`, `[dev-dependencies]` and `[features]`; a dependency is a
//    requirement text or a table `{version, features, optional, target, path, git, workspace}`. Vais and
//    Wharf read
//    `[dev_dependencies]` too, and in Vais a table without version, path, git and workspace means any
//    version.
//  - `wharf.json`: the shape of `wharf.toml` where it has `package`, else that of `synapse.json`, in which a
//    dependency may also be such a table and dev dependencies also be called `dev-dependencies`,
//    `dev_dependencies`.
// A bare version in a requirement means exactly that in Synapse, caret elsewhere.
//
// Texts are UTF-8 without control characters (runs of line breaks and tabs in a description become one
// space).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/dialect.hpp"
#include "libwharf/package/requirement.hpp"
#include "libwharf/package/version.hpp"

namespace wharf {

// Bytes, unless "characters" is said. URLs are http or https, in printable ASCII.
struct ManifestLimits {
  static constexpr std::size_t text = 256u << 10;
  static constexpr std::size_t description = 4096;
  static constexpr std::size_t license = 100;
  static constexpr std::size_t url = 512;
  static constexpr std::size_t authors = 64, author = 256;
  static constexpr std::size_t keywords = 20, keyword_characters = 32;
  static constexpr std::size_t categories = 5, category_characters = 32;
  static constexpr std::size_t dependencies = 500;  // normal and dev ones together
  static constexpr std::size_t features = 300, feature_entries = 300, feature = 128;
  static constexpr std::size_t target = 256;
};

Bare bare_meaning(Dialect dialect);

struct Dependency {
  enum class Kind { normal, dev };
  std::string name;
  std::string requirement;  // Requirement::portable_text()
  Kind kind = Kind::normal;
  bool optional = false;
  std::optional<std::string> target;
  std::vector<std::string> features;
  bool operator==(const Dependency&) const = default;
};

struct Manifest {
  Dialect dialect = Dialect::native;
  std::string name;
  std::string version;  // as written; a version that may be published
  std::optional<std::string> description, license, homepage, repository, documentation;
  std::vector<std::string> authors;
  std::vector<std::string> keywords, categories;  // folded, in the given order, once each
  std::vector<Dependency> dependencies;           // normal ones, then dev ones, each sorted by name
  std::map<std::string, std::vector<std::string>> features;
  bool operator==(const Manifest&) const = default;
};

// The dialect of a manifest's file name, nothing for a name that no dialect has.
std::optional<Dialect> dialect_of_file(std::string_view file_name);

Manifest parse_manifest(std::string_view file_name, std::string_view text);

// The manifest as one JSON object, with the keys above; the form in which it is stored and journalled.
void write_manifest(json::Writer& writer, const Manifest& manifest);
// Reads that form back, exactly; anything else is Error(internal_error), since it is our own.
Manifest manifest_from_json(json::Value value);

}  // namespace wharf
