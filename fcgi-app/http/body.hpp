// SPDX-License-Identifier: MIT
// A request's body: a stream of exactly the announced length, read once.
//
// A body that ends early or goes on too long is Error(bad_request) at the read that finds out, so that
// whoever has read to the end has had all of it. Nothing is buffered here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace wharf::http {

// Where bytes come from: up to the buffer's size, 0 at the end.
using ByteSource = std::function<std::size_t(std::span<std::byte>)>;

class Body {
 public:
  Body() = default;
  Body(std::uint64_t announced, ByteSource source) : announced_(announced), source_(std::move(source)) {}
  // A body that is at hand, for tests.
  static Body of(std::string bytes);

  std::uint64_t announced() const noexcept { return announced_; }
  std::uint64_t read_so_far() const noexcept { return taken_; }

  // Up to the buffer's size; 0 at the end, and only after the whole announced length.
  std::size_t read(std::span<std::byte> buffer);
  // Hands all that is left to the sink, in pieces of at most 64 KiB.
  void each_piece(const std::function<void(std::string_view)>& sink);
  // All of it; Error(payload_too_large) where more than `limit` bytes were announced.
  std::string read_all(std::size_t limit);

 private:
  std::uint64_t announced_ = 0;
  std::uint64_t taken_ = 0;
  bool ended_ = false;
  ByteSource source_;
};

}  // namespace wharf::http
