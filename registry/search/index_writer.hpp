// SPDX-License-Identifier: MIT
// The search index's one writer: folds journal events into packages' documents. The index is a function of
// the journal, the READMEs and the counts of downloads; applying an event twice changes nothing.
//
// The index knows (seq, hash) of the last event it holds, stored with the documents in one commit, which is
// whole or not there. All of these throw internal_error for what Xapian and the disk say.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "registry/search/index_directory.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/journal.hpp"

namespace wharf::search {

class IndexWriter {
 public:
  explicit IndexWriter(Path directory);
  // Leaves the index durable where nothing went wrong.
  ~IndexWriter();

  // Opens what is there; false where there is nothing to go on with (no index, a damaged one, or one of
  // another form).
  bool open();
  bool is_open() const;
  // False where the files were taken away under the open index.
  bool still_there() const;
  void close();

  const store::JournalPosition& position() const { return position_; }

  // Applies events that follow the position, and commits.
  void apply(store::Connection& connection, const std::vector<store::JournalEvent>& events);

  // Brings the counts of packages that were downloaded lately to their present state, from package `after`
  // on, at most `limit` of them; the last package looked at, nothing at the end.
  std::optional<std::int64_t> refresh_downloads(store::Connection& connection, std::int64_t after,
                                                unsigned limit);

  // A new index of everything up to `end`, beside the one that answers; then they change places, and the new
  // one is open. False where `stopping` said so.
  bool rebuild(store::Connection& connection, const store::JournalPosition& end,
               const std::function<bool()>& stopping);

 private:
  struct State;
  IndexDirectory directory_;
  std::unique_ptr<State> state_;
  store::JournalPosition position_;
};

}  // namespace wharf::search
