// SPDX-License-Identifier: MIT
#include "tests/support/download_log.hpp"

#include <fcntl.h>

#include <cstdio>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/random.hpp"
#include "registry/projections/gzip.hpp"

namespace wharf::test {

std::string log_line(const LogLine& line) {
  char time[32];
  std::snprintf(time, sizeof time, "%.3f", static_cast<double>(unix_milliseconds(line.at)) / 1000);
  return std::string("{\"time\":") + time + ",\"status\":" + std::to_string(line.status) + ",\"method\":\"" +
         line.method + "\",\"completion\":\"" + line.completion + "\",\"name\":\"" + line.name +
         "\",\"version\":\"" + line.version + "\",\"bytes_sent\":512,\"range\":\"\",\"content_range\":\"" +
         line.content_range + "\",\"uri\":\"/\",\"dialect\":\"native\",\"address\":\"" + line.address +
         "\",\"agent\":\"" + line.agent + "\",\"protocol\":\"HTTP/1.1\",\"request_id\":\"" +
         to_hex(random_bytes(16)) + "\"}\n";
}

void append(const Path& log, const std::string& text) {
  write_all(open_file(log, O_WRONLY | O_CREAT | O_APPEND).get(), text);
}

void append(const Path& log, const LogLine& line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += log_line(line);
  append(log, text);
}

void compress(const Path& log) {
  Path packed = log;
  packed += ".gz";
  write_file_durably(packed, gzip(*read_file(log, 1u << 30)));
  remove_file(log);
}

}  // namespace wharf::test
