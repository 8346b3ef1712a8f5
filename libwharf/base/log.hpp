// SPDX-License-Identifier: MIT
// Log lines on standard error: `2026-01-31T10:00:00Z info wharf-fcgi[123] publish done request_id=…
// name=mylib`. Values are quoted where they hold spaces, and never hold a line break. No secret may be handed
// to this room.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wharf::log {

enum class Level { debug, info, warning, error };

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Once, from main(): the program's name and the least level that is written.
void start(std::string_view program, Level least);
std::optional<Level> level_from(std::string_view text);

// Stands in every line until it is set anew; empty is none. A worker serves one request at a time.
void set_request_id(std::string_view id);

void write(Level level, std::string_view message, Fields fields = {});
inline void debug(std::string_view message, Fields fields = {}) {
  write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  write(Level::info, message, fields);
}
inline void warning(std::string_view message, Fields fields = {}) {
  write(Level::warning, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  write(Level::error, message, fields);
}

}  // namespace wharf::log
