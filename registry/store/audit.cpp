// SPDX-License-Identifier: MIT
#include "registry/store/audit.hpp"

#include "libwharf/base/text.hpp"

namespace wharf::store {

namespace {

// At most `bytes`, ending at a whole character; what is not UTF-8 is left out.
std::optional<std::string> cut(const std::optional<std::string>& text, std::size_t bytes) {
  if (!text || text->size() <= bytes) return text && !is_utf8(*text) ? std::nullopt : text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xc0) == 0x80) --end;
  return cut(text->substr(0, end), bytes);
}

std::optional<std::string> ascii(const std::string& text, std::size_t bytes) {
  if (text.empty()) return std::nullopt;
  std::string plain;
  for (const char c : text.substr(0, bytes)) plain += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return plain;
}

}  // namespace

void record_audit(Connection& connection, const AuditEntry& entry, Time at) {
  connection.execute(
      "INSERT INTO audit (at, action, actor, subject, address, reason, request_id, detail)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      at, entry.action, cut(entry.actor, 64), cut(entry.subject, 255), ascii(entry.address, 45),
      cut(entry.reason, 500), ascii(entry.request_id, 64), cut(entry.detail, 500));
}

}  // namespace wharf::store
