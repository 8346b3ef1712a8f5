// SPDX-License-Identifier: MIT
#include "client/program/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
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

// What programs that were killed in that moment have left beside the target, once it is a minute old.
void sweep_passing_names(const Path& target) {
  namespace fs = std::filesystem;
  const std::string beginning = "." + target.filename().native() + ".";
  std::error_code ignored;
  for (fs::directory_iterator at(directory_of(target), ignored), end; !ignored && at != end;
       at.increment(ignored)) {
    const auto name = at->path().filename().native();
    if (!name.starts_with(beginning) || !name.ends_with(".tmp") ||
        name.find_first_not_of("0123456789.", beginning.size()) != name.size() - 3)
      continue;  // a process's number and a counter, and nobody else's file
    std::error_code gone;
    const auto written = fs::last_write_time(at->path(), gone);
    if (!gone && fs::file_time_type::clock::now() - written > std::chrono::minutes(1))
      fs::remove(at->path(), gone);
  }
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
  if (durable == Durable::no) return;
  sync_directory(directory);
  sweep_passing_names(target);
}

}  // namespace wharf::client
