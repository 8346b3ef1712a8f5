// SPDX-License-Identifier: MIT
#include "client/install/place_files.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "libwharf/base/error.hpp"

namespace wharf::client {

namespace {

void set_time(int fd, std::int64_t time, const std::string& path) {
  const struct timespec both[2] = {{.tv_sec = time, .tv_nsec = 0}, {.tv_sec = time, .tv_nsec = 0}};
  if (::futimens(fd, both) != 0) throw system_error("setting the time of", path);
}

Fd make_file(int directory, const ExtractedFile& file) {
  Fd fd(::openat(directory, file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd || ::fchmod(fd.get(), file.executable ? 0755 : 0644) != 0) throw system_error("making", file.path);
  return fd;
}

void copy_bytes(int from, int to) {
  std::array<std::byte, 65536> buffer;
  while (const std::size_t count = read_some(from, buffer))
    write_all(to, {reinterpret_cast<const char*>(buffer.data()), count});
}

bool cannot_be_done_here(int error) {
  return error == EOPNOTSUPP || error == EXDEV || error == EINVAL || error == ENOTTY || error == ENOSYS ||
         error == EPERM || error == EACCES || error == EISDIR || error == EBADF;
}

}  // namespace

void FilePlacer::place(const Path& from, const PackageRecord& record, const Path& to) {
  std::filesystem::create_directories(to);
  const Fd source(::open(from.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!source) throw SourceDamaged(from.native());
  const Fd target = open_file(to, O_RDONLY | O_DIRECTORY);
  for (const auto& directory : record.directories)
    if (::mkdirat(target.get(), directory.c_str(), 0755) != 0) throw system_error("making", directory);
  for (const auto& file : record.files) place_file(source.get(), target.get(), record, file);
}

void FilePlacer::place_file(int from, int to, const PackageRecord& record, const ExtractedFile& file) {
  if (!is_intact(from, record, file)) throw SourceDamaged(file.path);
  const char* const path = file.path.c_str();
  if (way_ == Way::link) {
    if (::linkat(from, path, to, path, 0) == 0) return;
    // Too many names of one file is a matter of that file alone.
    if (errno != EMLINK && !cannot_be_done_here(errno)) throw system_error("linking", file.path);
    if (errno != EMLINK) way_ = Way::copy;
  }
  const Fd source(::openat(from, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!source) throw SourceDamaged(file.path);
  Fd made = make_file(to, file);
  if (way_ == Way::clone && ::ioctl(made.get(), FICLONE, source.get()) != 0) {
    if (!cannot_be_done_here(errno)) throw system_error("cloning", file.path);
    made.reset();
    if (::unlinkat(to, path, 0) != 0) throw system_error("removing", file.path);
    way_ = Way::link;
    place_file(from, to, record, file);
    return;
  }
  if (way_ != Way::clone) copy_bytes(source.get(), made.get());
  set_time(made.get(), record.time, file.path);
}

void seal_files(const Path& directory, const PackageRecord& record, bool read_only) {
  const Fd fd = open_file(directory, O_RDONLY | O_DIRECTORY);
  for (const auto& file : record.files) {
    const Fd one(::openat(fd.get(), file.path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!one || (read_only && ::fchmod(one.get(), file.executable ? 0555 : 0444) != 0))
      throw system_error("sealing", file.path);
    set_time(one.get(), record.time, file.path);
  }
}

}  // namespace wharf::client
