// SPDX-License-Identifier: MIT
#include "libwharf/archive/gzip_stream.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "libwharf/archive/refusal.hpp"

namespace wharf {

namespace {

constexpr std::size_t k_buffer_bytes = 64 << 10;
constexpr int k_gzip_only = 16 + MAX_WBITS;

std::uint64_t longest_allowed(const ArchiveLimits& limits, std::uint64_t packed) {
  std::uint64_t by_ratio = 0;
  if (__builtin_mul_overflow(packed, limits.ratio, &by_ratio)) by_ratio = UINT64_MAX;
  return std::min(limits.unpacked_bytes, std::max(limits.ratio_free_bytes, by_ratio));
}

}  // namespace

GzipStream::GzipStream(int fd, const ArchiveLimits& limits)
    : file_(fd), limits_(limits), longest_(longest_allowed(limits, file_.size())) {
  if (file_.size() > limits.packed_bytes)
    throw refusal(Code::archive_size, "packed_bytes",
                  "the archive has " + std::to_string(file_.size()) + " bytes; at most " +
                      std::to_string(limits.packed_bytes) + " are allowed");
  packed_buffer_.resize(k_buffer_bytes);
  unpacked_buffer_.resize(k_buffer_bytes);
  if (inflateInit2(&zlib_, k_gzip_only) != Z_OK) throw internal_error("zlib could not start");
}

GzipStream::~GzipStream() {
  inflateEnd(&zlib_);
}

void GzipStream::require_fits(std::uint64_t length, std::string_view entry) const {
  if (length <= longest_) return;
  if (length <= limits_.unpacked_bytes)
    throw refusal(Code::archive_size, "ratio",
                  "the archive unpacks to more than " + std::to_string(limits_.ratio) +
                      " times its size; beyond " + std::to_string(limits_.ratio_free_bytes) +
                      " bytes that is the most allowed",
                  entry);
  throw refusal(Code::archive_size, "unpacked_bytes",
                "the archive unpacks to more than the " + std::to_string(limits_.unpacked_bytes) +
                    " bytes that are allowed",
                entry);
}

bool GzipStream::refill() {
  while (!ended_ && ready_.empty()) {
    if (zlib_.avail_in == 0) {
      const std::size_t count = file_.read(packed_buffer_);
      if (count == 0)
        throw refusal(Code::archive_form, "gzip_truncated",
                      "the archive ends in the middle of its gzip data; it was cut short or is not gzip");
      zlib_.next_in = reinterpret_cast<Bytef*>(packed_buffer_.data());
      zlib_.avail_in = static_cast<uInt>(count);
    }
    // One byte past the limit is enough to know that it was broken.
    const std::uint64_t room = std::min<std::uint64_t>(unpacked_buffer_.size(), longest_ - unpacked_ + 1);
    zlib_.next_out = reinterpret_cast<Bytef*>(unpacked_buffer_.data());
    zlib_.avail_out = static_cast<uInt>(room);
    const int result = inflate(&zlib_, Z_NO_FLUSH);
    const std::size_t count = static_cast<std::size_t>(room) - zlib_.avail_out;
    unpacked_ += count;
    ready_ = std::span<const std::byte>(unpacked_buffer_).first(count);
    if (result == Z_MEM_ERROR) throw internal_error("zlib ran out of memory");
    if (result == Z_STREAM_ERROR) throw internal_error("zlib was misused");
    if (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END)
      throw refusal(Code::archive_form, "gzip_data",
                    std::string("the archive is not sound gzip data (") +
                        (zlib_.msg != nullptr ? zlib_.msg : "it asks for a dictionary") + ")");
    require_fits(unpacked_);
    if (result == Z_STREAM_END) {
      ended_ = true;
      require_end();
    }
  }
  return !ready_.empty();
}

void GzipStream::require_end() {
  if (zlib_.avail_in == 0) {
    zlib_.next_in = reinterpret_cast<Bytef*>(packed_buffer_.data());
    zlib_.avail_in = static_cast<uInt>(file_.read(packed_buffer_));
  }
  if (zlib_.avail_in == 0) return;
  if (*zlib_.next_in == 0x1f)
    throw refusal(Code::archive_form, "gzip_one_member",
                  "the archive holds more than one gzip member; write it as exactly one");
  throw refusal(Code::archive_form, "gzip_trailing",
                "the archive has bytes after the end of its gzip member; it must end there");
}

std::span<const std::byte> GzipStream::read_piece() {
  refill();
  return std::exchange(ready_, {});
}

std::size_t GzipStream::read(std::span<std::byte> buffer) {
  std::size_t done = 0;
  while (done < buffer.size() && refill()) {
    const std::size_t count = std::min(ready_.size(), buffer.size() - done);
    std::memcpy(buffer.data() + done, ready_.data(), count);
    ready_ = ready_.subspan(count);
    done += count;
  }
  return done;
}

std::uint64_t GzipStream::skip(std::uint64_t count) {
  std::uint64_t done = 0;
  while (done < count && refill()) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(ready_.size(), count - done));
    ready_ = ready_.subspan(step);
    done += step;
  }
  return done;
}

}  // namespace wharf
