// SPDX-License-Identifier: MIT
#include "registry/importing/importer.hpp"

#include <algorithm>
#include <set>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"
#include "registry/importing/foreign_texts.hpp"
#include "registry/services/download_import.hpp"
#include "registry/store/downloads.hpp"

namespace wharf::importing {

using ForeignKind = store::ForeignKey::Kind;

struct Importer::Package {
  const SourcePackage& source;
  Time created_at;
  std::vector<Provenance::Owner> owners;
  Account owner;                                    // the first who may everything
  std::map<std::string, store::ImportedRow> known;  // its versions, by their ids there
  std::set<std::string> identities;                 // in a dry run: of those that would have come
};

namespace {

constexpr std::size_t k_longest_id = 80;

// An end of the import, not of one thing.
bool is_fatal(const Error& error) {
  return error.code() == Code::unavailable || error.code() == Code::internal_error;
}

// What holds for every version of a package alike.
bool concerns_the_package(const Error& error) {
  return error.code() == Code::name_invalid || error.code() == Code::name_reserved ||
         error.code() == Code::name_too_similar || error.code() == Code::conflict;
}

Time required_moment(const std::string& text, std::string_view what) {
  const auto moment = moment_of(text);
  if (!moment)
    throw Error(Code::bad_request, "its " + std::string(what) + " " + wharf::quoted(text) +
                                       " is no moment; put it right there and import again");
  return std::min(*moment, now());
}

std::vector<Scope> scopes_of(const std::string& text) {
  std::vector<Scope> scopes;
  for (const auto& name : list_of(text).value_or(std::vector<std::string>())) {
    if (name == "admin") return {std::begin(k_scopes), std::end(k_scopes)};
    if (const auto scope = scope_from(name)) scopes.push_back(*scope);
  }
  return scopes;
}

Publishing::Rules with_manifest_of(Publishing::Rules rules, Dialect dialect) {
  std::erase_if(rules.archive.manifest_names,
                [&](const std::string& name) { return dialect_of_file(name) != dialect; });
  if (rules.archive.manifest_names.empty())
    throw Error(Code::bad_request, "publish.manifests does not name the manifest of " +
                                       std::string(dialect_name(dialect)) +
                                       "; add it to import its packages");
  return rules;
}

}  // namespace

Importer::Importer(store::Database& database, BlobStore& blobs, VisibilityReader& visibility,
                   Publishing::Rules rules, Settings settings, const Principal& who, const Origin& origin)
    : database_(database),
      settings_(std::move(settings)),
      who_(who),
      origin_(origin),
      most_bytes_(rules.archive.packed_bytes),
      accounts_(database, who, origin),
      publishing_(database, blobs, visibility, with_manifest_of(std::move(rules), settings_.dialect)),
      yanking_(database, visibility, std::chrono::milliseconds(0)) {}

store::ForeignKey Importer::key(ForeignKind kind, std::string_view id) const {
  if (id.empty() || id.size() > k_longest_id ||
      !std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; }))
    throw Error(Code::bad_request, "its key " + wharf::quoted(id) + " is none that such a registry makes");
  return {std::string(dialect_name(settings_.dialect)), kind, std::string(id)};
}

const Importer::Account* Importer::account_of(const std::string& foreign_id) const {
  const auto found = users_.find(foreign_id);
  return found == users_.end() ? nullptr : &found->second;
}

void Importer::run(ForeignRegistry& from, Report& report) {
  done_ = 0;
  from.each_user([&](const SourceUser& user) {
    settings_.progress("accounts", ++done_);
    import_user(user, report);
  });
  done_ = 0;
  from.each_token([&](const SourceToken& token) {
    settings_.progress("tokens", ++done_);
    import_token(token, report);
  });
  done_ = 0;
  from.each_package([&](const SourcePackage& package) { import_package(from, package, report); });
}

void Importer::import_user(const SourceUser& user, Report& report) {
  try {
    const auto mapped = settings_.accounts.find(user.username);
    AccountImport::Imported account;
    if (mapped != settings_.accounts.end()) {
      account = accounts_.existing(mapped->second);
    } else {
      account = accounts_.account({key(ForeignKind::user, user.id), user.username, user.email,
                                   user.password_hash, required_moment(user.created_at, "created_at")},
                                  settings_.dry_run);
      if (user.is_admin && account.outcome == AccountImport::Outcome::imported)
        account.notes.push_back("it was an administrator there; make it one here with 'wharf-user role'");
    }
    users_[user.id] = {account.id, account.username};
    report.count(Kind::user,
                 account.outcome == AccountImport::Outcome::known ? Outcome::known : Outcome::imported);
    for (auto& note : account.notes) report.note(Kind::user, user.username, "left_out", std::move(note));
  } catch (const Error& error) {
    if (is_fatal(error)) throw;
    report.refuse(Kind::user, user.username, code_name(error.code()),
                  error.public_message() + "; or name an account that is here with --account");
  }
  failpoint("import.after_user");
}

