// SPDX-License-Identifier: MIT
#include "client/cache/inventory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <tuple>

#include "client/cache/archive_places.hpp"
#include "client/cache/documents.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/index_document.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

namespace {

using Kind = CachedFile::Kind;
using Visit = std::function<void(const std::filesystem::directory_entry&)>;

constexpr std::string_view k_archive = ".tar.gz", k_json = ".json";

void each_in(const Path& directory, const Visit& visit) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error))
    visit(*at);
}

std::string without(std::string name, std::string_view ending) {
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : std::string();
}

class Inventory {
 public:
  Inventory(const Profile& profile, const Path& cache) : profile_(profile), cache_(cache) {}

  std::vector<CachedFile> take() {
    each_in(cache_ / "index", [this](const auto& registry) { documents_of(registry.path()); });
    if (profile_.layout == Layout::cache_extracted) {
      each_in(cache_ / "cache", [this](const auto& package) { archives_by_name(package.path()); });
    } else {
      each_in(cache_ / "archives", [this](const auto& file) { archive_by_checksum(file.path()); });
    }
    if (profile_.layout == Layout::name_version_nested)
      each_in(cache_, [this](const auto& file) { archive_called_json(file.path()); });
    each_in(cache_ / "unpacked", [this](const auto& entry) { unpacked(entry.path()); });
    each_in(partial_directory(cache_), [this](const auto& file) { add(Kind::partial, file.path()); });
    each_in(aside_directory(cache_), [this](const auto& file) {
      CachedFile* const added = add(Kind::aside, file.path());
      // NAME-VERSION-DIGEST
      const std::string stem = without(file.path().filename(), k_archive);
      if (added) take_apart(stem.substr(0, stem.rfind('-')), *added);
    });
    std::sort(found_.begin(), found_.end(), [](const CachedFile& a, const CachedFile& b) {
      return std::tie(a.kind, a.name, a.version, a.path) < std::tie(b.kind, b.name, b.version, b.path);
    });
    return std::move(found_);
  }

 private:
  CachedFile* add(Kind kind, const Path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
    CachedFile& file = found_.emplace_back();
    file.kind = kind;
    file.path = path;
    file.size = static_cast<std::uint64_t>(status.st_size);
    file.used = time_from_unix_milliseconds(static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000 +
                                            status.st_mtim.tv_nsec / 1'000'000);
    return &file;
  }

  void documents_of(const Path& directory) {
    each_in(directory, [this](const auto& entry) {
      CachedFile* const file = add(Kind::document, entry.path());
      if (file == nullptr) return;
      file->name = without(entry.path().filename(), k_json);
      const auto read = read_cached_document(entry.path());
      if (!read) return;
      file->registry = read->registry;
      try {
        const auto document = IndexDocument::from_json(read->document.text);
        for (const auto& version : document.versions())
          names_.try_emplace(version.checksum, document.name(), version.version.text());
      } catch (const Error&) {
        // It is listed all the same.
      }
    });
  }

  void archive_by_checksum(const Path& path) {
    CachedFile* const file = add(Kind::archive, path);
    const auto known = names_.find(without(path.filename(), k_archive));
    if (file && known != names_.end()) std::tie(file->name, file->version) = known->second;
  }

  // What is being unpacked has another name, and whoever does it removes what others left.
  void unpacked(const Path& directory) {
    const std::string checksum = directory.filename();
    struct stat status {};
    if (!is_checksum(checksum) || ::lstat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
      return;
    CachedFile& file = found_.emplace_back();
    file.kind = Kind::unpacked;
    file.path = directory;
    file.used = time_from_unix_milliseconds(static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000);
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator at(directory, error), end; !error && at != end;
         at.increment(error))
      if (at->is_regular_file(error) && !error) file.size += at->file_size(error);
    if (const auto known = names_.find(checksum); known != names_.end())
      std::tie(file.name, file.version) = known->second;
  }

  // NAME/VERSION/archive.tar.gz, NAME/VERSION.tar.gz
  void archives_by_name(const Path& package) {
    const std::string name = package.filename();
    if (!is_package_name(name)) return;
    each_in(package, [&](const auto& entry) {
      const bool is_directory = entry.is_directory();
      const std::string version =
          is_directory ? std::string(entry.path().filename()) : without(entry.path().filename(), k_archive);
      if (!Version::from(version)) return;
      CachedFile* const file =
          add(Kind::archive, is_directory ? entry.path() / "archive.tar.gz" : entry.path());
      if (file) std::tie(file->name, file->version) = std::tie(name, version);
    });
  }

  // Synapse's own client keeps tarballs as NAME-VERSION.json, among files that are JSON.
  void archive_called_json(const Path& path) {
    CachedFile named;
    if (!take_apart(without(path.filename(), k_json), named)) return;
    char magic[2] = {};
    const Fd open(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!open || ::read(open.get(), magic, 2) != 2 || magic[0] != '\x1f' || magic[1] != '\x8b') return;
    if (CachedFile* const file = add(Kind::archive, path)) {
      file->name = named.name;
      file->version = named.version;
    }
  }

  // "NAME-VERSION": the first dash behind which a version stands, since names have dashes and digits, too.
  static bool take_apart(const std::string& text, CachedFile& file) {
    for (std::size_t dash = text.find('-'); dash != text.npos; dash = text.find('-', dash + 1)) {
      if (!is_package_name(text.substr(0, dash)) || !Version::from(text.substr(dash + 1))) continue;
      file.name = text.substr(0, dash);
      file.version = text.substr(dash + 1);
      return true;
    }
    return false;
  }

  const Profile& profile_;
  const Path& cache_;
  std::vector<CachedFile> found_;
  std::map<std::string, std::pair<std::string, std::string>> names_;  // checksum → name, version
};

}  // namespace

std::string_view word_of(CachedFile::Kind kind) {
  switch (kind) {
    case Kind::document:
      return "document";
    case Kind::archive:
      return "archive";
    case Kind::unpacked:
      return "unpacked";
    case Kind::partial:
      return "partial";
    case Kind::aside:
      return "aside";
  }
  return "";
}

std::vector<CachedFile> cached_files(const Profile& profile, const Path& cache) {
  return Inventory(profile, cache).take();
}

bool remove_cached(const CachedFile& file, const Path& cache) {
  if (file.kind == Kind::partial) {
    // A download that is under way holds its file's lock.
    const Fd open(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!open || ::flock(open.get(), LOCK_EX | LOCK_NB) != 0) return false;
  }
  if (file.kind == Kind::unpacked) {
    // Nobody may find it half gone.
    const Path leaving = file.path.parent_path() / (".work-" + file.path.filename().native());
    std::error_code error;
    std::filesystem::remove_all(leaving, error);
    if (::rename(file.path.c_str(), leaving.c_str()) != 0) return false;
    std::filesystem::remove_all(leaving, error);
  } else if (::unlink(file.path.c_str()) != 0) {
    return false;
  }
  for (Path directory = file.path.parent_path(); directory != cache && directory.has_relative_path();
       directory = directory.parent_path())
    if (::rmdir(directory.c_str()) != 0) break;
  return true;
}

}  // namespace wharf::client
