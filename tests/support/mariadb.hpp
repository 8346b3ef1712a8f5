// SPDX-License-Identifier: MIT
// A real database server for tests: a private MariaDB in a directory of its own, started once per process,
// ended and removed with it; or the server that WHARF_TEST_DB names (`user:password@host:port` or
// `user:password@/socket/path`).
#pragma once

#include <string>

#include "registry/store/connection.hpp"

namespace wharf::test {

// The server of this process. `kill` and `start` are for tests that take it away (not with WHARF_TEST_DB).
class Server {
 public:
  static Server& instance();
  store::ConnectionSettings settings(const std::string& database) const;
  bool is_ours() const { return pid_ != 0; }
  void kill_hard();
  void start();
  ~Server();

 private:
  Server();
  std::string directory_;
  store::ConnectionSettings base_;
  int pid_ = 0;
};

// An empty database with the schema, dropped with the object.
class ScratchDatabase {
 public:
  ScratchDatabase();
  ~ScratchDatabase();
  const store::ConnectionSettings& settings() const { return settings_; }

 private:
  store::ConnectionSettings settings_;
};

}  // namespace wharf::test
