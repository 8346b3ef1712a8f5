// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/package_shapes.hpp"

#include <vector>

#include "fcgi-app/handlers/paths.hpp"
#include "registry/services/package_document.hpp"

namespace wharf::handlers {

namespace {

using http::DialectRules;
using json::Value;
using json::Writer;

void write_text_of(Writer& writer, const DialectRules& rules, Value object, std::string_view key) {
  const auto text = object[key].string();
  write_text(writer, rules, key, text ? std::optional(std::string(*text)) : std::nullopt);
}

// Vais reads dependencies as an array; the stored form says little of those that are nothing but a
// requirement.
void write_dependency_array(Writer& writer, Value version) {
  const auto details_of = [&](std::string_view name, std::string_view kind) {
    Value found;
    version["dependency_details"].each([&](Value details) {
      if (details["name"].string() == name && details["kind"].string() == kind) found = details;
    });
    return found;
  };
  const auto write = [&](std::string_view member, std::string_view kind) {
    version[member].each_member([&](std::string_view name, Value requirement) {
      writer.begin_object();
      writer.member("name", name).member("version_req", requirement).member("kind", kind);
      if (const Value details = details_of(name, kind)) {
        writer.member("features", details["features"]).member("optional", details["optional"]);
        if (details["target"].is_string()) writer.member("target", details["target"]);
      }
      writer.end_object();
    });
  };
  writer.key("dependencies").begin_array();
  write("dependencies", "normal");
  write("dev_dependencies", "dev");
  writer.end_array();
}

void write_version_objects(Writer& writer, const http::Request& request, std::string_view name,
                           Value versions) {
  const auto& rules = request.rules();
  versions.each([&](Value version) {
    writer.begin_object();
    version.each_member([&](std::string_view key, Value value) {
      if (key == "tarball_url") {
        writer.member(key,
                      version_path(request, name, version["version"].string().value_or("")) + "/tarball");
      } else if (rules.dialect != http::Dialect::vais || key != "dependencies") {
        writer.member(key, value);
      }
    });
    if (rules.dialect == http::Dialect::vais) {
      writer.member("created_at", version["published_at"]);
      write_dependency_array(writer, version);
    }
    writer.end_object();
  });
}

void write_version_texts(Writer& writer, Value versions) {
  std::vector<std::string_view> texts;  // stored highest first; these clients take the last for the newest
  versions.each([&](Value version) {
    if (version["yanked"].boolean() == false) texts.push_back(version["version"].string().value_or(""));
  });
  for (auto it = texts.rbegin(); it != texts.rend(); ++it) writer.value(*it);
}

void write_latest_version(Writer& writer, const DialectRules& rules, Value root, std::string_view key) {
  if (const auto version = root["latest_version"].string()) {
    writer.member(key, *version);
  } else if (rules.no_latest_version.empty()) {
    writer.member_null(key);
  } else {
    writer.member(key, rules.no_latest_version);
  }
}

// The dependencies of the version that a reader would take.
Value latest_of(Value root) {
  Value found;
  const auto latest = root["latest_version"].string();
  root["versions"].each([&](Value version) {
    if (latest && version["version"].string() == latest) found = version;
  });
  return found;
}

}  // namespace

void write_text(Writer& writer, const DialectRules& rules, std::string_view key,
                const std::optional<std::string>& text) {
  if (text) {
    writer.member(key, *text);
  } else if (rules.unknown_text_is_empty) {
    writer.member(key, "");
  } else {
    writer.member_null(key);
  }
}

std::string shape_package(const http::Request& request, std::string document) {
  const auto& rules = request.rules();
  if (rules.dialect == http::Dialect::native) return document;
  const auto parsed = json::parse(document);
  const Value root = parsed.root();
  const std::string name(root["name"].string().value_or(""));
  Writer writer;
  writer.begin_object();
  root.each_member([&](std::string_view key, Value value) {
    if (key == "description" || key == "author" || key == "license") {
      write_text_of(writer, rules, root, key);
    } else if (key == "version" || key == "latest_version") {
      write_latest_version(writer, rules, root, key);
    } else if (key == "owners" && rules.dialect == http::Dialect::vais) {
      writer.key(key).begin_array();
      value.each([&](Value owner) { writer.value(owner["username"]); });
      writer.end_array();
    } else if (key == "versions") {
      writer.key(key).begin_array();
      if (rules.versions_as_text) {
        write_version_texts(writer, value);
      } else {
        write_version_objects(writer, request, name, value);
      }
      writer.end_array();
    } else if (key == "downloads" && rules.downloads_as_number) {
      writer.member(key, value["total"]);
    } else {
      writer.member(key, value);
    }
  });
  writer.key("dependencies").begin_object();
  latest_of(root)["dependencies"].each_member(
      [&](std::string_view key, Value requirement) { writer.member(key, requirement); });
  writer.end_object().end_object();
  return writer.take();
}

void write_version(Writer& writer, const App& app, const http::Request& request,
                   const Catalogue::VersionView& view) {
  const auto& rules = request.rules();
  const auto& [row, manifest, downloads] = view;
  const std::string path = version_path(request, manifest.name, row.version);
  const std::string published_at = to_rfc3339(row.published_at);
  writer.begin_object();
  writer.member("name", manifest.name).member("version", row.version);
  write_text(writer, rules, "description", manifest.description);
  write_text(writer, rules, "author", author_text(manifest.authors));
  writer.member("authors", manifest.authors);
  write_text(writer, rules, "license", manifest.license);
  writer.member("homepage", manifest.homepage).member("repository", manifest.repository);
  writer.member("documentation", manifest.documentation);
  writer.member("keywords", manifest.keywords).member("categories", manifest.categories);
  write_dependency_maps(writer, manifest);
  write_dependency_details(writer, manifest, Details::all);
  writer.key("features").begin_object();
  for (const auto& [feature, parts] : manifest.features) writer.member(feature, parts);
  writer.end_object();
  writer.member("checksum", row.digest);
  writer.member("size", row.size).member("tarball_size", row.size).member("size_bytes", row.size);
  writer.member("tarball_url", path + "/tarball").member("download_url", absolute(app, path + "/download"));
  writer.member("published_at", published_at).member("published_by", row.published_by);
  writer.member("created_at", published_at).member("updated_at", published_at);
  writer.member("yanked", row.state == store::VersionState::yanked).member("yank_reason", row.yank_reason);
  writer.member("dialect", row.dialect);
  writer.member("downloads", downloads).member("total_downloads", downloads);
  writer.end_object();
}

void begin_list_item(Writer& writer, const http::Request& request, Value summary, std::int64_t downloads) {
  const auto& rules = request.rules();
  writer.begin_object();
  writer.member("name", summary["name"]);
  write_latest_version(writer, rules, summary, "version");
  write_latest_version(writer, rules, summary, "latest_version");
  for (const char* key : {"description", "author", "license"}) write_text_of(writer, rules, summary, key);
  writer.member("keywords", summary["keywords"]).member("categories", summary["categories"]);
  writer.member("downloads", downloads).member("total_downloads", downloads);
  writer.member("created_at", summary["created_at"]).member("updated_at", summary["updated_at"]);
}

void write_results(Writer& writer, const http::Request& request, const std::function<void()>& write_items,
                   std::int64_t total, bool total_is_estimate, const http::Request::Page& page) {
  const auto array = [&](std::string_view key) {
    writer.key(key).begin_array();
    write_items();
    writer.end_array();
  };
  if (request.rules().search_has_results) array("results");
  if (request.rules().search_has_packages) array("packages");
  writer.member("total", total).member("total_is_estimate", total_is_estimate);
  writer.member("limit", page.limit).member("offset", page.offset);
}

}  // namespace wharf::handlers
