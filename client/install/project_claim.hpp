// SPDX-License-Identifier: MIT
// Sole use of a project's directory while it is changed: of two programs one waits, and says so.
//
// A command takes one before it reads manifest and lock and keeps it until both and the packages are in
// place. It is a flock(2) of the directory, so it leaves no file behind and goes with the process. Claims of
// one process on one directory share one lock.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "libwharf/base/file.hpp"

namespace wharf::client {

class ProjectClaim {
 public:
  // `say` gets one sentence if there is somebody to wait for. Throws Error(internal_error) where the
  // directory cannot be opened; a file system that knows no locks is gone on with, and said.
  explicit ProjectClaim(const Path& directory, const std::function<void(const std::string&)>& say = {});

  // Without waiting: nothing where another program has it.
  static std::optional<ProjectClaim> if_free(const Path& directory);

 private:
  ProjectClaim() = default;
  std::shared_ptr<Fd> held_;
};

}  // namespace wharf::client
