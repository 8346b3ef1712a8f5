// SPDX-License-Identifier: MIT
#include "libwharf/package/manifest.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/manifest_dependencies.hpp"
#include "libwharf/package/manifest_file.hpp"
#include "libwharf/package/manifest_section.hpp"
#include "libwharf/package/name.hpp"

namespace wharf {

namespace {

using Limits = ManifestLimits;

bool is_feature_name(std::string_view name) {
  return !name.empty() && name.size() <= Limits::feature && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '-' || c == '+' || c == '.';
  });
}

void read_repository(const ManifestSection& package, Manifest& manifest) {
  manifest.repository = package.at("repository").is_object() ? package.table("repository").url("url")
                                                             : package.url("repository");
}

void read_authors(const ManifestSection& package, Manifest& manifest) {
  manifest.authors = package.texts("authors", Limits::authors, Limits::author);
  if (auto author = package.text("author", Limits::author); author && manifest.authors.empty())
    manifest.authors.push_back(std::move(*author));
}

void read_package(const ManifestSection& package, Manifest& manifest) {
  manifest.name = package.required_text("name", Limits::text);
  package.refusing("name", [&] { require_package_name(manifest.name); });
  manifest.version = package.required_text("version", Limits::text);
  package.refusing("version", [&] { return parse_publishable_version(manifest.version); });
  manifest.description = package.prose("description", Limits::description);
  if (manifest.dialect == Dialect::synapse && !manifest.description)
    package.refuse("description", package.has("description") ? "is empty" : "is missing; it must be text");
  read_authors(package, manifest);
  manifest.license = package.text("license", Limits::license);
  manifest.homepage = package.url("homepage");
  manifest.documentation = package.url("documentation");
  read_repository(package, manifest);
  manifest.keywords = package.words("keywords", Limits::keywords, Limits::keyword_characters);
  manifest.categories = package.words("categories", Limits::categories, Limits::category_characters);
}

void read_features(const ManifestSection& root, Manifest& manifest) {
  const ManifestSection features = root.table("features");
  root.each_member("features", [&](std::string_view name, json::Value) {
    if (!is_feature_name(name))
      features.refuse(name, "is no name of a feature; use at most 128 letters, digits, '_', '-', '+', '.'");
    if (manifest.features.size() == Limits::features)
      root.refuse("features", "has more than " + std::to_string(Limits::features) + " entries");
    manifest.features[std::string(name)] = features.texts(name, Limits::feature_entries, Limits::feature);
  });
}

}  // namespace

Bare bare_meaning(Dialect dialect) {
  return dialect == Dialect::synapse ? Bare::exact : Bare::caret;
}

std::optional<Dialect> dialect_of_file(std::string_view file_name) {
  const auto form = manifest_form(file_name);
  return form ? std::optional(form->dialect) : std::nullopt;
}

Manifest parse_manifest(std::string_view file_name, std::string_view text) {
  const auto form = manifest_form(file_name);
  if (!form)
    throw Error(Code::manifest_invalid,
                quoted(file_name) +
                    " is no manifest's name; expected synapse.json, raven.toml, vais.toml, "
                    "wharf.toml or wharf.json");
  const json::Document document = read_manifest_document(file_name, form->toml, text);

  Manifest manifest;
  manifest.dialect = form->dialect;
  const ManifestSection root(file_name, "", document.root());
  const bool flat = is_flat_manifest(*form, root);
  if (!flat && !root.has("package"))
    root.refuse("package", "is missing; write a table '[package]' with 'name' and 'version'");
  read_package(flat ? root : root.table("package"), manifest);
  for (auto& entry : read_dependencies(root, *form, flat, ReadFor::publishing))
    manifest.dependencies.push_back(std::move(entry.dependency));
  if (manifest.dialect != Dialect::synapse) read_features(root, manifest);
  return manifest;
}

}  // namespace wharf
