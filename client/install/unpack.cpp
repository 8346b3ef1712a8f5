// SPDX-License-Identifier: MIT
#include "client/install/unpack.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <mutex>
#include <set>

#include "client/install/identity.hpp"
#include "client/install/place_files.hpp"
#include "client/program/exit.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

namespace {

constexpr std::string_view k_work_prefix = ".work-";

// The registry has judged the archive by its own limits of size; here only what would fill a disk is refused.
ArchiveLimits limits() {
  ArchiveLimits limits;
  limits.packed_bytes = 1ull << 30;
  limits.unpacked_bytes = 2ull << 30;
  limits.allow_non_ascii_paths = true;
  return limits;
}

bool lock_at_once(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0;
}

// What is younger may belong to a program that has made it and not yet locked it.
constexpr std::time_t k_sweep_seconds = 60;

void sweep_once(const Path& parent) {
  static std::mutex mutex;
  static std::set<Path> swept;
  {
    const std::lock_guard guard(mutex);
    if (!swept.insert(parent).second) return;
  }
  std::error_code ignored;
  for (std::filesystem::directory_iterator entries(parent, ignored), end; entries != end;
       entries.increment(ignored)) {
    if (!entries->path().filename().native().starts_with(k_work_prefix)) continue;
    const Fd fd(::open(entries->path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (fd && ::fstat(fd.get(), &status) == 0 && std::time(nullptr) - status.st_mtime > k_sweep_seconds &&
        lock_at_once(fd.get()))
      std::filesystem::remove_all(entries->path(), ignored);
  }
}

IntegrityError unsound(const std::string& name, const Version& version, const Path& archive,
                       const std::string& problem) {
  return IntegrityError("the archive of " + wharf::quoted(name) + " " + version.text() + " " + problem +
                        "; it lies in " + wharf::quoted(archive.native()));
}

// The archive, opened once for hashing and reading: what is hashed is what is read.
Fd open_archive(const std::string& name, const Version& version, const std::string& checksum,
                const Path& archive) {
  auto fd = open_existing(archive, O_RDONLY);
  if (!fd)
    throw Error(Code::unavailable, "the archive of " + wharf::quoted(name) + " " + version.text() +
                                       " is gone from the cache; run the command again");
  Sha256 digest;
  std::array<std::byte, 65536> buffer;
  while (const std::size_t count = read_some(fd->get(), buffer))
    digest.update({reinterpret_cast<const char*>(buffer.data()), count});
  const std::string found = to_hex(digest.finish());
  if (found != checksum)
    throw unsound(name, version, archive, "has the checksum " + found + ", but " + checksum + " is expected");
  return std::move(*fd);
}

template <class Read>
Extraction reading(const std::string& name, const Version& version, const Path& archive, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.code() == Code::internal_error) throw;
    throw unsound(name, version, archive, "is not sound: " + error.public_message());
  }
}

PackageRecord record_of(const std::string& name, const Version& version, const std::string& checksum,
                        Extraction extraction) {
  PackageRecord record;
  record.name = name;
  record.version = version;
  record.checksum = checksum;
  const std::size_t top = extraction.top_directory.empty() ? 0 : extraction.top_directory.size() + 1;
  for (auto& file : extraction.files) {
    file.path.erase(0, top);
    record.files.push_back(std::move(file));
  }
  for (auto& directory : extraction.directories)
    if (directory != extraction.top_directory) record.directories.push_back(directory.substr(top));
  return record;
}

}  // namespace

WorkDirectory::WorkDirectory(const Path& parent) {
  static std::atomic<unsigned> counter{0};
  std::error_code failed;
  std::filesystem::create_directories(parent, failed);
  sweep_once(parent);
  path_ =
      parent / (std::string(k_work_prefix) + std::to_string(::getpid()) + "-" + std::to_string(counter++));
  std::filesystem::remove_all(path_, failed);
  if (::mkdir(path_.c_str(), 0700) != 0)
    throw Error(Code::unavailable, "making " + wharf::quoted(path_.native()) +
                                       " fails: " + std::generic_category().message(errno) +
                                       "; check the directory's rights and the room on the disk");
  lock_ = open_file(path_, O_RDONLY | O_DIRECTORY);
  lock_at_once(lock_.get());
}

WorkDirectory::~WorkDirectory() {
  std::error_code ignored;
  if (!kept_) std::filesystem::remove_all(path_, ignored);
}

PackageRecord unpack(const ToInstall& package, const Path& directory) {
  const Fd archive = open_archive(package.name, package.version, package.checksum, package.archive);
  std::filesystem::create_directories(directory);
  const Fd target = open_file(directory, O_RDONLY | O_DIRECTORY);
  Extraction extraction = reading(package.name, package.version, package.archive,
                                  [&] { return extract_archive(archive.get(), target.get(), limits()); });
  if (!extraction.top_directory.empty()) {
    const Path beside = directory.native() + ".top";
    rename_over(directory / extraction.top_directory, beside);
    std::filesystem::remove(directory);
    rename_over(beside, directory);
  }
  require_identity(directory, package.name, package.version, package.archive);
  PackageRecord record = record_of(package.name, package.version, package.checksum, std::move(extraction));
  record.time = std::time(nullptr);
  return record;
}

PackageRecord record_of_archive(const std::string& name, const Version& version, const std::string& checksum,
                                const Path& archive) {
  const Fd fd = open_archive(name, version, checksum, archive);
  return record_of(name, version, checksum,
                   reading(name, version, archive, [&] { return list_archive(fd.get(), limits()); }));
}

std::optional<Unpacked> UnpackedStore::find(const ToInstall& package, Look look) const {
  Unpacked found;
  found.files = directory_ / package.checksum / "files";
  found.record_file = directory_ / package.checksum / "record.json";
  auto record = read_record(found.record_file);
  if (!record || record->in_place || record->checksum != package.checksum ||
      record->key() != key_of(package.name, package.version) ||
      (look == Look::files && !is_intact(found.files, *record)))
    return std::nullopt;
  found.record = std::move(*record);
  return found;
}

Unpacked UnpackedStore::make(const ToInstall& package) const {
  const Path target = directory_ / package.checksum;
  WorkDirectory work(directory_);
  Unpacked made;
  made.record = unpack(package, work.path() / "files");
  seal_files(work.path() / "files", made.record, true);
  {
    const Fd record = open_file(work.path() / "record.json", O_WRONLY | O_CREAT | O_EXCL, 0444);
    write_all(record.get(), render_record(made.record));
  }
  made.files = target / "files";
  made.record_file = target / "record.json";
  if (::renameat2(AT_FDCWD, work.path().c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0) {
    work.keep();
    return made;
  }
  // Somebody was faster, or what lies there is damaged.
  if (auto theirs = find(package)) return std::move(*theirs);
  if (::renameat2(AT_FDCWD, work.path().c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0) {
    std::filesystem::remove_all(target);
    rename_over(work.path(), target);
    work.keep();
  }
  return made;
}

}  // namespace wharf::client
