// SPDX-License-Identifier: MIT
#include "libwharf/command/own_name.hpp"

namespace wharf::command {

namespace {

std::string written_name, typed_name;

std::string replaced(std::string_view text, const std::string& wanted, const std::string& other) {
  std::string out;
  for (;;) {
    const auto at = text.find(wanted);
    out += text.substr(0, at);
    if (at == text.npos) return out;
    out += other;
    text.remove_prefix(at + wanted.size());
  }
}

}  // namespace

void set_own_name(std::string_view written, std::string_view typed) {
  written_name = written;
  typed_name = typed;
}

std::string with_own_name(std::string_view text) {
  if (written_name == typed_name) return std::string(text);
  return replaced(text, "`" + written_name + " ", "`" + typed_name + " ");
}

std::string command_with_own_name(std::string_view line) {
  const auto own = written_name + " ";
  if (written_name == typed_name || !line.starts_with(own)) return std::string(line);
  return typed_name + " " + std::string(line.substr(own.size()));
}

}  // namespace wharf::command
