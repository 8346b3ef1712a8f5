// SPDX-License-Identifier: MIT
// The clerk's rebuild: a tree from nothing, below the one that is served; then its parts take the places of
// the old ones.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "registry/projections/clerk.hpp"

namespace wharf {

namespace {

void remove_tree(const Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) throw internal_error("removing '" + path.native() + "': " + error.message());
}

// Each part changes places with the old one's in one step. In between, parts of both are served, each whole;
// a crash there leaves no stamp, and so another rebuild.
void change_places(const Path& fresh, const Path& root) {
  failpoint("clerk.before_exchange");
  remove_file(root / ".clerk");
  sync_directory(root);
  for (const char* part : {"tarballs", "index", "journal"}) {
    if (::renameat2(AT_FDCWD, (fresh / part).c_str(), AT_FDCWD, (root / part).c_str(), RENAME_EXCHANGE) != 0)
      throw system_error("exchanging", (root / part).native());
    failpoint("clerk.within_exchange");
  }
  for (const auto& entry : std::filesystem::directory_iterator(fresh))
    if (entry.is_regular_file() && entry.path().filename() != ".clerk")
      rename_over(entry.path(), root / entry.path().filename());
  sync_directory(root);
  failpoint("clerk.before_exchange_stamp");
  rename_over(fresh / ".clerk", root / ".clerk");
  sync_directory(root);
  failpoint("clerk.after_exchange");
}

}  // namespace

void Clerk::rebuild() {
  log::info("making the public tree from nothing");
  must_open_ = true;
  whole_.reset();
  store::Connection& connection = database_.connection();
  const auto end = store::journal_end(connection);
  store::store_clerk_position(connection, settings_.machine, end);
  failpoint("clerk.after_rebuild_position");
  // Inside of the old tree's directory, the one that surely is the clerk's own and on the same file system.
  const Path fresh = settings_.public_tree / ".new";
  const PublicTree old(settings_.public_tree);  // at least its directories; what a crash left in it is gone
  withheld_.clear();
  {
    PublicTree tree(fresh, PublicTree::Durability::at_the_end);
    JournalFiles files(tree.journal_directory());
    while (files.position().seq < end.seq) {
      if (stopping_()) throw Stopped();
      const auto left = std::min<std::uint64_t>(settings_.batch, end.seq - files.position().seq);
      const auto events = store::events_after(connection, files.position(), static_cast<unsigned>(left));
      if (!events || events->empty()) break;
      files.append(*events, false);
    }
    if (files.position() != end) throw internal_error("the journal changed while the public tree was made");
    failpoint("clerk.within_rebuild");
    std::string last;
    for (;;) {
      const auto names = store::packages_in_journal(connection, last, end.seq, settings_.batch);
      if (names.empty()) break;
      for (const auto& name : names) {
        if (stopping_()) throw Stopped();
        make_package(connection, tree, name, end.seq);
      }
      last = names.back();
    }
    if (settings_.whole_index)
      WholeIndex::write(fresh, settings_.public_url, end.seq, settings_.whole_index_limit);
    tree.sync_all();
    write_stamp(tree);
    tree.sync_all();
  }
  change_places(fresh, settings_.public_tree);
  remove_tree(fresh);
  failpoint("clerk.after_old_tree");
  tree_ = std::make_unique<PublicTree>(settings_.public_tree);
  files_ = std::make_unique<JournalFiles>(tree_->journal_directory());
  log::info("the public tree is made",
            {{"up_to", std::to_string(position())}, {"withheld_packages", std::to_string(withheld_.size())}});
  start_following();
}

}  // namespace wharf
