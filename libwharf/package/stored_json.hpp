// SPDX-License-Identifier: MIT
// Reads JSON that Wharf itself has written: whatever is not as it was written is an internal error, which
// names the key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/json/value.hpp"

namespace wharf::stored {

std::string text(json::Value object, std::string_view key);
std::optional<std::string> maybe_text(json::Value object, std::string_view key);  // null or missing: nothing
bool boolean(json::Value object, std::string_view key);
std::int64_t integer(json::Value object, std::string_view key);
json::Value array(json::Value object, std::string_view key);
json::Value object(json::Value parent, std::string_view key);
std::vector<std::string> texts(json::Value array);
std::vector<std::string> texts(json::Value object, std::string_view key);

}  // namespace wharf::stored
