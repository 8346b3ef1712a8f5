// SPDX-License-Identifier: MIT
// Uploads and downloads, several at once, as a person sees them on standard error: at a terminal a line for
// each that goes on (name, bar, bytes, rate) and one for all; elsewhere a plain line when one ends, and when
// a long one begins; nothing when quiet. To be used in one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::command {

class Transfers {
 public:
  // `done`: what has happened to each when it ends: "downloaded", "uploaded".
  explicit Transfers(std::string done = "downloaded");
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;
  // Takes its lines off the terminal.
  ~Transfers();

  // How many there will be, and their bytes together; 0: unknown.
  void expect(std::size_t count, std::uint64_t bytes = 0);
  // One begins; `total` 0: unknown. The number is for the calls below.
  std::size_t begin(std::string name, std::uint64_t total = 0);
  // So many of its bytes have been moved so far. Cheap: it draws ten times a second at most.
  void at(std::size_t id, std::uint64_t bytes);
  // It is over: "" for done, else what became of it: "failed", "was there already".
  void end(std::size_t id, std::string_view outcome = {});
  // A message between the lines: what is drawn makes room for it.
  void say(std::string_view text);

 private:
  using Clock = std::chrono::steady_clock;
  struct One {
    std::string name;
    std::uint64_t total = 0, bytes = 0;
    Clock::time_point since;
    bool active = true;
  };
  void draw(Clock::time_point now);
  void erase();
  std::string line_of(const One& one, Clock::time_point now, std::size_t width) const;
  std::string sum_line(Clock::time_point now) const;

  std::string done_;
  bool shown_, terminal_;
  std::vector<One> all_;
  std::vector<std::size_t> active_;
  std::size_t expected_ = 0, ended_ = 0, lines_ = 0;
  std::uint64_t expected_bytes_ = 0, moved_ = 0;
  Clock::time_point began_, next_{};
};

}  // namespace wharf::command
