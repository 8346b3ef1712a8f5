// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/nginx_limits.hpp"

#include <algorithm>
#include <string_view>

namespace wharf::admin {

namespace {

struct Zone {
  std::string_view name;
  int Config::Limits::*figure;
  int minutes;               // the window
  std::string_view pattern;  // of "METHOD:path" after the base; empty: all other calls
};

constexpr Zone k_zones[] = {
    {"register", &Config::Limits::register_per_hour, 60, "POST:@/auth/register/?"},
    {"login", &Config::Limits::login_per_hour, 60, "POST:@/auth/login/?"},
    {"publish", &Config::Limits::publish_per_hour, 60,
     "(?:PUT:@/packages/[^/]+/(?!owners/?$)[^/]+|POST:@/packages(?:/publish)?/?)"},
    {"remove", &Config::Limits::remove_per_hour, 60, "DELETE:@/packages/[^/]+/[^/]+/?"},
    {"search", &Config::Limits::search_per_hour, 60, "(?:GET|HEAD):@/search/?"},
    {"worker", &Config::Limits::worker_per_minute, 1, ""},
    {"token", &Config::Limits::token_per_hour, 60, ""},
    {"anonymous", &Config::Limits::anonymous_per_hour, 60, ""},
};

// nginx knows no slower rate than one a minute.
int per_minute(int figure, int minutes) {
  return std::max(1, (figure + minutes / 2) / minutes);
}

// nginx keeps a rate in whole thousandths of a request a second, cut off: `1r/m` is 0.016, one in 62.5
// seconds.
int retry_after(int rate) {
  const int thousandths = rate * 1000 / 60;
  return (1000 + thousandths - 1) / thousandths;
}

std::string with_base(std::string_view pattern, const std::string& base) {
  std::string text;
  for (const char c : pattern) c == '@' ? text += base : text += c;
  return text;
}

}  // namespace

void add_limit_values(const Config::Limits& limits, const std::string& base,
                      std::map<std::string, std::string, std::less<>>& values) {
  std::string classes, zones, applied, retries;
  int retry_other = 1;
  for (const auto& zone : k_zones) {
    const int figure = limits.*zone.figure;
    if (figure == 0) continue;
    const std::string name(zone.name);
    const int rate = per_minute(figure, zone.minutes);
    zones += "limit_req_zone $wharf_key_" + name + " zone=wharf_" + name +
             ":10m rate=" + std::to_string(rate) + "r/m;\n";
    // The burst is what is admitted beyond the first.
    applied += "limit_req zone=wharf_" + name +
               (figure > 1 ? " burst=" + std::to_string(figure - 1) + " nodelay" : "") + ";\n";
    if (zone.pattern.empty()) {
      retry_other = std::max(retry_other, retry_after(rate));
    } else {
      classes += "    \"~^" + with_base(zone.pattern, base) + "$\" " + name + ";\n";
      retries += "    " + name + " " + std::to_string(retry_after(rate)) + ";\n";
    }
  }
  values["CLASSES"] = classes;
  values["ZONES"] = zones;
  values["APPLIED"] = applied;
  values["RETRIES"] = retries;
  values["RETRY_OTHER"] = std::to_string(retry_other);
}

}  // namespace wharf::admin
