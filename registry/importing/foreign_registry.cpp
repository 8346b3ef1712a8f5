// SPDX-License-Identifier: MIT
#include "registry/importing/foreign_registry.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "registry/importing/foreign_texts.hpp"
#include "registry/importing/pg_dump.hpp"
#include "registry/importing/schemas.hpp"
#include "registry/importing/sqlite.hpp"

namespace wharf::importing {

namespace {

std::vector<Path> found_below(const Path& directory, std::string_view pattern) {
  std::vector<Path> found;
  std::error_code error;
  if (pattern.find('*') == pattern.npos) {
    if (std::filesystem::exists(directory / pattern, error)) found.push_back(directory / pattern);
    return found;
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    if (matches_glob(pattern, entry.path().filename().native())) found.push_back(entry.path());
  return found;
}

// What was named, or what is at the first of the usual places.
Path place_of(const Path& named, const Path& directory, const std::vector<std::string_view>& usual,
              std::string_view what, std::string_view option) {
  if (!named.empty()) return named;
  std::string looked_for;
  for (const auto pattern : usual) {
    const auto found = found_below(directory, pattern);
    if (found.size() == 1) return found.front();
    if (found.size() > 1)
      throw Error(Code::bad_request, "there is more than one " + std::string(what) + " in " +
                                         wharf::quoted(directory.native()) + "; say which with " +
                                         std::string(option));
    looked_for += (looked_for.empty() ? "'" : " and '") + std::string(pattern) + "'";
  }
  throw Error(Code::bad_request, "there is no " + std::string(what) + " in " +
                                     wharf::quoted(directory.native()) + " (looked for " + looked_for +
                                     "); say where it is with " + std::string(option));
}

class TabledRegistry : public ForeignRegistry {
 public:
  TabledRegistry(const Schema& schema, Sqlite database, Path storage)
      : schema_(schema), database_(std::move(database)), storage_(std::move(storage)) {
    for (const auto table : schema_.tables) {
      auto found = database_.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
      found.bind(0, table);
      if (!found.next())
        throw Error(Code::bad_request, "the database has no table '" + std::string(table) +
                                           "'; is it that of a " +
                                           std::string(dialect_name(schema_.dialect)) + " registry?");
    }
    try {
      for (const auto sql : schema_.prepare) database_.run(std::string(sql));
      // A column that is missing is better told of now than in the middle.
      for (const auto sql :
           {schema_.users, schema_.tokens, schema_.packages, schema_.owners, schema_.versions, schema_.days})
        if (!sql.empty()) database_.prepare(sql);
    } catch (const Error& error) {
      throw Error(Code::bad_request,
                  "the database is not of the form that a " + std::string(dialect_name(schema_.dialect)) +
                      " registry has; see docs/operate/import.md",
                  error.detail());
    }
    versions_ = database_.prepare(schema_.versions);
    if (!schema_.owners.empty()) owners_ = database_.prepare(schema_.owners);
    if (!schema_.days.empty()) days_ = database_.prepare(schema_.days);
  }

  Totals totals() override {
    Totals totals;
    totals.users = count("users");
    totals.packages = count("packages");
    totals.versions = count(schema_.is_dump ? "versions" : "package_versions");
    if (!schema_.tokens.empty()) totals.tokens = count("api_tokens");
    return totals;
  }

  void each_user(const std::function<void(const SourceUser&)>& visit) override {
    auto rows = database_.prepare(schema_.users);
    while (rows.next()) {
      SourceUser user;
      user.id = rows.text(0);
      user.username = rows.text(1);
      user.email = rows.maybe_text(2);
      user.password_hash = rows.text(3);
      user.created_at = rows.text(4);
      user.is_admin = truth_of(rows.text(5));
      visit(user);
    }
  }

  void each_token(const std::function<void(const SourceToken&)>& visit) override {
    if (schema_.tokens.empty()) return;
    auto rows = database_.prepare(schema_.tokens);
    while (rows.next())
      visit({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
             rows.maybe_text(6), rows.maybe_text(7)});
  }

  void each_package(const std::function<void(const SourcePackage&)>& visit) override {
    auto rows = database_.prepare(schema_.packages);
    while (rows.next()) {
      SourcePackage package;
      package.id = rows.text(0);
      package.name = rows.text(1);
      package.owner_id = rows.text(2);
      package.created_at = rows.text(3);
      package.metadata = metadata_of(rows);
      package.downloads = static_cast<std::uint64_t>(std::max<std::int64_t>(0, rows.integer(12)));
      package.owners = owners_of(package.id);
      visit(package);
    }
  }

  std::vector<SourceVersion> versions_of(const SourcePackage& package) override {
    std::vector<SourceVersion> all;
    versions_.bind(0, package.id);
    while (versions_.next()) {
      SourceVersion version;
      version.id = versions_.text(0);
      version.version = versions_.text(1);
      version.checksum = versions_.text(2);
      version.published_at = versions_.text(3);
      version.publisher_id = versions_.maybe_text(4);
      version.yanked = truth_of(versions_.text(5));
      version.yanked_at = versions_.maybe_text(6);
      version.downloads = static_cast<std::uint64_t>(std::max<std::int64_t>(0, versions_.integer(7)));
      all.push_back(std::move(version));
    }
    versions_.rewind();
    if (!schema_.days.empty())
      for (auto& version : all) version.days = days_of(version.id);
    return all;
  }

  Path archive(std::string_view name, std::string_view version) const override {
    const std::string file =
        (schema_.name_in_file ? std::string(name) + "-" : std::string()) + std::string(version);
    return storage_ / name / (file + ".tar.gz");
  }

 private:
  std::uint64_t count(const std::string& table) {
    auto rows = database_.prepare("SELECT COUNT(*) FROM " + table);
    rows.next();
    return static_cast<std::uint64_t>(rows.integer(0));
  }

  static std::string metadata_of(const SqliteStatement& row) {
    json::Writer writer;
    writer.begin_object();
    constexpr std::string_view k_texts[] = {"description", "license",       "homepage",
                                            "repository",  "documentation", "author"};
    for (int i = 0; i < 6; ++i)
      if (const auto text = row.text(4 + i); !text.empty() && is_utf8(text)) writer.member(k_texts[i], text);
    if (const auto keywords = list_of(row.text(10)); keywords && !keywords->empty())
      writer.member("keywords", *keywords);
    if (const auto categories = list_of(row.text(11)); categories && !categories->empty())
      writer.member("categories", *categories);
    writer.end_object();
    return writer.take();
  }

  std::vector<SourceOwner> owners_of(const std::string& package_id) {
    std::vector<SourceOwner> all;
    if (schema_.owners.empty()) return all;
    owners_.bind(0, package_id);
    while (owners_.next()) all.push_back({owners_.text(0), owners_.text(1), owners_.text(2)});
    owners_.rewind();
    return all;
  }

  std::vector<std::pair<std::string, std::uint64_t>> days_of(const std::string& version_id) {
    std::vector<std::pair<std::string, std::uint64_t>> all;
    days_.bind(0, version_id);
    while (days_.next()) all.emplace_back(days_.text(0), static_cast<std::uint64_t>(days_.integer(1)));
    days_.rewind();
    return all;
  }

  const Schema& schema_;
  Sqlite database_;
  Path storage_;
  SqliteStatement versions_, owners_, days_;
};

}  // namespace

std::unique_ptr<ForeignRegistry> ForeignRegistry::open(Dialect dialect, const Places& places) {
  const Schema& schema = schema_of(dialect);
  const Path file = place_of(places.database, places.directory, schema.databases,
                             schema.is_dump ? "dump" : "database", "--database");
  Path storage =
      place_of(places.storage, places.directory, schema.storages, "folder of archives", "--storage");
  if (!schema.is_dump)
    return std::make_unique<TabledRegistry>(schema, Sqlite::open(file), std::move(storage));
  Sqlite loaded = Sqlite::temporary();
  load_pg_dump(file, {schema.tables.begin(), schema.tables.end()}, loaded);
  return std::make_unique<TabledRegistry>(schema, std::move(loaded), std::move(storage));
}

}  // namespace wharf::importing
