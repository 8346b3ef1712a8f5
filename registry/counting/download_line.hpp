// SPDX-License-Identifier: MIT
// One line of nginx's download log, and the rule that says whether it is a download:
// docs/formats/download-log.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libwharf/base/time.hpp"

namespace wharf {

struct DownloadLine {
  Time at;  // when the answer ended
  int status = 0;
  std::string method, completion, name, version;
  std::string content_range, address, agent, request_id;
};

// Without its line break. Nothing where it is not an object with these fields. nginx hands on bytes of a
// request that are no UTF-8 as they came; they are read as U+FFFD, since they stand in fields that no count
// is made of.
std::optional<DownloadLine> read_download_line(std::string_view line);

// A GET that nginx completed with the whole archive (200), with a part of it that reaches its end (206: so a
// download that was resumed counts once, when it is whole), or with the place where the archive lies (302).
bool is_download(const DownloadLine& line);

// Whether `content_range` is "bytes FIRST-LAST/SIZE" with LAST = SIZE - 1.
bool reaches_the_end(std::string_view content_range);

}  // namespace wharf
