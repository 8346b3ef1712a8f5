// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"

#include "libwharf/base/text.hpp"
#include "registry/services/reason.hpp"
#include "registry/store/audit.hpp"

namespace wharf::admin {

Origin origin_of(const Arguments& arguments) {
  Origin origin;
  if (!arguments.has("--reason")) return origin;
  const std::string reason(trim(arguments.value("--reason")));
  if (!is_reason(reason))
    throw UsageError("'--reason' is " + wharf::quoted(reason) + "; expected one line of 1 to " +
                     std::to_string(k_reason_characters) + " characters");
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
