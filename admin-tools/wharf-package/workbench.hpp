// SPDX-License-Identifier: MIT
// What the commands work with: the database as its administrator, and the clerk that is to show what was
// changed.
#pragma once

#include <functional>
#include <string>

#include "admin-tools/common/operator.hpp"
#include "admin-tools/common/tool.hpp"
#include "libwharf/json/writer.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/store/connection.hpp"

namespace wharf::admin {

struct Workbench {
  explicit Workbench(const Arguments& arguments);

  Config config;
  store::Database database;
  VisibilityReader visibility;
  std::chrono::milliseconds wait;  // for the clerk
};

// What a change came to, for people or, with --json, as {package, …, changed, visible}.
struct Done {
  std::string package;
  std::string done;        // "quarantined 'kit'"
  std::string so_already;  // "'kit' is quarantined already, for that reason"
  bool changed = true;
  bool visible = true;
  std::function<void(json::Writer&)> more = {};  // members of its own
};
// The exit code, 0.
int report(const Arguments& arguments, const Done& done);

// The package that is meant: names are found whatever the case they are typed in. Empty where none was given.
std::string package_of(const Arguments& arguments);

// The reason that --reason gives, which is there.
std::string reason_of(const Origin& origin);

}  // namespace wharf::admin
