// SPDX-License-Identifier: MIT
#include "client/registry/origin.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

namespace {

constexpr std::string_view k_file = "file://";

[[noreturn]] void refuse(std::string_view text) {
  // A password must not be repeated in a message.
  if (text.find('@') != text.npos)
    throw Error(Code::bad_request,
                "a registry's address holds no user name and no password; sign in with `wharf login` instead");
  throw Error(Code::bad_request,
              "the registry " + wharf::quoted(text) +
                  " is not understood; expected 'https://HOST', 'http://HOST:PORT' or 'file:///DIRECTORY'");
}

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::string decoded(std::string_view path, std::string_view whole) {
  std::string out;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '%') {
      out += path[at];
      continue;
    }
    const auto byte = from_hex(fold(path.substr(at + 1, 2)));
    if (!byte || byte->size() != 1 || *byte == std::string_view("\0", 1)) refuse(whole);
    out += *byte;
    at += 2;
  }
  return out;
}

}  // namespace

std::string registry_base(std::string_view text) {
  const std::string_view whole = text = trim(text);
  if (equal_folded(text.substr(0, k_file.size()), k_file)) {
    const Path directory = Path(decoded(text.substr(k_file.size()), whole)).lexically_normal();
    if (!directory.is_absolute()) refuse(whole);
    std::string path = directory.native();
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return std::string(k_file) + path;
  }
  const auto origin = origin_of(text);
  if (!origin || text.find_first_of("?#") != text.npos) refuse(whole);
  std::string_view path = text.substr(text.find("://") + 3);
  path.remove_prefix(std::min(path.find('/'), path.size()));
  for (const auto part : split(path, '/'))
    if (part == "." || part == "..") refuse(whole);
  while (drop_suffix(path, "/")) continue;
  if (drop_suffix(path, "/api/v1"))
    while (drop_suffix(path, "/")) continue;
  return origin->text() + std::string(path);
}

std::optional<Path> registry_directory(std::string_view base) {
  if (!base.starts_with(k_file)) return std::nullopt;
  return Path(base.substr(k_file.size()));
}

std::string registry_key(std::string_view base) {
  std::string name = "directory";
  if (const auto origin = origin_of(base)) {
    name = origin->host.substr(0, 100);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '[' || c == ']' || c == ':'; }, '_');
  }
  return name + "-" + to_hex(sha256(base)).substr(0, 16);
}

}  // namespace wharf::client
