// SPDX-License-Identifier: MIT
#include "client/registry/directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "client/cache/files.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_document_bytes = 64u << 20;
constexpr std::string_view k_ending = ".json";

[[noreturn]] void trouble(const Path& path, const std::string& what) {
  throw Error(Code::unavailable, "'" + path.native() + "' of the registry directory cannot be read: " + what);
}

// Opened without waiting for a writer, should it be a pipe.
std::optional<Fd> open_regular(const Path& path) {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    trouble(path, std::generic_category().message(errno));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return file;
}

}  // namespace

std::optional<std::string> read_directory_document(const Path& directory, std::string_view name) {
  const Path path = directory / "index" / (std::string(name) + std::string(k_ending));
  auto file = open_regular(path);
  if (!file) {
    if (std::filesystem::is_directory(directory / "index")) return std::nullopt;
    throw Error(Code::unavailable,
                "'" + directory.native() +
                    "' is no registry; expected a directory with 'index/' and 'tarballs/' in it");
  }
  std::string content;
  std::byte buffer[65536];
  while (const std::size_t got = read_some(file->get(), buffer)) {
    if (content.size() + got > k_document_bytes) trouble(path, "it is too large for an index document");
    content.append(reinterpret_cast<const char*>(buffer), got);
  }
  return content;
}

std::optional<Fd> open_directory_archive(const Path& directory, std::string_view name,
                                         const Version& version) {
  return open_regular(directory / "tarballs" / std::string(name) / (version.text() + ".tar.gz"));
}

std::vector<std::string> directory_names(const Path& directory) {
  return documented_names(directory / "index");
}

}  // namespace wharf::client
