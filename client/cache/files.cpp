// SPDX-License-Identifier: MIT
#include "client/cache/files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "client/program/whole_file.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

std::vector<std::string> documented_names(const Path& directory) {
  constexpr std::string_view k_ending = ".json";
  std::vector<std::string> out;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    std::string name = at->path().filename();
    if (!name.ends_with(k_ending)) continue;
    name.resize(name.size() - k_ending.size());
    if (is_package_name(name)) out.push_back(std::move(name));
  }
  std::sort(out.begin(), out.end());
  return out;
}

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
