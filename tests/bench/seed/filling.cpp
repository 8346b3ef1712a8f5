// SPDX-License-Identifier: MIT
#include "tests/bench/seed/filling.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <thread>

#include "libwharf/archive/package_archive.hpp"
#include "libwharf/archive/writer.hpp"
#include "libwharf/base/error.hpp"
#include "registry/services/services.hpp"
#include "registry/store/bulk_rows.hpp"
#include "registry/store/packages.hpp"
#include "registry/store/users.hpp"

namespace wharf::seed {

namespace {

// So many packages share a transaction, and so the wait for the disk.
constexpr std::size_t k_batch = 64;
constexpr const char* k_no_password = "!";  // of no form that a hash has: nobody signs in

std::string bytes_of(std::span<const ArchiveMember> members) {
  const Fd memory(::memfd_create("archive", MFD_CLOEXEC));
  if (!memory) throw system_error("making a file in memory");
  write_archive(memory.get(), members);
  std::string bytes(static_cast<std::size_t>(::lseek(memory.get(), 0, SEEK_END)), '\0');
  if (::pread(memory.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw system_error("reading a file in memory");
  return bytes;
}

}  // namespace

Filling::Filling(const World& world, const Config& config, store::ConnectionSettings database, bool shared)
    : world_(world),
      config_(config),
      settings_(std::move(database)),
      shared_(shared),
      blobs_(config.storage.blobs) {}

StagedFile Filling::staged(const std::string& manifest, const std::string& readme,
                           std::size_t filling) const {
  std::string source;
  for (std::size_t i = 0; source.size() < filling; ++i)
    source += "let value" + std::to_string(i * filling % 9973) + " = " + std::to_string(i) + "\n";
  const std::array<ArchiveMember, 3> members = {ArchiveMember{"wharf.json", manifest},
                                                ArchiveMember{"README.md", readme},
                                                ArchiveMember{"src/main.txt", source}};
  StagedFile file(config_.storage.staging, 16u << 20);
  file.write(bytes_of(members));
  file.finish();
  return file;
}

void Filling::add_users() {
  store::Database database(settings_);
  constexpr std::size_t k_at_once = 500;
  for (std::size_t begin = 0; begin < world_.users(); begin += k_at_once)
    database.transaction([&](store::Connection& connection) {
      user_ids_.resize(begin);
      for (std::size_t i = begin; i < std::min(begin + k_at_once, world_.users()); ++i) {
        const auto there = store::user_by_name(connection, world_.user(i));
        store::User user;
        user.username = world_.user(i);
        user.password_hash = k_no_password;
        user.role = "user";
        user.created_at = world_.shape().today - std::chrono::days(5 * 365);
        user_ids_.push_back(there ? there->id : store::insert_user(connection, user));
      }
    });
}

void Filling::bring_in(store::Database& database, std::size_t begin, std::size_t end) {
  std::deque<StagedFile> archives;  // where they are must not change
  std::vector<BulkPackage> packages;
  std::vector<std::size_t> numbers;
  std::vector<std::vector<MadeVersion>> made;
  for (std::size_t i = begin; i < end; ++i) {
    BulkPackage package;
    package.name = world_.name(i);
    if (database.read([&](store::Connection& c) { return store::find_stamp(c, package.name).has_value(); })) {
      ++passed_over_;
      continue;
    }
    const auto owner = world_.owner_of(i);
    package.owner_id = user_ids_[owner];
    package.owner = world_.user(owner);
    made.push_back(world_.versions(i));
    for (const auto& one : made.back()) {
      BulkVersion version;
      version.published_at = one.published_at;
      version.yanked = one.yanked;
      if (one.yanked) version.yank_reason = "it was made for a demonstration, and withdrawn";
      if (shared_) {
        version.manifest = one.manifest;
        version.digest = shared_digest_;
        version.size = shared_size_;
        if (&one == &made.back().back()) version.readme = store::Readme{"README.md", one.readme};
      } else {
        archives.push_back(staged(one.manifest_text, one.readme, 200 + i * 37 % 6000));
        auto judged = read_package_archive(archives.back().fd(), publishing_rules(config_).archive);
        version.manifest = std::move(judged.manifest);
        version.readme = store::Readme{judged.readme_file.value_or("README.md"), judged.readme.value_or("")};
        version.archive = &archives.back();
        version.digest = archives.back().digest();
        version.size = archives.back().size();
      }
      package.versions.push_back(std::move(version));
    }
    numbers.push_back(i);
    packages.push_back(std::move(package));
  }
  if (!packages.empty()) keep(database, packages, numbers, made);
}

void Filling::keep(store::Database& database, std::vector<BulkPackage>& packages,
                   const std::vector<std::size_t>& numbers,
                   const std::vector<std::vector<MadeVersion>>& made) {
  BulkPublishing publishing(database, blobs_, config_.publish.reserved_names);
  std::uint64_t number = 0;
  try {
    number = publishing.publish(packages, operator_principal(), {"", "seed", {}});
  } catch (const Error& refused) {
    if (refused.code() != Code::name_too_similar && refused.code() != Code::name_reserved) throw;
    // A name that the registry does not take is left out, whoever else came with it.
    if (packages.size() == 1) {
      ++passed_over_;
      return;
    }
    for (std::size_t i = 0; i < packages.size(); ++i) {
      std::vector<BulkPackage> one(1);
      one.front() = std::move(packages[i]);
      keep(database, one, {numbers[i]}, {made[i]});
    }
    return;
  }
  std::vector<store::DayDownloads> downloads;
  std::size_t versions = 0;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    versions += packages[i].versions.size();
    for (const auto& one : world_.downloads(numbers[i], made[i]))
      downloads.push_back(
          {packages[i].versions[one.version].version_id, packages[i].package_id, one.day, one.count});
  }
  database.transaction([&](store::Connection& connection) { store::add_downloads(connection, downloads); });
  packages_ += packages.size();
  versions_ += versions;
  for (auto last = last_number_.load(); last < number && !last_number_.compare_exchange_weak(last, number);) {
  }
}

void Filling::work() {
  try {
    store::Database database(settings_);
    for (;;) {
      const auto begin = next_.fetch_add(k_batch);
      if (begin >= world_.shape().packages) return;
      bring_in(database, begin, std::min(begin + k_batch, world_.shape().packages));
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    next_ = world_.shape().packages;
  }
}

void Filling::run(unsigned threads) {
  add_users();
  if (shared_) {
    // The one archive is there, with a row, before anything refers to it.
    const auto first = world_.versions(0).front();
    auto archive = staged(first.manifest_text, first.readme, 4000);
    shared_digest_ = archive.digest();
    shared_size_ = archive.size();
    store::Database database(settings_);
    BulkPublishing(database, blobs_, {}).keep(archive);
  }
  std::vector<std::thread> all;
  for (unsigned i = 0; i < threads; ++i) all.emplace_back([this] { work(); });
  for (auto& thread : all) thread.join();
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace wharf::seed
