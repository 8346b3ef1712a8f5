// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"

#include "libwharf/base/text.hpp"
#include "registry/store/audit.hpp"

namespace wharf::admin {

namespace {

constexpr std::size_t k_longest_reason = 500;

}  // namespace

Origin origin_of(const Arguments& arguments) {
  Origin origin;
  if (!arguments.has("--reason")) return origin;
  const std::string reason(trim(arguments.value("--reason")));
  if (reason.empty() || reason.size() > k_longest_reason || !is_utf8(reason) ||
      has_control_characters(reason))
    throw UsageError("'--reason' is " + wharf::quoted(reason) + "; expected one line of 1 to " +
                     std::to_string(k_longest_reason) + " bytes");
  origin.reason = reason;
  return origin;
}

void note_in_audit(store::Connection& connection, const std::string& action, const std::string& subject,
                   const std::string& detail, const Origin& origin, const Principal& who) {
  store::record_audit(
      connection, {action, who.username, subject, origin.address, origin.reason, origin.request_id, detail},
      now());
}

}  // namespace wharf::admin
