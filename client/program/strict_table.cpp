// SPDX-License-Identifier: MIT
#include "client/program/strict_table.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/package/toml.hpp"

namespace wharf::client {

namespace {

std::string listed(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto word : words)
    text.append(text.empty() ? "" : word == words.back() ? " or " : ", ").append(wharf::quoted(word));
  return text;
}

}  // namespace

StrictTable::StrictTable(std::string what, std::string_view toml) : what_(std::move(what)) {
  const auto document = [&] {
    try {
      return json::parse(toml_to_json(toml));
    } catch (const Error& error) {
      throw Error(Code::bad_request, what_ + ": " + error.public_message());
    }
  }();
  const auto flatten = [&](auto& self, json::Value table, const std::string& before) -> void {
    table.each_member([&](std::string_view key, json::Value value) {
      const std::string whole = before + std::string(key);
      if (value.is_object())
        self(self, value, whole + ".");
      else
        entries_[whole] = {json::canonical(value)};
    });
  };
  flatten(flatten, document.root(), "");
}

StrictTable::Entry* StrictTable::find(const std::string& key) {
  asked_.push_back(key);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  found->second.used = true;
  return &found->second;
}

void StrictTable::refuse(const std::string& key, const std::string& why) const {
  throw Error(Code::bad_request, what_ + ": " + wharf::quoted(key) + " " + why);
}

std::optional<std::string> StrictTable::text(const std::string& key) {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  const auto document = json::parse(entry->json);
  const auto text = document.root().string();
  if (!text) refuse(key, "is " + entry->json + "; expected a text in quotes");
  if (has_control_characters(*text)) refuse(key, "holds control characters; expected one line of text");
  return std::string(*text);
}

std::optional<bool> StrictTable::truth(const std::string& key) {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  const auto value = json::parse(entry->json).root().boolean();
  if (!value) refuse(key, "is " + entry->json + "; expected true or false");
  return value;
}

std::optional<std::int64_t> StrictTable::number(const std::string& key, std::int64_t least,
                                                std::int64_t most) {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  const auto value = json::parse(entry->json).root().integer();
  if (!value || *value < least || *value > most)
    refuse(key, "is " + entry->json + "; expected a whole number from " + std::to_string(least) + " to " +
                    std::to_string(most));
  return value;
}

std::optional<std::vector<std::string>> StrictTable::texts(const std::string& key) {
  const auto* entry = find(key);
  if (!entry) return std::nullopt;
  const auto document = json::parse(entry->json);
  if (!document.root().is_array())
    refuse(key, "is " + entry->json + "; expected a list of texts in brackets");
  std::vector<std::string> texts;
  document.root().each([&](json::Value value) {
    const auto text = value.string();
    if (!text || text->empty() || has_control_characters(*text))
      refuse(key, "is " + entry->json + "; expected a list of texts in brackets");
    texts.emplace_back(*text);
  });
  return texts;
}

std::map<std::string, std::string> StrictTable::texts_below(const std::string& table) {
  std::map<std::string, std::string> found;
  const std::string before = table + ".";
  for (const auto& [key, entry] : entries_)
    if (key.starts_with(before)) found[key.substr(before.size())];
  for (auto& [name, value] : found) value = *text(before + name);
  return found;
}

std::optional<std::string> StrictTable::choice(const std::string& key,
                                               const std::vector<std::string_view>& words) {
  const auto word = text(key);
  if (word && std::ranges::find(words, *word) == words.end()) {
    const auto near = nearest(*word, words);
    refuse(key, "is " + wharf::quoted(*word) + "; expected " + listed(words) +
                    (near.empty() ? "" : "; did you mean " + wharf::quoted(near) + "?"));
  }
  return word;
}

void StrictTable::finish() const {
  for (const auto& [key, entry] : entries_) {
    if (entry.used) continue;
    const std::vector<std::string_view> known(asked_.begin(), asked_.end());
    const auto near = nearest(key, known);
    refuse(key, near.empty() ? "is not a key; take it out"
                             : "is not a key; did you mean " + wharf::quoted(near) + "?");
  }
}

}  // namespace wharf::client
