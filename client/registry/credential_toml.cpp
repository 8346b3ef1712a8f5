// SPDX-License-Identifier: MIT
// A table for each registry, changed line by line, so that comments, order and other keys stay.
#include <algorithm>

#include "client/registry/credential_forms.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/toml.hpp"

namespace wharf::client {

namespace {

// The base that a line opens the table of; empty for a table of something else; nothing for a line that opens
// none.
std::optional<std::string> table_of(const std::string& line) {
  if (!trim(line).starts_with('[')) return std::nullopt;
  std::string base;
  try {
    const json::Document document = json::parse(toml_to_json(line));
    document.root().each_member([&](std::string_view key, json::Value value) {
      if (value.is_object() && value.size() == 0) base = base_of(key).value_or("");
    });
  } catch (const Error&) {
    return std::nullopt;
  }
  return base;
}

std::string key_of(std::string_view line) {
  std::string key(trim(line.substr(0, line.find('='))));
  std::erase(key, '"');
  return line.find('=') == line.npos ? std::string() : key;
}

bool is_ours(std::string_view line) {
  const std::string key = key_of(line);
  return key == "token" || key == "username";
}

std::vector<std::string> lines_of(const Credential& credential) {
  std::vector<std::string> lines{"token = " + json::quote(credential.token)};
  if (!credential.username.empty()) lines.push_back("username = " + json::quote(credential.username));
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace

std::string change_toml(std::string_view text, std::string_view base, const Credential* credential) {
  std::vector<std::string> out, held;  // held: the table that is changed, its header first
  bool inside = false, written = false;
  const auto end_table = [&] {
    if (held.empty()) return;
    const bool keeps_more =
        std::any_of(held.begin() + 1, held.end(), [](const auto& line) { return !trim(line).empty(); });
    if (credential && !written) {
      const auto lines = lines_of(*credential);
      held.insert(held.begin() + 1, lines.begin(), lines.end());
      written = true;
    } else if (!keeps_more) {
      held.clear();
      while (!out.empty() && trim(out.back()).empty()) out.pop_back();
      if (!out.empty()) held.push_back("");
    }
    out.insert(out.end(), held.begin(), held.end());
    held.clear();
  };
  auto lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  for (const auto line : lines) {
    if (const auto opened = table_of(std::string(line))) {
      end_table();
      inside = *opened == base && !opened->empty();
      (inside ? held : out).emplace_back(line);
    } else if (!inside) {
      out.emplace_back(line);
    } else if (!is_ours(line)) {
      held.emplace_back(line);
    }
  }
  end_table();
  if (credential && !written) {
    if (!out.empty() && !trim(out.back()).empty()) out.emplace_back();
    out.push_back("[" + json::quote(base) + "]");
    for (auto& line : lines_of(*credential)) out.push_back(std::move(line));
  }
  while (!out.empty() && trim(out.back()).empty()) out.pop_back();
  return joined(out);
}

}  // namespace wharf::client
