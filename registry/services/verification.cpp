// SPDX-License-Identifier: MIT
#include "registry/services/verification.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "libwharf/archive/package_archive.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/json/value.hpp"
#include "registry/services/package_change.hpp"
#include "registry/store/package_overview.hpp"

namespace wharf {

namespace {

constexpr unsigned k_page = 500;
constexpr std::chrono::milliseconds k_clerk_may_take{5000};

std::string digest_of(int fd) {
  Sha256 hash;
  std::string buffer(64u << 10, '\0');
  for (off_t at = 0;;) {
    const auto count = ::pread(fd, buffer.data(), buffer.size(), at);
    if (count < 0) throw system_error("reading an archive");
    if (count == 0) return to_hex(hash.finish());
    hash.update(std::string_view(buffer).substr(0, static_cast<std::size_t>(count)));
    at += count;
  }
}

// What a request may have filled in is more than the archive says, never something else.
bool is_filled_from(const std::optional<std::string>& archive, const std::optional<std::string>& row) {
  return !archive || archive == row;
}
bool is_filled_from(const std::vector<std::string>& archive, const std::vector<std::string>& row) {
  return archive.empty() || archive == row;
}

// The first member in which the row says something else than the archive; nothing where all is well.
const char* difference(const Manifest& archive, const Manifest& row) {
  if (archive.name != row.name) return "name";
  if (archive.version != row.version) return "version";
  if (archive.dialect != row.dialect) return "dialect";
  if (archive.dependencies != row.dependencies) return "dependencies";
  if (archive.features != row.features) return "features";
  if (!is_filled_from(archive.description, row.description)) return "description";
  if (!is_filled_from(archive.license, row.license)) return "license";
  if (!is_filled_from(archive.homepage, row.homepage)) return "homepage";
  if (!is_filled_from(archive.repository, row.repository)) return "repository";
  if (!is_filled_from(archive.documentation, row.documentation)) return "documentation";
  if (!is_filled_from(archive.authors, row.authors)) return "authors";
  if (!is_filled_from(archive.keywords, row.keywords)) return "keywords";
  if (!is_filled_from(archive.categories, row.categories)) return "categories";
  return nullptr;
}

Manifest manifest_of(const store::VersionRow& row) {
  return manifest_from_json(json::parse(row.manifest).root());
}

}  // namespace

// A package's index document, as it is served.
struct Verification::Shown {
  std::optional<IndexDocument> document;
};

Verification::Verification(store::Database& database, const LocalBlobStore& blobs,
                           VisibilityReader& visibility, Path public_tree, ArchiveLimits limits)
    : database_(database),
      blobs_(blobs),
      visibility_(visibility),
      public_tree_(std::move(public_tree)),
      limits_(std::move(limits)) {
  // Rules that may have been wider when it was published.
  limits_.manifest_names = ArchiveLimits().manifest_names;
  limits_.allow_non_ascii_paths = true;
}

std::optional<std::string> Verification::problem_of_archive(const store::VersionRow& row) {
  const Path path = blobs_.path_of(row.digest);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return "its archive " + row.digest + " is missing";
  if (!S_ISREG(status.st_mode)) return "its archive " + row.digest + " is no plain file";
  if (static_cast<std::uint64_t>(status.st_size) != row.size)
    return "its archive has " + std::to_string(status.st_size) + " bytes, and " + std::to_string(row.size) +
           " were published";
  const auto fd = open_existing(path, O_RDONLY | O_NOFOLLOW);
  if (!fd) return "its archive " + row.digest + " is missing";
  if (const auto digest = digest_of(fd->get()); digest != row.digest)
    return "its archive has the SHA-256 " + digest + ", and " + row.digest + " was published";
  try {
    auto limits = limits_;
    limits.packed_bytes = std::max(limits.packed_bytes, row.size);
    const auto archive = read_package_archive(fd->get(), limits);
    if (const auto* member = difference(archive.manifest, manifest_of(row)))
      return "its archive's manifest has another '" + std::string(member) + "' than its row";
  } catch (const Error& error) {
    if (error.code() == Code::internal_error) throw;
    return "its archive cannot be read: " + error.public_message();
  }
  return std::nullopt;
}

Verification::Shown Verification::shown(const store::PackageRow& package,
                                        std::vector<Finding>& findings) const {
  const auto found = [&](const std::string& problem) {
    findings.push_back({package.name, std::nullopt, problem});
    return Shown{};
  };
  const auto text = read_file(public_tree_ / "index" / (package.name + ".json"), 1u << 30);
  if (!text) return found("it has no index document; is the clerk running?");
  try {
    Shown shown{IndexDocument::from_json(*text)};
    const auto& document = *shown.document;
    if (document.revision() < package.revision)
      return found("its index document is at revision " + std::to_string(document.revision()) + ", and " +
                   std::to_string(package.revision) + " was journalled; is the clerk running?");
    const auto& quarantine = document.quarantine();
    if (document.revision() == package.revision &&
        (quarantine ? std::optional(quarantine->reason) : std::nullopt) !=
            (package.quarantine ? std::optional(package.quarantine->reason) : std::nullopt))
      return found(package.quarantine ? "it is quarantined, and its index document does not say so"
                                      : "its index document says that it is quarantined, and it is not");
    return shown;
  } catch (const Error& error) {
    return found("its index document is damaged: " + error.detail());
  }
}

std::optional<std::string> Verification::problem_of_entry(const Shown& shown,
                                                          const store::PackageRow& package,
                                                          const store::VersionRow& row) const {
  if (!shown.document) return std::nullopt;
  const Path tarball = public_tree_ / "tarballs" / package.name / (row.version + ".tar.gz");
  struct stat link {
  }, blob{};
  const bool served = ::stat(tarball.c_str(), &link) == 0;
  if (package.quarantine) {
    if (served) return "its archive is still served, though the package is quarantined";
    return std::nullopt;
  }
  if (!served) return "its archive is not served; the clerk's log says why";
  if (::stat(blobs_.path_of(row.digest).c_str(), &blob) == 0 &&
      (link.st_ino != blob.st_ino || link.st_dev != blob.st_dev))
    return "what is served is another file than its archive";
  const auto* entry = shown.document->find(parse_version(row.version));
  if (entry == nullptr) return "it is missing in the index document";
  auto expected = index_entry(manifest_of(row), row.digest, row.size, to_rfc3339(row.published_at));
  expected.yanked = row.state == store::VersionState::yanked;
  if (expected.yanked) expected.yank_reason = row.yank_reason;
  if (*entry != expected) return "its entry in the index document says something else than its row";
  return std::nullopt;
}

// A package that is changed while it is looked at is looked at again.
void Verification::look_at(const std::string& name, const std::optional<std::string>& version,
                           Verified& verified) {
  constexpr int k_looks = 5;
  for (int look = 1;; ++look) {
    Verified once;
    const auto revision = look_once(name, version, once);
    const auto changed =
        !once.findings.empty() && look < k_looks && database_.read([&](store::Connection& connection) {
          const auto stamp = store::find_stamp(connection, name);
          return stamp && stamp->revision != revision;
        });
    if (changed) continue;
    verified.packages += once.packages;
    verified.versions += once.versions;
    std::ranges::move(once.findings, std::back_inserter(verified.findings));
    return;
  }
}

std::uint64_t Verification::look_once(const std::string& name, const std::optional<std::string>& version,
                                      Verified& verified) {
  std::vector<store::VersionRow> rows;
  // One transaction, so that the package and its versions are of one moment: the row's lock keeps changes
  // out.
  const auto package = database_.transaction([&](store::Connection& connection) {
    auto row = store::lock_package(connection, name);
    if (!row) throw no_such_package(name);
    rows = store::versions_of(connection, row->id);
    return std::move(*row);
  });
  if (version) {
    std::erase_if(rows, [&](const store::VersionRow& row) { return row.version != *version; });
    if (rows.empty()) throw no_such_version(name, *version);
  }
  visibility_.wait_until_visible(package.revision, k_clerk_may_take);
  ++verified.packages;
  const Shown document = shown(package, verified.findings);
  for (const auto& row : rows) {
    ++verified.versions;
    auto problem = problem_of_archive(row);
    if (!problem) problem = problem_of_entry(document, package, row);
    if (problem) verified.findings.push_back({name, row.version, std::move(*problem)});
  }
  return package.revision;
}

Verified Verification::package(std::string_view name, const std::optional<std::string>& version) {
  Verified verified;
  look_at(std::string(name), version, verified);
  return verified;
}

Verified Verification::all(const Progress& progress) {
  Verified verified;
  for (std::string last;;) {
    const auto names = database_.read(
        [&](store::Connection& connection) { return store::package_names(connection, last, k_page); });
    if (names.empty()) return verified;
    for (const auto& name : names) {
      const auto before = verified.findings.size();
      look_at(name, std::nullopt, verified);
      progress(verified.packages,
               {verified.findings.begin() + static_cast<std::ptrdiff_t>(before), verified.findings.end()});
    }
    last = names.back();
  }
}

}  // namespace wharf
