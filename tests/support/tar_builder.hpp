// SPDX-License-Identifier: MIT
// Archives built byte by byte, so that a test can break exactly one rule.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf::test {

// One tar header, each field as it will stand in the block. The defaults are those of an ordinary ustar file.
struct HeaderFields {
  std::string name = {};
  std::string mode = "0000644", uid = "0000000", gid = "0000000", size = {}, mtime = "00000000000";
  std::string checksum = {};  // empty: the right one
  char type = '0';
  std::string link = {};
  std::string magic{"ustar\00000", 8};
  std::string uname = {}, gname = {}, major = "0000000", minor = "0000000", prefix = {}, rest = {};
};

std::string tar_header(const HeaderFields& fields);
std::string octal(std::uint64_t number, int digits = 11);
std::string pax_record(std::string_view key, std::string_view value);

// A tar stream that grows entry by entry. stream() is what was added and nothing else; ended() has the end
// marker.
class TarBuilder {
 public:
  TarBuilder& raw(std::string_view bytes);
  TarBuilder& padded(std::string_view content);  // and zeros up to the next block
  TarBuilder& header(HeaderFields fields, std::size_t size);
  TarBuilder& entry(HeaderFields fields, std::string_view content);
  TarBuilder& file(std::string_view path, std::string_view content = {});
  TarBuilder& directory(std::string_view path);
  TarBuilder& pax(const std::vector<std::pair<std::string, std::string>>& records, char type = 'x');
  TarBuilder& pax_body(std::string_view body, char type = 'x');
  TarBuilder& long_name(std::string_view name);
  const std::string& stream() const { return stream_; }
  std::string ended() const { return stream_ + std::string(1024, '\0'); }

 private:
  std::string stream_;
};

// One gzip member around the bytes.
std::string gzip(std::string_view bytes, int level = 6);
// One gzip member of `before` and `count` zeros (64 MiB at a time), made without packing each of them.
std::string gzip_zeros(std::uint64_t count, std::string_view before = {});

// A file in memory with these bytes.
Fd file_of(std::string_view bytes);
// All bytes of a file from its start.
std::string bytes_of(int fd);

}  // namespace wharf::test
