// SPDX-License-Identifier: MIT
#include "registry/counting/download_line.hpp"

#include <cmath>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/members.hpp"

namespace wharf {

namespace {

// Every byte that is not part of a UTF-8 sequence replaced by U+FFFD.
std::string mend(std::string_view text) {
  std::string mended;
  mended.reserve(text.size() + 16);
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < 4 && length < text.size() && !is_utf8(text.substr(0, length))) ++length;
    if (is_utf8(text.substr(0, length))) {
      mended += text.substr(0, length);
    } else {
      mended += "\xef\xbf\xbd";
      length = 1;
    }
    text.remove_prefix(length);
  }
  return mended;
}

struct Reader {
  json::Members members;
  bool whole = true;

  std::string text(std::string_view key) {
    auto value = members.string(key);
    if (!value) whole = false;
    return std::move(value).value_or("");
  }
  double number(std::string_view key) {
    const auto value = members.number(key);
    if (!value) whole = false;
    return value.value_or(0);
  }
};

// 9999-12-31: no later day can be stored, nor was any before 1970.
constexpr double k_last_second = 253402300799.0;

}  // namespace

std::optional<DownloadLine> read_download_line(std::string_view line) try {
  std::string mended;
  if (!is_utf8(line)) line = mended = mend(line);
  Reader reader{json::Members(line)};
  DownloadLine read;
  const double seconds = reader.number("time");
  const auto status = reader.members.integer("status");
  read.method = reader.text("method");
  read.completion = reader.text("completion");
  read.name = reader.text("name");
  read.version = reader.text("version");
  read.content_range = reader.text("content_range");
  read.address = reader.text("address");
  read.agent = reader.text("agent");
  read.request_id = reader.text("request_id");
  if (!reader.whole || !status || *status < 0 || *status > 999) return std::nullopt;
  if (!(seconds >= 0 && seconds <= k_last_second)) return std::nullopt;
  read.status = static_cast<int>(*status);
  read.at = time_from_unix_milliseconds(std::llround(seconds * 1000));
  return read;
} catch (const Error&) {
  return std::nullopt;
}

bool is_download(const DownloadLine& line) {
  if (line.method != "GET" || line.completion != "OK") return false;
  return line.status == 200 || line.status == 302 ||
         (line.status == 206 && reaches_the_end(line.content_range));
}

bool reaches_the_end(std::string_view content_range) {
  constexpr std::string_view k_unit = "bytes ";
  if (!content_range.starts_with(k_unit)) return false;
  content_range.remove_prefix(k_unit.size());
  const auto dash = content_range.find('-');
  const auto slash = content_range.find('/');
  if (dash == content_range.npos || slash == content_range.npos || slash < dash) return false;
  const auto first = parse_number(content_range.substr(0, dash));
  const auto last = parse_number(content_range.substr(dash + 1, slash - dash - 1));
  const auto size = parse_number(content_range.substr(slash + 1));
  return first && last && size && *first <= *last && *last < *size && *size - *last == 1;
}

}  // namespace wharf
