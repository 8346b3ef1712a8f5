// SPDX-License-Identifier: MIT
#include "client/install/strangers.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <map>
#include <set>
#include <system_error>

#include "client/install/places.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

class Search {
 public:
  Search(const Path& tree, const std::vector<RecordedPackage>& packages) : tree_(tree) {
    for (const auto& package : packages) {
      for (Path parent = package.path; !parent.empty(); parent = parent.parent_path())
        directories_.insert(parent);
      if (package.record.in_place) {
        links_.insert(package.path);
        continue;
      }
      for (const auto& directory : package.record.directories) directories_.insert(package.path / directory);
      for (const auto& file : package.record.files)
        files_.emplace(package.path / file.path, std::pair(&package, &file));
    }
    directories_.insert(".wharf");
    ours_ = {Path(".wharf/packages"), Path(".wharf/pending.json")};
  }

  std::vector<Stranger> run() {
    look_into(Path());
    return std::move(found_);
  }

 private:
  void look_into(const Path& directory) {
    std::error_code gone;
    for (std::filesystem::directory_iterator entries(tree_ / directory, gone), end; entries != end;
         entries.increment(gone)) {
      const Path path = directory / entries->path().filename();
      const auto type = entries->symlink_status(gone).type();
      if (ours_.contains(path) || (type == std::filesystem::file_type::symlink && links_.contains(path)))
        continue;
      if (type == std::filesystem::file_type::directory && directories_.contains(path)) {
        look_into(path);
        continue;
      }
      const auto file = files_.find(path);
      if (file == files_.end()) {
        found_.push_back({path, false});
      } else if (const auto [package, recorded] = file->second; !is_unchanged(*package, *recorded)) {
        found_.push_back({path, true});
      }
    }
  }

  // One package's files come one after the other, so its directory is opened once.
  bool is_unchanged(const RecordedPackage& package, const ExtractedFile& file) {
    if (opened_ != &package)
      open_ = Fd(::open((tree_ / package.path).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    opened_ = &package;
    return open_ && is_intact(open_.get(), package.record, file);
  }

  const Path& tree_;
  std::set<Path> directories_, links_, ours_;
  std::map<Path, std::pair<const RecordedPackage*, const ExtractedFile*>> files_;
  const RecordedPackage* opened_ = nullptr;
  Fd open_;
  std::vector<Stranger> found_;
};

bool is_there(const Path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// Makes the directories above `path` below `root`; false where something else than a directory is in the way,
// a link above all: what lies behind it is not ours.
bool make_parents(const Path& root, const Path& path) {
  Path parent = root;
  for (const auto& part : path.parent_path()) {
    parent /= part;
    struct stat status {};
    if (::lstat(parent.c_str(), &status) != 0) {
      if (::mkdir(parent.c_str(), 0755) != 0) return false;
    } else if (!S_ISDIR(status.st_mode)) {
      return false;
    }
  }
  return true;
}

Path free_place_aside(const Path& tree, const Path& path) {
  const Path aside = aside_directory_in(tree);
  Path place = aside / path;
  for (int number = 2; is_there(place); ++number)
    place = aside / (path.native() + "." + std::to_string(number));
  std::error_code failed;
  std::filesystem::create_directories(place.parent_path(), failed);
  return place;
}

std::string some_of(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < 3; ++i)
    out += (i > 0 ? ", " : "") + wharf::quoted(names[i]);
  return names.size() > 3 ? out + " and " + std::to_string(names.size() - 3) + " more" : out;
}

}  // namespace

std::vector<Stranger> find_strangers(const Path& tree, const std::vector<RecordedPackage>& packages) {
  return Search(tree, packages).run();
}

void move_strangers(const std::vector<Stranger>& strangers, const Path& from, const Path& to,
                    const Say& say) {
  std::vector<std::string> kept, aside;
  for (const auto& stranger : strangers) {
    const Path target = to / stranger.path;
    if (!stranger.changed && make_parents(to, stranger.path) && !is_there(target)) {
      rename_over(from / stranger.path, target);
      const bool set_aside_before = stranger.path.native().starts_with(".wharf/");
      if (!set_aside_before) kept.push_back(stranger.path.native());
    } else {
      rename_over(from / stranger.path, free_place_aside(to, stranger.path));
      aside.push_back(stranger.path.native());
    }
  }
  if (!say) return;
  const std::string tree = wharf::quoted(to.filename().native());
  if (!kept.empty()) say("kept in " + tree + ", though no package brought it: " + some_of(kept));
  if (!aside.empty())
    say("moved to " + wharf::quoted(aside_directory_in(to.filename()).native()) +
        ", since packages need the place or it was changed by hand: " + some_of(aside));
}

}  // namespace wharf::client
