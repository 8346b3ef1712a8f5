// SPDX-License-Identifier: MIT
#include "tests/support/registry.hpp"

#include <filesystem>
#include <stdexcept>

#include "libwharf/json/value.hpp"
#include "registry/services/package_document.hpp"
#include "registry/store/owners.hpp"
#include "registry/store/packages.hpp"
#include "registry/store/versions.hpp"
#include "tests/support/tar_builder.hpp"

namespace wharf::test {

std::string package_archive(std::string_view name, std::string_view version, std::string_view more) {
  const std::string manifest = "[package]\nname = \"" + std::string(name) + "\"\nversion = \"" +
                               std::string(version) + "\"\n" + std::string(more) + "\n";
  return gzip(
      TarBuilder().file("wharf.toml", manifest).file("README.md", "# " + std::string(name) + "\n").ended());
}

Registry::Registry() {
  std::filesystem::create_directory(staging);
  std::filesystem::create_directory(directory.path() / "blobs");
  rules.longest_wait = std::chrono::milliseconds(0);
}

Principal Registry::add_user(const std::string& username) {
  return database.transaction([&](store::Connection& c) {
    c.execute("INSERT INTO users (username, password_hash, created_at, updated_at) VALUES (?, 'x', ?, ?)",
              username, now(), now());
    Principal principal;
    principal.user_id = static_cast<std::int64_t>(c.last_insert_id());
    principal.username = username;
    return principal;
  });
}

Publication Registry::publish(const Principal& who, std::string_view archive, const Claimed& claimed,
                              bool dry_run) {
  StagedFile staged(staging, rules.archive.packed_bytes);
  staged.write(archive);
  staged.finish();
  return Publishing(database, blobs, visibility, rules)
      .publish(staged, claimed, who, {"127.0.0.1", "test"}, dry_run);
}

std::int64_t Registry::number(std::string_view sql) {
  return database.read([&](store::Connection& c) {
    auto rows = c.query(sql);
    if (!rows.next()) throw std::runtime_error("no row: " + std::string(sql));
    return rows.integer(0);
  });
}

std::string Registry::text(std::string_view sql) {
  return database.read([&](store::Connection& c) {
    auto rows = c.query(sql);
    if (!rows.next()) throw std::runtime_error("no row: " + std::string(sql));
    return rows.text(0);
  });
}

std::string Registry::inventory() {
  std::string all;
  for (const std::string table :
       {"packages", "versions", "package_owners", "dependencies", "readmes", "blobs", "journal", "audit"})
    all += table + "=" + std::to_string(number("SELECT COUNT(*) FROM " + table)) + " ";
  int files = 0;
  blobs.each([&](const std::string&) { ++files; });
  const auto staged =
      std::distance(std::filesystem::directory_iterator(staging), std::filesystem::directory_iterator());
  return all + "files=" + std::to_string(files) + " staged=" + std::to_string(staged);
}

std::string Registry::document_from_rows(std::string_view name) {
  return database.read([&](store::Connection& c) {
    const auto found = store::find_package(c, name);
    if (!found) throw std::runtime_error("no package " + std::string(name));
    const auto* row = &found->row;
    PackageDocument document{""};
    const auto manifest_of = [](const store::VersionRow& version) {
      return manifest_from_json(json::parse(version.manifest).root());
    };
    const auto versions = store::versions_of(c, row->id);
    for (const auto& version : versions) document.put(name, version, manifest_of(version));
    PackageHead head;
    head.name = name;
    head.latest_version = document.latest_version();
    head.owners = store::owners_of(c, row->id);
    head.created_at = row->created_at;
    head.updated_at = row->updated_at;
    for (const auto& version : versions)
      if (version.version == document.speaking_version()) head.manifest = manifest_of(version);
    return document.render(head);
  });
}

void Registry::append_owner(std::string_view package, const Principal& who, std::string_view role) {
  database.transaction([&](store::Connection& c) {
    store::insert_owner(c, store::find_package(c, package)->row.id, who.user_id, role, now(), std::nullopt);
  });
}

}  // namespace wharf::test
