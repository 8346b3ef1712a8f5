// SPDX-License-Identifier: MIT
#include "registry/services/catalogue.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/package/version.hpp"
#include "registry/services/package_change.hpp"
#include "registry/services/package_document.hpp"

namespace wharf {

namespace {

// Which of the two is missing takes a second look; a miss may cost one.
Error missing(store::Connection& connection, std::string_view name, std::string_view version) {
  const auto package = store::find_stamp(connection, name);
  if (!package) return no_such_package(name);
  if (package->quarantine) return quarantined_package(name, *package->quarantine);
  return no_such_version(name, version);
}

// Nothing of a quarantined package is shown, by whatever way it was found.
template <class Found>
void require_shown(std::string_view name, const Found& found) {
  if (found.quarantine) throw quarantined_package(name, *found.quarantine);
}

}  // namespace

Catalogue::Stamp Catalogue::stamp(std::string_view name) {
  return database_.read([&](store::Connection& connection) {
    auto row = store::find_stamp(connection, name);
    if (!row) throw no_such_package(name);
    require_shown(name, *row);
    return Stamp{*row, downloads_.counts(connection, row->id, row->downloads)};
  });
}

Catalogue::Package Catalogue::package(std::string_view name) {
  return database_.read([&](store::Connection& connection) {
    auto found = store::find_package(connection, name);
    if (!found) throw no_such_package(name);
    require_shown(name, found->row);
    Package package{std::move(found->row), {}};
    package.downloads = downloads_.counts(connection, package.row.id, found->downloads);
    package.row.document = with_downloads(std::move(package.row.document), package.downloads);
    return package;
  });
}

std::string Catalogue::latest_version(std::string_view name) {
  const auto found = stamp(name).row;
  if (!found.latest_version)
    throw Error(Code::not_found,
                "package " + wharf::quoted(name) +
                    " has no latest version, since all are yanked or removed; ask for one by its number");
  return *found.latest_version;
}

Catalogue::VersionView Catalogue::version(std::string_view name, std::string_view version) {
  return database_.read([&](store::Connection& connection) {
    auto row = store::find_version(connection, name, version);
    if (!row || row->state == store::VersionState::removed) throw missing(connection, name, version);
    require_shown(name, *row);
    VersionView view{std::move(*row), {}, 0};
    view.manifest = manifest_from_json(json::parse(view.row.manifest).root());
    view.downloads = version_downloads(connection, view.row.id);
    return view;
  });
}

std::vector<std::string> Catalogue::versions(std::string_view name, bool with_yanked) {
  const auto labels =
      database_.read([&](store::Connection& connection) { return store::version_labels(connection, name); });
  if (!labels) throw no_such_package(name);
  require_shown(name, *labels);
  std::vector<Version> versions;
  for (const auto& label : labels->labels)
    if (with_yanked || label.state == store::VersionState::active)
      versions.push_back(parse_version(label.version));
  std::ranges::sort(versions, [](const Version& a, const Version& b) { return b < a; });
  std::vector<std::string> texts;
  for (const auto& version : versions) texts.push_back(version.text());
  return texts;
}

store::Readme Catalogue::readme(std::string_view name, std::string_view version) {
  return database_.read([&](store::Connection& connection) {
    auto found = store::find_readme(connection, name, version);
    if (!found.version_found) throw missing(connection, name, version);
    require_shown(name, found);
    if (!found.readme)
      throw Error(Code::not_found,
                  std::string(name) + " " + std::string(version) + " has no README in its archive");
    return std::move(*found.readme);
  });
}

}  // namespace wharf
