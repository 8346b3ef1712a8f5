// SPDX-License-Identifier: MIT
// Members of a request's JSON object. Null counts as missing; a value of another kind is Error(bad_request)
// that names the field and what was expected. The value itself never enters a message: it may be a password.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/json/value.hpp"

namespace wharf::handlers {

std::string required_text(json::Value object, std::string_view name);
std::optional<std::string> optional_text(json::Value object, std::string_view name);
std::optional<std::int64_t> optional_integer(json::Value object, std::string_view name);
std::optional<std::vector<std::string>> optional_texts(json::Value object, std::string_view name);

}  // namespace wharf::handlers
