// SPDX-License-Identifier: MIT
#include "libwharf/base/time.hpp"

#include <cstdint>
#include <cstdio>

namespace wharf {

using namespace std::chrono;

Time now() {
  return time_point_cast<milliseconds>(system_clock::now());
}

Time time_from_unix_milliseconds(std::int64_t value) {
  return Time(milliseconds(value));
}

std::int64_t unix_milliseconds(Time time) {
  return time.time_since_epoch().count();
}

std::string to_rfc3339(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

namespace {

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Time> from_rfc3339(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z') return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto y = digits(text.substr(0, 4)), mo = digits(text.substr(5, 2)), d = digits(text.substr(8, 2));
  const auto h = digits(text.substr(11, 2)), mi = digits(text.substr(14, 2)), s = digits(text.substr(17, 2));
  if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  milliseconds fraction{0};
  if (text.size() > 20) {
    const auto part = text.substr(20, text.size() - 21);
    if (text[19] != '.' || part.empty() || part.size() > 9 || !digits(part.substr(0, 9))) return std::nullopt;
    std::string three(part.substr(0, 3));
    three.resize(3, '0');
    fraction = milliseconds(*digits(three));
  }
  return sys_days(date) + hours(*h) + minutes(*mi) + seconds(*s) + fraction;
}

}  // namespace wharf