void Importer::import_token(const SourceToken& token, Report& report) {
  const std::string name = wharf::quoted(token.name);
  const auto* account = account_of(token.user_id);
  if (account == nullptr) {
    report.refuse(Kind::token, name, "owner_missing", "the account that it belongs to did not come over");
    return;
  }
  try {
    const auto moment = [](const std::optional<std::string>& text) {
      return text && !text->empty() ? std::optional(required_moment(*text, "last use")) : std::nullopt;
    };
    // An end lies in the future, as it may.
    const auto expires_at =
        token.expires_at && !token.expires_at->empty() ? moment_of(*token.expires_at) : std::nullopt;
    if (token.expires_at && !token.expires_at->empty() && !expires_at)
      throw Error(Code::bad_request,
                  "its end " + wharf::quoted(*token.expires_at) + " is no moment; make a new one");
    const auto outcome = accounts_.token(
        {key(ForeignKind::token, token.id), token.name, token.digest, scopes_of(token.scopes),
         required_moment(token.created_at, "created_at"), expires_at, moment(token.last_used_at)},
        account->id, account->username, settings_.dry_run);
    report.count(Kind::token, outcome == AccountImport::Outcome::known ? Outcome::known : Outcome::imported);
  } catch (const Error& error) {
    if (is_fatal(error)) throw;
    report.refuse(Kind::token, name, code_name(error.code()), error.public_message());
  }
}

void Importer::find_owners(Package& package, Report& report) {
  const SourcePackage& source = package.source;
  std::set<std::string> taken;
  const auto add = [&](const std::string& user_id, std::string_view role, Time at) {
    const auto* account = account_of(user_id);
    if (account == nullptr) {
      report.note(
          Kind::package, source.name, "owner_missing",
          "an account that is among its owners there did not come over; add it with 'wharf-package owner'");
    } else if (taken.insert(account->username).second) {
      package.owners.push_back({account->id, std::string(role), at});
      if (role == "owner" && package.owner.username.empty()) package.owner = *account;
    }
  };
  add(source.owner_id, "owner", package.created_at);
  for (const auto& owner : source.owners)
    if (owner.user_id != source.owner_id)
      add(owner.user_id, owner.role == "owner" ? "owner" : "maintainer",
          moment_of(owner.added_at).value_or(package.created_at));
}

bool Importer::was_imported(const SourcePackage& package) {
  const auto wanted = key(ForeignKind::package, package.id);
  return database_.read([&](store::Connection& c) { return store::find_imported(c, wanted).has_value(); });
}

void Importer::import_package(ForeignRegistry& from, const SourcePackage& source, Report& report) {
  const auto refuse = [&](std::string_view code, const std::string& reason) {
    report.refuse(Kind::package, source.name, code, reason);
  };
  try {
    require_package_name(source.name);
    const bool was_there = was_imported(source);
    Package package{source, required_moment(source.created_at, "created_at"), {}, {}, {}, {}};
    find_owners(package, report);
    if (package.owner.username.empty()) {
      refuse("owner_missing",
             "no account that owns it came over; name one that is here with --account THERE=HERE");
      return;
    }
    if (settings_.dry_run && !was_there) {
      const auto [place, is_new] = names_.emplace(confusion_key(source.name), source.name);
      if (!is_new)
        throw Error(Code::name_too_similar, "the name is too similar to " + wharf::quoted(place->second) +
                                                ", which comes before it; choose another there");
    }
    const auto before = report.of(Kind::version, Outcome::imported);
    import_versions(from, package, report);
    const bool is_there =
        settings_.dry_run ? report.of(Kind::version, Outcome::imported) > before : was_imported(source);
    if (was_there || is_there)
      report.count(Kind::package, was_there ? Outcome::known : Outcome::imported);
    else
      refuse("no_version", "none of its versions came over");
  } catch (const Error& error) {
    if (is_fatal(error)) throw;
    refuse(code_name(error.code()), error.public_message() + "; its versions were left out");
  }
}

void Importer::import_versions(ForeignRegistry& from, Package& package, Report& report) {
  const auto versions = from.versions_of(package.source);
  std::vector<std::string> ids;
  for (const auto& version : versions) ids.push_back(version.id);
  package.known = database_.read([&](store::Connection& c) {
    return store::find_imported(c, dialect_name(settings_.dialect), ForeignKind::version, ids);
  });
  for (const auto& version : versions) {
    settings_.progress("versions", ++done_);
    import_version(from, package, version, report);
  }
}

