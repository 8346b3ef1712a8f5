// SPDX-License-Identifier: MIT
#include "client/cache/partial_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <optional>
#include <vector>

#include "client/cache/files.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_chunk = 256u << 10;

bool is_same_file(int fd, const Path& path) {
  struct stat open {
  }, named{};
  return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

std::uint64_t hash_file(int fd, Sha256& hash) {
  std::vector<std::byte> buffer(k_chunk);
  std::uint64_t size = 0;
  while (const std::size_t got = read_some(fd, buffer)) {
    hash.update({reinterpret_cast<const char*>(buffer.data()), got});
    size += got;
  }
  return size;
}

}  // namespace

PartialFile::PartialFile(const Path& directory, const std::string& key) {
  make_cache_directory(directory);
  if (take_shared(directory, key))
    hash_what_is_there();
  else
    take_private(directory, key);
}

PartialFile::~PartialFile() {
  // An empty one is of no use to anybody.
  if (is_private_ || size_ == 0) discard();
}

bool PartialFile::take_shared(const Path& directory, const std::string& key) {
  path_ = directory / (key + ".part");
  // Whoever had it may have renamed it between our opening and our locking: then the name stands for another
  // file, or none.
  for (int attempt = 0; attempt < 10; ++attempt) {
    file_ = Fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file_) throw cache_trouble("writing", path_);
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) return false;
    if (is_same_file(file_.get(), path_)) return true;
  }
  return false;
}

void PartialFile::take_private(const Path& directory, const std::string& key) {
  static std::atomic<unsigned> counter{0};
  path_ = directory / (key + "." + std::to_string(::getpid()) + "." + std::to_string(counter++) + ".own");
  ::unlink(path_.c_str());
  file_ = Fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file_) throw cache_trouble("writing", path_);
  is_private_ = true;
  // Nobody waits for it: it says that the file is in use.
  (void)::flock(file_.get(), LOCK_EX | LOCK_NB);
}

void PartialFile::hash_what_is_there() {
  size_ = hash_file(file_.get(), hash_);
}

void PartialFile::append(std::string_view bytes) {
  try {
    write_all(file_.get(), bytes);
  } catch (const Error&) {
    throw cache_trouble("writing", path_);
  }
  hash_.update(bytes);
  size_ += bytes.size();
}

void PartialFile::start_over() {
  if (::ftruncate(file_.get(), 0) != 0) throw cache_trouble("emptying", path_);
  seek_to(file_.get(), 0);
  hash_ = Sha256();
  size_ = 0;
}

std::string PartialFile::finish() {
  return to_hex(hash_.finish());
}

void PartialFile::move_to(const Path& target) {
  make_cache_directory(target.parent_path());
  if (::rename(path_.c_str(), target.c_str()) != 0) throw cache_trouble("writing", target);
  is_gone_ = true;
  file_.reset();
}

void PartialFile::discard() noexcept {
  if (!std::exchange(is_gone_, true)) ::unlink(path_.c_str());
}

std::optional<std::string> digest_of_file(const Path& path, std::uint64_t size) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  if (size != 0 && static_cast<std::uint64_t>(status.st_size) != size) return std::nullopt;
  Sha256 hash;
  hash_file(file.get(), hash);
  return to_hex(hash.finish());
}

}  // namespace wharf::client
