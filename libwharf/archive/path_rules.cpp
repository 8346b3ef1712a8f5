// SPDX-License-Identifier: MIT
#include "libwharf/archive/path_rules.hpp"

#include <wctype.h>

#include <algorithm>
#include <tuple>

#include "libwharf/archive/refusal.hpp"
#include "libwharf/archive/utf8_locale.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"

namespace wharf {

namespace {

Error refuse(std::string_view rule, std::string_view path, const std::string& what) {
  return refusal(Code::archive_path, rule, "the path " + quoted(path) + " " + what, path);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

// The first character of valid UTF-8, which it takes off.
char32_t take_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
  char32_t character = length == 1 ? byte(0) : byte(0) & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) character = character << 6 | (byte(i) & 0x3fu);
  text.remove_prefix(length);
  return character;
}

void append_utf8(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xe0 | c >> 12);
    } else {
      put(0xf0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3f));
    }
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

bool is_within(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

// Characters that join the one before them into another spelling of one character: file systems that
// normalise names would take two paths for one. Written composed (NFC), such names are fine.
bool is_joining(char32_t c) {
  return is_within(c, 0x300, 0x36f) || is_within(c, 0x1100, 0x11ff) || is_within(c, 0x3099, 0x309a);
}

// Marks of direction and of no width: two paths that look alike would differ.
bool is_invisible(char32_t c) {
  return c == 0xad || is_within(c, 0x200b, 0x200f) || is_within(c, 0x2028, 0x202e) ||
         is_within(c, 0x2060, 0x206f) || is_within(c, 0xfe00, 0xfe0f) || c == 0xfeff ||
         is_within(c, 0xfff0, 0xffff) || is_within(c, 0xe0000, 0xe0fff);
}

void require_characters(std::string_view path, const ArchiveLimits& limits) {
  if (!is_utf8(path)) throw refuse("utf8", path, "is not UTF-8");
  if (has_control_characters(path)) throw refuse("control", path, "holds a control character");
  if (path.find('\\') != path.npos) throw refuse("backslash", path, "holds a backslash; write '/'");
  if (path.find(':') != path.npos) throw refuse("colon", path, "holds a colon, which Windows does not allow");
  if (is_ascii(path)) return;
  if (!limits.allow_non_ascii_paths) throw refuse("ascii", path, "holds characters outside ASCII");
  for (auto rest = path; !rest.empty();) {
    const char32_t c = take_character(rest);
    if (is_within(c, 0x80, 0x9f)) throw refuse("control", path, "holds a control character");
    if (is_joining(c)) throw refuse("composed", path, "holds a combining character; write it composed (NFC)");
    if (is_invisible(c)) throw refuse("invisible", path, "holds an invisible character");
  }
}

void require_part(std::string_view path, std::string_view part, const ArchiveLimits& limits) {
  if (part.empty()) throw refuse("empty_part", path, "has an empty part");
  if (part == "." || part == "..") throw refuse("dot_part", path, "has the part " + quoted(part));
  if (part.size() > limits.part_bytes)
    throw refuse("part_bytes", path,
                 "has a part of more than " + std::to_string(limits.part_bytes) + " bytes");
  if (part.back() == '.' || part.back() == ' ')
    throw refuse("trailing_dot_or_space", path, "has a part that ends in a dot or a space");
  if (is_windows_device_name(part))
    throw refuse("device_name", path, "has the part " + quoted(part) + ", which is a device on Windows");
}

// The same for all spellings that a file system without regard to case takes for one.
std::string fold_part(std::string_view part) {
  if (is_ascii(part)) return fold(part);
  std::string folded;
  while (!part.empty()) {
    const auto c = static_cast<wint_t>(take_character(part));
    append_utf8(folded, towlower_l(towupper_l(c, utf8_locale()), utf8_locale()));
  }
  return folded;
}

constexpr std::uint32_t k_root = 0;

}  // namespace

std::string_view plain_path(std::string_view written, bool directory) {
  if (directory && (written == "." || written == "./")) return {};
  if (written.starts_with("./")) written.remove_prefix(2);
  if (directory && written.ends_with('/') && written.size() > 1) written.remove_suffix(1);
  return written;
}

void require_path(std::string_view path, const ArchiveLimits& limits) {
  if (path.size() > limits.path_bytes)
    throw refuse("path_bytes", path, "has more than " + std::to_string(limits.path_bytes) + " bytes");
  require_characters(path, limits);
  if (path.front() == '/')
    throw refuse("absolute", path, "is absolute; write it relative to the package's root");
  const auto parts = split(path, '/');
  if (parts.size() > limits.levels)
    throw refuse("levels", path, "has more than " + std::to_string(limits.levels) + " levels");
  for (const auto part : parts) require_part(path, part, limits);
}

bool PathSet::Order::operator()(std::uint32_t a, std::uint32_t b) const {
  const Node& left = (*nodes)[a];
  const Node& right = (*nodes)[b];
  return std::tie(left.parent, left.folded) < std::tie(right.parent, right.folded);
}

PathSet::PathSet() : known_(Order{&nodes_}) {
  nodes_.push_back({k_root, Kind::implied_directory, {}, {}});
}

std::string_view PathSet::keep(std::string_view text) {
  constexpr std::size_t k_piece = 64 << 10;
  if (texts_.empty() || texts_.back().capacity() - texts_.back().size() < text.size())
    texts_.emplace_back().reserve(std::max(k_piece, text.size()));
  std::string& piece = texts_.back();
  piece += text;
  return std::string_view(piece).substr(piece.size() - text.size());
}

void PathSet::add(std::string_view path, bool directory) {
  std::uint32_t parent = k_root;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto part = path.substr(begin, end - begin);
    const bool last = end == path.size();
    const Kind kind = !last ? Kind::implied_directory : directory ? Kind::directory : Kind::file;
    begin = end + 1;

    const std::string folded = fold_part(part);
    const auto candidate = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({parent, kind, folded, part});
    const auto [at, is_new] = known_.insert(candidate);
    if (is_new) {
      Node& added = nodes_.back();
      added.folded = keep(folded);
      added.written = folded == part ? added.folded : keep(part);
      parent = candidate;
      continue;
    }
    nodes_.pop_back();
    Node& there = nodes_[*at];
    if (there.written != part)
      throw refuse("same_but_for_case", path,
                   "differs from another path only in the case of " + quoted(there.written));
    if ((there.kind == Kind::file) != (kind == Kind::file))
      throw refuse("file_and_directory", path,
                   "needs " + quoted(path.substr(0, end)) + " to be a file and a directory at once");
    if (last && there.kind != Kind::implied_directory) throw refuse("duplicate", path, "is there twice");
    if (last) there.kind = kind;
    parent = *at;
  }
}

}  // namespace wharf
