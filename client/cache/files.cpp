// SPDX-License-Identifier: MIT
#include "client/cache/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace wharf::client {

Error cache_trouble(std::string_view doing, const Path& path) {
  const int number = errno;
  return Error(Code::unavailable, std::string(doing) + " '" + path.native() +
                                      "' fails: " + std::generic_category().message(number) +
                                      "; check the cache directory's rights and the room on the disk");
}

void make_cache_directory(const Path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  // Another client may have made it between our look and our making.
  if (error && !std::filesystem::is_directory(directory)) {
    errno = error.value();
    throw cache_trouble("making", directory);
  }
}

void put_in_cache(const Path& target, std::string_view content) {
  static std::atomic<unsigned> counter{0};
  make_cache_directory(target.parent_path());
  const Path temporary =
      target.parent_path() / ("." + target.filename().native() + "." + std::to_string(::getpid()) + "." +
                              std::to_string(counter++) + ".tmp");
  Fd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file) throw cache_trouble("writing", temporary);
  try {
    write_all(file.get(), content);
  } catch (const Error&) {
    const Error trouble = cache_trouble("writing", temporary);
    ::unlink(temporary.c_str());
    throw trouble;
  }
  if (::rename(temporary.c_str(), target.c_str()) == 0) return;
  const Error trouble = cache_trouble("writing", target);
  ::unlink(temporary.c_str());
  throw trouble;
}

}  // namespace wharf::client
