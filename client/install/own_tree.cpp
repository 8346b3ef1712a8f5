// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

#include "client/install/place_files.hpp"
#include "client/install/places.hpp"
#include "client/install/trees.hpp"
#include "client/install/unpack.hpp"
#include "client/manifest/project.hpp"
#include "client/profile/profile.hpp"
#include "client/program/exit.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

// More of them wait for the disk, not for the processor.
constexpr unsigned k_most_threads = 8;

std::string installed_key(const ToInstall& package) {
  return package.in_place ? package.name + "@" + std::string(k_in_place_version)
                          : key_of(package.name, package.version);
}

class Tree {
 public:
  Tree(const Profile& profile, const Path& project_root, const InstallOptions& options)
      : profile_(profile),
        root_(project_root),
        options_(options),
        packages_(packages_directory(profile, project_root)),
        new_(new_tree(packages_)),
        store_(unpacked_directory(profile)) {}

  InstallReport put(std::span<const ToInstall> wanted) {
    for (const auto& key : record_keys(packages_)) before_.insert(key);
    std::vector<const ToInstall*> to_place;
    for (const auto& package : wanted) {
      const std::string key = installed_key(package);
      if (!after_.insert(key).second) throw internal_error("'" + key + "' is to be installed twice");
      if (before_.contains(key) && is_installed(profile_, packages_, package)) {
        unchanged_.insert(key);
        report_.unchanged.push_back(key);
      } else {
        report_.installed.push_back(key);
      }
      to_place.push_back(&package);
    }
    if (!options_.remove_others) keep_others(wanted);
    for (const auto& key : before_)
      if (!after_.contains(key)) report_.removed.push_back(key);
    if (report_.installed.empty() && report_.removed.empty()) {
      change_files(profile_, root_, options_.files, options_.say);
    } else {
      build(to_place);
      exchange();
      end_change(profile_, root_, packages_, options_.say);
    }
    for (auto* keys : {&report_.installed, &report_.removed, &report_.unchanged})
      std::sort(keys->begin(), keys->end());
    return std::move(report_);
  }

 private:
  // Packages that are there and nobody asked for, but for those whose place is taken.
  void keep_others(std::span<const ToInstall> wanted) {
    std::set<Path> taken;
    for (const auto& package : wanted) taken.insert(place_of(package.name, package.version));
    for (auto& other : recorded_packages(profile_, packages_)) {
      if (after_.contains(other.record.key()) || taken.contains(other.path)) continue;
      after_.insert(other.record.key());
      others_.push_back(std::move(other));
    }
  }

  Path place_of(const std::string& name, const Version& version) const {
    return package_path(profile_, name, version);
  }

  void build(const std::vector<const ToInstall*>& wanted) {
    std::error_code failed;
    std::filesystem::remove_all(new_, failed);
    std::filesystem::create_directories(packages_.parent_path(), failed);
    if (::mkdir(new_.c_str(), 0755) != 0)
      throw Error(Code::unavailable, "making " + wharf::quoted(new_.native()) +
                                         " fails: " + std::generic_category().message(errno) +
                                         "; check the project directory's rights and the room on the disk");
    undo_ = Undo(new_);
    std::filesystem::create_directories(records_directory(new_));
    write_pending(pending_file(new_), root_, options_.files);
    for (const auto& other : others_)
      take_over(other.path, other.record, record_file(packages_, other.record.key()));

    std::atomic<std::size_t> next{0}, done{0};
    std::vector<std::exception_ptr> failures(wanted.size());
    std::atomic<bool> failing{false};
    const auto work = [&] {
      for (std::size_t i = next++; i < wanted.size() && !failing; i = next++) {
        try {
          place(*wanted[i]);
        } catch (...) {
          failures[i] = std::current_exception();
          failing = true;
        }
        const std::lock_guard guard(progress_mutex_);
        if (options_.progress) options_.progress(++done, wanted.size());
      }
    };
    std::vector<std::thread> threads;
    const auto most = std::min<std::size_t>(
        {k_most_threads, wanted.size(), std::max(2U, std::thread::hardware_concurrency())});
    for (std::size_t i = 1; i < most; ++i) threads.emplace_back(work);
    work();
    for (auto& thread : threads) thread.join();
    for (const auto& failure : failures)
      if (failure) std::rethrow_exception(failure);
    failpoint("install-built");
  }

  void place(const ToInstall& package) {
    const std::string key = installed_key(package);
    const Path path = place_of(package.name, package.version);
    if (package.in_place) return place_link(package, key);
    if (const auto unpacked = store_.find(package, UnpackedStore::Look::record)) {
      try {
        return take(unpacked->files, unpacked->record, unpacked->record_file, path, from_store_);
      } catch (const SourceDamaged&) {  // it went, or was changed, while it was used
        std::filesystem::remove_all(new_ / path);
      }
    }
    if (unchanged_.contains(key)) {
      const Path record = record_file(packages_, key);
      if (auto known = read_record(record)) return take_over(path, *known, record);
    }
    if (package.archive.empty())
      throw Error(Code::unavailable, wharf::quoted(package.name) + " " + package.version.text() +
                                         " is gone from the cache; run the command again");
    const Unpacked made = unpack_somewhere(package);
    take(made.files, made.record, made.record_file, path, from_store_);
  }

