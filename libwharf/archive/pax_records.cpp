// SPDX-License-Identifier: MIT
#include "libwharf/archive/pax_records.hpp"

#include <algorithm>
#include <vector>

#include "libwharf/archive/refusal.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

// Programs disagree about numbers that their types cannot hold: an owner has 32 bits, a time twelve digits.
bool is_owner(std::string_view text) {
  const auto number = parse_number(text);
  return number && *number <= UINT32_MAX;
}

bool is_time(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto all_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
  };
  const auto point = text.find('.');
  const auto seconds = text.substr(0, point);
  return all_digits(seconds) && seconds.size() <= 12 &&
         (point == text.npos || all_digits(text.substr(point + 1)));
}

bool is_vendor_key(std::string_view key) {
  const auto dot = key.find('.');
  if (dot == key.npos || dot == 0 || dot + 1 == key.size()) return false;
  return std::all_of(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(dot),
                     [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-'; });
}

// Vendors' keys after which some program sees another path, size or type.
bool changes_the_entry(std::string_view key) {
  for (const std::string_view family : {"GNU.sparse.", "GNU.volume."})
    if (key.starts_with(family)) return true;
  for (const std::string_view one :
       {"GNU.dumpdir", "SCHILY.realsize", "SCHILY.filetype", "SCHILY.tarfiletype", "SCHILY.offset",
        "SUN.holesdata", "LIBARCHIVE.symlinktype"})
    if (key == one) return true;
  return false;
}

}  // namespace

PaxRecords parse_pax(std::string_view body, bool global, std::string_view owner) {
  const auto refuse = [&](std::string_view rule, const std::string& what, Code code = Code::archive_header) {
    return refusal(code, rule, "the extended header of " + quoted(owner) + " " + what, owner);
  };
  PaxRecords records;
  std::vector<std::string_view> seen;
  while (!body.empty()) {
    const auto space = body.substr(0, 8).find(' ');
    const auto length = space == body.npos ? std::nullopt : parse_number(body.substr(0, space));
    if (!length || *length > body.size() || *length < space + 4 || body[*length - 1] != '\n')
      throw refuse("pax_record", "has a record whose length is wrong");
    const auto record = body.substr(space + 1, *length - space - 2);
    body.remove_prefix(*length);
    const auto equals = record.find('=');
    if (equals == record.npos || equals == 0) throw refuse("pax_record", "has a record without a key");
    const auto key = record.substr(0, equals), value = record.substr(equals + 1);
    if (!is_utf8(key) || has_control_characters(key))
      throw refuse("pax_key", "has the key " + quoted(key) + ", which is not text");
    if (std::find(seen.begin(), seen.end(), key) != seen.end())
      throw refuse("pax_duplicate_key", "has the key " + quoted(key) + " twice");
    if (seen.size() == 256) throw refuse("pax_record", "has more than 256 records");
    seen.push_back(key);

    if (global && key != "comment")
      throw refuse("pax_global_key",
                   "is global and has the key " + quoted(key) + "; only 'comment' is allowed there");
    if (key == "path") {
      records.path = value;
    } else if (key == "size") {
      records.size = parse_number(value);
      if (!records.size) throw refuse("pax_value", "has a size that is not a number");
    } else if (key == "mtime" || key == "atime" || key == "ctime") {
      if (!is_time(value)) throw refuse("pax_value", "has a time that is not a number");
    } else if (key == "uid" || key == "gid") {
      if (!is_owner(value)) throw refuse("pax_value", "has an owner's number that is not one");
    } else if (changes_the_entry(key)) {
      throw refuse("pax_vendor_key", "has the key " + quoted(key) + ", which changes what the entry is",
                   Code::archive_type);
    } else if (key != "uname" && key != "gname" && key != "comment" && !is_vendor_key(key)) {
      throw refuse("pax_key", "has the key " + quoted(key) + ", which is not allowed");
    }
  }
  return records;
}

}  // namespace wharf
