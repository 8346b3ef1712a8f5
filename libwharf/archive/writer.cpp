// SPDX-License-Identifier: MIT
#include "libwharf/archive/writer.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <span>
#include <vector>

#include "libwharf/archive/path_rules.hpp"
#include "libwharf/archive/refusal.hpp"
#include "libwharf/archive/utf8_locale.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/base/handle.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// 2000-01-01. Not 0: GNU tar warns of times that old.
constexpr time_t k_time = 946684800;

using Output = Handle<archive, archive_write_free>;
using Entry = Handle<archive_entry, archive_entry_free>;

struct Sink {
  int fd;
  std::exception_ptr failure;
};

la_ssize_t write_sink(archive* output, void* data, const void* buffer, size_t length) {
  auto& sink = *static_cast<Sink*>(data);
  try {
    write_all(sink.fd, {static_cast<const char*>(buffer), length});
    return static_cast<la_ssize_t>(length);
  } catch (const Error& error) {
    sink.failure = std::current_exception();
    archive_set_error(output, EIO, "%s", error.what());
    return -1;
  }
}

void check(archive* output, const Sink& sink, la_ssize_t result, std::string_view what) {
  if (result >= ARCHIVE_OK) return;
  if (sink.failure) std::rethrow_exception(sink.failure);
  const char* reason = archive_error_string(output);
  throw internal_error("libarchive, " + std::string(what) + ": " +
                       (reason != nullptr ? reason : "no reason given"));
}

std::vector<const ArchiveMember*> in_order(std::span<const ArchiveMember> members,
                                           const ArchiveLimits& limits) {
  std::vector<const ArchiveMember*> sorted;
  for (const auto& member : members) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
  PathSet paths;
  for (const auto* member : sorted) {
    if (member->path.empty()) throw refusal(Code::archive_path, "empty", "an entry has no name");
    require_path(member->path, limits);
    paths.add(member->path, member->directory);
  }
  return sorted;
}

// What an entry holds, in pieces, from memory or from disk.
class Content {
 public:
  explicit Content(const ArchiveMember& member) : member_(member), size_(member.content.size()) {
    if (member.file.empty()) return;
    fd_ = open_file(member.file, O_RDONLY | O_NOFOLLOW);
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) throw system_error("asking for the size of", member.file.string());
    if (!S_ISREG(status.st_mode))
      throw Error(Code::conflict, wharf::quoted(member.path) + " is no longer an ordinary file; try again");
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  std::uint64_t size() const { return size_; }

  template <class Take>
  void each_piece(Take&& take) const {
    if (!fd_) return take(std::string_view(member_.content));
    std::vector<char> buffer(64u << 10);
    std::uint64_t left = size_;
    while (const auto count = read_some(fd_.get(), std::as_writable_bytes(std::span(buffer)))) {
      if (count > left) throw changed();
      take(std::string_view(buffer.data(), count));
      left -= count;
    }
    if (left > 0) throw changed();
  }

 private:
  Error changed() const {
    return Error(Code::conflict,
                 wharf::quoted(member_.path) + " changed while it was packed; try again when it is at rest");
  }
  const ArchiveMember& member_;
  Fd fd_;
  std::uint64_t size_;
};

}  // namespace

void write_archive(int fd, std::span<const ArchiveMember> members, const ArchiveLimits& limits) {
  const auto sorted = in_order(members, limits);
  const Utf8LocaleHere locale;
  Sink sink{fd, {}};
  const Output output(archive_write_new());
  const Entry entry(archive_entry_new());
  if (!output || !entry) throw internal_error("libarchive ran out of memory");
  archive* const out = output.get();
  check(out, sink, archive_write_set_format_pax_restricted(out), "choosing pax");
  check(out, sink, archive_write_add_filter_gzip(out), "choosing gzip");
  check(out, sink, archive_write_set_filter_option(out, "gzip", "timestamp", nullptr),
        "leaving out the time");
  check(out, sink, archive_write_set_format_option(out, "pax", "hdrcharset", "UTF-8"), "choosing UTF-8");
  check(out, sink, archive_write_set_bytes_in_last_block(out, 1), "choosing no padding");
  check(out, sink, archive_write_open(out, &sink, nullptr, write_sink, nullptr), "starting");
  for (const auto* member : sorted) {
    archive_entry_clear(entry.get());
    archive_entry_set_pathname(entry.get(), member->path.c_str());
    archive_entry_set_filetype(entry.get(), member->directory ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry.get(), member->directory || member->executable ? 0755 : 0644);
    const Content content(*member);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    archive_entry_set_mtime(entry.get(), k_time, 0);
    check(out, sink, archive_write_header(out, entry.get()), "writing a header");
    content.each_piece([&](std::string_view piece) {
      check(out, sink, archive_write_data(out, piece.data(), piece.size()), "writing content");
    });
  }
  check(out, sink, archive_write_close(out), "finishing");
}

}  // namespace wharf
