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

// Raw deflate of the bytes, complete up to a byte's border, without an end.
std::string deflate_piece(std::string_view bytes) {
  z_stream zlib{};
  if (deflateInit2(&zlib, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&zlib, bytes.size()) + 64, '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  zlib.avail_in = static_cast<uInt>(bytes.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  if (deflate(&zlib, Z_FULL_FLUSH) != Z_OK) throw std::runtime_error("deflate");
  out.resize(out.size() - zlib.avail_out);
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
  z_stream zlib{};
  if (deflateInit2(&zlib, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&zlib, bytes.size()), '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  zlib.avail_in = static_cast<uInt>(bytes.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  if (deflate(&zlib, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
  out.resize(out.size() - zlib.avail_out);
  deflateEnd(&zlib);
  return out;
}

std::string gzip_zeros(std::uint64_t count, std::string_view before) {
  // Pieces that refer to nothing before them can be repeated: packing the zeros one by one would take half a
  // minute.
  constexpr std::uint64_t k_piece = 64 << 20;
  const std::string zeros(k_piece, '\0');
  const std::string head = deflate_piece(before), piece = deflate_piece(zeros);
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  out += head;
  uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(before.data()), before.size());
  const uLong piece_crc = crc32_z(0, reinterpret_cast<const Bytef*>(zeros.data()), zeros.size());
  for (std::uint64_t done = 0; done < count; done += k_piece) {
    out += piece;
    crc = crc32_combine(crc, piece_crc, static_cast<z_off_t>(k_piece));
  }
  out += std::string("\x03\0", 2);  // an empty last block
  const std::uint64_t length = before.size() + (count + k_piece - 1) / k_piece * k_piece;
  for (const std::uint64_t number : {std::uint64_t{crc}, length})
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift & 0xff);
  return out;
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
