// SPDX-License-Identifier: MIT
// Another registry's database, read item by item, in the order of its keys. What a column holds is handed on
// as it is: whoever imports judges it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/package/dialect.hpp"

namespace wharf::importing {

struct SourceUser {
  std::string id, username, password_hash, created_at;
  std::optional<std::string> email;
  bool is_admin = false;
};

struct SourceToken {
  std::string id, user_id, name, digest, scopes, created_at;
  std::optional<std::string> expires_at, last_used_at;
};

struct SourceOwner {
  std::string user_id, role, added_at;
};

struct SourcePackage {
  std::string id, name, owner_id, created_at;
  std::vector<SourceOwner> owners;  // beside owner_id, or that one again
  std::uint64_t versions = 0, downloads = 0;
  std::string metadata;  // what its row says of it, as a JSON object with the keys of a publish request
};

struct SourceVersion {
  std::string id, version, checksum, published_at;
  std::optional<std::string> publisher_id, yanked_at;
  bool yanked = false;
  std::uint64_t downloads = 0;
  // Those whose day is known, in the order of the days; their sum may be another than `downloads`.
  std::vector<std::pair<std::string, std::uint64_t>> days;
};

class ForeignRegistry {
 public:
  // Where database and storage folder are below `directory`, unless they are named. Throws Error(bad_request)
  // that says what was looked for, and for a database that lacks a table or column.
  struct Places {
    Path directory, database, storage;
  };
  static std::unique_ptr<ForeignRegistry> open(Dialect dialect, const Places& places);
  virtual ~ForeignRegistry() = default;

  struct Totals {
    std::uint64_t users = 0, tokens = 0, packages = 0, versions = 0;
  };
  virtual Totals totals() = 0;
  virtual void each_user(const std::function<void(const SourceUser&)>& visit) = 0;
  virtual void each_token(const std::function<void(const SourceToken&)>& visit) = 0;
  virtual void each_package(const std::function<void(const SourcePackage&)>& visit) = 0;
  // By their dates.
  virtual std::vector<SourceVersion> versions_of(const SourcePackage& package) = 0;
  // `name` and `version` are valid here, and so cannot leave the folder.
  virtual Path archive(std::string_view name, std::string_view version) const = 0;
};

}  // namespace wharf::importing
