// SPDX-License-Identifier: MIT
#include "client/program/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "libwharf/base/error.hpp"

namespace wharf::client {

namespace {

Path directory_of(const Path& target) {
  return target.has_parent_path() ? target.parent_path() : Path(".");
}

// The name that it has for the moment between its being whole and its taking another one's place.
Path passing_name(const Path& target) {
  static std::atomic<unsigned> counter{0};
  return directory_of(target) / ("." + target.filename().native() + "." + std::to_string(::getpid()) + "." +
                                 std::to_string(counter++) + ".tmp");
}

bool name_file(const Fd& file, const Path& name) {
  const std::string number = "/proc/self/fd/" + std::to_string(file.get());
  return ::linkat(AT_FDCWD, number.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

}  // namespace

void put_whole_file(const Path& target, std::string_view content, unsigned mode, Durable durable) {
  const Path passing = passing_name(target);
  const Path directory = directory_of(target);
  const Fd file(::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode));
  if (!file) {
    AtomicFile named(target, mode);
    named.write(content);
    return named.commit();
  }
  if (::fchmod(file.get(), mode) != 0) throw system_error("setting the mode of", target.native());
  write_all(file.get(), content);
  if (durable == Durable::yes) sync_file(file.get(), target);
  if (!name_file(file, passing)) throw system_error("naming", target.native());
  try {
    rename_over(passing, target);
  } catch (const Error&) {
    remove_file(passing);
    throw;
  }
  if (durable == Durable::yes) sync_directory(directory);
}

}  // namespace wharf::client
