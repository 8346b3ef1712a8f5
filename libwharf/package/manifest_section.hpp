// SPDX-License-Identifier: MIT
// One table of a manifest, read key by key: each reader checks type and limits, and its refusal names file
// and key.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/json/value.hpp"

namespace wharf {

class ManifestSection {
 public:
  // `path` is what stands before a key in messages: "" or "package.".
  ManifestSection(std::string_view file, std::string path, json::Value object)
      : file_(file), path_(std::move(path)), object_(object) {}

  std::string_view file() const { return file_; }
  json::Value at(std::string_view key) const;  // missing where it is null
  bool has(std::string_view key) const { return static_cast<bool>(at(key)); }

  // Throws Error(manifest_invalid): `'raven.toml': 'package.name' is missing`.
  [[noreturn]] void refuse(std::string_view key, std::string_view problem) const;

  // What `check` returns; what it throws becomes a refusal of the manifest at that key.
  template <class Check>
  auto refusing(std::string_view key, Check check) const {
    try {
      return check();
    } catch (const Error& error) {
      refuse(key, "is not valid: " + error.public_message());
    }
  }

  // Nothing where the key is missing, or its text empty.
  std::optional<std::string> text(std::string_view key, std::size_t most_bytes) const;
  std::string required_text(std::string_view key, std::size_t most_bytes) const;
  // As text(), of any length up to the limit, each run of line breaks and tabs made one space.
  std::optional<std::string> prose(std::string_view key, std::size_t most_bytes) const;
  std::optional<std::string> url(std::string_view key) const;
  std::optional<bool> boolean(std::string_view key) const;

  // The texts of an array; empty ones are left out. `most` is checked on the way.
  std::vector<std::string> texts(std::string_view key, std::size_t most, std::size_t most_bytes) const;
  // The same, folded, each once, with a limit in characters.
  std::vector<std::string> words(std::string_view key, std::size_t most, std::size_t most_characters) const;

  // The members of an object, in their order; nothing where the key is missing or null.
  void each_member(std::string_view key,
                   const std::function<void(std::string_view, json::Value)>& visit) const;
  // The table under a key, as a section; an empty one where it is missing.
  ManifestSection table(std::string_view key) const;

 private:
  std::string checked(std::string_view key, json::Value value, std::size_t most_bytes) const;
  void each_text(std::string_view key, const std::function<void(json::Value)>& visit) const;

  std::string_view file_;
  std::string path_;
  json::Value object_;
};

}  // namespace wharf
