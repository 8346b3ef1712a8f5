// SPDX-License-Identifier: MIT
// The stored form of a manifest.
#include "libwharf/base/error.hpp"
#include "libwharf/package/manifest.hpp"
#include "libwharf/package/stored_json.hpp"

namespace wharf {

void write_manifest(json::Writer& writer, const Manifest& manifest) {
  writer.begin_object();
  writer.member("dialect", dialect_name(manifest.dialect));
  writer.member("name", manifest.name).member("version", manifest.version);
  writer.member("description", manifest.description).member("license", manifest.license);
  writer.member("homepage", manifest.homepage).member("repository", manifest.repository);
  writer.member("documentation", manifest.documentation);
  writer.member("authors", manifest.authors);
  writer.member("keywords", manifest.keywords).member("categories", manifest.categories);
  writer.key("dependencies").begin_array();
  for (const auto& dependency : manifest.dependencies) {
    writer.begin_object();
    writer.member("name", dependency.name).member("requirement", dependency.requirement);
    writer.member("kind", dependency.kind == Dependency::Kind::dev ? "dev" : "normal");
    writer.member("optional", dependency.optional).member("target", dependency.target);
    writer.member("features", dependency.features);
    writer.end_object();
  }
  writer.end_array();
  writer.key("features").begin_object();
  for (const auto& [name, entries] : manifest.features) writer.member(name, entries);
  writer.end_object();
  writer.end_object();
}

Manifest manifest_from_json(json::Value value) {
  using namespace stored;
  Manifest manifest;
  const std::string dialect = text(value, "dialect");
  const auto known = dialect_from(dialect);
  if (!known) throw internal_error("a stored manifest has the unknown dialect '" + dialect + "'");
  manifest.dialect = *known;
  manifest.name = text(value, "name");
  manifest.version = text(value, "version");
  manifest.description = maybe_text(value, "description");
  manifest.license = maybe_text(value, "license");
  manifest.homepage = maybe_text(value, "homepage");
  manifest.repository = maybe_text(value, "repository");
  manifest.documentation = maybe_text(value, "documentation");
  manifest.authors = texts(value, "authors");
  manifest.keywords = texts(value, "keywords");
  manifest.categories = texts(value, "categories");
  array(value, "dependencies").each([&](json::Value one) {
    Dependency dependency;
    dependency.name = text(one, "name");
    dependency.requirement = text(one, "requirement");
    const std::string kind = text(one, "kind");
    if (kind != "dev" && kind != "normal")
      throw internal_error("a stored dependency has the unknown kind '" + kind + "'");
    dependency.kind = kind == "dev" ? Dependency::Kind::dev : Dependency::Kind::normal;
    dependency.optional = boolean(one, "optional");
    dependency.target = maybe_text(one, "target");
    dependency.features = texts(one, "features");
    manifest.dependencies.push_back(std::move(dependency));
  });
  object(value, "features").each_member([&](std::string_view name, json::Value entries) {
    manifest.features[std::string(name)] = texts(entries);
  });
  return manifest;
}

}  // namespace wharf
