// SPDX-License-Identifier: MIT
// Carries another registry over into this one, through the services: accounts, tokens, packages with their
// owners, versions with their dates, yanks and counts. The order is users, tokens, then package by package,
// version by version.
//
// Each thing comes whole or not at all, together with a record that it came; so an import that was
// interrupted anywhere goes on when it is run again, and one that ended changes nothing, but for what is new
// there. A version's yank and counts follow it in transactions of their own, of which the record tells how
// far they are.
//
// A thing that a rule refuses goes to the report, and the import goes on; it ends by an Error where it cannot
// (the database away, no disk).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "registry/blobs/blob_store.hpp"
#include "registry/importing/foreign_registry.hpp"
#include "registry/importing/report.hpp"
#include "registry/services/account_import.hpp"
#include "registry/services/publishing.hpp"
#include "registry/services/yanking.hpp"

namespace wharf::importing {

class Importer {
 public:
  struct Settings {
    Dialect dialect = Dialect::synapse;
    Path staging;
    bool dry_run = false;
    // Names of accounts there → names of accounts that are here already, which get what those had.
    std::map<std::string, std::string> accounts;
    // Opens an archive for reading; nothing where there is none.
    std::function<std::optional<Fd>(const Path&)> open_archive;
    std::function<void(std::string_view what, std::uint64_t done)> progress;
  };
  // `rules` are those of publishing here; of the manifests, the dialect's alone is read.
  Importer(store::Database& database, BlobStore& blobs, VisibilityReader& visibility, Publishing::Rules rules,
           Settings settings, const Principal& who, const Origin& origin);

  void run(ForeignRegistry& from, Report& report);

 private:
  struct Account {
    std::int64_t id = 0;
    std::string username;
  };
  struct Package;
  void import_user(const SourceUser& user, Report& report);
  void import_token(const SourceToken& token, Report& report);
  void import_package(ForeignRegistry& from, const SourcePackage& package, Report& report);
  void find_owners(Package& package, Report& report);
  void import_versions(ForeignRegistry& from, Package& package, Report& report);
  void import_version(ForeignRegistry& from, Package& package, const SourceVersion& version, Report& report);
  std::int64_t publish(const Path& archive, const Package& package, const SourceVersion& version, Time at,
                       Report& report);
  void follow_up(const Package& package, const SourceVersion& version, const store::ImportedRow& record,
                 Time at, Report& report);
  bool was_imported(const SourcePackage& package);
  store::ForeignKey key(store::ForeignKey::Kind kind, std::string_view id) const;
  const Account* account_of(const std::string& foreign_id) const;

  store::Database& database_;
  Settings settings_;
  const Principal& who_;
  const Origin& origin_;
  std::uint64_t most_bytes_;
  AccountImport accounts_;
  Publishing publishing_;
  Yanking yanking_;
  std::unordered_map<std::string, Account> users_;  // by their ids there
  std::map<std::string, std::string> names_;        // in a dry run: confusion key → name of a package there
  std::uint64_t done_ = 0;
};

}  // namespace wharf::importing
