// SPDX-License-Identifier: MIT
// What the three registries call their things: where the files are, and one query for each kind of thing,
// which gives the same columns for all of them. Adding a registry is adding a row.
#pragma once

#include <string_view>
#include <vector>

#include "libwharf/package/dialect.hpp"

namespace wharf::importing {

struct Schema {
  Dialect dialect;
  bool is_dump;                             // of PostgreSQL; otherwise an SQLite file
  std::vector<std::string_view> databases;  // below the directory; `*` in a name stands for any text
  std::vector<std::string_view> storages;
  bool name_in_file;  // NAME/NAME-VERSION.tar.gz, otherwise NAME/VERSION.tar.gz
  std::vector<std::string_view> tables;
  // Run once, before the others: indices over what is looked for item by item.
  std::vector<std::string_view> prepare;
  // id, username, email, password_hash, created_at, is_admin
  std::string_view users;
  // id, user_id, name, digest, scopes, created_at, expires_at, last_used_at; empty: none are kept
  std::string_view tokens;
  // id, name, owner_id, created_at, description, license, homepage, repository, documentation, author,
  // keywords, categories, downloads
  std::string_view packages;
  // Of the package `?`: user_id, role, added_at; empty: there is the owner alone
  std::string_view owners;
  // Of the package `?`: id, version, checksum, published_at, publisher_id, yanked, yanked_at, downloads
  std::string_view versions;
  // Of the version `?`: day, count; empty: no days are known
  std::string_view days;
};

const Schema& schema_of(Dialect dialect);

}  // namespace wharf::importing
