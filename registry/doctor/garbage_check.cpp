// SPDX-License-Identifier: MIT
#include <algorithm>

#include "registry/doctor/examination.hpp"
#include "registry/services/blob_gc.hpp"
#include "registry/store/checks.hpp"

namespace wharf::doctor {

namespace {

constexpr std::size_t k_at_once = 500;

// Files of which there is no row, and which no publish can be about to refer to any more.
std::uint64_t strays(Examination& examination, std::chrono::seconds age) {
  std::uint64_t count = 0, done = 0;
  std::vector<std::string> digests;
  const auto look_up = [&] {
    auto known =
        examination.database().read([&](store::Connection& c) { return store::known_blobs(c, digests); });
    std::ranges::sort(known);
    for (const auto& digest : digests) {
      if (std::ranges::binary_search(known, digest)) continue;
      const auto written = examination.blobs().written_at(digest);
      if (written && now() - *written >= age) ++count;
    }
    examination.progress(done += digests.size());
    digests.clear();
  };
  examination.blobs().each([&](const std::string& digest) {
    digests.push_back(digest);
    if (digests.size() == k_at_once) look_up();
  });
  look_up();
  return count;
}

std::uint64_t unfinished(const Path& staging, std::chrono::seconds age) {
  std::uint64_t count = 0;
  const auto oldest = std::filesystem::file_time_type::clock::now() - age;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(staging, error)) {
    const auto written = entry.last_write_time(error);
    if (!error && written <= oldest) ++count;
  }
  return count;
}

}  // namespace

void check_garbage(Examination& examination) {
  const GarbageAges ages;
  const auto rows =
      examination.database().read([](store::Connection& c) { return store::count_unreferred_blobs(c); });
  const auto files = strays(examination, ages.unknown_files);
  const auto uploads = unfinished(examination.config().storage.staging, ages.staged);
  if (rows + files + uploads == 0) return;
  // Where something else is wrong, an archive that no row refers to may be the one that is missed.
  std::function<void()> mend;
  if (examination.count(Severity::loss) + examination.count(Severity::repairable) == 0)
    mend = [&] {
      collect_garbage(examination.database(), examination.blobs(), examination.config().storage.staging,
                      ages);
    };
  examination.found(Severity::note, "garbage",
                    std::to_string(rows + files) + " archives that no version has, and " +
                        std::to_string(uploads) + " unfinished uploads",
                    "run 'wharf-registry gc', when nothing else is wrong", mend);
}

}  // namespace wharf::doctor
