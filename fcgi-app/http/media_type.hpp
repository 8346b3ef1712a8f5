// SPDX-License-Identifier: MIT
// Values with parameters, as in Content-Type and Content-Disposition: `form-data; name="metadata"` (RFC 9110
// §5.6.6).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wharf::http {

struct ParameterizedValue {
  std::string value;                                            // in small letters
  std::vector<std::pair<std::string, std::string>> parameters;  // names in small letters

  std::optional<std::string_view> parameter(std::string_view name) const;
};

// Nothing where it is malformed or names a parameter twice. Quoted values have their backslashes undone.
std::optional<ParameterizedValue> parse_parameterized(std::string_view text);

}  // namespace wharf::http
