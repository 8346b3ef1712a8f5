// SPDX-License-Identifier: MIT
#include "registry/projections/clerk.hpp"

#include <algorithm>
#include <map>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"
#include "registry/config/config.hpp"

namespace wharf {

namespace {

// Changes with every change of what the tree holds or how it is written; an older tree is then rebuilt.
constexpr int k_tree_format = 2;

// What a quarantine hides is not in the document, so what follows one is made from the journal; and so is
// the quarantine itself, which takes away archives of whatever age.
bool is_moderated(const std::optional<IndexDocument>& document,
                  const std::vector<const store::JournalEvent*>& events) {
  return (document && document->quarantine()) || std::ranges::any_of(events, [](const auto* event) {
           return event->action == "quarantine" || event->action == "release";
         });
}

}  // namespace

ClerkSettings clerk_settings(const Config& config) {
  ClerkSettings settings;
  settings.public_tree = config.storage.public_tree;
  settings.blobs = config.storage.blobs;
  settings.visibility = config.clerk.state;
  settings.machine = config.clerk.machine;
  settings.public_url = config.site.public_url;
  settings.whole_index = config.site.whole_index;
  return settings;
}

Clerk::Clerk(ClerkSettings settings, store::Database& database, std::function<bool()> stopping)
    : settings_(std::move(settings)),
      database_(database),
      stopping_(std::move(stopping)),
      blobs_(settings_.blobs),
      visibility_(settings_.visibility) {
  if (settings_.search) search_ = std::make_unique<search::IndexFollower>(*settings_.search);
}

Clerk::~Clerk() = default;

void Clerk::heartbeat() {
  visibility_.heartbeat();
}

void Clerk::settle() {
  if (whole_) whole_->settle();
  if (search_) search_->settle();
}

void Clerk::start_following() {
  whole_ = std::make_unique<WholeIndex>(settings_.public_tree, settings_.public_url, settings_.whole_index,
                                        settings_.whole_index_limit);
  whole_->changed(position());
  // The journal may be another one than the index was made from.
  if (search_) search_->follow_to(files_->position(), true);
  visibility_.show(position());
  must_open_ = false;
}

void Clerk::open() {
  must_open_ = true;
  whole_.reset();
  files_.reset();
  tree_ = std::make_unique<PublicTree>(settings_.public_tree);
  files_ = std::make_unique<JournalFiles>(tree_->journal_directory());
  if (is_unfit(tree_->stamp())) {
    rebuild();
    return;
  }
  redo_documents_ahead();
  log::info("following the journal", {{"from", std::to_string(position())}});
  start_following();
}

// Whether the tree that is there cannot be gone on with; says why in the log.
bool Clerk::is_unfit(const std::optional<std::string>& stamp) {
  store::Connection& connection = database_.connection();
  const auto position = files_->position();
  withheld_.clear();
  if (!stamp) {
    if (position.seq == 0 && store::journal_end(connection).seq == 0 && tree_->document_names().empty()) {
      write_stamp(*tree_);
      return false;
    }
    log::warning("there is no finished public tree");
    return true;
  }
  try {
    const auto document = json::parse(*stamp);
    const auto root = document.root();
    if (root["format"].integer() != k_tree_format || root["public_url"].string() != settings_.public_url) {
      log::warning("the public tree was made in another form or for another site.public_url");
      return true;
    }
    root["withheld"].each([&](json::Value name) { withheld_.emplace(name.string().value_or("")); });
  } catch (const Error&) {
    log::warning("the public tree's stamp is damaged");
    return true;
  }
  // This machine's row is committed before files are written, so it is never behind them, unless an older
  // database was put in its place.
  const auto read = store::clerk_position(connection, settings_.machine);
  if (position.seq > 0 && (!read || read->seq < position.seq)) {
    log::error("the database is older than the public tree",
               {{"tree", std::to_string(position.seq)}, {"database", std::to_string(read ? read->seq : 0)}});
    return true;
  }
  if (!store::events_after(connection, position, 1)) {
    log::error("the journal is not the one that the public tree was made from",
               {{"at", std::to_string(position.seq)}});
    return true;
  }
  return false;
}

void Clerk::write_stamp(PublicTree& tree) {
  json::Writer stamp;
  stamp.begin_object();
  stamp.member("format", k_tree_format);
  stamp.member("public_url", settings_.public_url);
  stamp.key("withheld").begin_array();
  for (const auto& name : withheld_) stamp.value(name);
  stamp.end_array();
  stamp.end_object();
  tree.write_stamp(stamp.take() + "\n");
}

// Documents that a crash left newer than the journal files. They would be written again anyway; but the
// database may be another one by now, in which what they say never happened. They are made from what the
// journal holds by now, not put back to the files' position: what was shown stays shown.
void Clerk::redo_documents_ahead() {
  store::Connection& connection = database_.connection();
  std::vector<std::string> ahead;
  for (auto& name : tree_->document_names())
    if (tree_->document_revision(name).value_or(0) > position()) ahead.push_back(std::move(name));
  if (ahead.empty()) return;
  // Not the journal's end: a snapshot may show that and not yet the number before it. These have no gap.
  const auto events = store::events_after(connection, files_->position(), settings_.batch);
  if (!events) return;  // step() will see it, too
  const store::JournalPosition end =
      events->empty() ? files_->position() : store::JournalPosition{events->back().seq, events->back().hash};
  store::store_clerk_position(connection, settings_.machine, end);
  const auto withheld_before = withheld_;
  for (const auto& name : ahead) make_package(connection, *tree_, name, end.seq);
  if (withheld_ != withheld_before) write_stamp(*tree_);
}

bool Clerk::step() {
  // One connection for reading and for committing the position: it does not outlive a crash of the server,
  // and with it goes what was read but not yet durable.
  store::Connection& connection = database_.connection();
  auto events = store::events_after(connection, files_->position(), settings_.batch);
  if (!events) {
    log::error("the journal was put back to an earlier state; the public tree is made anew",
               {{"at", std::to_string(position())}});
    visibility_.show(0);
    rebuild();
    return true;
  }
  if (events->empty()) {
    retry_withheld();
    return false;
  }
  failpoint("clerk.before_position");
  store::store_clerk_position(connection, settings_.machine, {events->back().seq, events->back().hash});
  failpoint("clerk.after_position");
  must_open_ = true;
  const auto batch = std::make_shared<const std::vector<store::JournalEvent>>(std::move(*events));
  // Durable by now: the search index takes them in while the disk is waited for here.
  if (search_) search_->offer(batch);
  apply(connection, *batch);
  failpoint("clerk.before_journal_append");
  files_->append(*batch);
  must_open_ = false;
  failpoint("clerk.after_journal_append");
  if (search_) search_->wait_briefly(position());
  visibility_.show(position());
  failpoint("clerk.after_show");
  whole_->changed(position());
  log::debug("applied", {{"events", std::to_string(batch->size())}, {"up_to", std::to_string(position())}});
  return true;
}

void Clerk::apply(store::Connection& connection, const std::vector<store::JournalEvent>& events) {
  std::map<std::string, std::vector<const store::JournalEvent*>> by_package;
  for (const auto& event : events) by_package[event.package].push_back(&event);
  const auto withheld_before = withheld_;
  std::vector<std::pair<std::string, std::set<std::string>>> removed;
  std::set<std::string> from_journal;
  for (const auto& [name, its_events] : by_package) {
    heartbeat();
    if (withheld_.contains(name)) {
      from_journal.insert(name);
      continue;
    }
    std::optional<IndexDocument> document;
    try {
      if (const auto text = tree_->document(name)) document = IndexDocument::from_json(*text);
    } catch (const Error& error) {
      log::error("a document is damaged and is made again", {{"package", name}, {"because", error.what()}});
      from_journal.insert(name);
      continue;
    }
    if (is_moderated(document, its_events)) {
      from_journal.insert(name);
      continue;
    }
    PackageFold fold(name, std::move(document));
    for (const auto* event : its_events) fold.apply(*event);
    stage_archives(connection, *tree_, fold);
    if (fold.changed())
      tree_->stage_document(name, fold.document().render(settings_.public_url), fold.document().revision());
    if (!fold.removed().empty()) removed.emplace_back(name, fold.removed());
  }
  show_staged(*tree_);
  for (const auto& [name, versions] : removed)
    for (const auto& version : versions) tree_->unlink(name, version);
  tree_->sync();
  for (const auto& name : from_journal) make_package(connection, *tree_, name, events.back().seq);
  if (withheld_ != withheld_before) write_stamp(*tree_);
}

// Everything that was staged appears: archives first, then the documents that name them.
void Clerk::show_staged(PublicTree& tree) {
  SyncTogether together;
  blobs_.sync_copies(together);
  tree.sync_documents(together);
  together.wait();
  blobs_.place_copies();
  tree.make_links();
  tree.show_documents();
}

void Clerk::stage_archives(store::Connection& connection, PublicTree& tree, PackageFold& fold) {
  using Outcome = BlobAdoption::Outcome;
  const auto published = fold.published();
  for (const auto& [version, digest] : published) {
    const auto outcome = blobs_.stage(digest);
    if (outcome == Outcome::adopted) {
      tree.stage_link(fold.name(), version, blobs_.path_of(digest));
      continue;
    }
    fold.withhold(version);
    // A later event may remove the version: then its archive may be gone already, and nobody is to see it.
    if (store::removed_later(connection, fold.name(), version, fold.last_seq())) continue;
    withheld_.insert(fold.name());
    log::error(outcome == Outcome::missing ? "a version's archive is missing; it is not shown"
                                           : "a version's archive is damaged; it is not shown",
               {{"package", fold.name()}, {"version", version}, {"digest", digest}});
  }
}

// Writes a package's part of the tree from the journal alone, and takes away what does not belong to it.
void Clerk::make_package(store::Connection& connection, PublicTree& tree, const std::string& name,
                         std::uint64_t up_to) {
  PackageFold fold(name, std::nullopt);
  withheld_.erase(name);
  for (;;) {
    const auto events = store::package_events(connection, name, fold.last_seq(), up_to, settings_.batch);
    if (events.empty()) break;
    for (const auto& event : events) fold.apply(event);
  }
  stage_archives(connection, tree, fold);
  if (fold.last_seq() == 0)
    tree.stage_document_removal(name);
  else
    tree.stage_document(name, fold.document().render(settings_.public_url), fold.document().revision());
  show_staged(tree);
  for (const auto& version : tree.tarball_versions(name))
    if (!fold.published().contains(version)) tree.unlink(name, version);
  tree.sync();
}

void Clerk::retry_withheld() {
  const auto now = std::chrono::steady_clock::now();
  if (withheld_.empty() || now < next_retry_) return;
  next_retry_ = now + settings_.retry_withheld;
  const auto before = withheld_;
  must_open_ = true;
  for (const auto& name : before) make_package(database_.connection(), *tree_, name, position());
  must_open_ = false;
  if (withheld_ == before) return;
  log::info("archives have come back", {{"packages", std::to_string(before.size() - withheld_.size())}});
  write_stamp(*tree_);
  whole_->changed(position());
}

}  // namespace wharf
