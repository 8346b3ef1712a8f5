// SPDX-License-Identifier: MIT
// Recounts downloads from the logs that are kept, and compares: for each day that they cover whole, the
// counts must be those of the logs and what was imported.
//
// A day is covered whole where every log that has lines of it is here, and holds as many lines as were read
// from it. Logs are known by their first lines, so those of other machines may be looked at too, wherever
// they were copied.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libwharf/base/file.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

struct DownloadCheck {
  struct Difference {
    std::string package, version, day;
    std::uint64_t counted = 0, logged = 0, imported = 0;
  };
  // A log that lines were lost of: it is gone before it was counted to its end, or it holds other lines than
  // were counted.
  struct Loss {
    std::string identity, machine, path, what;
    bool gone = false;  // nothing can be done, but to take note
  };
  std::vector<std::string> days;  // that were compared
  std::uint64_t downloads = 0;    // of these days, as counted
  unsigned logs = 0;              // that were recounted
  unsigned logs_elsewhere = 0;    // known, and not here: rotated away, or another machine's
  std::uint64_t uncounted = 0;    // bytes of the logs that wait to be counted
  std::vector<Difference> differences;
  std::vector<std::string> wrong_sums;  // tables of sums that do not add up
  std::vector<Loss> losses;

  bool repairable() const { return !differences.empty() || !wrong_sums.empty(); }
  // 0 clean, 1 repairable, 2 something is lost.
  int verdict() const { return !losses.empty() ? 2 : repairable() ? 1 : 0; }
};

struct DownloadCheckSettings {
  std::vector<Path> logs;  // each with those beside it; the machine's own, and copies of others
  std::string machine;
};

// Reads alone, in one snapshot; counting goes on meanwhile.
DownloadCheck check_downloads(store::Database& database, const DownloadCheckSettings& settings);

// Checks, and where something is to be repaired: keeps counting waiting, checks again, sets the counts right,
// makes the sums anew and takes note of logs that are gone, in one transaction. `within` is called in that
// transaction, for the audit log. Returns what was found.
DownloadCheck repair_downloads(store::Database& database, const DownloadCheckSettings& settings,
                               const std::function<void(store::Connection&, const DownloadCheck&)>& within);

}  // namespace wharf
