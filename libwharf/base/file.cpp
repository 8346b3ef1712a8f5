// SPDX-License-Identifier: MIT
#include "libwharf/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "libwharf/base/error.hpp"

namespace wharf {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = other.release();
  }
  return *this;
}

int Fd::release() noexcept {
  return std::exchange(number_, -1);
}

void Fd::reset() noexcept {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Fd open_file(const Path& path, int flags, unsigned mode) {
  Fd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) throw system_error("opening", path.native());
  return fd;
}

std::optional<Fd> open_existing(const Path& path, int flags) {
  Fd fd(::open(path.c_str(), flags | O_CLOEXEC));
  if (fd) return fd;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw system_error("opening", path.native());
}

std::size_t read_some(int fd, std::span<std::byte> buffer) {
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw system_error("reading a file");
  }
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      throw system_error("writing a file");
    }
  }
}

void seek_to(int fd, std::uint64_t offset) {
  if (::lseek(fd, static_cast<off_t>(offset), SEEK_SET) < 0) throw system_error("seeking in a file");
}

std::optional<std::string> read_file(const Path& path, std::size_t limit) {
  auto fd = open_existing(path, O_RDONLY);
  if (!fd) return std::nullopt;
  std::string content;
  std::byte buffer[65536];
  while (const std::size_t got = read_some(fd->get(), buffer)) {
    if (content.size() + got > limit)
      throw internal_error("'" + path.native() + "' is larger than " + std::to_string(limit) + " bytes");
    content.append(reinterpret_cast<const char*>(buffer), got);
  }
  return content;
}

void sync_file(int fd, const Path& path) {
  if (::fsync(fd) != 0) throw system_error("syncing", path.native());
}

void sync_directory(const Path& directory) {
  const Fd fd = open_file(directory.empty() ? Path(".") : directory, O_RDONLY | O_DIRECTORY);
  sync_file(fd.get(), directory);
}

void rename_over(const Path& from, const Path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw system_error("renaming to", to.native());
}

bool rename_no_replace(const Path& from, const Path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  throw system_error("renaming to", to.native());
}

bool remove_file(const Path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw system_error("removing", path.native());
}

AtomicFile::AtomicFile(Path target, unsigned mode) : target_(std::move(target)) {
  static std::atomic<unsigned> counter{0};
  temporary_ = target_.parent_path() / ("." + target_.filename().native() + "." + std::to_string(::getpid()) +
                                        "." + std::to_string(counter++) + ".tmp");
  ::unlink(temporary_.c_str());
  fd_ = open_file(temporary_, O_RDWR | O_CREAT | O_EXCL, mode);
  if (::fchmod(fd_.get(), mode) != 0) throw system_error("setting the mode of", temporary_.native());
}

AtomicFile::~AtomicFile() {
  if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::commit(Directory directory) {
  sync_file(fd_.get(), temporary_);
  rename_over(temporary_, target_);
  committed_ = true;
  if (directory == Directory::sync) sync_directory(target_.parent_path());
}

void write_file_durably(const Path& target, std::string_view content, unsigned mode) {
  AtomicFile file(target, mode);
  file.write(content);
  file.commit();
}

}  // namespace wharf
