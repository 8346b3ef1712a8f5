// SPDX-License-Identifier: MIT
// What every check of `wharf-registry doctor` is given, and where it says what it found.
//
// A registry at work is never all of one moment. So what looks wrong is looked at again, a little later, with
// is_still(), before it counts as found.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/blobs/blob_store.hpp"
#include "registry/config/config.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"

namespace wharf::doctor {

enum class Severity {
  note,        // nothing is wrong
  repairable,  // nothing is lost; --repair or what the finding says mends it
  loss         // something is gone that is nowhere in this installation
};
std::string_view severity_name(Severity severity);

struct Finding {
  std::string_view check;
  Severity severity = Severity::note;
  std::string where, what, mend;  // "mylib 1.0.0", "its archive is missing", how to mend it
  bool mended = false;
  std::string failure;  // why mending failed
};

class Examination {
 public:
  struct Settings {
    bool deep = false;    // read every byte
    bool repair = false;  // mend what is safe
    // Makes the public tree anew, as `wharf-registry rebuild`; throws Error(conflict) while a clerk runs.
    std::function<void()> rebuild_tree;
    std::function<void()> rebuild_search;  // the same for the search index
    std::function<void(const Finding&)> listener;
    std::function<void(std::string_view check, std::uint64_t done)> progress;
  };
  Examination(const Config& config, store::Database& database, Settings settings, const Principal& who,
              const Origin& origin);

  const Config& config() const { return config_; }
  store::Database& database() { return database_; }
  LocalBlobStore& blobs() { return blobs_; }
  bool deep() const { return settings_.deep; }
  void progress(std::uint64_t done) { settings_.progress(check_, done); }
  void rebuild_tree() { settings_.rebuild_tree(); }
  void rebuild_search() { settings_.rebuild_search(); }

  // True where `looks_wrong` stays so. It is asked again after a while, a few times; after many findings once
  // more at once, since then it is no race.
  bool is_still(const std::function<bool()>& looks_wrong);

  // `mend` is how it is mended safely; without it, it is left to the operator. What is mended leaves a row in
  // the audit log.
  void found(Severity severity, std::string where, std::string what, std::string how,
             const std::function<void()>& mend = {});

  std::uint64_t count(Severity severity) const {
    return counts_[static_cast<std::size_t>(severity)];
  }  // not mended
  std::uint64_t mended() const { return mended_; }

 private:
  friend void run_check(Examination& examination, const struct Check& check);
  const Config& config_;
  store::Database& database_;
  LocalBlobStore blobs_;
  Settings settings_;
  const Principal& who_;
  const Origin& origin_;
  std::string_view check_;
  unsigned patience_ = 0;  // how often is_still() may wait in this check
  std::uint64_t counts_[3] = {}, mended_ = 0;
};

struct Check {
  std::string_view name;
  std::string_view help;
  void (*run)(Examination&);
};
const std::vector<Check>& checks();
void run_check(Examination& examination, const Check& check);

// One file each.
void check_journal(Examination& examination);
void check_blobs(Examination& examination);
void check_packages(Examination& examination);
void check_tree(Examination& examination);
void check_downloads(Examination& examination);
void check_totals(Examination& examination);
void check_accounts(Examination& examination);
void check_search(Examination& examination);
void check_garbage(Examination& examination);

}  // namespace wharf::doctor
