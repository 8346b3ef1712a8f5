// SPDX-License-Identifier: MIT
// The commands of wharf-registry, one file each: what a command does stands beside its row.
#pragma once

#include "admin-tools/common/tool.hpp"

namespace wharf::admin {

Command init_command();
Command migrate_command();
Command nginx_config_command();
Command status_command();
Command rebuild_command();
Command gc_command();
Command config_command();
Command doctor_command();
Command audit_command();
Command import_synapse_command();
Command import_raven_command();
Command import_vais_command();

}  // namespace wharf::admin
