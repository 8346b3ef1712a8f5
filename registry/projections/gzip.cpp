// SPDX-License-Identifier: MIT
#include "registry/projections/gzip.hpp"

#include <zlib.h>

#include <new>
#include <vector>

#include "libwharf/base/error.hpp"

namespace wharf {

namespace {

constexpr int k_level = 4;              // documents compress nearly as well as at 6, in half the time
constexpr int k_gzip_window = 15 + 16;  // the largest window, in gzip's frame

}  // namespace

struct Gzip::State {
  z_stream stream{};
  std::vector<unsigned char> out = std::vector<unsigned char>(64u << 10);
};

Gzip::Gzip(Sink sink) : state_(std::make_unique<State>()), sink_(std::move(sink)) {
  if (deflateInit2(&state_->stream, k_level, Z_DEFLATED, k_gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  // Unset, zlib writes the system's own code into the header.
  static gz_header header{};
  header.os = 255;
  deflateSetHeader(&state_->stream, &header);
}

Gzip::~Gzip() {
  deflateEnd(&state_->stream);
}

void Gzip::run(int flush) {
  auto& stream = state_->stream;
  int result;
  do {
    stream.next_out = state_->out.data();
    stream.avail_out = static_cast<uInt>(state_->out.size());
    result = deflate(&stream, flush);
    if (result == Z_STREAM_ERROR) throw internal_error("compressing: zlib's state is broken");
    sink_({reinterpret_cast<const char*>(state_->out.data()), state_->out.size() - stream.avail_out});
  } while (stream.avail_out == 0 || (flush == Z_FINISH && result != Z_STREAM_END));
}

void Gzip::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, 1u << 30);
    state_->stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    state_->stream.avail_in = static_cast<uInt>(piece.size());
    run(Z_NO_FLUSH);
    bytes.remove_prefix(piece.size());
  }
}

void Gzip::finish() {
  run(Z_FINISH);
}

std::string gzip(std::string_view bytes) {
  std::string result;
  Gzip stream([&](std::string_view piece) { result.append(piece); });
  stream.write(bytes);
  stream.finish();
  return result;
}

}  // namespace wharf
