// SPDX-License-Identifier: MIT
// The operator as a caller of the services: who (operator_principal(), the operating system's user) and why.
#pragma once

#include "admin-tools/common/tool.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"

namespace wharf::admin {

// What goes into the audit log with the change: --reason. Throws UsageError where that is empty, longer than
// k_reason_characters, or not plain text.
Origin origin_of(const Arguments& arguments);

// The audit row of a command that no service stands behind, because it changes the installation rather than
// what is registered. Within the caller's transaction where there is one.
void note_in_audit(store::Connection& connection, const std::string& action, const std::string& subject,
                   const std::string& detail, const Origin& origin,
                   const Principal& who = operator_principal());

}  // namespace wharf::admin
