// SPDX-License-Identifier: MIT
#include "libwharf/archive/tar_header.hpp"

#include <algorithm>
#include <optional>

#include "libwharf/archive/refusal.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

namespace {

struct Field {
  std::size_t at, length;
  const char* name;
};
constexpr Field k_name{0, 100, "name"}, k_mode{100, 8, "mode"}, k_uid{108, 8, "uid"}, k_gid{116, 8, "gid"},
    k_size{124, 12, "size"}, k_mtime{136, 12, "mtime"}, k_checksum{148, 8, "checksum"},
    k_type{156, 1, "type"}, k_link{157, 100, "link name"}, k_magic{257, 8, "magic"},
    k_major{329, 8, "device major"}, k_minor{337, 8, "device minor"}, k_prefix{345, 155, "prefix"},
    k_rest{500, 12, "rest"};
// star and node-tar keep two times in the last 24 bytes of a prefix that leaves them free.
constexpr Field k_short_prefix{345, 131, "prefix"}, k_atime{476, 12, "atime"}, k_ctime{488, 12, "ctime"};

constexpr std::uint64_t k_largest_owner = UINT32_MAX, k_largest_time = 999'999'999'999;

enum class Form { v7, ustar, gnu };

class Reader {
 public:
  explicit Reader(std::string_view block) : block_(block), shown_(until_nul(of(k_name))) {}

  TarHeader read();

 private:
  std::string_view of(Field field) const { return block_.substr(field.at, field.length); }
  static std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }
  static bool is_zero(std::string_view bytes) { return bytes.find_first_not_of('\0') == bytes.npos; }

  Error refuse(std::string_view rule, const std::string& what) const {
    return refusal(Code::archive_header, rule, "the tar header of " + quoted(shown_) + " " + what, shown_);
  }

  void require_checksum() const;
  TarHeader::Type type() const;
  Form form() const;
  // The text of a field that ends at its first NUL, after which only NULs may follow.
  std::string_view text(Field field) const;
  // Nothing where the field is blank. GNU's base-256 form is allowed up to a value; 0: not at all.
  std::optional<std::uint64_t> number(Field field, std::uint64_t largest_base_256 = 0) const;
  std::uint64_t base_256(Field field, std::uint64_t largest) const;
  std::string_view prefix() const;

  std::string_view block_;
  std::string_view shown_;
};

void Reader::require_checksum() const {
  // The sum of all bytes as unsigned, the checksum's own counted as spaces.
  std::uint64_t sum = 8 * ' ';
  for (const char c : block_) sum += static_cast<unsigned char>(c);
  for (const char c : of(k_checksum)) sum -= static_cast<unsigned char>(c);
  if (number(k_checksum) != sum) throw refuse("checksum", "has a wrong checksum; the archive is damaged");
}

TarHeader::Type Reader::type() const {
  switch (block_[k_type.at]) {
    case '\0':
    case '0':
      return TarHeader::Type::file;
    case '5':
      return TarHeader::Type::directory;
    case 'x':
      return TarHeader::Type::pax;
    case 'g':
      return TarHeader::Type::pax_global;
    case 'L':
      return TarHeader::Type::long_name;
    default:
      break;
  }
  std::string kind;
  switch (block_[k_type.at]) {
    case '1':
      kind = "a hard link";
      break;
    case '2':
      kind = "a symbolic link";
      break;
    case '3':
    case '4':
      kind = "a device";
      break;
    case '6':
      kind = "a FIFO";
      break;
    case 'S':
      kind = "a sparse file";
      break;
    default:
      kind = "of the unknown type " + quoted(of(k_type));
  }
  throw refusal(
      Code::archive_type, "entry_type",
      "the entry " + quoted(shown_) + " is " + kind + "; a package holds regular files and directories only",
      shown_);
}

