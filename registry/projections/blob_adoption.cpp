// SPDX-License-Identifier: MIT
#include "registry/projections/blob_adoption.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <span>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf {

namespace {

constexpr mode_t k_shared_directory = 03770;  // set-group-id, sticky, group-writable
constexpr mode_t k_adopted = 0444;
constexpr std::size_t k_copies_at_once = 64;

void make_directory(const Path& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0) {
    if (::chmod(path.c_str(), mode) != 0) throw system_error("setting the mode of", path.native());
  } else if (errno != EEXIST) {
    throw system_error("making", path.native());
  }
}

std::string hash_through(int fd, const std::function<void(std::string_view)>& also) {
  Sha256 hash;
  std::byte buffer[64u << 10];
  while (const std::size_t got = read_some(fd, buffer)) {
    const std::string_view bytes(reinterpret_cast<const char*>(buffer), got);
    hash.update(bytes);
    if (also) also(bytes);
  }
  return to_hex(hash.finish());
}

}  // namespace

BlobAdoption::BlobAdoption(Path directory) : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_.parent_path());
  make_directory(directory_, k_shared_directory);
  for (int i = 0; i < 256; ++i)
    make_directory(directory_ / to_hex(std::string(1, static_cast<char>(i))), k_shared_directory);
  temporary_.emplace(directory_ / ".adopting", 0700);
  sync_directory(directory_);
}

Path BlobAdoption::path_of(std::string_view digest) const {
  return directory_ / digest.substr(0, 2) / digest;
}

BlobAdoption::Outcome BlobAdoption::stage(std::string_view digest) {
  if (copies_.contains(digest)) return Outcome::adopted;
  const Path path = path_of(digest);
  // Neither a link nor a pipe that someone planted here is followed or waited for.
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return Outcome::missing;
    if (errno == ELOOP) return Outcome::damaged;
    throw system_error("opening", path.native());
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw system_error("examining", path.native());
  if (!S_ISREG(status.st_mode)) return Outcome::damaged;
  if (status.st_uid != ::geteuid()) return copy(digest, fd.get());
  if ((status.st_mode & 07777) == k_adopted) return Outcome::adopted;
  return check_in_place(digest, fd.get(), path);
}

BlobAdoption::Outcome BlobAdoption::check_in_place(std::string_view digest, int fd, const Path& path) {
  if (hash_through(fd, nullptr) != digest) return Outcome::damaged;
  failpoint("clerk.before_blob_mode");
  if (::fchmod(fd, k_adopted) != 0) throw system_error("setting the mode of", path.native());
  failpoint("clerk.after_blob_mode");
  return Outcome::adopted;
}

BlobAdoption::Outcome BlobAdoption::copy(std::string_view digest, int fd) {
  // A copy that fails, on a full disk above all, takes no room from the next one.
  struct Unfinished {
    Path path;
    ~Unfinished() {
      if (!path.empty()) ::unlink(path.c_str());
    }
  } target{temporary_->next()};
  Fd to = open_file(target.path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (hash_through(fd, [&](std::string_view bytes) { write_all(to.get(), bytes); }) != digest)
    return Outcome::damaged;
  if (::fchmod(to.get(), k_adopted) != 0) throw system_error("setting the mode of", target.path.native());
  // Not more descriptors than a process may have; a copy beyond waits here for its own.
  if (copies_.size() >= k_copies_at_once) {
    sync_file(to.get(), target.path);
    to.reset();
  }
  copies_.emplace(digest, Copy{target.path, std::move(to)});
  target.path.clear();
  return Outcome::adopted;
}

void BlobAdoption::sync_copies(SyncTogether& together) {
  if (copies_.empty()) return;
  failpoint("clerk.before_blob_copy_sync");
  for (const auto& [digest, copy] : copies_)
    if (copy.fd) together.add(copy.fd.get(), copy.path);
}

void BlobAdoption::place_copies() {
  // One by one, so that an error on the way leaves those that are still to be placed, and no others.
  while (!copies_.empty()) {
    const auto next = copies_.begin();
    failpoint("clerk.before_blob_copy_rename");
    rename_over(next->second.path, path_of(next->first));
    copies_.erase(next);
    failpoint("clerk.after_blob_copy_rename");
  }
}

}  // namespace wharf
