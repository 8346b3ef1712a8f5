// SPDX-License-Identifier: MIT
// The files of the search index:
//   current      a symbolic link to the one that answers
//   index-<n>/   a Xapian database
//   .new/        one on its way in
//   .open        there while a writer may have left something that is not durable: the boot it runs in
//
// Xapian commits without waiting for the disk: whatever is lost can be made again, and a publish need not
// wait. A killed process loses nothing, since the system keeps what was written; a machine that goes down
// may leave anything. So an index with an `.open` of another boot is not trusted, and taken away.
#pragma once

#include <optional>
#include <string>

#include "libwharf/base/file.hpp"

namespace wharf::search {

class IndexDirectory {
 public:
  explicit IndexDirectory(Path root) : root_(std::move(root)) {}

  const Path& root() const { return root_; }
  // The database that answers; nothing where there is none.
  std::optional<Path> current() const;
  Path fresh() const { return root_ / ".new"; }

  // --- for the one writer ---
  // Makes the directory, removes what crashes left, and takes an index away that a fallen machine left.
  // Afterwards `.open` is there.
  void begin_writing();
  // What current() names is durable, and `.open` is gone.
  void end_writing();
  // An empty place for fresh().
  void clear_fresh();
  // fresh() becomes the one that answers. Readers of the old one go on until they look again.
  void show_fresh();
  void forget_current();

 private:
  void remove_others() const;
  Path root_;
};

}  // namespace wharf::search
