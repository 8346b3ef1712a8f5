// SPDX-License-Identifier: MIT
#include "registry/blobs/blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "registry/blobs/disk_errors.hpp"

namespace wharf {

namespace {

bool is_digest(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

void make_durable(int fd, const Path& path) {
  if (::fsync(fd) != 0) throw storage_error("syncing", path);
}

void make_directory_durable(const Path& directory) {
  const Fd fd = open_file(directory, O_RDONLY | O_DIRECTORY);
  make_durable(fd.get(), directory);
}

// An installation makes all 256 of them; one that is missing is made, and its name is durable before it is
// used.
void make_fan_out(const Path& directory) {
  if (::mkdir(directory.c_str(), 0775) == 0) {
    make_directory_durable(directory.parent_path());
  } else if (errno != EEXIST) {
    throw storage_error("creating", directory);
  }
}

// False where the blob is there already, in the same size: put there by someone else, or by an earlier call
// for this file, whose transaction runs again.
bool move_in(StagedFile& staged, const Path& path) {
  if (!staged.path().empty()) {
    make_fan_out(path.parent_path());
    failpoint("publish.before_blob_rename");
    const bool moved =
        ::renameat2(AT_FDCWD, staged.path().c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0;
    if (!moved && errno != EEXIST) throw storage_error("renaming to", path);
    if (moved) staged.handed_over();
    failpoint("publish.after_blob_rename");
    if (moved) return true;
  }
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) throw system_error("looking at", path.native());
  if (static_cast<std::uint64_t>(about.st_size) != staged.size())
    throw internal_error("the blob " + path.native() + " has " + std::to_string(about.st_size) +
                         " bytes, should have " + std::to_string(staged.size()));
  return false;
}

}  // namespace

LocalBlobStore::LocalBlobStore(Path directory) : directory_(std::move(directory)) {}

Path LocalBlobStore::path_of(std::string_view digest) const {
  if (!is_digest(digest)) throw internal_error("'" + std::string(digest) + "' is not a blob's digest");
  return directory_ / digest.substr(0, 2) / digest;
}

void LocalBlobStore::put(StagedFile& staged) {
  const Path path = path_of(staged.digest());
  if (!staged.path().empty()) {
    failpoint("publish.before_blob_fsync");
    make_durable(staged.fd(), staged.path());
    failpoint("publish.after_blob_fsync");
  }
  // Whoever put it there before may have been killed before it was durable.
  if (!move_in(staged, path)) make_durable(open_file(path, O_RDONLY).get(), path);
  failpoint("publish.before_directory_fsync");
  make_directory_durable(path.parent_path());
  failpoint("publish.after_directory_fsync");
}

void LocalBlobStore::put_all(std::span<StagedFile* const> staged) {
  if (staged.empty()) return;
  const Fd directory = open_file(directory_, O_RDONLY | O_DIRECTORY);
  const auto flush = [&] {
    if (::syncfs(directory.get()) != 0) throw storage_error("syncing", directory_);
  };
  flush();
  for (auto* one : staged) move_in(*one, path_of(one->digest()));
  flush();
}

std::optional<std::uint64_t> LocalBlobStore::size(std::string_view digest) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path_of(digest), error);
  if (!error) return bytes;
  if (error == std::errc::no_such_file_or_directory) return std::nullopt;
  throw internal_error("looking at blob " + std::string(digest) + ": " + error.message());
}

std::optional<Time> LocalBlobStore::written_at(std::string_view digest) {
  struct stat about {};
  if (::stat(path_of(digest).c_str(), &about) == 0)
    return time_from_unix_milliseconds(std::int64_t{about.st_mtim.tv_sec} * 1000 +
                                       about.st_mtim.tv_nsec / 1'000'000);
  if (errno == ENOENT) return std::nullopt;
  throw system_error("looking at blob", digest);
}

void LocalBlobStore::remove(std::string_view digest) {
  remove_file(path_of(digest));
}

void LocalBlobStore::each(const std::function<void(const std::string& digest)>& visit) {
  std::error_code error;
  std::filesystem::directory_iterator fans(directory_, error);
  if (error) throw internal_error("listing '" + directory_.native() + "': " + error.message());
  for (const auto& fan : fans) {
    if (!fan.is_directory(error)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(fan.path())) {
      // Besides blobs there may be what is being written beside them.
      const std::string name = entry.path().filename();
      if (is_digest(name)) visit(name);
    }
  }
}

}  // namespace wharf
