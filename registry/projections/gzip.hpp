// SPDX-License-Identifier: MIT
// gzip (RFC 1952) with bytes that depend on the content alone: no name, no time, one level.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace wharf {

// Compresses what it is given piece by piece.
class Gzip {
 public:
  using Sink = std::function<void(std::string_view bytes)>;
  explicit Gzip(Sink sink);
  ~Gzip();
  void write(std::string_view bytes);
  void finish();

 private:
  void run(int flush);
  struct State;
  std::unique_ptr<State> state_;
  Sink sink_;
};

std::string gzip(std::string_view bytes);

}  // namespace wharf
