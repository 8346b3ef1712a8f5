// SPDX-License-Identifier: MIT
#include "libwharf/base/log.hpp"

#include <unistd.h>

#include "libwharf/base/time.hpp"

namespace wharf::log {

namespace {

struct State {
  std::string program = "wharf";
  Level least = Level::info;
  std::string request_id;
};

State& state() {
  static State the_state;
  return the_state;
}

constexpr std::string_view k_names[] = {"debug", "info", "warning", "error"};

void append_value(std::string& line, std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" \"=\\") == value.npos;
  if (!plain) line += '"';
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      line += ' ';
    } else {
      if (!plain && (c == '"' || c == '\\')) line += '\\';
      line += c;
    }
  }
  if (!plain) line += '"';
}

}  // namespace

void start(std::string_view program, Level least) {
  state().program = program;
  state().least = least;
}

std::optional<Level> level_from(std::string_view text) {
  for (int i = 0; i < 4; ++i)
    if (text == k_names[i]) return static_cast<Level>(i);
  return std::nullopt;
}

void set_request_id(std::string_view id) {
  state().request_id = id;
}

void write(Level level, std::string_view message, Fields fields) {
  if (level < state().least) return;
  std::string line = to_rfc3339(now());
  line += ' ';
  line += k_names[static_cast<int>(level)];
  line += ' ';
  line += state().program + "[" + std::to_string(::getpid()) + "] ";
  for (const char c : message) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  const auto append = [&](std::string_view key, std::string_view value) {
    line += ' ';
    line += key;
    line += '=';
    append_value(line, value);
  };
  if (!state().request_id.empty()) append("request_id", state().request_id);
  for (const auto& [key, value] : fields) append(key, value);
  line += '\n';
  // One write per line, so that lines of several processes do not mix. A log that cannot be written stops
  // nobody.
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace wharf::log
