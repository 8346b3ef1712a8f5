// SPDX-License-Identifier: MIT
#include "libwharf/archive/extract.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf {

namespace {

constexpr std::string_view k_nesting_manifest = "synapse.json";
constexpr std::size_t k_buffer = 64 << 10;

// The directory that is extracted into, with the way down to where the last file was made held open: nothing
// is ever opened by more than one part of a path.
class Target {
 public:
  explicit Target(int root) : root_(root) {}

  void make_directory(std::string_view path) { descend(path); }

  Fd make_file(std::string_view path, bool executable) {
    const auto slash = path.rfind('/');
    const int parent = descend(slash == path.npos ? std::string_view() : path.substr(0, slash));
    const std::string leaf(slash == path.npos ? path : path.substr(slash + 1));
    Fd fd(::openat(parent, leaf.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd || ::fchmod(fd.get(), executable ? 0755 : 0644) != 0) throw system_error("extracting", path);
    return fd;
  }

 private:
  struct Level {
    std::string name;
    Fd fd;
  };

  int descend(std::string_view path) {
    std::size_t depth = 0;
    for (std::string_view rest = path; !rest.empty(); ++depth) {
      const auto slash = rest.find('/');
      const std::string part(rest.substr(0, slash));
      rest = slash == rest.npos ? std::string_view() : rest.substr(slash + 1);
      if (depth < levels_.size() && levels_[depth].name == part) continue;
      levels_.resize(depth);
      levels_.push_back({part, open_or_make(depth == 0 ? root_ : levels_[depth - 1].fd.get(), part)});
    }
    levels_.resize(depth);
    return depth == 0 ? root_ : levels_.back().fd.get();
  }

  static Fd open_or_make(int parent, const std::string& part) {
    const bool made = ::mkdirat(parent, part.c_str(), 0700) == 0;
    if (!made && errno != EEXIST) throw system_error("making a directory for an archive", part);
    Fd fd(::openat(parent, part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd || (made && ::fchmod(fd.get(), 0755) != 0))
      throw system_error("making a directory for an archive", part);
    return fd;
  }

  int root_;
  std::vector<Level> levels_;
};

void add_with_parents(std::set<std::string, std::less<>>& directories, std::string_view path) {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1))
    directories.emplace(path.substr(0, slash));
}

std::string top_of(const Extraction& extraction) {
  if (extraction.directories.empty()) return {};
  const std::string& top = extraction.directories.front();
  const std::string inside = top + "/";
  const auto outside = [&](std::string_view path) { return path != top && !path.starts_with(inside); };
  bool nests = false;
  for (const auto& directory : extraction.directories)
    if (outside(directory)) return {};
  for (const auto& file : extraction.files) {
    if (outside(file.path)) return {};
    nests = nests || file.path == inside + std::string(k_nesting_manifest);
  }
  return nests ? top : std::string();
}

Extraction read_all(int archive, Target* target, const ArchiveLimits& limits) {
  Extraction extraction;
  std::set<std::string, std::less<>> directories;
  std::vector<std::byte> buffer(k_buffer);
  TarReader reader(archive, limits);
  while (const auto entry = reader.next()) {
    add_with_parents(directories, entry->path);
    if (entry->directory) {
      directories.insert(entry->path);
      if (target != nullptr) target->make_directory(entry->path);
      continue;
    }
    const Fd file = target != nullptr ? target->make_file(entry->path, entry->executable) : Fd();
    Sha256 digest;
    while (const std::size_t count = reader.read(buffer)) {
      const std::string_view piece(reinterpret_cast<const char*>(buffer.data()), count);
      digest.update(piece);
      if (file) write_all(file.get(), piece);
    }
    extraction.files.push_back({entry->path, entry->executable, entry->size, to_hex(digest.finish())});
  }
  extraction.directories.assign(directories.begin(), directories.end());
  std::sort(extraction.files.begin(), extraction.files.end(),
            [](const ExtractedFile& a, const ExtractedFile& b) { return a.path < b.path; });
  extraction.top_directory = top_of(extraction);
  return extraction;
}

}  // namespace

Extraction extract_archive(int archive, int directory, const ArchiveLimits& limits) {
  Target target(directory);
  return read_all(archive, &target, limits);
}

Extraction list_archive(int archive, const ArchiveLimits& limits) {
  return read_all(archive, nullptr, limits);
}

}  // namespace wharf
