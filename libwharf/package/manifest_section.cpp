// SPDX-License-Identifier: MIT
#include "libwharf/package/manifest_section.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf {

namespace {

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string one_line(std::string_view text) {
  std::string out;
  bool pending = false;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t') {
      pending = true;
      continue;
    }
    if (pending && !out.empty() && out.back() != ' ' && c != ' ') out += ' ';
    pending = false;
    out += c;
  }
  return std::string(trim(out));
}

bool is_web_address(std::string_view text) {
  const std::string folded = fold(text);
  std::string_view rest = folded;
  if (rest.starts_with("https://"))
    rest.remove_prefix(8);
  else if (rest.starts_with("http://"))
    rest.remove_prefix(7);
  else
    return false;
  constexpr std::string_view k_not_in_urls = "\"<>\\^`{|}";
  const bool plain = std::all_of(rest.begin(), rest.end(), [&](char c) {
    return c > 0x20 && c < 0x7f && k_not_in_urls.find(c) == k_not_in_urls.npos;
  });
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  return plain && !host.empty() && host[0] != ':';
}

}  // namespace

json::Value ManifestSection::at(std::string_view key) const {
  const json::Value value = object_[key];
  return value.is_null() ? json::Value() : value;
}

void ManifestSection::refuse(std::string_view key, std::string_view problem) const {
  const std::string path = path_ + std::string(key);
  throw Error(Code::manifest_invalid, quoted(file_) + ": " + quoted(path) + " " + std::string(problem))
      .with("key", path);
}

std::string ManifestSection::checked(std::string_view key, json::Value value, std::size_t most_bytes) const {
  const auto text = value.string();
  if (!text) refuse(key, "must be text");
  if (text->size() > most_bytes) refuse(key, "is longer than " + std::to_string(most_bytes) + " bytes");
  if (has_control_characters(*text)) refuse(key, "has control characters; leave them out");
  return std::string(trim(*text));
}

std::optional<std::string> ManifestSection::text(std::string_view key, std::size_t most_bytes) const {
  const json::Value value = at(key);
  if (!value) return std::nullopt;
  auto text = checked(key, value, most_bytes);
  if (text.empty()) return std::nullopt;
  return text;
}

std::string ManifestSection::required_text(std::string_view key, std::size_t most_bytes) const {
  if (!has(key)) refuse(key, "is missing; it must be text");
  auto found = text(key, most_bytes);
  if (!found) refuse(key, "is empty");
  if (found->size() != at(key).string()->size()) refuse(key, "begins or ends with a space; leave it out");
  return std::move(*found);
}

std::optional<std::string> ManifestSection::prose(std::string_view key, std::size_t most_bytes) const {
  const json::Value value = at(key);
  if (!value) return std::nullopt;
  const auto text = value.string();
  if (!text) refuse(key, "must be text");
  if (text->size() > most_bytes) refuse(key, "is longer than " + std::to_string(most_bytes) + " bytes");
  std::string line = one_line(*text);
  if (has_control_characters(line)) refuse(key, "has control characters; leave them out");
  if (line.empty()) return std::nullopt;
  return line;
}

std::optional<std::string> ManifestSection::url(std::string_view key) const {
  auto found = text(key, ManifestLimits::url);
  if (found && !is_web_address(*found))
    refuse(key, "is " + quoted(*found) +
                    "; expected a URL that begins with 'https://' or 'http://', in ASCII without spaces");
  return found;
}

std::optional<bool> ManifestSection::boolean(std::string_view key) const {
  const json::Value value = at(key);
  if (!value) return std::nullopt;
  if (!value.boolean()) refuse(key, "must be true or false");
  return value.boolean();
}

void ManifestSection::each_text(std::string_view key, const std::function<void(json::Value)>& visit) const {
  const json::Value value = at(key);
  if (value && !value.is_array()) refuse(key, "must be an array of texts");
  value.each([&](json::Value element) {
    if (!element.is_string()) refuse(key, "must be an array of texts");
    visit(element);
  });
}

std::vector<std::string> ManifestSection::texts(std::string_view key, std::size_t most,
                                                std::size_t most_bytes) const {
  std::vector<std::string> out;
  each_text(key, [&](json::Value element) {
    auto text = checked(key, element, most_bytes);
    if (text.empty()) return;
    if (out.size() == most) refuse(key, "has more than " + std::to_string(most) + " entries");
    out.push_back(std::move(text));
  });
  return out;
}

std::vector<std::string> ManifestSection::words(std::string_view key, std::size_t most,
                                                std::size_t most_characters) const {
  std::vector<std::string> out;
  each_text(key, [&](json::Value element) {
    const std::string word = fold(checked(key, element, most_characters * 4));
    if (characters(word) > most_characters)
      refuse(key, "has " + quoted(word) + ", which is longer than " + std::to_string(most_characters) +
                      " characters");
    if (word.empty() || std::find(out.begin(), out.end(), word) != out.end()) return;
    if (out.size() == most) refuse(key, "has more than " + std::to_string(most) + " entries");
    out.push_back(word);
  });
  return out;
}

void ManifestSection::each_member(std::string_view key,
                                  const std::function<void(std::string_view, json::Value)>& visit) const {
  const json::Value value = at(key);
  if (value && !value.is_object()) refuse(key, "must be a table");
  value.each_member(visit);
}

ManifestSection ManifestSection::table(std::string_view key) const {
  const json::Value value = at(key);
  if (value && !value.is_object()) refuse(key, "must be a table");
  return {file_, path_ + std::string(key) + ".", value};
}

}  // namespace wharf
