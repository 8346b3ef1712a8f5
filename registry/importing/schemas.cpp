// SPDX-License-Identifier: MIT
#include "registry/importing/schemas.hpp"

#include "libwharf/base/error.hpp"

namespace wharf::importing {

namespace {

const Schema k_synapse{
    .dialect = Dialect::synapse,
    .is_dump = false,
    .databases = {"instance/synapse_registry.db", "synapse_registry.db"},
    .storages = {"packages"},
    .name_in_file = true,
    .tables = {"users", "packages", "package_versions", "downloads"},
    .prepare = {"CREATE TEMP TABLE wharf_days AS SELECT package_version_id AS version_id,"
                " substr(downloaded_at, 1, 10) AS day, COUNT(*) AS count FROM downloads GROUP BY 1, 2",
                "CREATE INDEX temp.wharf_days_version ON wharf_days (version_id, day)"},
    .users = "SELECT id, username, email, password_hash, created_at, 0 FROM users ORDER BY id",
    .tokens = {},
    .packages =
        "SELECT id, name, owner_id, created_at, description, license, homepage, repository, NULL, author,"
        " (SELECT v.keywords_json FROM package_versions v WHERE v.package_id = packages.id"
        "  ORDER BY v.published_at DESC, v.id DESC LIMIT 1), NULL,"
        " (SELECT SUM(v.download_count) FROM package_versions v WHERE v.package_id = packages.id)"
        " FROM packages ORDER BY id",
    .owners = {},
    .versions =
        "SELECT id, version, checksum, published_at, NULL, 0, NULL, download_count FROM package_versions"
        " WHERE package_id = ? ORDER BY published_at, id",
    .days = "SELECT day, count FROM wharf_days WHERE version_id = ? ORDER BY day",
};

const Schema k_raven{
    .dialect = Dialect::raven,
    .is_dump = true,
    .databases = {"*.sql"},
    .storages = {"storage/packages", "packages"},
    .name_in_file = false,
    .tables = {"users", "packages", "package_owners", "versions", "downloads"},
    // A moment is written with an offset of hours alone, which SQLite does not read.
    .prepare = {"CREATE TABLE wharf_days AS SELECT version_id,"
                " date(CASE WHEN substr(downloaded_at, -3, 1) IN ('+', '-') THEN downloaded_at || ':00'"
                " ELSE downloaded_at END) AS day, COUNT(*) AS count FROM downloads GROUP BY 1, 2",
                "CREATE INDEX wharf_days_version ON wharf_days (version_id, day)",
                "CREATE INDEX wharf_owners ON package_owners (package_id)",
                "CREATE INDEX wharf_versions ON versions (package_id)"},
    .users =
        "SELECT user_id, username, email, password_hash, created_at, 0 FROM users ORDER BY created_at, "
        "user_id",
    .tokens = {},
    .packages =
        "SELECT package_id, name, owner_id, created_at, description, license, homepage, repository, NULL,"
        " NULL, keywords, NULL, NULL FROM packages ORDER BY created_at, package_id",
    .owners =
        "SELECT user_id, role, added_at FROM package_owners WHERE package_id = ? ORDER BY added_at, user_id",
    .versions =
        "SELECT version_id, version, checksum, published_at, NULL, yanked, yanked_at,"
        " (SELECT SUM(d.count) FROM wharf_days d WHERE d.version_id = versions.version_id)"
        " FROM versions WHERE package_id = ? ORDER BY published_at, version_id",
    .days = "SELECT day, count FROM wharf_days WHERE version_id = ? ORDER BY day",
};

const Schema k_vais{
    .dialect = Dialect::vais,
    .is_dump = false,
    .databases = {"data/registry.db", "registry.db"},
    .storages = {"data/packages", "packages"},
    .name_in_file = false,
    .tables = {"users", "api_tokens", "packages", "package_owners", "package_versions"},
    .prepare = {},
    .users =
        "SELECT id, username, email, password_hash, created_at, is_admin FROM users ORDER BY created_at, id",
    .tokens =
        "SELECT id, user_id, name, token_hash, scopes, created_at, expires_at, last_used_at FROM api_tokens"
        " ORDER BY created_at, id",
    .packages =
        "SELECT id, name, owner_id, created_at, description, license, homepage, repository, documentation,"
        " NULL, keywords, categories, downloads FROM packages ORDER BY created_at, id",
    .owners =
        "SELECT user_id, 'owner', created_at FROM package_owners WHERE package_id = ?"
        " ORDER BY created_at, user_id",
    .versions =
        "SELECT id, version, checksum, created_at, published_by, yanked, NULL, downloads"
        " FROM package_versions WHERE package_id = ? ORDER BY created_at, id",
    .days = {},
};

}  // namespace

const Schema& schema_of(Dialect dialect) {
  for (const auto* schema : {&k_synapse, &k_raven, &k_vais})
    if (schema->dialect == dialect) return *schema;
  throw internal_error("no registry of that dialect can be imported");
}

}  // namespace wharf::importing
