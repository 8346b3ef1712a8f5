// SPDX-License-Identifier: MIT
// Download logs as nginx writes and logrotate moves them, for tests of counting.
#pragma once

#include <string>

#include "libwharf/base/file.hpp"
#include "libwharf/base/time.hpp"

namespace wharf::test {

struct LogLine {
  std::string name = "kit", version = "1.0.0";
  Time at = now();
  int status = 200;
  std::string method = "GET", completion = "OK", content_range = {}, address = "192.0.2.1", agent = "curl/8";
};

// With its line break, and a request id that no other line has.
std::string log_line(const LogLine& line);
void append(const Path& log, const std::string& text);
void append(const Path& log, const LogLine& line, int times);
// As `gzip FILE` does: FILE.gz is there whole, then FILE is gone.
void compress(const Path& log);

}  // namespace wharf::test