Form Reader::form() const {
  const auto magic = of(k_magic);
  if (magic == std::string_view("ustar\00000", 8)) return Form::ustar;
  if (magic == std::string_view("ustar  \0", 8)) return Form::gnu;
  if (is_zero(block_.substr(k_magic.at))) return Form::v7;
  throw refuse("magic", "has an unknown magic; write the archive as ustar, pax or GNU tar");
}

std::string_view Reader::text(Field field) const {
  const auto whole = of(field);
  const auto text = until_nul(whole);
  if (!is_zero(whole.substr(text.size())))
    throw refuse("text_field", std::string("has bytes after the end of its ") + field.name);
  return text;
}

std::uint64_t Reader::base_256(Field field, std::uint64_t largest) const {
  if (largest == 0) throw refuse("base_256", std::string("has a ") + field.name + " that is not octal");
  const auto bytes = of(field);
  if ((bytes[0] & '\x40') != 0) throw refuse("negative", std::string("has a negative ") + field.name);
  std::uint64_t value = static_cast<unsigned char>(bytes[0]) & 0x3f;
  for (const char c : bytes.substr(1)) {
    value = value << 8 | static_cast<unsigned char>(c);
    // Programs disagree about numbers that their types cannot hold: some stop there.
    if (value > largest) throw refuse("base_256", std::string("has a ") + field.name + " that is too large");
  }
  return value;
}

std::optional<std::uint64_t> Reader::number(Field field, std::uint64_t largest_base_256) const {
  auto digits = of(field);
  if ((digits[0] & '\x80') != 0) return base_256(field, largest_base_256);
  digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
  const auto end = std::min(digits.find_first_of(std::string_view(" \0", 2)), digits.size());
  if (digits.find_first_not_of(std::string_view(" \0", 2), end) != digits.npos)
    throw refuse("octal", std::string("has a ") + field.name + " that is not one octal number");
  digits = digits.substr(0, end);
  if (digits.empty()) return std::nullopt;
  if (digits[0] == '-') throw refuse("negative", std::string("has a negative ") + field.name);
  std::uint64_t value = 0;  // twelve octal digits at most: no overflow
  for (const char c : digits) {
    if (c < '0' || c > '7') throw refuse("octal", std::string("has a ") + field.name + " that is not octal");
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::string_view Reader::prefix() const {
  if (of(k_prefix)[k_short_prefix.length - 1] != '\0') return text(k_prefix);
  number(k_atime);
  number(k_ctime);
  return text(k_short_prefix);
}

TarHeader Reader::read() {
  require_checksum();
  TarHeader header;
  header.type = type();
  const Form written_as = form();
  header.name = text(k_name);
  header.executable = (number(k_mode).value_or(0) & 0100) != 0;
  number(k_uid, k_largest_owner);
  number(k_gid, k_largest_owner);
  number(k_mtime, k_largest_time);
  const auto size = number(k_size);
  if (!size) throw refuse("octal", "has no size");
  header.size = *size;
  if (!is_zero(of(k_link))) throw refuse("link_name", "names a link, but it is no link");
  if (written_as != Form::v7) {
    number(k_major);
    number(k_minor);
  }
  if (!is_zero(of(k_rest))) throw refuse("prefix_field", "has bytes after its last field");
  if (written_as == Form::ustar) {
    if (const auto directory = prefix(); !directory.empty())
      header.name = std::string(directory) + "/" + header.name;
  } else if (!is_zero(of(k_prefix))) {
    // Some programs take these bytes for a prefix, others for GNU's own fields.
    throw refuse("prefix_field", "has bytes where only a ustar header has a prefix");
  }
  if (header.type == TarHeader::Type::directory && header.size != 0)
    throw refuse("directory_size", "is a directory's, but has a size other than 0");
  return header;
}

}  // namespace

bool is_zero_block(std::string_view block) {
  return block.find_first_not_of('\0') == block.npos;
}

TarHeader parse_tar_header(std::string_view block) {
  return Reader(block).read();
}

}  // namespace wharf
