// SPDX-License-Identifier: MIT
#include "libwharf/command/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/own_name.hpp"

namespace wharf::command {

namespace {

constexpr std::size_t k_held_rows = 500;
constexpr std::chrono::milliseconds k_between_looks{100};
Verbosity current = Verbosity::normal;

void write_out(std::string_view text) {
  // Errors are kept by the stream, and run_program() looks at them at the end.
  std::fwrite(text.data(), 1, text.size(), stdout);
}

std::string padded(const Cell& cell, std::size_t width, bool last) {
  const std::string fill(width - std::min(width, width_of(cell.text)), ' ');
  const std::string text = cell.colour ? coloured(*cell.colour, cell.text, STDOUT_FILENO) : cell.text;
  if (cell.is_number) return fill + text;
  return last ? text : text + fill;
}

}  // namespace

std::string printable(std::string_view text) {
  if (!is_utf8(text)) return wharf::quoted(text);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are C2 80 to C2 9F.
    const bool c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (byte < 0x20 || byte == 0x7f || c1) {
      result += byte == '\n' || byte == '\t' ? ' ' : '?';
      if (c1) ++i;
    } else {
      result += text[i];
    }
  }
  return result;
}

void say(std::string_view text) {
  write_out(std::string(text) + "\n");
}

void set_verbosity(Verbosity verbosity) {
  current = verbosity;
}

Verbosity verbosity() {
  return current;
}

void note(std::string_view text) {
  if (current != Verbosity::quiet) std::fprintf(stderr, "%s\n", with_own_name(text).c_str());
}

void detail(std::string_view text) {
  if (current == Verbosity::verbose) std::fprintf(stderr, "%s\n", std::string(text).c_str());
}

void warn(std::string_view text) {
  const auto label = coloured(Colour::yellow, "warning:", STDERR_FILENO);
  std::fprintf(stderr, "%s %s\n", label.c_str(), with_own_name(text).c_str());
}

void put(json::Writer& writer) {
  write_out(writer.take());
}

void finish(json::Writer& writer) {
  write_out(writer.take() + "\n");
}

Table::Table(std::initializer_list<std::string_view> header) : widths_(header.size(), 0) {
  for (const auto name : header) header_.emplace_back(Colour::bold, std::string(name));
}

void Table::add(std::vector<Cell> row) {
  for (auto& cell : row) cell.text = printable(cell.text);
  ++count_;
  if (count_ > k_held_rows) {
    finish();
    print(row);
  } else {
    held_.push_back(std::move(row));
  }
}

void Table::finish() {
  if (held_.empty()) return;
  for (std::size_t column = 0; column < header_.size(); ++column) {
    widths_[column] = width_of(header_[column].text);
    for (const auto& row : held_) widths_[column] = std::max(widths_[column], width_of(row[column].text));
    header_[column].is_number = held_.front()[column].is_number;
  }
  print(header_);
  for (const auto& row : held_) print(row);
  held_.clear();
}

void Table::print(const std::vector<Cell>& row) const {
  std::string line;
  for (std::size_t column = 0; column < row.size(); ++column) {
    if (column > 0) line += "  ";
    line += padded(row[column], widths_[column], column + 1 == row.size());
  }
  line.erase(line.find_last_not_of(' ') + 1);
  write_out(line + "\n");
}

Facts& Facts::add(std::string_view name, Cell value) {
  value.text = printable(value.text);
  facts_.emplace_back(name, std::move(value));
  return *this;
}

void Facts::print() const {
  std::size_t width = 0;
  for (const auto& [name, value] : facts_) width = std::max(width, width_of(name));
  for (const auto& [name, value] : facts_) {
    const auto shown = value.colour ? coloured(*value.colour, value.text, STDOUT_FILENO) : value.text;
    write_out(name + ":" + std::string(width - width_of(name) + 2, ' ') + shown + "\n");
  }
}

Progress::Progress(std::string what, std::uint64_t total) : what_(std::move(what)), total_(total) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void Progress::at(std::uint64_t done) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_ || current == Verbosity::quiet || !is_terminal(STDERR_FILENO)) return;
  next_ = now + k_between_looks;
  shown_ = true;
  std::string line = what_ + ": " + std::to_string(done);
  if (total_ > 0) line += " of " + std::to_string(total_);
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
}

}  // namespace wharf::command
