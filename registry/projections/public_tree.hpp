// SPDX-License-Identifier: MIT
// The files of the public tree, nginx's root, and how they are made durable:
//   tarballs/<name>/<version>.tar.gz   hard links to adopted blobs
//   index/<name>.json, .json.gz        index documents, written whole by rename
//   index.json, index-vais.json, .gz   all of them (whole_index.hpp)
//   journal/<first>.jsonl              the journal (journal_files.hpp)
//   .clerk                             what the tree was made with; where it is missing, the tree is not
//   finished .tmp/                              files on their way in .new/                              a
//   whole tree on its way in
//
// nginx makes its ETag from a file's modification time in whole seconds and its size. So a document's time is
// k_mtime_base + its revision: the same on every machine and after every rebuild, and another one after every
// change.
//
// Changes are staged, appear, and are durable after sync(). Documents are durable before they appear. Doing
// any of it twice changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/file.hpp"
#include "registry/projections/spread_directory.hpp"
#include "registry/projections/sync_together.hpp"

namespace wharf {

class PublicTree {
 public:
  static constexpr std::int64_t k_mtime_base = 1'000'000'000;

  enum class Durability { each_step, at_the_end };  // at_the_end: sync_all() before the tree is used
  // Makes the directories that are missing, and throws away what a crash left in .tmp.
  explicit PublicTree(Path root, Durability durability = Durability::each_step);

  const Path& root() const { return root_; }
  Path index_directory() const { return root_ / "index"; }
  Path journal_directory() const { return root_ / "journal"; }
  Path tarball(std::string_view name, std::string_view version) const;

  std::optional<std::string> document(std::string_view name) const;
  // The revision of a document by its modification time; nothing where there is none. Where the plain and the
  // packed file differ, the greater one.
  std::optional<std::uint64_t> document_revision(std::string_view name) const;
  std::vector<std::string> document_names() const;  // sorted
  std::vector<std::string> tarball_versions(std::string_view name) const;

  void stage_link(std::string_view name, std::string_view version, const Path& blob);
  void stage_document(std::string_view name, std::string_view text, std::uint64_t revision);
  void stage_document_removal(std::string_view name);
  void sync_documents(SyncTogether& together);  // what is added must be waited for before show_documents()
  void make_links();
  void show_documents();
  void unlink(std::string_view name, std::string_view version);
  void sync();  // every directory that was changed
  void sync_all();

  // The content of .clerk.
  std::optional<std::string> stamp() const;
  void write_stamp(std::string_view content);

 private:
  struct Staged {
    Path temporary, target;
    Fd fd;
  };
  void make_link(const Path& target, const Path& blob);
  // Another file of the same bytes in the blob's place.
  void renew(const Path& blob);
  void stage_file(const Path& target, std::string_view content, std::uint64_t revision);

  Path root_;
  Durability durability_;
  std::vector<Staged> staged_;
  std::vector<std::pair<Path, Path>> links_;  // target, blob
  std::vector<Path> removed_documents_;
  std::set<Path> changed_;  // directories
  std::optional<SpreadDirectory> temporary_;
};

// Sets a file's modification time from a revision.
void set_revision_time(int fd, std::uint64_t revision);

}  // namespace wharf
