// SPDX-License-Identifier: MIT
// What a package says of itself: one model for `synapse.json`, `raven.toml`, `vais.toml`, `wharf.toml`, `wharf.json`.
//
// parse_manifest() is the one reader. It throws Error(manifest_invalid) that names the key and what was expected, and
// Error(dependency_not_publishable) for a path, git or workspace dependency without a version requirement.
// Limits: 256 KiB of text, 500 dependencies, 300 features, 20 keywords of 32 characters, 5 categories; URLs are http or
// https. Unknown keys are ignored. Texts are UTF-8 without control characters (line breaks in a description become spaces).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/requirement.hpp"
#include "libwharf/package/version.hpp"

namespace wharf {

enum class Dialect { native, synapse, raven, vais };

std::string_view dialect_name(Dialect dialect);
std::optional<Dialect> dialect_from(std::string_view name);
Bare bare_meaning(Dialect dialect);

struct Dependency {
  enum class Kind { normal, dev };
  std::string name;
  std::string requirement;  // Requirement::portable_text()
  Kind kind = Kind::normal;
  bool optional = false;
  std::optional<std::string> target;
  std::vector<std::string> features;
};

struct Manifest {
  Dialect dialect = Dialect::native;
  std::string name;
  std::string version;  // as written; a valid version
  std::optional<std::string> description, license, homepage, repository, documentation;
  std::vector<std::string> authors, keywords, categories;  // keywords and categories folded, in the given order, once each
  std::vector<Dependency> dependencies;                     // normal ones, then dev ones, each sorted by name
  std::map<std::string, std::vector<std::string>> features;
};

// The dialect of a manifest's file name, nothing for a name that no dialect has.
std::optional<Dialect> dialect_of_file(std::string_view file_name);

Manifest parse_manifest(std::string_view file_name, std::string_view text);

// The manifest as one JSON object, with the keys above; the form in which it is stored and journalled.
void write_manifest(json::Writer& writer, const Manifest& manifest);
Manifest manifest_from_json(json::Value value);

}  // namespace wharf
