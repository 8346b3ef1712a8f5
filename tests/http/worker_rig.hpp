// SPDX-License-Identifier: MIT
// A whole worker in this process: an empty database, directories of its own, the services and the table of
// routes.
#pragma once

#include "fcgi-app/handlers/authentication.hpp"
#include "fcgi-app/handlers/routes.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/scratch_directory.hpp"

namespace wharf::test {

class WorkerRig {
 public:
  explicit WorkerRig(Settings overrides = {})
      : config_(config_for(scratch_.settings(), directory_.path(), std::move(overrides))),
        services_(config_),
        app_(config_, services_),
        application_(handlers::routes(), app_, handlers::authenticate),
        sql_(scratch_.settings()) {}

  http::Response answer(http::Request& request) { return application_(request); }
  store::Connection& sql() { return sql_; }
  GoldenWorld world() {
    return {[this](http::Request& request) { return answer(request); },
            [this](const std::string& text) { sql_.run_text(text); }};
  }

 private:
  static Config config_for(const store::ConnectionSettings& database, const Path& root, Settings overrides) {
    overrides["database.socket"] = database.socket;
    overrides["database.host"] = database.host.empty() ? "127.0.0.1" : database.host;
    overrides["database.port"] = std::to_string(database.port);
    overrides["database.name"] = database.database;
    overrides["database.user"] = database.user;
    overrides["database.password"] = database.password;
    overrides["database.allow_unsafe_durability"] = "on";
    overrides["storage.root"] = root;
    // What is left of a quota changes with every second.
    overrides.emplace("limits.preset", "off");
    for (const char* folder : {"blobs", "staging", "run"}) std::filesystem::create_directory(root / folder);
    return load_config({}, {}, overrides);
  }

  ScratchDatabase scratch_;
  ScratchDirectory directory_;
  Config config_;
  Services services_;
  handlers::App app_;
  http::Application<handlers::App> application_;
  store::Connection sql_;
};

}  // namespace wharf::test
