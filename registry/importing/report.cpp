// SPDX-License-Identifier: MIT
#include "registry/importing/report.hpp"

namespace wharf::importing {

std::string_view kind_name(Kind kind) {
  constexpr std::string_view k_names[] = {"user", "token", "package", "version"};
  return k_names[static_cast<int>(kind)];
}

void Report::refuse(Kind kind, std::string name, std::string_view code, std::string reason) {
  count(kind, Outcome::refused);
  listener_({kind, true, std::move(name), std::string(code), std::move(reason)});
}

void Report::note(Kind kind, std::string name, std::string_view code, std::string reason) {
  ++notes_;
  listener_({kind, false, std::move(name), std::string(code), std::move(reason)});
}

std::uint64_t Report::refused() const {
  std::uint64_t sum = 0;
  for (const auto& counts : counts_) sum += counts[static_cast<std::size_t>(Outcome::refused)];
  return sum;
}

}  // namespace wharf::importing