void Importer::import_version(ForeignRegistry& from, Package& package, const SourceVersion& version,
                              Report& report) {
  const std::string what = package.source.name + " " + version.version;
  try {
    const Version parsed = parse_publishable_version(version.version);
    const Time at = required_moment(version.published_at, "date");
    if (const auto record = package.known.find(version.id); record != package.known.end()) {
      report.count(Kind::version, Outcome::known);
      if (!settings_.dry_run) follow_up(package, version, record->second, at, report);
      return;
    }
    if (settings_.dry_run && !package.identities.insert(parsed.identity()).second)
      throw Error(Code::version_exists,
                  "another version differs in build metadata alone; one of the two can come over");
    const auto id = publish(from.archive(package.source.name, version.version), package, version, at, report);
    report.count(Kind::version, Outcome::imported);
    failpoint("import.after_version");
    if (!settings_.dry_run) follow_up(package, version, {id, 0, false}, at, report);
  } catch (const Error& error) {
    if (is_fatal(error) || concerns_the_package(error)) throw;
    report.refuse(Kind::version, what, code_name(error.code()), error.public_message());
  }
}

std::int64_t Importer::publish(const Path& archive, const Package& package, const SourceVersion& version,
                               Time at, Report& report) {
  const std::string what = package.source.name + " " + version.version;
  const auto fd = settings_.open_archive(archive);
  if (!fd)
    throw Error(Code::not_found, "its archive " + wharf::quoted(archive.native()) +
                                     " is not there; put it there and import again");
  StagedFile staged(settings_.staging, most_bytes_);
  std::vector<std::byte> buffer(256u << 10);
  while (const auto got = read_some(fd->get(), buffer))
    staged.write({reinterpret_cast<const char*>(buffer.data()), got});
  staged.finish();

  constexpr std::string_view k_prefix = "sha256:";
  std::string_view checksum = version.checksum;
  if (checksum.starts_with(k_prefix)) checksum.remove_prefix(k_prefix.size());
  const auto metadata = json::parse(package.source.metadata);
  Claimed claimed{package.source.name, version.version, {}, metadata.root()};
  if (!checksum.empty()) claimed.checksum = std::string(checksum);

  Provenance origin;
  origin.package = key(ForeignKind::package, package.source.id);
  origin.version = key(ForeignKind::version, version.id);
  origin.published_at = at;
  origin.package_created_at = std::min(package.created_at, at);
  origin.owners = package.owners;
  const auto* publisher = version.publisher_id ? account_of(*version.publisher_id) : &package.owner;
  if (publisher == nullptr) {
    report.note(Kind::version, what, "publisher_missing",
                "the account that published it did not come over; an owner stands in its place");
    publisher = &package.owner;
  }
  origin.publisher_id = settings_.dry_run ? 0 : publisher->id;
  origin.publisher = publisher->username;
  const auto import = [&] {
    return publishing_.import(staged, claimed, origin, who_, origin_, settings_.dry_run).version_id;
  };
  try {
    return import();
  } catch (const Error& error) {
    // What the database said beside the archive is worth less than the version.
    if (error.code() != Code::manifest_invalid || !error.public_message().starts_with("the request")) throw;
    claimed.metadata = {};
    const auto id = import();
    report.note(Kind::version, what, "left_out",
                "what the database says beside its manifest is not of the form and was left out: " +
                    error.public_message());
    return id;
  }
}

void Importer::follow_up(const Package& package, const SourceVersion& version,
                         const store::ImportedRow& record, Time at, Report& report) {
  const auto from = key(ForeignKind::version, version.id);
  const std::string& name = package.source.name;
  if (version.yanked != record.yanked) {
    const Time moment = version.yanked_at ? moment_of(*version.yanked_at).value_or(at) : at;
    try {
      if (yanking_.import(name, version.version, from, version.yanked, moment, who_, origin_).changed)
        report.add_yank();
    } catch (const Error& error) {
      if (error.code() != Code::not_found) throw;  // it was removed here since
    }
    failpoint("import.after_yank");
  }
  if (version.downloads <= record.downloads) return;
  ForeignDownloads downloads{version.downloads, {}, store::day_of(at)};
  for (const auto& day : version.days)
    if (moment_of(day.first + "T00:00:00Z")) downloads.days.push_back(day);
  report.add_downloads(
      import_downloads(database_, from, name + " " + version.version, downloads, who_, origin_));
  failpoint("import.after_downloads");
}

}  // namespace wharf::importing
