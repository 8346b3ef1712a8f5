// SPDX-License-Identifier: MIT
// Stands between a client and the database server's socket, and cuts the connection at a COMMIT: before the
// server gets it, or after the server has answered. The client sees the same both times: silence.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "libwharf/base/file.hpp"
#include "registry/store/connection.hpp"
#include "tests/support/scratch_directory.hpp"

namespace wharf::test {

class DatabaseProxy {
 public:
  enum class Cut { never, before_commit, after_commit };
  explicit DatabaseProxy(const store::ConnectionSettings& server);
  ~DatabaseProxy();
  store::ConnectionSettings settings() const;
  // The next COMMIT is cut, and only that one.
  void cut_next(Cut cut) { cut_ = cut; }
  int cuts() const { return cuts_; }

 private:
  void accept_all();
  void forward(Fd client);
  store::ConnectionSettings server_;
  ScratchDirectory directory_;
  Fd listening_;
  std::atomic<Cut> cut_ = Cut::never;
  std::atomic<int> cuts_ = 0;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace wharf::test
