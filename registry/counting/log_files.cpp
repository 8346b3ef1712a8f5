// SPDX-License-Identifier: MIT
#include "registry/counting/log_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "libwharf/base/error.hpp"
#include "libwharf/base/handle.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "registry/counting/download_line.hpp"

namespace wharf {

namespace {

FileState state_from(const struct statx& info) {
  const auto ns = [](const statx_timestamp& at) {
    return static_cast<std::int64_t>(at.tv_sec) * 1'000'000'000 + at.tv_nsec;
  };
  FileState state;
  state.key.device = static_cast<std::int64_t>(makedev(info.stx_dev_major, info.stx_dev_minor));
  state.key.inode = static_cast<std::int64_t>(info.stx_ino);
  if (info.stx_mask & STATX_BTIME) state.key.born_ns = ns(info.stx_btime);
  state.size = info.stx_size;
  state.changed = time_from_unix_milliseconds(ns(info.stx_mtime) / 1'000'000);
  return state;
}

constexpr unsigned k_mask = STATX_BASIC_STATS | STATX_BTIME;

class PlainSource : public LogSource {
 public:
  explicit PlainSource(Fd fd) : fd_(std::move(fd)) {}
  std::size_t read_at(std::uint64_t offset, std::span<char> buffer) override {
    std::size_t done = 0;
    while (done < buffer.size()) {
      const auto got =
          ::pread(fd_.get(), buffer.data() + done, buffer.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw system_error("reading a download log");
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  Fd fd_;
};

// Going forward is cheap; going back starts over.
class GzipSource : public LogSource {
 public:
  explicit GzipSource(Fd fd) : file_(::gzdopen(fd.get(), "rb")) {
    if (!file_) throw system_error("opening a compressed download log");
    fd.release();
    ::gzbuffer(file_.get(), 128u << 10);
  }
  std::size_t read_at(std::uint64_t offset, std::span<char> buffer) override {
    if (::gzseek(file_.get(), static_cast<z_off_t>(offset), SEEK_SET) < 0) return 0;
    std::size_t done = 0;
    while (done < buffer.size()) {
      // A file that is cut off or damaged ends where it cannot be read any more.
      const int got =
          ::gzread(file_.get(), buffer.data() + done, static_cast<unsigned>(buffer.size() - done));
      if (got <= 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  Handle<gzFile_s, gzclose> file_;
};

}  // namespace

FileState state_of(int fd) {
  struct statx info {};
  if (::statx(fd, "", AT_EMPTY_PATH, k_mask, &info) != 0) throw system_error("asking after a download log");
  return state_from(info);
}

std::vector<LogFile> files_of_log(const Path& log) {
  const std::string name = log.filename();
  std::vector<LogFile> files;
  std::error_code error;
  std::filesystem::directory_iterator entries(log.parent_path(), error);
  if (error == std::errc::no_such_file_or_directory) return files;
  if (error)
    throw Error(Code::internal_error, "the download log's directory cannot be read",
                log.parent_path().native() + ": " + error.message());
  for (const auto end = std::filesystem::directory_iterator(); entries != end; entries.increment(error)) {
    LogFile file;
    const std::string entry = entries->path().filename();
    file.path = entries->path();
    file.current = entry == name;
    const bool beside = entry.size() > name.size() && entry.starts_with(name) &&
                        (entry[name.size()] == '.' || entry[name.size()] == '-');
    const auto compression = file.path.extension();
    if ((!file.current && !beside) || compression == ".xz" || compression == ".zst" || compression == ".bz2")
      continue;
    file.compressed = !file.current && compression == ".gz";
    struct statx info {};
    if (::statx(AT_FDCWD, file.path.c_str(), 0, k_mask, &info) != 0) {
      if (errno == ENOENT) continue;  // rotation is at work
      throw system_error("asking after a download log", file.path.native());
    }
    if (!S_ISREG(info.stx_mode)) continue;
    file.state = state_from(info);
    files.push_back(std::move(file));
  }
  std::ranges::sort(files, {}, &LogFile::path);
  return files;
}

std::unique_ptr<LogSource> open_log(const LogFile& file) {
  Fd fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return nullptr;
  if (!fd && errno == EACCES)
    throw Error(
        Code::internal_error, "a download log cannot be read",
        file.path.native() +
            ": permission denied; let the clerk's user read it, on Debian by putting it into the group adm");
  if (!fd) throw system_error("opening a download log", file.path.native());
  if (state_of(fd.get()).key != file.state.key) return nullptr;
  if (file.compressed) return std::make_unique<GzipSource>(std::move(fd));
  return std::make_unique<PlainSource>(std::move(fd));
}

std::uint32_t length_in_gzip(const Path& path) {
  const auto fd = open_existing(path, O_RDONLY);
  if (!fd) return 0;
  const auto size = static_cast<off_t>(state_of(fd->get()).size);
  std::array<unsigned char, 4> bytes{};
  if (size < 18 || ::pread(fd->get(), bytes.data(), bytes.size(), size - 4) != 4) return 0;
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

std::optional<LogHead> find_head(LogSource& source, std::uint64_t& offset) {
  std::optional<LogHead> head;
  std::uint64_t at = offset;
  offset += read_lines(source, offset, k_log_buffer, [&](std::string_view line) {
    if (!head && read_download_line(line)) {
      head.emplace();
      head->offset = at;
      head->line = std::string(line) + "\n";
      head->identity = to_hex(sha256(head->line));
    }
    at += line.size() + 1;
  });
  if (head) offset = head->offset;
  return head;
}

}  // namespace wharf
