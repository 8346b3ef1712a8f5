// SPDX-License-Identifier: MIT
// Lock files, read: ours, and the shapes that the languages' own tools write or describe.
#include <algorithm>

#include "client/lock/lock.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/package/name.hpp"
#include "libwharf/package/requirement.hpp"
#include "libwharf/package/toml.hpp"

namespace wharf::client {

namespace {

constexpr std::string_view k_any = ">=0.0.0";

class Reader {
 public:
  Reader(const Profile& profile, const Path& file, std::string_view text)
      : profile_(profile), file_(file.filename().native()), document_(parse(text)) {}

  Lock read() {
    switch (profile_.lock_form) {
      case LockForm::synapse:
        read_synapse();
        break;
      case LockForm::raven:
      case LockForm::vais:
        read_language_toml();
        break;
      case LockForm::wharf:
      case LockForm::wharf_json:
        read_ours();
        break;
    }
    finish();
    return std::move(lock_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw Error(Code::bad_request, wharf::quoted(file_) + " " + problem);
  }
  [[noreturn]] void refuse_damaged(const std::string& problem) const {
    refuse(problem + "; restore it from version control, or remove it and run `install`");
  }
  [[noreturn]] void refuse_package(std::string_view name, const std::string& problem) const {
    refuse_damaged("is damaged: " + wharf::quoted(name) + " " + problem);
  }

  json::Document parse(std::string_view text) const {
    if (text.starts_with("<<<<<<< ") || text.find("\n<<<<<<< ") != text.npos)
      refuse("has the marks of a merge that is not finished; take either side whole and run `install`");
    const bool toml = profile_.lock_form != LockForm::synapse && profile_.lock_form != LockForm::wharf_json;
    try {
      json::Document document = json::parse(toml ? toml_to_json(text) : std::string(text));
      if (document.root().is_object()) return document;
    } catch (const Error& error) {
      if (error.code() == Code::internal_error) throw;
      refuse_damaged("is malformed: " + error.public_message());
    }
    refuse_damaged("is malformed: it is no object");
  }

  // --- Pieces ---

  void require_format(json::Value format) const {
    const auto number = format.integer();
    if (!number || *number < 1) refuse_damaged("is damaged: its format is no positive number");
    if (*number > k_lock_format)
      refuse("has the format " + std::to_string(*number) + ", and this program knows " +
             std::to_string(k_lock_format) + " at most; use a newer one");
  }

  std::string text_of(std::string_view name, json::Value package, std::string_view key) const {
    const json::Value value = package[key];
    if (!value || value.is_null()) return {};
    if (!value.is_string()) refuse_package(name, "has a '" + std::string(key) + "' that is no text");
    return std::string(*value.string());
  }

  LockedPackage begin(std::string_view name, std::string_view version) const {
    if (!is_package_name(name)) refuse_damaged("is damaged: " + wharf::quoted(name) + " is no package name");
    LockedPackage package;
    package.name = name;
    const auto read = Version::from(version);
    if (!read) refuse_package(name, "has the version " + wharf::quoted(version) + ", which is none");
    package.version = *read;
    return package;
  }

  std::string checksum_of(std::string_view name, std::string text) const {
    if (text.starts_with("sha256:")) text.erase(0, 7);
    if (!text.empty() && (text.size() != 64 || !from_hex(text)))
      refuse_package(name, "has the checksum " + wharf::quoted(text) + "; expected 64 small hex digits");
    return text;
  }

  std::string registry_of(std::string_view name, std::string text) const {
    const bool known = text.empty() || text.starts_with("https://") || text.starts_with("http://") ||
                       text.starts_with("file:///");
    if (!known || has_control_characters(text) || text.find(' ') != text.npos)
      refuse_package(name, "has the registry " + wharf::quoted(text) + ", which is no address of one");
    return text;
  }

  // Fields that we write, whatever the shape.
  void read_our_fields(json::Value package, LockedPackage& out) const {
    out.checksum = checksum_of(out.name, text_of(out.name, package, "checksum"));
    out.registry = registry_of(out.name, text_of(out.name, package, "registry"));
    out.wanted = text_of(out.name, package, "wanted");
    if (has_control_characters(out.wanted)) refuse_package(out.name, "has a 'wanted' that is no requirement");
    const json::Value dev = package["dev"];
    if (dev && !dev.boolean()) refuse_package(out.name, "has a 'dev' that is neither true nor false");
    out.dev = dev.boolean().value_or(false);
  }

  // Name → requirement; what only names or versions are known of may be anything. `strict`: it must be what
  // we wrote.
  void add_requirements(json::Value table, bool strict, LockedPackage& out) const {
    if (!table) return;
    if (!table.is_object()) refuse_package(out.name, "has dependencies that are no table");
    table.each_member([&](std::string_view name, json::Value value) {
      const auto text = value.string();
      const auto read = text ? Requirement::from(*text, strict ? Bare::caret : Bare::exact) : std::nullopt;
      if (!is_package_name(name) || !text || (strict && !read))
        refuse_package(out.name, "has the dependency " + wharf::quoted(name) + " without a requirement");
      out.dependencies[std::string(name)] = strict ? std::string(*text)
                                            : read ? read->portable_text()
                                                   : std::string(k_any);
    });
  }
  void add_names(json::Value names, LockedPackage& out) const {
    names.each([&](json::Value value) {
      // "name" or, in forms that were only ever described, "name version".
      const std::string_view name =
          value.string().value_or("").substr(0, value.string().value_or("").find(' '));
      if (!is_package_name(name)) refuse_package(out.name, "has a dependency that is no package name");
      out.dependencies[std::string(name)] = k_any;
    });
  }

  void take(LockedPackage package) { lock_.packages.push_back(std::move(package)); }

  void finish() {
    auto& packages = lock_.packages;
    std::sort(packages.begin(), packages.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (std::size_t i = 1; i < packages.size(); ++i)
      if (packages[i - 1].name == packages[i].name) refuse_package(packages[i].name, "is there twice");
    const bool whole = std::all_of(packages.begin(), packages.end(), [](const LockedPackage& package) {
      return !package.checksum.empty() && !package.registry.empty();
    });
    lock_.complete = lock_.complete && whole && !lock_.requirements_digest.empty();
  }

  void read_digest(json::Value table, std::string_view key) {
    const auto digest = table[key].string();
    if (!digest || digest->size() != 64 || !from_hex(*digest))
      refuse_damaged("is damaged: its '" + std::string(key) + "' is no digest");
    lock_.requirements_digest = *digest;
  }

  // --- Shapes ---

  void read_ours() {
    const json::Value root = document_.root();
    if (!root["version"]) refuse_damaged("is damaged: it has no 'version'");
    require_format(root["version"]);
    read_digest(root, "requirements");
    const json::Value packages = root[profile_.lock_form == LockForm::wharf ? "package" : "packages"];
    if (packages && !packages.is_array()) refuse_damaged("is damaged: its packages are no list");
    packages.each([&](json::Value value) {
      const std::string name = text_of("a package", value, "name");
      LockedPackage package = begin(name, text_of(name, value, "version"));
      read_our_fields(value, package);
      add_requirements(value["dependencies"], true, package);
      take(std::move(package));
    });
  }

  // The table that we add to a language's own shape, and what only a lock with it has.
  void read_our_table() {
    const json::Value ours = document_.root()["wharf"];
    lock_.complete = static_cast<bool>(ours);
    if (!ours) return;
    require_format(ours["format"]);
    read_digest(ours, "requirements");
  }

  void add_dependencies(json::Value package, LockedPackage& out) {
    if (package["requirements"]) return add_requirements(package["requirements"], true, out);
    // Names without requirements prove nothing.
    if (package["dependencies"].size() > 0) lock_.complete = false;
    if (package["dependencies"].is_array())
      add_names(package["dependencies"], out);
    else
      add_requirements(package["dependencies"], false, out);
  }

  void read_synapse() {
    const json::Value root = document_.root();
    read_our_table();
    if (root["packages"] && root["lockfileVersion"]) return read_synapse_packages(root["packages"]);
    const json::Value version = root["lockfile_version"];
    const bool names_only = !version && root["version"].string() == "1.0";
    if (!names_only && version.integer() != 1)
      refuse(!version ? "has no 'lockfile_version'; remove it and run `install`"
                      : "has a 'lockfile_version' that this program does not know; it knows 1");
    const json::Value dependencies = root["dependencies"];
    if (dependencies && !dependencies.is_object())
      refuse_damaged("is damaged: its 'dependencies' are no object");
    dependencies.each_member([&](std::string_view name, json::Value value) {
      if (names_only) return take(begin(name, value.string().value_or("")));
      LockedPackage package = begin(name, text_of(name, value, "version"));
      read_our_fields(value, package);
      package.wanted = text_of(name, value, "resolved_from");
      if (package.checksum.empty()) refuse_package(name, "has no checksum");
      add_dependencies(value, package);
      take(std::move(package));
    });
  }

  // The shape of Synapse's design: `"name@version": {version, resolved, dependencies}`.
  void read_synapse_packages(json::Value packages) {
    packages.each_member([&](std::string_view key, json::Value value) {
      const auto at = key.rfind('@');
      const std::string_view name = key.substr(0, at);
      LockedPackage package = begin(name, text_of(name, value, "version"));
      add_dependencies(value, package);
      take(std::move(package));
    });
    lock_.complete = false;
  }

  // Raven and Vais: `packages` as an array (Raven) or as tables (Vais), and `package` as both describe it.
  void read_language_toml() {
    const json::Value root = document_.root();
    read_our_table();
    const bool raven = profile_.lock_form == LockForm::raven;
    const json::Value version = root["version"];
    const bool right =
        raven ? version.string() == "1" || version.integer() == 1 : version.integer().has_value();
    const bool described = !version && root["package"].is_array();
    if (!right && !described)
      refuse(!version ? "has no 'version'; remove it and run `install`"
                      : "has a 'version' that this program does not know; it knows 1");
    if (!raven && version.integer().value_or(1) > 1)
      refuse("has the version " + std::to_string(*version.integer()) +
             ", and this program knows 1; use a newer one");
    const json::Value packages = described ? root["package"] : root["packages"];
    if (raven && !packages) refuse_damaged("is damaged: it has no 'packages'");
    if (packages && !packages.is_array() && !packages.is_object())
      refuse_damaged("is damaged: its 'packages' are neither a list nor tables");
    if (packages.is_object())
      return packages.each_member(
          [&](std::string_view name, json::Value value) { read_language_package(name, value); });
    packages.each([&](json::Value value) {
      const std::string name = text_of("a package", value, "name");
      read_language_package(name, value);
    });
  }

  void read_language_package(std::string_view name, json::Value value) {
    LockedPackage package = begin(name, text_of(name, value, "version"));
    read_our_fields(value, package);
    // Of another source than a registry nothing can be taken over.
    const json::Value source = value["source"];
    const auto type = source.is_object() ? source["type"].string() : source.string();
    if (type && *type != "Registry" && *type != "registry" && !type->starts_with("registry+")) return;
    add_dependencies(value, package);
    take(std::move(package));
  }

  const Profile& profile_;
  std::string file_;
  json::Document document_;
  Lock lock_;
};

}  // namespace

Lock parse_lock(const Profile& profile, const Path& file, std::string_view text) {
  return Reader(profile, file, text).read();
}

std::optional<Lock> read_lock(const Profile& profile, const Path& file) {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  return parse_lock(profile, file, *text);
}

}  // namespace wharf::client
