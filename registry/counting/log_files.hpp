// SPDX-License-Identifier: MIT
// The files of a log: the one that is written now and those that rotation put aside beside it, as they are or
// compressed by gzip; and reading from them at a place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libwharf/base/file.hpp"
#include "libwharf/base/time.hpp"

namespace wharf {

// Tells a file from all others for as long as it is there; a later file may get the same inode.
struct FileKey {
  std::int64_t device = 0, inode = 0, born_ns = 0;  // born_ns is 0 where the file system knows no birth time
  friend auto operator<=>(const FileKey&, const FileKey&) = default;
};

struct FileState {
  FileKey key;
  std::uint64_t size = 0;
  Time changed;  // mtime
};
FileState state_of(int fd);

struct LogFile {
  Path path;
  FileState state;
  bool current = false;     // has the log's own name
  bool compressed = false;  // ends in .gz
};

// `log` itself where it is there, and every regular file beside it whose name goes on from the log's with "."
// or "-": downloads.log.1, downloads.log.2.gz, downloads.log-20260131. Other compressions are left out.
// Sorted by path. A directory that is not there has no files; one that cannot be read is an error.
std::vector<LogFile> files_of_log(const Path& log);

// The bytes of a log, uncompressed. Reads fewer than asked for at the end alone.
class LogSource {
 public:
  virtual ~LogSource() = default;
  virtual std::size_t read_at(std::uint64_t offset, std::span<char> buffer) = 0;
};

// Nothing where another file, or none, has that name by now. One that may not be read is an error.
std::unique_ptr<LogSource> open_log(const LogFile& file);

// How long a gzip file says that its content is, modulo 2^32; 0 where it is no gzip file.
std::uint32_t length_in_gzip(const Path& path);

// The first line of a log that is of its form, and its digest, by which the log is known again wherever it
// goes: it holds a random request id.
struct LogHead {
  std::uint64_t offset = 0;
  std::string line;      // with its line break
  std::string identity;  // hex SHA-256 of `line`
};
// Looks for it from `offset` on, in at most one buffer; moves `offset` past what is none. Nothing where there
// is none (yet).
std::optional<LogHead> find_head(LogSource& source, std::uint64_t& offset);

// The most that is read at once, and the longest line: nginx writes none that is half as long.
inline constexpr std::size_t k_log_buffer = 1u << 20;

// Reads lines from `offset` on, whole ones, calls `take` for each without its line break, and returns how
// many bytes they were; at most one buffer. A buffer without any line break is handed on as one line.
template <class Take>
std::size_t read_lines(LogSource& source, std::uint64_t offset, std::size_t most, Take&& take) {
  std::string buffer(std::min(most, k_log_buffer), '\0');
  buffer.resize(source.read_at(offset, buffer));
  const std::string_view text(buffer);
  std::size_t begin = 0;
  for (;;) {
    const auto end = text.find('\n', begin);
    if (end == text.npos) break;
    take(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (begin == 0 && text.size() == k_log_buffer) {
    take(text);
    begin = text.size();
  }
  return begin;
}

}  // namespace wharf
