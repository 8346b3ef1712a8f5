// SPDX-License-Identifier: MIT
#include "libwharf/package/manifest.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/manifest_section.hpp"
#include "libwharf/package/name.hpp"
#include "libwharf/package/toml.hpp"

namespace wharf {

namespace {

using Limits = ManifestLimits;

struct FileKind {
  std::string_view name;
  Dialect dialect;
  bool toml;
};
constexpr std::array<FileKind, 5> k_files = {{{"synapse.json", Dialect::synapse, false},
                                              {"raven.toml", Dialect::raven, true},
                                              {"vais.toml", Dialect::vais, true},
                                              {"wharf.toml", Dialect::native, true},
                                              {"wharf.json", Dialect::native, false}}};

const FileKind* find_file(std::string_view name) {
  const auto found =
      std::find_if(k_files.begin(), k_files.end(), [&](const FileKind& kind) { return kind.name == name; });
  return found == k_files.end() ? nullptr : &*found;
}

// What the functions on names, versions and requirements say becomes a refusal of the manifest at that key.
template <class Check>
auto rewrapped(const ManifestSection& section, std::string_view key, Check check) {
  try {
    return check();
  } catch (const Error& error) {
    section.refuse(key, "is not valid: " + error.public_message());
  }
}

bool is_feature_name(std::string_view name) {
  return !name.empty() && name.size() <= Limits::feature && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '_' || c == '-' || c == '+' || c == '.';
  });
}

// --- Dependencies
// -------------------------------------------------------------------------------------------------

class DependencyReader {
 public:
  DependencyReader(Dialect dialect, bool tables, std::vector<Dependency>& out)
      : dialect_(dialect), tables_(tables), out_(out) {}

  void read(const ManifestSection& parent, std::string_view key, Dependency::Kind kind) {
    parent.each_member(key, [&](std::string_view name, json::Value value) {
      const ManifestSection section = parent.table(key);
      rewrapped(section, name, [&] { require_package_name(name); });
      if (out_.size() == Limits::dependencies)
        parent.refuse(key, "brings the dependencies to more than " + std::to_string(Limits::dependencies));
      if (!seen_.emplace(kind, name).second)
        section.refuse(name, "is there twice, under another name of the table; keep one");
      Dependency dependency;
      dependency.name = name;
      dependency.kind = kind;
      if (value.is_string())
        dependency.requirement = portable(section, name, *value.string());
      else if (value.is_object() && tables_)
        read_table(section, name, dependency);
      else
        section.refuse(name, tables_ ? "must be a requirement, as \"^1.2.0\", or a table with a 'version'"
                                     : "must be a requirement, as \"^1.2.0\"");
      out_.push_back(std::move(dependency));
    });
  }

 private:
  void read_table(const ManifestSection& parent, std::string_view name, Dependency& dependency) const {
    const ManifestSection table = parent.table(name);
    dependency.requirement = requirement_of(parent, name, table);
    dependency.optional = table.boolean("optional").value_or(false);
    dependency.target = table.text("target", Limits::target);
    dependency.features = table.texts("features", Limits::feature_entries, Limits::feature);
  }

  std::string requirement_of(const ManifestSection& parent, std::string_view name,
                             const ManifestSection& table) const {
    if (const json::Value version = table.at("version")) {
      if (!version.is_string()) table.refuse("version", "must be text");
      return portable(table, "version", *version.string());
    }
    for (const std::string_view source : {"path", "git", "workspace"}) {
      if (!table.has(source) || (source == "workspace" && table.boolean(source) == false)) continue;
      throw Error(Code::dependency_not_publishable, quoted(table.file()) + ": dependency " + quoted(name) +
                                                        " has a '" + std::string(source) +
                                                        "' and no 'version', so others could not install it; "
                                                        "add the version requirement to publish it by")
          .with("dependency", std::string(name));
    }
    if (dialect_ != Dialect::vais) parent.refuse(name, "has no 'version'");
    return Requirement::from("*")->portable_text();
  }

  std::string portable(const ManifestSection& section, std::string_view key, std::string_view text) const {
    std::string portable = rewrapped(section, key, [&] {
                             return parse_requirement(text, bare_meaning(dialect_));
                           }).portable_text();
    // Written with three parts a requirement can outgrow what is read back.
    if (!Requirement::from(portable))
      section.refuse(key, "is too long when each comparator has three parts; write fewer comparators");
    return portable;
  }

  Dialect dialect_;
  bool tables_;
  std::vector<Dependency>& out_;
  std::set<std::pair<Dependency::Kind, std::string>> seen_;
};

// --- The rest
// -----------------------------------------------------------------------------------------------------

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
  rewrapped(package, "name", [&] { require_package_name(manifest.name); });
  manifest.version = package.required_text("version", Limits::text);
  rewrapped(package, "version", [&] { return parse_publishable_version(manifest.version); });
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

std::vector<std::string_view> dev_keys(Dialect dialect, bool flat) {
  if (dialect == Dialect::synapse) return {"devDependencies"};
  if (dialect == Dialect::raven) return {"dev-dependencies"};
  if (flat) return {"devDependencies", "dev-dependencies", "dev_dependencies"};
  return {"dev-dependencies", "dev_dependencies"};
}

json::Document read_document(const FileKind& kind, std::string_view text) {
  try {
    return json::parse(kind.toml ? toml_to_json(text) : std::string(text));
  } catch (const Error& error) {
    if (error.code() == Code::internal_error) throw;
    throw Error(Code::manifest_invalid, quoted(kind.name) + ": " + error.public_message());
  }
}

}  // namespace

Bare bare_meaning(Dialect dialect) {
  return dialect == Dialect::synapse ? Bare::exact : Bare::caret;
}

std::optional<Dialect> dialect_of_file(std::string_view file_name) {
  const FileKind* kind = find_file(file_name);
  return kind ? std::optional(kind->dialect) : std::nullopt;
}

Manifest parse_manifest(std::string_view file_name, std::string_view text) {
  const FileKind* kind = find_file(file_name);
  const auto refuse = [&](const std::string& problem) {
    throw Error(Code::manifest_invalid, quoted(file_name) + " " + problem);
  };
  if (!kind)
    refuse("is no manifest's name; expected synapse.json, raven.toml, vais.toml, wharf.toml or wharf.json");
  if (text.size() > Limits::text) refuse("is larger than " + std::to_string(Limits::text >> 10) + " KiB");
  if (!is_utf8(text)) refuse("is not valid UTF-8");
  const json::Document document = read_document(*kind, text);
  if (!document.root().is_object()) refuse("must hold one JSON object");

  Manifest manifest;
  manifest.dialect = kind->dialect;
  const ManifestSection root(kind->name, "", document.root());
  const bool flat = !kind->toml && (kind->dialect == Dialect::synapse || !root.has("package"));
  if (!flat && !root.has("package"))
    root.refuse("package", "is missing; write a table '[package]' with 'name' and 'version'");
  read_package(flat ? root : root.table("package"), manifest);

  DependencyReader reader(manifest.dialect, kind->dialect != Dialect::synapse, manifest.dependencies);
  reader.read(root, "dependencies", Dependency::Kind::normal);
  for (const auto key : dev_keys(manifest.dialect, flat)) reader.read(root, key, Dependency::Kind::dev);
  std::sort(manifest.dependencies.begin(), manifest.dependencies.end(),
            [](const Dependency& a, const Dependency& b) {
              return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
            });
  if (manifest.dialect != Dialect::synapse) read_features(root, manifest);
  return manifest;
}

}  // namespace wharf
