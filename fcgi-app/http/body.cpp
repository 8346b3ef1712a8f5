// SPDX-License-Identifier: MIT
#include "fcgi-app/http/body.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include "libwharf/base/error.hpp"

namespace wharf::http {

namespace {
constexpr std::size_t k_piece = 64u << 10;
}

Body Body::of(std::string bytes) {
  const auto length = bytes.size();
  auto at = std::make_shared<std::size_t>(0);
  return Body(length, [bytes = std::move(bytes), at](std::span<std::byte> buffer) {
    const std::size_t count = std::min(buffer.size(), bytes.size() - *at);
    std::memcpy(buffer.data(), bytes.data() + *at, count);
    *at += count;
    return count;
  });
}

std::size_t Body::read(std::span<std::byte> buffer) {
  if (ended_ || buffer.empty()) return 0;
  const std::uint64_t left = announced_ - taken_;
  if (left == 0) {
    std::byte beyond;
    if (source_ && source_({&beyond, 1}) != 0)
      throw Error(Code::bad_request, "the body is longer than the " + std::to_string(announced_) +
                                         " bytes that Content-Length announced");
    ended_ = true;
    return 0;
  }
  if (buffer.size() > left) buffer = buffer.first(static_cast<std::size_t>(left));
  const std::size_t count = source_ ? source_(buffer) : 0;
  if (count == 0)
    throw Error(Code::bad_request, "the body ended after " + std::to_string(taken_) + " of the " +
                                       std::to_string(announced_) + " bytes that Content-Length announced");
  taken_ += count;
  return count;
}

void Body::each_piece(const std::function<void(std::string_view)>& sink) {
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(k_piece);
  while (const std::size_t count = read({buffer.get(), k_piece}))
    sink({reinterpret_cast<const char*>(buffer.get()), count});
}

std::string Body::read_all(std::size_t limit) {
  const std::uint64_t left = announced_ - taken_;
  if (left > limit)
    throw Error(Code::payload_too_large, "the body has " + std::to_string(announced_) + " bytes; at most " +
                                             std::to_string(limit) + " are taken here");
  std::string bytes(static_cast<std::size_t>(left), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) at += read(std::as_writable_bytes(std::span(bytes)).subspan(at));
  std::byte beyond;
  read({&beyond, 1});  // nothing may follow
  return bytes;
}

}  // namespace wharf::http
