// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libwharf/archive/package_archive.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "registry/doctor/examination.hpp"
#include "registry/services/services.hpp"
#include "registry/store/checks.hpp"

namespace wharf::doctor {

namespace {

constexpr unsigned k_batch = 1000;

struct Bytes {
  std::string digest;
  std::uint64_t size = 0;
};

// Nothing where there is no such file.
std::optional<Bytes> bytes_of(const Path& path) {
  const auto fd = open_existing(path, O_RDONLY);
  if (!fd) return std::nullopt;
  Bytes bytes;
  Sha256 hash;
  std::vector<std::byte> buffer(256u << 10);
  while (const auto got = read_some(fd->get(), buffer)) {
    hash.update({reinterpret_cast<const char*>(buffer.data()), got});
    bytes.size += got;
  }
  bytes.digest = to_hex(hash.finish());
  return bytes;
}

class BlobCheck {
 public:
  explicit BlobCheck(Examination& examination)
      : examination_(examination), limits_(publishing_rules(examination.config()).archive) {}

  void look_at(const store::VersionAndBlob& version) {
    const std::string what = fault_of(version);
    if (what.empty()) {
      if (examination_.deep()) judge(version);
      return;
    }
    // It may have been removed, and its blob collected, since the row was read.
    std::optional<store::VersionAndBlob> now = version;
    const bool still = examination_.is_still([&] {
      now = examination_.database().read(
          [&](store::Connection& c) { return store::version_and_blob(c, version.id); });
      return now && !fault_of(*now).empty();
    });
    if (still) tell(*now);
  }

 private:
  std::string fault_of(const store::VersionAndBlob& version) {
    if (version.blob_digest != version.digest) return "has no archive, or another's, by its row";
    if (!version.blob_size) return "has an archive of which there is no row";
    const auto size = examination_.blobs().size(version.digest);
    if (!size) return "has lost its archive";
    if (*size != version.size || *version.blob_size != version.size) return "has an archive of another size";
    if (!examination_.deep()) return {};
    const auto bytes = bytes_of(examination_.blobs().path_of(version.digest));
    if (!bytes || bytes->digest != version.digest)
      return "has an archive with other bytes than were published";
    return {};
  }

  // Bytes that are as they were published, but are no package by the rules of today.
  void judge(const store::VersionAndBlob& version) {
    const auto fd = open_existing(examination_.blobs().path_of(version.digest), O_RDONLY);
    if (!fd) return;
    try {
      read_package_archive(fd->get(), limits_);
    } catch (const Error& error) {
      examination_.found(Severity::note, version.package + " " + version.version,
                         "would not be taken today: " + error.public_message(), "nothing needs to be done");
    }
  }

  void tell(const store::VersionAndBlob& version) {
    const std::string where = version.package + " " + version.version;
    const std::string what = fault_of(version);
    const Path place = examination_.blobs().path_of(version.digest);
    const auto set_row = [&](std::uint64_t size) {
      examination_.database().transaction(
          [&](store::Connection& c) { store::set_version_blob(c, version.id, version.digest, size); });
    };
    if (const auto there = bytes_of(place); there && there->digest == version.digest) {
      examination_.found(Severity::repairable, where, what + "; the archive itself is whole",
                         "run with --repair", [&] { set_row(there->size); });
      return;
    }
    const Path shown = examination_.config().storage.public_tree / "tarballs" / version.package /
                       (version.version + ".tar.gz");
    if (const auto there = bytes_of(shown); there && there->digest == version.digest) {
      examination_.found(Severity::repairable, where, what + "; the public tree has it whole",
                         "run with --repair", [&] {
                           put_back(shown, version.digest);
                           set_row(there->size);
                         });
      return;
    }
    examination_.found(
        Severity::loss, where, what,
        "put it back from a backup as " + wharf::quoted(place.native()) + "; its SHA-256 is its name");
  }

  // What stands in its place is known to be damaged. The public tree's link is the best there is: it stays
  // the same file for both.
  void put_back(const Path& from, const std::string& digest) {
    const Path place = examination_.blobs().path_of(digest);
    const Path& staging = examination_.config().storage.staging;
    examination_.blobs().remove(digest);
    if (::link(from.c_str(), place.c_str()) == 0) {
      sync_directory(place.parent_path());
      return;
    }
    StagedFile staged(staging, limits_.packed_bytes);
    const Fd fd = open_file(from, O_RDONLY);
    std::vector<std::byte> buffer(256u << 10);
    while (const auto got = read_some(fd.get(), buffer))
      staged.write({reinterpret_cast<const char*>(buffer.data()), got});
    staged.finish();
    if (staged.digest() != digest) throw internal_error("the archive changed while it was copied");
    struct stat owner {};
    if (::geteuid() == 0 && ::stat(staging.c_str(), &owner) == 0 &&
        ::fchown(staged.fd(), owner.st_uid, owner.st_gid) != 0)
      throw system_error("handing the archive to the workers' user", place.native());
    examination_.blobs().put(staged);
  }

  Examination& examination_;
  ArchiveLimits limits_;
};

}  // namespace

void check_blobs(Examination& examination) {
  BlobCheck check(examination);
  std::int64_t after = 0;
  std::uint64_t done = 0;
  for (;;) {
    const auto versions = examination.database().read(
        [&](store::Connection& c) { return store::versions_and_blobs(c, after, k_batch); });
    if (versions.empty()) break;
    for (const auto& version : versions) {
      check.look_at(version);
      examination.progress(++done);
    }
    after = versions.back().id;
  }
}

}  // namespace wharf::doctor
