// SPDX-License-Identifier: MIT
// The clerk: follows the journal and keeps the public tree, so that the tree is at every moment of rest a
// function of the journal and the blobs alone. A crash at any point, then open() and step(), ends with the
// same bytes as a rebuild.
//
// For each batch of events, in this order:
//   1. its position is committed, on the connection that read the events: that makes them durable (InnoDB
//   shows a commit
//      before it is), and a server that crashed in between is noticed because the connection is gone;
//   2. copies of the blobs that stay, and the new documents, are written and made durable under temporary
//   names;
//   3. blobs are adopted and linked, documents renamed into their places, links of removed versions taken
//   away; then all
//      of that is made durable;
//   4. the journal files are appended, durably: from here on the batch counts as applied; 5. workers are
//   told.
// After a crash the batch is done again from the last line of the journal files, which changes nothing that
// was done already. It costs three waits for the disk and one for the database, however many events it has.
//
// An archive that is missing or has other bytes than its digest says (promise P1 broken from outside: a lost
// disk, blobs older than the database) holds up nobody else: its version is withheld, the log says so as an
// error, and the package is made again from the journal every minute until all of its archives are there.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "registry/projections/blob_adoption.hpp"
#include "registry/projections/journal_files.hpp"
#include "registry/projections/package_fold.hpp"
#include "registry/projections/public_tree.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/projections/whole_index.hpp"
#include "registry/search/index_follower.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

struct Config;

struct ClerkSettings {
  Path public_tree, blobs, visibility;
  std::string machine, public_url;
  bool whole_index = true;
  unsigned batch = 1000;  // events at once
  std::uint64_t whole_index_limit = WholeIndex::k_limit;
  std::chrono::milliseconds retry_withheld{60'000};
  std::optional<search::FollowerSettings> search;  // nothing: no search index is kept
};

ClerkSettings clerk_settings(const Config& config);

class Clerk {
 public:
  // The caller holds the ClerkLock. `stopping` is asked during long work, which then ends by throwing
  // Stopped.
  Clerk(
      ClerkSettings settings, store::Database& database,
      std::function<bool()> stopping = [] { return false; });
  ~Clerk();

  struct Stopped {};

  // Reads what is there, and rebuilds it where it cannot be gone on with: no finished tree, one of another
  // form or another public URL, or one made from another journal than the database's.
  void open();
  // Whether open() is due: at first, and after an error in the middle of a batch.
  bool must_open() const { return must_open_; }
  // Applies what the journal holds more, at most one batch. False where there was nothing.
  bool step();
  // A tree from nothing beside the old one, which is served meanwhile; then they change places, part by part.
  void rebuild();
  void heartbeat();
  // Waits until the whole index, and the search index, are as new as the tree.
  void settle();

  std::uint64_t position() const { return files_ ? files_->position().seq : 0; }
  const std::set<std::string>& withheld() const { return withheld_; }

 private:
  bool is_unfit(const std::optional<std::string>& stamp);
  void write_stamp(PublicTree& tree);
  void redo_documents_ahead();
  void apply(store::Connection& connection, const std::vector<store::JournalEvent>& events);
  void make_package(store::Connection& connection, PublicTree& tree, const std::string& name,
                    std::uint64_t up_to);
  void show_staged(PublicTree& tree);
  void stage_archives(store::Connection& connection, PublicTree& tree, PackageFold& fold);
  void retry_withheld();
  void start_following();

  const ClerkSettings settings_;
  store::Database& database_;
  const std::function<bool()> stopping_;
  BlobAdoption blobs_;
  VisibilityWriter visibility_;
  std::unique_ptr<PublicTree> tree_;
  std::unique_ptr<JournalFiles> files_;
  std::unique_ptr<WholeIndex> whole_;
  std::unique_ptr<search::IndexFollower> search_;
  std::set<std::string> withheld_;  // packages of which a version cannot be shown
  std::chrono::steady_clock::time_point next_retry_{};
  bool must_open_ = true;
};

}  // namespace wharf
