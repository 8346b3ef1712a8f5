// SPDX-License-Identifier: MIT
#include "registry/projections/public_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "registry/projections/gzip.hpp"

namespace wharf {

namespace {

constexpr std::string_view k_document = ".json", k_packed = ".json.gz", k_tarball = ".tar.gz";
// Above this many files one syncfs() is cheaper than an fsync() each.
constexpr std::size_t k_sync_each = 128;

bool make_directory(const Path& path) {
  if (::mkdir(path.c_str(), 0755) == 0) return true;
  if (errno != EEXIST) throw system_error("making", path.native());
  return false;
}

bool same_file(const Path& a, const Path& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_ino == second.st_ino &&
         first.st_dev == second.st_dev;
}

}  // namespace

void set_revision_time(int fd, std::uint64_t revision) {
  const timespec time{static_cast<time_t>(PublicTree::k_mtime_base + static_cast<std::int64_t>(revision)), 0};
  const timespec both[2] = {time, time};
  if (::futimens(fd, both) != 0) throw system_error("setting the time of a file");
}

PublicTree::PublicTree(Path root, Durability durability) : root_(std::move(root)), durability_(durability) {
  std::filesystem::create_directories(root_);
  for (const char* part : {"tarballs", "index", "journal"}) make_directory(root_ / part);
  temporary_.emplace(root_ / ".tmp");
  std::filesystem::remove_all(root_ / ".new");
  if (durability_ == Durability::each_step) sync_directory(root_);
}

Path PublicTree::tarball(std::string_view name, std::string_view version) const {
  return root_ / "tarballs" / name / (std::string(version) + std::string(k_tarball));
}

std::optional<std::string> PublicTree::document(std::string_view name) const {
  return read_file(index_directory() / (std::string(name) + std::string(k_document)), 1u << 30);
}

std::optional<std::uint64_t> PublicTree::document_revision(std::string_view name) const {
  std::optional<std::uint64_t> revision;
  for (const auto suffix : {k_document, k_packed}) {
    struct stat status {};
    const Path path = index_directory() / (std::string(name) + std::string(suffix));
    if (::stat(path.c_str(), &status) == 0)
      revision =
          std::max(revision.value_or(0),
                   static_cast<std::uint64_t>(std::max<std::int64_t>(0, status.st_mtime - k_mtime_base)));
  }
  return revision;
}

std::vector<std::string> PublicTree::document_names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(index_directory())) {
    const std::string file = entry.path().filename();
    if (file.ends_with(k_document)) names.push_back(file.substr(0, file.size() - k_document.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> PublicTree::tarball_versions(std::string_view name) const {
  std::vector<std::string> versions;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(root_ / "tarballs" / name, absent)) {
    const std::string file = entry.path().filename();
    if (file.ends_with(k_tarball)) versions.push_back(file.substr(0, file.size() - k_tarball.size()));
  }
  return versions;
}

void PublicTree::stage_link(std::string_view name, std::string_view version, const Path& blob) {
  links_.emplace_back(tarball(name, version), blob);
}

void PublicTree::make_links() {
  for (const auto& [target, blob] : links_) make_link(target, blob);
  links_.clear();
}

void PublicTree::make_link(const Path& target, const Path& blob) {
  if (make_directory(target.parent_path())) changed_.insert(root_ / "tarballs");
  changed_.insert(target.parent_path());
  failpoint("clerk.before_tarball_link");
  const auto link_blob = [&](const Path& name) {
    if (::link(blob.c_str(), name.c_str()) == 0) return true;
    if (errno != EMLINK) return false;
    // A file has only so many names (65 000 on ext4): those that are to come are given to a copy.
    renew(blob);
    return ::link(blob.c_str(), name.c_str()) == 0;
  };
  if (link_blob(target)) return;
  if (errno != EEXIST) throw system_error("linking", target.native());
  if (same_file(blob, target)) return;
  const Path temporary = temporary_->next();
  remove_file(temporary);
  if (!link_blob(temporary)) throw system_error("linking", temporary.native());
  rename_over(temporary, target);
}

void PublicTree::renew(const Path& blob) {
  const Path copy = temporary_->next();
  std::filesystem::copy_file(blob, copy, std::filesystem::copy_options::overwrite_existing);
  const Fd fd = open_file(copy, O_RDONLY);
  if (::fchmod(fd.get(), 0444) != 0) throw system_error("setting the mode of", copy.native());
  sync_file(fd.get(), copy);
  rename_over(copy, blob);
}

void PublicTree::stage_file(const Path& target, std::string_view content, std::uint64_t revision) {
  Staged file;
  file.temporary = temporary_->next();
  file.target = target;
  file.fd = open_file(file.temporary, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  write_all(file.fd.get(), content);
  set_revision_time(file.fd.get(), revision);
  if (staged_.size() >= k_sync_each || durability_ == Durability::at_the_end) file.fd.reset();
  staged_.push_back(std::move(file));
}

void PublicTree::stage_document(std::string_view name, std::string_view text, std::uint64_t revision) {
  const Path path = index_directory() / name;
  stage_file(path.native() + std::string(k_packed), gzip(text), revision);
  stage_file(path.native() + std::string(k_document), text, revision);
}

void PublicTree::stage_document_removal(std::string_view name) {
  for (const auto suffix : {k_document, k_packed})
    removed_documents_.push_back(index_directory() / (std::string(name) + std::string(suffix)));
}

void PublicTree::sync_documents(SyncTogether& together) {
  if (staged_.empty() || durability_ == Durability::at_the_end) return;
  failpoint("clerk.before_documents_sync");
  if (staged_.size() > k_sync_each) {
    sync_all();
  } else {
    for (const auto& file : staged_) together.add(file.fd.get(), file.temporary);
  }
}

void PublicTree::show_documents() {
  if (staged_.empty() && removed_documents_.empty()) return;
  failpoint("clerk.before_document_rename");
  for (const auto& file : staged_) {
    rename_over(file.temporary, file.target);
    failpoint("clerk.after_document_rename");
  }
  for (const auto& path : removed_documents_) remove_file(path);
  staged_.clear();
  removed_documents_.clear();
  changed_.insert(index_directory());
}

void PublicTree::unlink(std::string_view name, std::string_view version) {
  const Path path = tarball(name, version);
  failpoint("clerk.before_tarball_unlink");
  if (remove_file(path)) changed_.insert(path.parent_path());
  failpoint("clerk.after_tarball_unlink");
  // A package of which nothing is left has no directory, as after a rebuild.
  if (::rmdir(path.parent_path().c_str()) == 0) {
    changed_.erase(path.parent_path());
    changed_.insert(root_ / "tarballs");
  }
}

void PublicTree::sync() {
  if (durability_ == Durability::each_step && !changed_.empty()) {
    failpoint("clerk.before_directories_sync");
    if (changed_.size() > k_sync_each) {
      sync_all();
    } else {
      SyncTogether together;
      for (const auto& directory : changed_) together.add_directory(directory);
      together.wait();
    }
    failpoint("clerk.after_directories_sync");
  }
  changed_.clear();
}

void PublicTree::sync_all() {
  const Fd fd = open_file(root_, O_RDONLY | O_DIRECTORY);
  if (::syncfs(fd.get()) != 0) throw system_error("syncing the file system of", root_.native());
}

std::optional<std::string> PublicTree::stamp() const {
  return read_file(root_ / ".clerk");
}

void PublicTree::write_stamp(std::string_view content) {
  const Path temporary = root_ / ".tmp" / "stamp";
  const Fd fd = open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  write_all(fd.get(), content);
  sync_file(fd.get(), temporary);
  failpoint("clerk.before_stamp_rename");
  rename_over(temporary, root_ / ".clerk");
  sync_directory(root_);
  failpoint("clerk.after_stamp_rename");
}

}  // namespace wharf
