// SPDX-License-Identifier: MIT
#include "client/http/retry.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <string>

#include "libwharf/base/text.hpp"

namespace wharf::client {

bool is_worth_retrying(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

std::optional<std::chrono::seconds> read_retry_after(std::string_view value, Time at) {
  value = trim(value);
  if (const auto seconds = parse_number(value))
    return std::chrono::seconds(static_cast<std::int64_t>(std::min<std::uint64_t>(*seconds, 1u << 30)));
  const std::string text(value);
  const auto date = text.empty() ? -1 : static_cast<std::int64_t>(curl_getdate(text.c_str(), nullptr));
  if (date < 0) return std::nullopt;
  return std::chrono::seconds(std::max<std::int64_t>(0, date - unix_milliseconds(at) / 1000));
}

std::chrono::milliseconds pause_after(unsigned attempt, std::chrono::milliseconds first, double jitter,
                                      std::optional<std::chrono::seconds> asked) {
  const auto doubled = first * (std::int64_t{1} << std::min(attempt, 10u));
  const auto own =
      doubled +
      std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(doubled.count()) * jitter / 2));
  const auto wanted = asked ? std::max<std::chrono::milliseconds>(own, *asked) : own;
  return std::min<std::chrono::milliseconds>(wanted, k_longest_pause);
}

}  // namespace wharf::client
