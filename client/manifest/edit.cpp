// SPDX-License-Identifier: MIT
#include "client/manifest/edit.hpp"

#include <algorithm>
#include <functional>

#include "client/manifest/text_edit.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/manifest_file.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

namespace {

class Manifest {
 public:
  Manifest(const Project& project, const Profile& profile)
      : project_(project),
        profile_(profile),
        reading_(reading_of(profile, project.manifest_file)),
        document_(read(project.text)) {}

  const ManifestReading& reading() const { return reading_; }

  // The table that holds the dependency, else the one to put it in.
  std::string table(std::string_view name, bool dev) const {
    const auto tables = this->tables(dev);
    for (const auto& table : tables)
      if (document_.root()[table][name]) return std::string(table);
    for (const auto& table : tables)
      if (document_.root()[table].is_object()) return std::string(table);
    return std::string(tables.front());
  }
  bool has(std::string_view name, bool dev) const {
    return static_cast<bool>(document_.root()[table(name, dev)][name]);
  }

  std::string with(const NewDependency& dependency, bool dev) const {
    const std::string table = this->table(dependency.name, dev);
    const auto text = reading_.toml ? set_in_toml(project_.text, table, dependency)
                                    : set_in_json(project_.text, table, dependency);
    const auto expected = [&](const DirectDependency& now) {
      const bool path =
          now.path.has_value() == (dependency.path.has_value() || has_path(dependency.name, dev));
      return now.written == dependency.requirement && path;
    };
    if (!text || !differs_only_in(*text, table, dependency.name, dev, expected))
      refuse(dependency.name,
             "set it under '" + table + "' by hand, to " + wharf::quoted(dependency.requirement));
    return *text;
  }

  std::string without(const std::string& text, std::string_view name, bool dev) const {
    const std::string table = this->table(name, dev);
    std::string out =
        reading_.toml ? remove_from_toml(text, table, name) : remove_from_json(text, table, name);
    if (!differs_only_in(out, table, name, dev, {})) refuse(name, "take it out of '" + table + "' by hand");
    return out;
  }

 private:
  json::Document read(const std::string& text) const {
    return read_manifest_document(project_.manifest_file, reading_.toml, text);
  }
  std::vector<std::string_view> tables(bool dev) const {
    if (!dev) return {"dependencies"};
    const ManifestForm form{reading_.dialect, reading_.bare, reading_.toml};
    const ManifestSection root(project_.manifest_file, "", document_.root());
    return dev_dependency_tables(form, is_flat_manifest(form, root));
  }
  bool has_path(std::string_view name, bool dev) const {
    return std::any_of(project_.dependencies.begin(), project_.dependencies.end(),
                       [&](const auto& one) { return one.name == name && one.dev == dev && one.path; });
  }

  // Everything but the one dependency, in one text; a table that it leaves empty is as good as none.
  static std::string all_but(json::Value root, std::string_view table, std::string_view name) {
    json::Writer writer;
    writer.begin_object();
    root.each_member([&](std::string_view key, json::Value value) {
      if (key != table) {
        writer.member(key, value);
        return;
      }
      json::Writer inside;
      inside.begin_object();
      bool any = false;
      value.each_member([&](std::string_view dependency, json::Value content) {
        if (dependency == name) return;
        any = true;
        inside.member(dependency, content);
      });
      inside.end_object();
      if (any) writer.key(key).raw(inside.take());
    });
    writer.end_object();
    const std::string text = writer.take();
    return json::canonical(json::parse(text).root());
  }

  // `expected` judges the dependency as it is now; without it, it must be gone.
  bool differs_only_in(const std::string& text, std::string_view table, std::string_view name, bool dev,
                       const std::function<bool(const DirectDependency&)>& expected) const {
    try {
      const json::Document now = read(text);
      // Of a text that lacks the dependency in one table already it is asked in the other.
      if (all_but(document_.root(), table, name) != all_but(now.root(), table, name)) return false;
      if (!expected) return !now.root()[table][name];
      const Project project = project_with(profile_, project_, text);
      return std::any_of(project.dependencies.begin(), project.dependencies.end(), [&](const auto& one) {
        return one.name == name && one.dev == dev && expected(one);
      });
    } catch (const Error& error) {
      if (error.code() == Code::internal_error) throw;
      return false;
    }
  }

  [[noreturn]] void refuse(std::string_view name, const std::string& instead) const {
    throw Error(Code::manifest_invalid, wharf::quoted(project_.manifest_file) + ": " + wharf::quoted(name) +
                                            " cannot be changed without touching anything else; " + instead);
  }

  const Project& project_;
  const Profile& profile_;
  ManifestReading reading_;
  json::Document document_;
};

const DirectDependency* find(const Project& project, std::string_view name, std::optional<bool> dev) {
  for (const auto& one : project.dependencies)
    if (one.name == name && (!dev || one.dev == *dev)) return &one;
  return nullptr;
}

void require_own(const Manifest& manifest, const Project& project, const Profile& profile,
                 std::string_view name, bool dev) {
  const DirectDependency* own = find(project, name, dev);
  if (own == nullptr) return;
  const std::string table = manifest.table(name, dev);
  const auto document = read_manifest_document(project.manifest_file,
                                               reading_of(profile, project.manifest_file).toml, project.text);
  const json::Value entry = document.root()[table][name];
  if (entry["workspace"].boolean().value_or(false) && !entry["version"])
    throw Error(Code::manifest_invalid, wharf::quoted(project.manifest_file) + ": dependency " +
                                            wharf::quoted(name) +
                                            " takes its requirement from the workspace; change it there");
}

}  // namespace

std::string with_dependency(const Project& project, const Profile& profile, std::string_view name,
                            std::string_view written_requirement, bool dev) {
  require_package_name(name);
  const Manifest manifest(project, profile);
  parse_requirement(written_requirement, manifest.reading().bare);
  require_own(manifest, project, profile, name, dev);
  return manifest.with({std::string(name), std::string(written_requirement), {}}, dev);
}

std::string with_path_dependency(const Project& project, const Profile& profile, std::string_view name,
                                 std::string_view path, std::string_view written_requirement, bool dev) {
  require_package_name(name);
  const Manifest manifest(project, profile);
  if (manifest.reading().dialect == Dialect::synapse)
    throw Error(Code::manifest_invalid, wharf::quoted(project.manifest_file) +
                                            " knows no dependencies with a path; publish " +
                                            wharf::quoted(name) + " and add it by a requirement");
  if (path.empty() || has_control_characters(path))
    throw Error(Code::manifest_invalid, "the path " + wharf::quoted(path) + " cannot stand in a manifest");
  if (!written_requirement.empty()) parse_requirement(written_requirement, manifest.reading().bare);
  return manifest.with({std::string(name), std::string(written_requirement), std::string(path)}, dev);
}

std::string without_dependency(const Project& project, const Profile& profile, std::string_view name,
                               std::optional<bool> dev) {
  if (find(project, name, dev) == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& one : project.dependencies)
      if (!dev || one.dev == *dev) names.push_back(one.name);
    const auto near = nearest(name, names);
    throw Error(Code::not_found,
                wharf::quoted(project.manifest_file) + " has no " +
                    (dev == true ? "dev dependency " : "dependency ") + wharf::quoted(name) +
                    (near.empty() ? std::string() : "; did you mean " + wharf::quoted(near) + "?"));
  }
  Project now = project;
  for (const bool which : {false, true}) {
    if ((dev && *dev != which) || find(now, name, which) == nullptr) continue;
    now.text = Manifest(now, profile).without(now.text, name, which);
  }
  return now.text;
}

}  // namespace wharf::client
