// SPDX-License-Identifier: MIT
#include "client/registry/archives.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "client/cache/archive_places.hpp"
#include "client/program/exit.hpp"
#include "client/registry/archive_download.hpp"
#include "client/registry/origin.hpp"
#include "libwharf/command/transfers.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_named = 10;  // of what is missing; the rest is counted

struct Wanted {
  const WantedArchive* archive;
  ArchivePlaces places;
  Path found;                // empty: to be fetched
  std::string wrong_digest;  // of what lies in its place instead
};

std::string text_of(const WantedArchive& archive) {
  return "'" + archive.name + "' " + archive.version.text();
}

// Looks for it where this client and the language's own may have put it.
void look_in_cache(Wanted& wanted) {
  const WantedArchive& archive = *wanted.archive;
  if (const auto digest = digest_of_file(wanted.places.own)) {
    if (*digest == archive.checksum) {
      wanted.found = wanted.places.own;
      // When it was last used is how cleaning knows what is not needed any more.
      (void)::utimensat(AT_FDCWD, wanted.found.c_str(), nullptr, 0);
    }
    wanted.wrong_digest = *digest;
  }
  for (const auto& place : wanted.places.others)
    if (wanted.found.empty() && digest_of_file(place, archive.size) == archive.checksum) wanted.found = place;
}

[[noreturn]] void refuse_offline(const std::vector<Wanted*>& missing) {
  for (const Wanted* one : missing)
    if (!one->wrong_digest.empty())
      throw IntegrityError("the cached archive of " + text_of(*one->archive) +
                           " does not fit: expected SHA-256 " + one->archive->checksum + ", got " +
                           one->wrong_digest + "; it lies at '" + one->places.own.native() +
                           "', and without --offline it is fetched again");
  std::string names;
  for (std::size_t i = 0; i < std::min(missing.size(), k_named); ++i)
    names += (i == 0 ? "" : ", ") + text_of(*missing[i]->archive);
  if (missing.size() > k_named) names += " and " + std::to_string(missing.size() - k_named) + " more";
  throw Error(Code::unavailable,
              "offline, and not in the cache: " + names + "; run it once without --offline");
}

// Those that are to be fetched, several at once.
class Fetching {
 public:
  Fetching(const RegistryAccess& access, std::vector<Wanted*> missing, command::Transfers& transfers)
      : access_(access), missing_(std::move(missing)), transfers_(transfers) {
    // The largest first: what is begun last should not be what everything waits for.
    std::stable_sort(missing_.begin(), missing_.end(),
                     [](const Wanted* a, const Wanted* b) { return a->archive->size > b->archive->size; });
  }
  ~Fetching() {
    if (!registry_directory(access_.base)) access_.http().abandon(this);
  }
  Fetching(const Fetching&) = delete;
  Fetching& operator=(const Fetching&) = delete;

  void copy_all(const Path& directory) {
    for (Wanted* wanted : missing_) {
      const std::size_t line = transfers_.begin(text_of(*wanted->archive), wanted->archive->size);
      ArchiveDownload copy(access_, *wanted->archive, wanted->places.own,
                           [this, line](std::uint64_t bytes) { transfers_.at(line, bytes); });
      try {
        copy.copy_from(directory);
      } catch (...) {
        transfers_.end(line, "failed");
        throw;
      }
      transfers_.end(line);
    }
  }

  void download_all() {
    while (next_ < missing_.size() && downloads_.size() < std::max<std::size_t>(access_.jobs, 1))
      begin_next();
    while (!downloads_.empty() && !fault_) {
      access_.http().work();
      ended_.clear();
    }
    if (!fault_) return;
    for (const auto& [line, download] : downloads_) transfers_.end(line, "stopped");
    std::rethrow_exception(fault_);
  }

 private:
  void begin_next() {
    const Wanted& wanted = *missing_[next_++];
    const std::size_t line = transfers_.begin(text_of(*wanted.archive), wanted.archive->size);
    const auto on_bytes = [this, line](std::uint64_t bytes) { transfers_.at(line, bytes); };
    auto& download = downloads_[line];
    download = std::make_unique<ArchiveDownload>(access_, *wanted.archive, wanted.places.own, on_bytes);
    download->begin([this, line](std::exception_ptr fault) { ended(line, fault); }, this);
  }

  void ended(std::size_t line, std::exception_ptr fault) {
    transfers_.end(line, fault ? "failed" : "");
    // It is still in the middle of telling us, so it goes later.
    auto node = downloads_.extract(line);
    ended_.push_back(std::move(node.mapped()));
    if (fault && !fault_) fault_ = fault;
    if (fault_ || next_ == missing_.size()) return;
    try {
      begin_next();
    } catch (...) {
      fault_ = std::current_exception();
    }
  }

  const RegistryAccess& access_;
  std::vector<Wanted*> missing_;
  command::Transfers& transfers_;
  std::size_t next_ = 0;
  std::map<std::size_t, std::unique_ptr<ArchiveDownload>> downloads_;  // by their lines
  std::vector<std::unique_ptr<ArchiveDownload>> ended_;
  std::exception_ptr fault_;
};

}  // namespace

std::vector<Path> fetch_archives(const RegistryAccess& access, const Profile& profile,
                                 std::span<const WantedArchive> wanted, command::Transfers& transfers) {
  std::vector<Wanted> all;
  std::map<Path, std::size_t> first_at;  // the same one twice is fetched once
  std::vector<Wanted*> missing;
  all.reserve(wanted.size());
  for (const auto& archive : wanted) {
    Wanted& one = all.emplace_back(
        Wanted{&archive,
               archive_places(profile, access.cache, archive.name, archive.version, archive.checksum),
               {},
               {}});
    const auto [first, is_new] = first_at.try_emplace(one.places.own, all.size() - 1);
    if (all[first->second].archive->checksum != archive.checksum)
      throw IntegrityError(text_of(archive) + " is wanted with two checksums: " +
                           all[first->second].archive->checksum + " and " + archive.checksum);
    if (!is_new) continue;
    look_in_cache(one);
    if (one.found.empty()) missing.push_back(&one);
  }
  if (!missing.empty()) {
    const auto directory = registry_directory(access.base);
    if (!directory && access.offline) refuse_offline(missing);
    std::uint64_t bytes = 0;
    for (const Wanted* one : missing) bytes += one->archive->size;
    transfers.expect(missing.size(), bytes);
    Fetching fetching(access, missing, transfers);
    if (directory)
      fetching.copy_all(*directory);
    else
      fetching.download_all();
  }
  std::vector<Path> paths;
  for (const auto& one : all) {
    const Wanted& first = all[first_at.at(one.places.own)];
    paths.push_back(first.found.empty() ? first.places.own : first.found);
  }
  return paths;
}

}  // namespace wharf::client
