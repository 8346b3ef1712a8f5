// SPDX-License-Identifier: MIT
#include "libwharf/archive/refusal.hpp"

#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// Details go into JSON and terminals: plain names as they are, all others escaped and cut.
std::string printable(std::string_view entry) {
  constexpr std::size_t k_longest = 600;
  if (entry.size() <= k_longest && is_utf8(entry) && !has_control_characters(entry))
    return std::string(entry);
  const std::string shown = quoted(entry);
  return shown.substr(1, shown.size() - 2);
}

}  // namespace

Error refusal(Code code, std::string_view rule, std::string sentence, std::string_view entry) {
  Error error(code, std::move(sentence));
  if (!entry.empty()) error.with("entry", printable(entry));
  error.with("rule", std::string(rule));
  return error;
}

}  // namespace wharf
