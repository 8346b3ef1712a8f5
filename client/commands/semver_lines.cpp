// SPDX-License-Identifier: MIT
#include "client/commands/semver_lines.hpp"

#include <unistd.h>

#include <cstdio>

#include "client/program/input_lines.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_piece = 64u << 10;

}  // namespace

Error in_line(const Error& error, std::uint64_t line) {
  return Error(error.code(), "line " + std::to_string(line) + ": " + error.public_message());
}

void Printer::line() {
  if (!json_) text_ += '\n';
  if (text_.size() + writer.text().size() > k_piece) flush();
}

void Printer::end() {
  flush();
  if (json_) command::finish(writer);
}

void Printer::flush() {
  write_text();
  if (json_) command::put(writer);
}

void Printer::write_text() {
  std::fwrite(text_.data(), 1, text_.size(), stdout);
  text_.clear();
}

void each_version(const command::Arguments& arguments,
                  const std::function<void(std::string_view, const Version&)>& visit) {
  const auto& given = arguments.all("VERSION");
  for (const auto& text : given) visit(text, parse_version(text));
  if (!given.empty()) return;
  InputLines input(STDIN_FILENO);
  for (std::string_view line; input.next(line);) {
    const auto text = trim(line);
    if (text.empty()) continue;
    if (const auto version = Version::from(text)) {
      visit(text, *version);
      continue;
    }
    try {
      parse_version(text);
    } catch (const Error& error) {
      throw in_line(error, input.number());
    }
  }
}

}  // namespace wharf::client
