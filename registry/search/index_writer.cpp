// SPDX-License-Identifier: MIT
#include "registry/search/index_writer.hpp"

#include <algorithm>
#include <map>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "registry/search/layout.hpp"
#include "registry/search/package_terms.hpp"
#include "registry/search/xapian_error.hpp"
#include "registry/store/search_rows.hpp"

namespace wharf::search {

namespace {

// A rebuild's pages: journal numbers whose new packages are looked at, and events that are read at once.
constexpr std::uint64_t k_page_numbers = 1000;
constexpr std::uint64_t k_page_events = 20'000;
// Commits while rebuilding: more documents at once are faster and take more memory.
constexpr std::uint64_t k_documents_a_commit = 20'000;

// A package that events change, on its way into the index.
struct Pending {
  std::string name;
  Xapian::docid id = 0;  // 0: new
  PackageState state;
  const store::JournalEvent* last = nullptr;
};

// In the order in which their events come. So documents are numbered by packages' first events, whether the
// index followed them or was made anew, and what ranks alike stands in the same order.
class PendingPackages {
 public:
  Pending& of(const std::string& name, bool& is_new) {
    const auto [place, inserted] = places_.try_emplace(name, all_.size());
    is_new = inserted;
    if (inserted) all_.push_back({name, 0, {}, nullptr});
    return all_[place->second];
  }
  std::vector<Pending>& all() { return all_; }

 private:
  std::vector<Pending> all_;
  std::map<std::string, std::size_t> places_;
};

void set_position(Xapian::WritableDatabase& database, const store::JournalPosition& position) {
  database.set_metadata("format", std::to_string(k_format));
  database.set_metadata("seq", std::to_string(position.seq));
  database.set_metadata("hash", position.hash);
}

// The day from which on downloads may have come that the index does not have.
void set_counted(Xapian::WritableDatabase& database, const std::string& day) {
  database.set_metadata("counted", day);
}
// A day more than needed: clocks differ.
std::string day_before(Time at) {
  return to_rfc3339(at - std::chrono::hours(24)).substr(0, 10);
}

// Not worth another document: what is shown of a package is exact anyway, this decides about places alone.
bool is_near(std::int64_t known, std::int64_t counted) {
  return download_band_of(known) == download_band_of(counted) && std::abs(counted - known) * 200 <= known;
}

void spell(Xapian::WritableDatabase& database, const Xapian::Document& before,
           const Xapian::Document& after) {
  const auto old_words = spellings_of(before), new_words = spellings_of(after);  // both sorted
  for (const auto& word : new_words)
    if (!std::ranges::binary_search(old_words, word)) database.add_spelling(word);
  for (const auto& word : old_words)
    if (!std::ranges::binary_search(new_words, word)) database.remove_spelling(word);
}

// READMEs and counts of all of them, in three queries.
std::vector<PackageTexts> all_texts(store::Connection& connection, const std::vector<Pending>& packages) {
  std::vector<PackageTexts> all;
  std::vector<std::string> names;
  for (const auto& package : packages) {
    all.push_back(texts_of(*package.last));
    if (!package.state.hidden()) names.push_back(package.name);
  }
  const auto ids = store::package_ids(connection, names);
  std::vector<std::pair<std::int64_t, std::string>> speakers;
  std::vector<std::int64_t> numbers;
  for (const auto& package : packages) {
    const auto id = ids.find(package.name);
    if (id == ids.end()) continue;
    numbers.push_back(id->second);
    if (const auto speaker = package.state.speaker()) speakers.emplace_back(id->second, speaker->identity());
  }
  auto readmes = store::readmes_of(connection, speakers);
  const auto totals = store::download_totals_of(connection, numbers);
  for (auto& texts : all) {
    const auto id = ids.find(texts.name);
    if (id == ids.end()) continue;
    if (const auto found = readmes.find(id->second); found != readmes.end())
      texts.readme = std::move(found->second);
    if (const auto found = totals.find(id->second); found != totals.end()) texts.downloads = found->second;
  }
  return all;
}

// What is not committed never was: Xapian would otherwise write what it has as it closes.
class Transaction {
 public:
  explicit Transaction(Xapian::WritableDatabase& database) : database_(database) {
    database_.begin_transaction();
  }
  ~Transaction() {
    if (!done_) try {
        database_.cancel_transaction();
      } catch (const Xapian::Error&) {  // it is closed, and with it everything is gone
      }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    database_.commit_transaction();
    done_ = true;
  }

 private:
  Xapian::WritableDatabase& database_;
  bool done_ = false;
};

}  // namespace

struct IndexWriter::State {
  Xapian::WritableDatabase database;
  Path path;

  Xapian::docid id_of(const std::string& name) const {
    const auto found = database.postlist_begin(term::identity(name));
    return found == database.postlist_end(term::identity(name)) ? 0 : *found;
  }

