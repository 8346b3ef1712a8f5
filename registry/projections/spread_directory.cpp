// SPDX-License-Identifier: MIT
#include "registry/projections/spread_directory.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <vector>

#include "libwharf/base/error.hpp"

namespace wharf {

namespace {

constexpr int k_folders = 64;
constexpr int k_top_of_hierarchies =
    0x00020000;  // `chattr +T`; <linux/fs.h> does not name it in every version

void make_directory(const Path& path, unsigned mode) {
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) throw system_error("making", path.native());
}

void ask_to_spread(const Path& path) {
  const Fd fd = open_file(path, O_RDONLY | O_DIRECTORY);
  int flags = 0;
  if (::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags) != 0) return;
  flags |= k_top_of_hierarchies;
  // A wish: refused, everything works as well, but slower.
  [[maybe_unused]] const int ignored = ::ioctl(fd.get(), FS_IOC_SETFLAGS, &flags);
}

}  // namespace

SpreadDirectory::SpreadDirectory(Path path, unsigned mode) : path_(std::move(path)) {
  make_directory(path_, mode);
  ask_to_spread(path_);
  std::vector<Path> left;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_))
    if (!entry.is_directory()) left.push_back(entry.path());
  for (const auto& file : left) remove_file(file);
  for (int i = 0; i < k_folders; ++i) make_directory(path_ / std::to_string(i), mode);
}

Path SpreadDirectory::next() {
  const auto number = counter_++;
  return path_ / std::to_string(number % k_folders) / std::to_string(number);
}

}  // namespace wharf
