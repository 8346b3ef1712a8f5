// SPDX-License-Identifier: MIT
// Reports what goes wrong again and again: at first, and then every minute.
#pragma once

#include <chrono>
#include <string>

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"

namespace wharf {

class Trouble {
 public:
  // Sentences for the log: "the clerk cannot go on and tries again", "the clerk goes on".
  Trouble(std::string_view began, std::string_view ended) : began_(began), ended_(ended) {}

  void report(const std::exception& error) {
    const auto* ours = dynamic_cast<const Error*>(&error);
    std::string what = ours ? ours->public_message() : error.what();
    if (ours && !ours->detail().empty()) what += ": " + ours->detail();
    const auto now = std::chrono::steady_clock::now();
    if (what == last_ && now < again_) return;
    log::error(began_, {{"because", what}});
    last_ = what;
    again_ = now + std::chrono::minutes(1);
  }
  void over() {
    if (!last_.empty()) log::info(ended_);
    last_.clear();
  }

 private:
  const std::string_view began_, ended_;
  std::string last_;
  std::chrono::steady_clock::time_point again_{};
};

}  // namespace wharf