  void write(const Pending& package, const PackageTexts& texts) {
    const auto document = document_of(package.state, texts);
    if (package.id == 0) {
      spell(database, Xapian::Document(), document);
      database.add_document(document);
    } else {
      spell(database, database.get_document(package.id), document);
      database.replace_document(package.id, document);
    }
  }
};

IndexWriter::IndexWriter(Path directory) : directory_(std::move(directory)) {}

IndexWriter::~IndexWriter() {
  try {
    close();
  } catch (const std::exception& error) {
    log::warning("the search index was not left durable", {{"because", error.what()}});
  }
}

bool IndexWriter::is_open() const {
  return state_ != nullptr;
}

bool IndexWriter::still_there() const {
  return state_ && directory_.current() == state_->path && std::filesystem::exists(state_->path / "iamglass");
}

void IndexWriter::close() {
  if (!state_) return;
  const bool there = still_there();
  const auto closing = std::move(state_);
  translated([&] { closing->database.close(); });
  if (there) directory_.end_writing();
}

bool IndexWriter::open() {
  state_.reset();
  directory_.begin_writing();
  const auto path = directory_.current();
  if (!path) return false;
  try {
    auto state = std::make_unique<State>();
    state->path = *path;
    state->database = Xapian::WritableDatabase(
        path->native(), Xapian::DB_OPEN | Xapian::DB_NO_SYNC | Xapian::DB_BACKEND_GLASS);
    const auto format = state->database.get_metadata("format"), seq = state->database.get_metadata("seq"),
               hash = state->database.get_metadata("hash");
    const auto number = parse_number(seq);
    if (format != std::to_string(k_format) || !number || hash.empty()) {
      log::warning("the search index is of another form", {{"form", format}});
      return false;
    }
    position_ = {*number, hash};
    state_ = std::move(state);
    return true;
  } catch (const Xapian::DatabaseLockError& error) {
    throw internal_error("another process writes the search index: " + error.get_description());
  } catch (const Xapian::Error& error) {
    log::warning("the search index cannot be opened", {{"because", error.get_description()}});
    return false;
  }
}

void IndexWriter::apply(store::Connection& connection, const std::vector<store::JournalEvent>& events) {
  translated([&] {
    auto& database = state_->database;
    PendingPackages pending;
    for (const auto& event : events) {
      if (event.seq <= position_.seq) continue;
      bool is_new = false;
      auto& package = pending.of(event.package, is_new);
      if (is_new) {
        package.id = state_->id_of(event.package);
        if (package.id != 0) package.state = PackageState(database.get_document(package.id).get_data());
      }
      if (package.state.apply(event)) package.last = &event;
    }
    auto& packages = pending.all();
    std::erase_if(packages, [](const Pending& one) { return one.last == nullptr; });
    if (events.empty() || events.back().seq <= position_.seq) return;
    const store::JournalPosition end{events.back().seq, events.back().hash};
    const auto texts = all_texts(connection, packages);
    Transaction transaction(database);
    for (std::size_t i = 0; i < packages.size(); ++i) state_->write(packages[i], texts[i]);
    set_position(database, end);
    failpoint("search.before_commit");
    transaction.commit();
    position_ = end;
  });
}

std::optional<std::int64_t> IndexWriter::refresh_downloads(store::Connection& connection, std::int64_t after,
                                                           unsigned limit) {
  const auto today = day_before(now());
  return translated([&]() -> std::optional<std::int64_t> {
    auto& database = state_->database;
    auto since = database.get_metadata("counted");
    if (since.empty()) since = "1970-01-01";
    const auto packages = store::packages_downloaded_since(connection, since, after, limit);
    Transaction transaction(database);
    for (const auto& package : packages) {
      const auto id = state_->id_of(package.name);
      if (id == 0) continue;
      auto document = database.get_document(id);
      const auto value = document.get_value(slot::k_downloads);
      if (value.empty() || is_near(number_of_value(value), package.downloads)) continue;
      set_downloads(document, package.downloads);
      database.replace_document(id, document);
    }
    const bool finished = packages.size() < limit;
    if (finished && since != today) set_counted(database, today);
    transaction.commit();
    if (finished) return std::nullopt;
    return packages.back().id;
  });
}

bool IndexWriter::rebuild(store::Connection& connection, const store::JournalPosition& end,
                          const std::function<bool()>& stopping) {
  log::info("making the search index from nothing", {{"up_to", std::to_string(end.seq)}});
  state_.reset();
  directory_.begin_writing();
  directory_.clear_fresh();
  const auto counted = day_before(now());
  return translated([&] {
    State fresh;
    fresh.database = Xapian::WritableDatabase(directory_.fresh().native(), Xapian::DB_CREATE_OR_OVERWRITE |
                                                                               Xapian::DB_NO_SYNC |
                                                                               Xapian::DB_BACKEND_GLASS);
    set_counted(fresh.database, counted);
    std::uint64_t uncommitted = 0;
    for (std::uint64_t seen = 0; seen < end.seq; seen += k_page_numbers) {
      const auto page =
          store::packages_first_seen(connection, seen, std::min(seen + k_page_numbers, end.seq), end.seq);
      for (std::size_t first = 0; first < page.size();) {
        if (stopping()) return false;
        std::vector<std::string> names;
        for (std::uint64_t events = 0; first < page.size() && (names.empty() || events < k_page_events);
             ++first) {
          events += page[first].events;
          names.push_back(page[first].package);
        }
        const auto events = store::histories_of(connection, names, end.seq);
        PendingPackages pending;
        bool is_new = false;
        for (const auto& name : names) pending.of(name, is_new);
        for (const auto& event : events) {
          auto& package = pending.of(event.package, is_new);
          package.state.apply(event);
          package.last = &event;
        }
        const auto texts = all_texts(connection, pending.all());
        for (std::size_t i = 0; i < texts.size(); ++i) fresh.write(pending.all()[i], texts[i]);
        uncommitted += texts.size();
        if (uncommitted >= k_documents_a_commit) {
          fresh.database.commit();
          uncommitted = 0;
        }
        failpoint("search.within_rebuild");
      }
    }
    set_position(fresh.database, end);
    fresh.database.commit();
    log::info("the search index is made", {{"packages", std::to_string(fresh.database.get_doccount())}});
    fresh.database.close();
    directory_.show_fresh();
    if (!open()) throw internal_error("the search index that was just made cannot be opened");
    return true;
  });
}

}  // namespace wharf::search
