// SPDX-License-Identifier: MIT
#include <algorithm>

#include "libwharf/base/error.hpp"
#include "registry/doctor/examination.hpp"
#include "registry/search/searcher.hpp"
#include "registry/store/checks.hpp"

namespace wharf::doctor {

namespace {

constexpr unsigned k_names = 1000;
constexpr std::string_view k_rebuild =
    "run with --repair while the clerk is stopped, or 'wharf-registry rebuild --search'";

class SearchCheck {
 public:
  explicit SearchCheck(Examination& examination)
      : examination_(examination), searcher_(examination.config().storage.search) {}

  void run() {
    const auto end = examination_.database().read([](store::Connection& c) { return store::journal_end(c); });
    search::Searcher::Standing standing;
    try {
      standing = searcher_.standing();
    } catch (const Error& error) {
      if (end.seq > 0 && examination_.is_still([&] { return !answers(); }))
        found("it cannot be read: " + (error.detail().empty() ? error.public_message() : error.detail()));
      return;
    }
    if (standing.seq > 0 && !is_of_this_journal(standing)) return found("it was made from another journal");
    if (standing.seq < end.seq && examination_.is_still([&] { return searcher_.standing().seq < end.seq; }))
      return found("it stands at journal number " + std::to_string(standing.seq) + ", behind " +
                   std::to_string(end.seq));
    compare_names();
  }

 private:
  void found(std::string what) {
    examination_.found(Severity::repairable, "search index", std::move(what), std::string(k_rebuild), [this] {
      if (!rebuilt_) examination_.rebuild_search();
      rebuilt_ = true;
    });
  }

  bool answers() {
    try {
      searcher_.standing();
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  bool is_of_this_journal(const search::Searcher::Standing& standing) {
    const auto event = examination_.database().read(
        [&](store::Connection& c) { return store::raw_events_after(c, standing.seq - 1, 1); });
    return !event.empty() && event.front().seq == standing.seq && event.front().hash == standing.hash;
  }

  // Both sides in stretches of names, walked side by side.
  void compare_names() {
    std::string after;
    std::uint64_t done = 0;
    for (;;) {
      auto listed = examination_.database().read(
          [&](store::Connection& c) { return store::findable_packages(c, after, k_names); });
      auto indexed = searcher_.names(after, k_names);
      if (listed.empty() && indexed.empty()) return;
      // Only as far as both have been read.
      std::string end = std::max(listed.empty() ? "" : listed.back(), indexed.empty() ? "" : indexed.back());
      if (listed.size() == k_names) end = std::min(end, listed.back());
      if (indexed.size() == k_names) end = std::min(end, indexed.back());
      const auto beyond = [&](const std::string& name) { return name > end; };
      std::erase_if(listed, beyond);
      std::erase_if(indexed, beyond);
      std::vector<std::string> different;
      std::ranges::set_symmetric_difference(listed, indexed, std::back_inserter(different));
      for (const auto& name : different)
        if (examination_.is_still([&] { return differs(name); }))
          found("package '" + name + (is_indexed(name) ? "' is found, and is not there" : "' is not found"));
      examination_.progress(done += listed.size());
      after = end;
    }
  }

  bool is_indexed(const std::string& name) {
    // The greatest text below the name, as far as names go.
    std::string before = name;
    before.pop_back();
    for (;;) {
      const auto names = searcher_.names(before, k_names);
      for (const auto& one : names)
        if (one >= name) return one == name;
      if (names.size() < k_names) return false;
      before = names.back();
    }
  }

  bool differs(const std::string& name) {
    const bool listed =
        examination_.database().read([&](store::Connection& c) { return store::is_findable(c, name); });
    return listed != is_indexed(name);
  }

  Examination& examination_;
  search::Searcher searcher_;
  bool rebuilt_ = false;
};

}  // namespace

void check_search(Examination& examination) {
  SearchCheck(examination).run();
}

}  // namespace wharf::doctor
