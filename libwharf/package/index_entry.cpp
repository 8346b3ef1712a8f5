// SPDX-License-Identifier: MIT
// What an index document is made of: the package's own fields and the versions' entries, to JSON and back.
#include "libwharf/package/index_entry.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/index_document.hpp"
#include "libwharf/package/stored_json.hpp"

namespace wharf {

namespace {

void write_dependencies(json::Writer& writer, const std::vector<Dependency>& dependencies,
                        Dependency::Kind kind) {
  writer.begin_object();
  for (const auto& dependency : dependencies) {
    if (dependency.kind != kind) continue;
    writer.key(dependency.name).begin_object();
    writer.member("req", dependency.requirement).member("features", dependency.features);
    writer.member("optional", dependency.optional).member("target", dependency.target);
    writer.end_object();
  }
  writer.end_object();
}

void read_dependencies(json::Value value, Dependency::Kind kind, std::vector<Dependency>& out) {
  value.each_member([&](std::string_view name, json::Value one) {
    Dependency& dependency = out.emplace_back();
    dependency.name = name;
    dependency.kind = kind;
    dependency.requirement = stored::text(one, "req");
    dependency.features = stored::texts(one, "features");
    dependency.optional = stored::boolean(one, "optional");
    dependency.target = stored::maybe_text(one, "target");
  });
}

}  // namespace

PackageMetadata metadata_of(const Manifest& manifest) {
  return {manifest.description,   manifest.license,  manifest.homepage,   manifest.repository,
          manifest.documentation, manifest.keywords, manifest.categories, manifest.authors};
}

void write_metadata_members(json::Writer& writer, const PackageMetadata& metadata) {
  writer.member("description", metadata.description).member("license", metadata.license);
  writer.member("homepage", metadata.homepage).member("repository", metadata.repository);
  writer.member("documentation", metadata.documentation);
  writer.member("keywords", metadata.keywords).member("categories", metadata.categories);
  writer.member("authors", metadata.authors);
}

PackageMetadata metadata_from_json(json::Value value) {
  using namespace stored;
  if (value.is_null()) return {};
  return {maybe_text(value, "description"),   maybe_text(value, "license"),
          maybe_text(value, "homepage"),      maybe_text(value, "repository"),
          maybe_text(value, "documentation"), texts(value, "keywords"),
          texts(value, "categories"),         texts(value, "authors")};
}

IndexEntry index_entry(const Manifest& manifest, std::string_view checksum, std::uint64_t size,
                       std::string_view published_at) {
  IndexEntry entry;
  entry.version = parse_version(manifest.version);
  entry.checksum = checksum;
  entry.size = size;
  entry.dependencies = manifest.dependencies;
  entry.published_at = published_at;
  return entry;
}

void write_index_entry_members(json::Writer& writer, const IndexEntry& entry) {
  writer.member("version", entry.version.text())
      .member("checksum", entry.checksum)
      .member("size", entry.size);
  writer.key("dependencies");
  write_dependencies(writer, entry.dependencies, Dependency::Kind::normal);
  writer.key("dev_dependencies");
  write_dependencies(writer, entry.dependencies, Dependency::Kind::dev);
  writer.member("yanked", entry.yanked).member("yank_reason", entry.yank_reason);
  writer.member("published_at", entry.published_at);
}

void write_index_entry(json::Writer& writer, const IndexEntry& entry) {
  writer.begin_object();
  write_index_entry_members(writer, entry);
  writer.end_object();
}

Version stored_version(std::string_view text) {
  auto version = Version::from(text);
  if (!version) throw internal_error("stored JSON: " + wharf::quoted(text) + " is no version");
  return std::move(*version);
}

IndexEntry index_entry_from_json(json::Value value) {
  IndexEntry entry;
  entry.version = stored_version(stored::text(value, "version"));
  entry.checksum = stored::text(value, "checksum");
  const auto size = stored::integer(value, "size");
  if (size < 0) throw internal_error("stored JSON: a size below 0");
  entry.size = static_cast<std::uint64_t>(size);
  read_dependencies(stored::object(value, "dependencies"), Dependency::Kind::normal, entry.dependencies);
  read_dependencies(stored::object(value, "dev_dependencies"), Dependency::Kind::dev, entry.dependencies);
  entry.yanked = stored::boolean(value, "yanked");
  entry.yank_reason = stored::maybe_text(value, "yank_reason");
  entry.published_at = stored::text(value, "published_at");
  return entry;
}

}  // namespace wharf
