// SPDX-License-Identifier: MIT
#include "client/cache/files.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "client/program/whole_file.hpp"

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
  make_cache_directory(target.parent_path());
  try {
    put_whole_file(target, content, 0644, Durable::no);
  } catch (const Error&) {
    throw cache_trouble("writing", target);
  }
}

}  // namespace wharf::client
