// SPDX-License-Identifier: MIT
#include "libwharf/archive/tar_reader.hpp"

#include <algorithm>
#include <utility>

#include "libwharf/archive/pax_records.hpp"
#include "libwharf/archive/refusal.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// Far above what any tool writes, far below what would hurt.
constexpr std::uint64_t k_extension_bytes = 1 << 20;

std::uint64_t padding_after(std::uint64_t size) {
  return (k_tar_block - size % k_tar_block) % k_tar_block;
}

Error cut_short(std::string_view entry) {
  return refusal(Code::archive_form, "tar_truncated",
                 "the tar stream ends in the middle of " + (entry.empty() ? "a header" : quoted(entry)),
                 entry);
}

}  // namespace

std::string_view TarReader::read_block() {
  const auto count = stream_.read(block_);
  if (count == 0)
    throw refusal(Code::archive_form, "end_marker",
                  "the tar stream ends without its end marker of two zero blocks; it was cut short");
  if (count < block_.size()) throw cut_short({});
  return {reinterpret_cast<const char*>(block_.data()), block_.size()};
}

void TarReader::pass_content() {
  const auto rest = std::exchange(content_, 0) + std::exchange(padding_, 0);
  if (stream_.skip(rest) != rest) throw cut_short(current_);
}

std::size_t TarReader::read(std::span<std::byte> buffer) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), content_));
  if (stream_.read(buffer.first(wanted)) != wanted) throw cut_short(current_);
  content_ -= wanted;
  return wanted;
}

std::optional<ArchiveEntry> TarReader::next() {
  if (ended_) return std::nullopt;
  pass_content();
  for (Pending pending;;) {
    const auto block = read_block();
    if (is_zero_block(block)) {
      require_end(pending);
      return std::nullopt;
    }
    const TarHeader header = parse_tar_header(block);
    if (header.type != TarHeader::Type::file && header.type != TarHeader::Type::directory) {
      take_extension(header, pending);
    } else if (auto entry = take_entry(header, pending)) {
      return entry;
    } else {
      pending = {};
    }
  }
}

std::string TarReader::read_extension(const TarHeader& header) {
  if (header.size > k_extension_bytes)
    throw refusal(Code::archive_header, "extension_size",
                  "the extended header " + quoted(header.name) + " is larger than " +
                      std::to_string(k_extension_bytes) + " bytes",
                  header.name);
  std::string body(header.size, '\0');
  if (stream_.read(std::as_writable_bytes(std::span(body))) != body.size()) throw cut_short(header.name);
  if (stream_.skip(padding_after(header.size)) != padding_after(header.size)) throw cut_short(header.name);
  return body;
}

void TarReader::take_extension(const TarHeader& header, Pending& pending) {
  const auto refuse = [&](std::string_view rule, const std::string& sentence) {
    return refusal(Code::archive_header, rule, sentence, header.name);
  };
  using Type = TarHeader::Type;
  const bool repeated = header.type == Type::pax         ? pending.pax
                        : header.type == Type::long_name ? pending.long_name.has_value()
                                                         : global_seen_;
  if (repeated)
    throw refuse("extension_twice", "an extended header of one kind is there twice for one entry");
  if (header.type == Type::pax_global && pending.any())
    throw refuse("extension_alone", "a global header stands between an entry and its extended header");

  std::string body = read_extension(header);
  if (header.type == Type::pax_global) {
    global_seen_ = true;
    parse_pax(body, true, header.name);
  } else if (header.type == Type::pax) {
    auto records = parse_pax(body, false, header.name);
    pending.pax = true;
    pending.pax_path = std::move(records.path);
    pending.pax_size = records.size;
  } else {
    if (body.find('\0') != body.size() - 1 || body.size() < 2)
      throw refuse("long_name", "a GNU long name is not one text with one NUL at its end");
    body.pop_back();
    pending.long_name = std::move(body);
  }
  if (pending.long_name && pending.pax_path)
    throw refuse("two_long_names", "the path " + quoted(*pending.pax_path) +
                                       " is given by a GNU long name and by a pax header; use one of them");
}

std::optional<ArchiveEntry> TarReader::take_entry(const TarHeader& header, const Pending& pending) {
  const bool directory = header.type == TarHeader::Type::directory;
  const std::string& written = pending.pax_path    ? *pending.pax_path
                               : pending.long_name ? *pending.long_name
                                                   : header.name;
  if (pending.pax_size && *pending.pax_size != header.size)
    throw refusal(Code::archive_header, "pax_size",
                  "the pax size of " + quoted(written) + " differs from the size in its header", written);
  const auto path = plain_path(written, directory);
  if (path.empty() && directory && !written.empty()) {
    if (std::exchange(root_seen_, true))
      throw refusal(Code::archive_path, "duplicate", "the path './' is there twice", written);
    return std::nullopt;
  }
  if (path.empty()) throw refusal(Code::archive_path, "empty", "an entry has no name");
  if (!directory && path.back() == '/')
    throw refusal(Code::archive_path, "trailing_slash",
                  "the path " + quoted(path) + " ends in '/', but is a regular file's", path);
  require_path(path, limits_);
  if (entries_ == limits_.entries)
    throw refusal(
        Code::archive_size, "entries",
        "the archive has more than the " + std::to_string(limits_.entries) + " entries that are allowed",
        path);
  ++entries_;
  paths_.add(path, directory);
  stream_.require_fits(stream_.position() + header.size, path);
  current_ = path;
  content_ = header.size;
  padding_ = padding_after(header.size);
  return ArchiveEntry{current_, directory, header.executable && !directory, header.size};
}

void TarReader::require_end(const Pending& pending) {
  if (pending.any())
    throw refusal(Code::archive_header, "extension_alone", "an extended header has no entry after it");
  if (!is_zero_block(read_block()))
    throw refusal(Code::archive_form, "end_marker",
                  "one zero block stands between entries; the end marker is two, and nothing follows them");
  for (auto piece = stream_.read_piece(); !piece.empty(); piece = stream_.read_piece())
    if (std::any_of(piece.begin(), piece.end(), [](std::byte byte) { return byte != std::byte{0}; }))
      throw refusal(Code::archive_form, "after_end", "the tar stream goes on after its end marker");
  ended_ = true;
}

}  // namespace wharf
