// SPDX-License-Identifier: MIT
// A small TOML file of settings, read strictly: every key that is there must be known and of its kind. Errors
// are Error(bad_request): `profile '/home/ada/….toml': 'lock.from' is not a key; did you mean 'lock.form'?`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::client {

class StrictTable {
 public:
  // `what` is how messages name the file: "profile 'raven'".
  StrictTable(std::string what, std::string_view toml);

  // By their dotted keys ("lock.form"); what is missing is nothing, what is of another kind an error.
  std::optional<std::string> text(const std::string& key);
  std::optional<bool> truth(const std::string& key);
  std::optional<std::int64_t> number(const std::string& key, std::int64_t least, std::int64_t most);
  std::optional<std::vector<std::string>> texts(const std::string& key);
  // All keys below a table, whose names are free: "registry" → {"raven": "https://…"}.
  std::map<std::string, std::string> texts_below(const std::string& table);
  // One of these words.
  std::optional<std::string> choice(const std::string& key, const std::vector<std::string_view>& words);

  // Throws where a key is left that nothing asked for.
  void finish() const;
  [[noreturn]] void refuse(const std::string& key, const std::string& why) const;

 private:
  struct Entry {
    std::string json;
    bool used = false;
  };
  Entry* find(const std::string& key);
  std::string what_;
  std::map<std::string, Entry> entries_;  // dotted key → its value as JSON; no tables
  std::vector<std::string> asked_;
};

}  // namespace wharf::client
