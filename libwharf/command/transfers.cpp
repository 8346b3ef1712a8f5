// SPDX-License-Identifier: MIT
#include "libwharf/command/transfers.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::command {

namespace {

constexpr std::chrono::milliseconds k_between_looks{100};
constexpr std::uint64_t k_long =
    1'000'000;  // bytes, from which on the beginning is told where no terminal is
// Name, bar, bytes and rate fit on 80 columns.
constexpr std::size_t k_name = 24, k_bar = 16;

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::size_t rows() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

std::string rate_text(std::uint64_t bytes, std::chrono::steady_clock::duration took) {
  const double seconds = std::chrono::duration<double>(took).count();
  if (seconds < 0.001) return "";
  return size_text(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) + "/s";
}

// Cut at the end of a character.
std::string shortened(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  std::string cut;
  for (std::size_t i = 0, count = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 && ++count > width) break;
    cut += text[i];
  }
  return cut;
}

}  // namespace

Transfers::Transfers(std::string done)
    : done_(std::move(done)),
      shown_(verbosity() != Verbosity::quiet),
      terminal_(shown_ && is_terminal(STDERR_FILENO)),
      began_(Clock::now()) {}

Transfers::~Transfers() {
  erase();
}

void Transfers::expect(std::size_t count, std::uint64_t bytes) {
  expected_ = count;
  expected_bytes_ = bytes;
}

std::size_t Transfers::begin(std::string name, std::uint64_t total) {
  const auto now = Clock::now();
  all_.push_back({printable(name), total, 0, now});
  active_.push_back(all_.size() - 1);
  if (shown_ && !terminal_ && total >= k_long)
    std::fprintf(stderr, "%s (%s) …\n", all_.back().name.c_str(), size_text(total).c_str());
  if (terminal_) draw(now);
  return all_.size() - 1;
}

void Transfers::at(std::size_t id, std::uint64_t bytes) {
  auto& one = all_[id];
  moved_ += bytes >= one.bytes ? bytes - one.bytes : 0;
  one.bytes = bytes;
  if (terminal_) draw(Clock::now());
}

void Transfers::end(std::size_t id, std::string_view outcome) {
  auto& one = all_[id];
  if (!one.active) return;
  one.active = false;
  std::erase(active_, id);
  ++ended_;
  if (!shown_) return;
  std::string line =
      one.name + ": " + std::string(outcome.empty() ? std::string_view(done_) : printable(outcome));
  if (outcome.empty() && one.bytes > 0) {
    line += ", " + size_text(one.bytes);
    if (one.bytes >= k_long) line += ", " + rate_text(one.bytes, Clock::now() - one.since);
  }
  if (!terminal_)
    std::fprintf(stderr, "%s\n", line.c_str());
  else if (verbosity() == Verbosity::verbose || !outcome.empty())
    say(line);
}

void Transfers::say(std::string_view text) {
  erase();
  note(text);
}

void Transfers::erase() {
  if (lines_ > 0) std::fprintf(stderr, "\x1b[%zuA\r\x1b[J", lines_);
  lines_ = 0;
}

std::string Transfers::line_of(const One& one, Clock::time_point now, std::size_t width) const {
  std::string name = shortened(one.name, k_name);
  name.append(k_name - width_of(name), ' ');
  std::string line = "  " + name + " ";
  if (one.total > 0) {
    const auto filled = static_cast<std::size_t>(std::min(one.bytes, one.total) * k_bar / one.total);
    line += "[" + std::string(filled, '#') + std::string(k_bar - filled, ' ') + "] ";
  }
  line += size_text(one.bytes);
  if (one.total > 0) line += " of " + size_text(one.total);
  const auto rate = rate_text(one.bytes, now - one.since);
  if (!rate.empty()) line += "  " + rate;
  return shortened(line, width);
}

std::string Transfers::sum_line(Clock::time_point now) const {
  std::string line =
      std::to_string(ended_) + " of " + std::to_string(std::max(expected_, all_.size())) + " " + done_;
  line += ", " + size_text(moved_);
  if (expected_bytes_ > 0) line += " of " + size_text(expected_bytes_);
  const auto rate = rate_text(moved_, now - began_);
  return rate.empty() ? line : line + ", " + rate;
}

void Transfers::draw(Clock::time_point now) {
  if (now < next_) return;
  next_ = now + k_between_looks;
  const auto width = columns() - 1;
  // A line that scrolled away could not be taken back.
  const auto most = std::max<std::size_t>(rows(), 4) - 2;
  std::string text;
  std::size_t drawn = 0;
  for (const auto id : active_) {
    if (drawn + 1 >= most) break;
    text += line_of(all_[id], now, width) + "\x1b[K\n";
    ++drawn;
  }
  if (all_.size() > 1 || expected_ > 1) {
    text += shortened(sum_line(now), width) + "\x1b[K\n";
    ++drawn;
  }
  erase();
  std::fwrite(text.data(), 1, text.size(), stderr);
  lines_ = drawn;
}

}  // namespace wharf::command
