// SPDX-License-Identifier: MIT
#include "libwharf/package/manifest_dependencies.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"

namespace wharf {

namespace {

using Limits = ManifestLimits;

class DependencyReader {
 public:
  DependencyReader(const ManifestForm& form, ReadFor purpose) : form_(form), purpose_(purpose) {}

  void read(const ManifestSection& parent, std::string_view key, Dependency::Kind kind) {
    parent.each_member(key, [&](std::string_view name, json::Value value) {
      const ManifestSection section = parent.table(key);
      section.refusing(name, [&] { require_package_name(name); });
      if (out_.size() == Limits::dependencies)
        parent.refuse(key, "brings the dependencies to more than " + std::to_string(Limits::dependencies));
      if (!seen_.emplace(kind, name).second)
        section.refuse(name, "is there twice, under another name of the table; keep one");
      WrittenDependency entry;
      entry.dependency.name = name;
      entry.dependency.kind = kind;
      if (value.is_string())
        set_requirement(section, name, *value.string(), entry);
      else if (value.is_object() && tables())
        read_table(section, name, entry);
      else
        section.refuse(name, tables() ? "must be a requirement, as \"^1.2.0\", or a table with a 'version'"
                                      : "must be a requirement, as \"^1.2.0\"");
      out_.push_back(std::move(entry));
    });
  }

  std::vector<WrittenDependency> take() { return std::move(out_); }

 private:
  bool tables() const { return form_.dialect != Dialect::synapse; }

  void read_table(const ManifestSection& parent, std::string_view name, WrittenDependency& entry) const {
    const ManifestSection table = parent.table(name);
    const bool workspace = table.has("workspace") && table.boolean("workspace") != false;
    if (purpose_ == ReadFor::consuming) {
      entry.path = table.text("path", Limits::text);
      entry.git = table.text("git", Limits::text).has_value();
      entry.registry = table.text("registry", Limits::text);
      entry.workspace = workspace;
    }
    if (const json::Value version = table.at("version")) {
      if (!version.is_string()) table.refuse("version", "must be text");
      set_requirement(table, "version", *version.string(), entry);
    } else if (!table.has("path") && !table.has("git") && !workspace) {
      if (form_.dialect != Dialect::vais) parent.refuse(name, "has no 'version'");
      entry.dependency.requirement = Requirement::from("*")->portable_text();
    } else if (purpose_ == ReadFor::publishing) {
      refuse_to_publish(table, name);
    }
    entry.dependency.optional = table.boolean("optional").value_or(false);
    entry.dependency.target = table.text("target", Limits::target);
    entry.dependency.features = table.texts("features", Limits::feature_entries, Limits::feature);
  }

  [[noreturn]] static void refuse_to_publish(const ManifestSection& table, std::string_view name) {
    const std::string source = table.has("path") ? "path" : table.has("git") ? "git" : "workspace";
    throw Error(Code::dependency_not_publishable,
                quoted(table.file()) + ": dependency " + quoted(name) + " has a '" + source +
                    "' and no 'version', so others could not install it; add the version requirement to "
                    "publish it by")
        .with("dependency", std::string(name));
  }

  void set_requirement(const ManifestSection& section, std::string_view key, std::string_view text,
                       WrittenDependency& entry) const {
    std::string portable =
        section.refusing(key, [&] { return parse_requirement(text, form_.bare); }).portable_text();
    // Written with three parts a requirement can outgrow what is read back.
    if (!Requirement::from(portable))
      section.refuse(key, "is too long when each comparator has three parts; write fewer comparators");
    entry.dependency.requirement = std::move(portable);
    entry.written = text;
  }

  const ManifestForm& form_;
  ReadFor purpose_;
  std::vector<WrittenDependency> out_;
  std::set<std::pair<Dependency::Kind, std::string>> seen_;
};

}  // namespace

std::vector<WrittenDependency> read_dependencies(const ManifestSection& root, const ManifestForm& form,
                                                 bool flat, ReadFor purpose) {
  DependencyReader reader(form, purpose);
  reader.read(root, "dependencies", Dependency::Kind::normal);
  for (const auto key : dev_dependency_tables(form, flat)) reader.read(root, key, Dependency::Kind::dev);
  auto entries = reader.take();
  std::sort(entries.begin(), entries.end(), [](const WrittenDependency& a, const WrittenDependency& b) {
    return std::tie(a.dependency.kind, a.dependency.name) < std::tie(b.dependency.kind, b.dependency.name);
  });
  return entries;
}

std::vector<WrittenDependency> read_dependency_table(const ManifestSection& parent, std::string_view key,
                                                     const ManifestForm& form, ReadFor purpose) {
  DependencyReader reader(form, purpose);
  reader.read(parent, key, Dependency::Kind::normal);
  return reader.take();
}

}  // namespace wharf
