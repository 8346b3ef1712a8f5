// SPDX-License-Identifier: MIT
#include "tests/support/tar_builder.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace wharf::test {

namespace {

// Runs deflate over the pieces that `next` gives, until it gives an empty one.
template <class Next>
std::string deflate_all(int level, Next next) {
  z_stream zlib{};
  if (deflateInit2(&zlib, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out;
  std::array<char, 1 << 16> buffer;
  for (bool last = false; !last;) {
    const std::string_view piece = next();
    last = piece.empty();
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    zlib.avail_in = static_cast<uInt>(piece.size());
    do {
      zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
      zlib.avail_out = static_cast<uInt>(buffer.size());
      deflate(&zlib, last ? Z_FINISH : Z_NO_FLUSH);
      out.append(buffer.data(), buffer.size() - zlib.avail_out);
    } while (zlib.avail_out == 0);
  }
  deflateEnd(&zlib);
  return out;
}

}  // namespace

std::string octal(std::uint64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(number));
  return text;
}

std::string tar_header(const HeaderFields& fields) {
  std::string block(512, '\0');
  const auto put = [&](std::size_t at, std::size_t length, std::string_view text) {
    if (text.size() > length) throw std::runtime_error("a field of a test's tar header is too long");
    block.replace(at, text.size(), text);
  };
  put(0, 100, fields.name);
  put(100, 8, fields.mode);
  put(108, 8, fields.uid);
  put(116, 8, fields.gid);
  put(124, 12, fields.size);
  put(136, 12, fields.mtime);
  block[156] = fields.type;
  put(157, 100, fields.link);
  put(257, 8, fields.magic);
  put(265, 32, fields.uname);
  put(297, 32, fields.gname);
  put(329, 8, fields.major);
  put(337, 8, fields.minor);
  put(345, 155, fields.prefix);
  put(500, 12, fields.rest);
  std::uint64_t sum = 8 * ' ';
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(148, 8, fields.checksum.empty() ? octal(sum, 6) + std::string("\0 ", 2) : fields.checksum);
  return block;
}

std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (rest + std::to_string(length).size() != length) length = rest + std::to_string(length).size();
  return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

TarBuilder& TarBuilder::raw(std::string_view bytes) {
  stream_ += bytes;
  return *this;
}

TarBuilder& TarBuilder::padded(std::string_view content) {
  stream_ += content;
  stream_.append((512 - content.size() % 512) % 512, '\0');
  return *this;
}

TarBuilder& TarBuilder::header(HeaderFields fields, std::size_t size) {
  if (fields.size.empty()) fields.size = octal(size);
  return raw(tar_header(fields));
}

TarBuilder& TarBuilder::entry(HeaderFields fields, std::string_view content) {
  return header(std::move(fields), content.size()).padded(content);
}

TarBuilder& TarBuilder::file(std::string_view path, std::string_view content) {
  return entry({.name = std::string(path)}, content);
}

TarBuilder& TarBuilder::directory(std::string_view path) {
  return entry({.name = std::string(path), .mode = "0000755", .type = '5'}, {});
}

TarBuilder& TarBuilder::pax_body(std::string_view body, char type) {
  return entry({.name = "PaxHeaders/entry", .type = type}, body);
}

TarBuilder& TarBuilder::pax(const std::vector<std::pair<std::string, std::string>>& records, char type) {
  std::string body;
  for (const auto& [key, value] : records) body += pax_record(key, value);
  return pax_body(body, type);
}

TarBuilder& TarBuilder::long_name(std::string_view name) {
  return entry(
      {.name = "././@LongLink", .type = 'L', .magic = std::string("ustar  \0", 8), .major = "", .minor = ""},
      std::string(name) + '\0');
}

std::string gzip(std::string_view bytes, int level) {
  return deflate_all(level, [&] { return std::exchange(bytes, std::string_view()); });
}

std::string gzip_zeros(std::uint64_t count, std::string_view before) {
  const std::string zeros(1 << 20, '\0');
  return deflate_all(9, [&]() -> std::string_view {
    if (!before.empty()) return std::exchange(before, std::string_view());
    const auto piece = std::min<std::uint64_t>(count, zeros.size());
    count -= piece;
    return std::string_view(zeros).substr(0, piece);
  });
}

Fd file_of(std::string_view bytes) {
  Fd fd(memfd_create("archive", MFD_CLOEXEC));
  if (!fd) throw std::runtime_error("memfd_create");
  write_all(fd.get(), bytes);
  return fd;
}

std::string bytes_of(int fd) {
  std::string bytes;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t count = pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(bytes.size()));
    if (count <= 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace wharf::test