  // Where the cache cannot be written, beside the tree.
  Unpacked unpack_somewhere(const ToInstall& package) {
    try {
      return store_.make(package);
    } catch (const IntegrityError&) {
      throw;
    } catch (const Error&) {
      const Path beside = packages_.parent_path() / ("." + packages_.filename().native() + ".unpacked");
      {
        const std::lock_guard guard(progress_mutex_);
        if (!beside_) beside_.emplace(beside);
      }
      return UnpackedStore(beside).make(package);
    }
  }

  // From the old tree, whose files are as they were recorded.
  void take_over(const Path& path, const PackageRecord& record, const Path& record_file) {
    if (record.in_place) {
      std::filesystem::copy_symlink(packages_ / path, new_ / path);
      std::filesystem::copy_file(record_file, client::record_file(new_, record.key()));
      return;
    }
    take(packages_ / path, record, record_file, path, from_old_);
  }

  void take(const Path& files, const PackageRecord& record, const Path& record_file, const Path& path,
            FilePlacer& placer) {
    placer.place(files, record, new_ / path);
    const Path target = client::record_file(new_, record.key());
    if (::link(record_file.c_str(), target.c_str()) == 0) return;
    const Fd fd = open_file(target, O_WRONLY | O_CREAT | O_EXCL);
    write_all(fd.get(), render_record(record));
  }

  void place_link(const ToInstall& package, const std::string& key) {
    PackageRecord record;
    record.name = package.name;
    record.version = package.version;
    const Path place = place_of(package.name, package.version);
    const Path link = link_to(*package.in_place, packages_ / place);
    record.in_place = link.native();
    const Path path = new_ / place;
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::create_directory_symlink(link, path);
    const Fd fd = open_file(record_file(new_, key), O_WRONLY | O_CREAT | O_EXCL);
    write_all(fd.get(), render_record(record));
  }

  void exchange() {
    failpoint("install-before-exchange");
    if (rename_no_replace(new_, packages_)) {
      undo_ = {};
      return;
    }
    if (::renameat2(AT_FDCWD, new_.c_str(), AT_FDCWD, packages_.c_str(), RENAME_EXCHANGE) != 0) {
      if (errno == EBUSY || errno == EXDEV)
        throw Error(Code::conflict, wharf::quoted(packages_.native()) +
                                        " is a mount point, which cannot be exchanged for another directory; "
                                        "mount the project's directory instead");
      if (errno != EINVAL && errno != ENOSYS) throw system_error("exchanging", packages_.native());
      // A file system that cannot exchange: in two steps, between which finish_interrupted() goes back.
      rename_over(packages_, old_tree(packages_));
      failpoint("install-between-renames");
      rename_over(new_, packages_);
      rename_over(old_tree(packages_), new_);
    }
    undo_ = {};
    failpoint("install-exchanged");
  }

  // The half-made tree, until it is in place.
  class Undo {
   public:
    Undo() = default;
    explicit Undo(Path path) : path_(std::move(path)) {}
    Undo& operator=(Undo&& other) noexcept {
      path_ = std::move(other.path_);
      other.path_.clear();
      return *this;
    }
    ~Undo() {
      std::error_code ignored;
      if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }

   private:
    Path path_;
  };
  struct Beside {
    explicit Beside(Path the_path) : path(std::move(the_path)) {}
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;
    ~Beside() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    Path path;
  };

  const Profile& profile_;
  const Path& root_;
  const InstallOptions& options_;
  Path packages_, new_;
  UnpackedStore store_;
  std::optional<Beside> beside_;
  std::mutex progress_mutex_;
  FilePlacer from_store_, from_old_;
  std::set<std::string> before_, after_, unchanged_;
  std::vector<RecordedPackage> others_;
  InstallReport report_;
  Undo undo_;
};

}  // namespace

void end_change(const Profile& profile, const Path& project_root, const Path& packages, const Say& say) {
  put_pending_in_place(pending_file(packages), profile, project_root, say);
  failpoint("install-files-in-place");
  const Path old = new_tree(packages);
  std::error_code ignored;
  if (std::filesystem::is_directory(std::filesystem::symlink_status(old, ignored)))
    move_strangers(find_strangers(old, recorded_packages(profile, old)), old, packages, say);
  failpoint("install-strangers-moved");
  remove_file(pending_file(packages));
  failpoint("install-ended");
  std::filesystem::remove_all(old, ignored);
}

InstallReport put_in_own_tree(const Profile& profile, const Path& project_root,
                              std::span<const ToInstall> packages, const InstallOptions& options) {
  return Tree(profile, project_root, options).put(packages);
}

}  // namespace wharf::client
