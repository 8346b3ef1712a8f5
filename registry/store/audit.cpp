// SPDX-License-Identifier: MIT
#include "registry/store/audit.hpp"

#include "libwharf/base/text.hpp"

namespace wharf::store {

namespace {

// At most `characters`, as the columns count them; what is not UTF-8 is left out.
std::optional<std::string> cut(const std::optional<std::string>& text, std::size_t characters) {
  if (!text) return text;
  std::size_t end = 0;
  for (std::size_t begun = 0; end < text->size(); ++end)
    if ((static_cast<unsigned char>((*text)[end]) & 0xc0) != 0x80 && ++begun > characters) break;
  auto kept = text->substr(0, end);
  return is_utf8(kept) ? std::optional(std::move(kept)) : std::nullopt;
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
