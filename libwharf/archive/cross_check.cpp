// SPDX-License-Identifier: MIT
#include "libwharf/archive/cross_check.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cerrno>
#include <exception>

#include "libwharf/archive/packed_file.hpp"
#include "libwharf/archive/path_rules.hpp"
#include "libwharf/archive/refusal.hpp"
#include "libwharf/archive/utf8_locale.hpp"
#include "libwharf/base/handle.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

using Listing = Handle<archive, archive_read_free>;

void check(archive* listing, int result, std::string_view what) {
  if (result != ARCHIVE_OK) {
    const char* reason = archive_error_string(listing);
    throw internal_error("libarchive, " + std::string(what) + ": " +
                         (reason != nullptr ? reason : "no reason given"));
  }
}

Error disagreement(const std::string& what, std::string_view entry = {}) {
  return refusal(Code::archive_form, "readers_disagree",
                 "tar programs read this archive differently: " + what + "; write it with another tool",
                 entry);
}

struct Source {
  PackedFile file;
  std::array<std::byte, 64 << 10> buffer;
  std::exception_ptr failure;
};

la_ssize_t read_source(archive* listing, void* data, const void** buffer) {
  auto& source = *static_cast<Source*>(data);
  try {
    *buffer = source.buffer.data();
    return static_cast<la_ssize_t>(source.file.read(source.buffer));
  } catch (const Error& error) {
    source.failure = std::current_exception();
    archive_set_error(listing, EIO, "%s", error.what());
    return -1;
  }
}

// Our own failure to read is not the archive's fault.
void require_readable(archive* listing, const Source& source, int result, std::string_view entry) {
  if (result >= ARCHIVE_WARN) return;
  if (source.failure) std::rethrow_exception(source.failure);
  const char* reason = archive_error_string(listing);
  throw disagreement(
      "libarchive cannot read it (" + std::string(reason != nullptr ? reason : "no reason given") + ")",
      entry);
}

void require_same(archive_entry* theirs, const ArchiveEntry& ours) {
  const char* name = archive_entry_pathname(theirs);
  const auto type = archive_entry_filetype(theirs);
  if (name == nullptr)
    throw disagreement("libarchive finds no name where this registry reads " + quoted(ours.path), ours.path);
  const auto path = plain_path(name, type == AE_IFDIR);
  if (path != ours.path)
    throw disagreement("libarchive reads the name " + quoted(path) + ", this registry " + quoted(ours.path),
                       ours.path);
  const bool same_type = ours.directory ? type == AE_IFDIR : type == AE_IFREG;
  if (!same_type || archive_entry_hardlink(theirs) != nullptr || archive_entry_symlink(theirs) != nullptr)
    throw disagreement("libarchive finds another type for " + quoted(ours.path), ours.path);
  if (static_cast<std::uint64_t>(archive_entry_size(theirs)) != ours.size)
    throw disagreement("libarchive finds another size for " + quoted(ours.path), ours.path);
}

}  // namespace

void require_same_listing(int fd, const std::vector<ArchiveEntry>& entries) {
  const Utf8LocaleHere locale;
  const auto source = std::make_unique<Source>(Source{PackedFile(fd), {}, {}});
  const Listing listing(archive_read_new());
  if (!listing) throw internal_error("libarchive ran out of memory");
  check(listing.get(), archive_read_support_filter_gzip(listing.get()), "starting gzip");
  check(listing.get(), archive_read_support_format_tar(listing.get()), "starting tar");
  check(listing.get(), archive_read_set_option(listing.get(), "tar", "hdrcharset", "UTF-8"),
        "asking for UTF-8");
  require_readable(listing.get(), *source,
                   archive_read_open(listing.get(), source.get(), nullptr, read_source, nullptr), {});
  std::size_t index = 0;
  for (archive_entry* theirs = nullptr;;) {
    const std::string expected = index < entries.size() ? entries[index].path : std::string();
    const int result = archive_read_next_header(listing.get(), &theirs);
    if (result == ARCHIVE_EOF) break;
    require_readable(listing.get(), *source, result, expected);
    const char* name = archive_entry_pathname(theirs);
    if (name != nullptr && archive_entry_filetype(theirs) == AE_IFDIR && plain_path(name, true).empty())
      continue;
    if (index == entries.size())
      throw disagreement("libarchive finds one entry more, " + quoted(name != nullptr ? name : ""),
                         name != nullptr ? name : "");
    require_same(theirs, entries[index]);
    ++index;
  }
  if (index != entries.size())
    throw disagreement("libarchive does not find " + quoted(entries[index].path), entries[index].path);
}

}  // namespace wharf
