// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-package/workbench.hpp"

#include "admin-tools/common/database.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

Workbench::Workbench(const Arguments& arguments)
    : config(config_of(arguments)),
      database(admin::connection_settings(config, Config::Role::admin)),
      visibility(config.clerk.state, config.clerk.socket),
      wait(config.clerk.wait_ms) {}

int report(const Arguments& arguments, const Done& done) {
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("package", done.package);
    if (done.more) done.more(writer);
    writer.member("changed", done.changed).member("visible", done.visible).end_object();
    finish(writer);
    return 0;
  }
  if (!done.changed) {
    say(done.so_already + "; nothing was changed");
    return 0;
  }
  say(done.done);
  if (!done.visible)
    note(
        "the clerk has not shown it yet; what nginx serves follows when it runs (see `wharf-registry "
        "status`)");
  return 0;
}

std::string package_of(const Arguments& arguments) {
  return fold(arguments["PACKAGE"]);
}

std::string reason_of(const Origin& origin) {
  return origin.reason.value_or("");
}

}  // namespace wharf::admin
