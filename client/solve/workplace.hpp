// SPDX-License-Identifier: MIT
// Where a command works: the project with its manifest and lock, or, without a manifest, a directory with a
// lock alone, whose packages were named one by one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/install/project_claim.hpp"
#include "client/lock/lock.hpp"
#include "client/manifest/project.hpp"
#include "client/program/session.hpp"
#include "client/solve/asked.hpp"

namespace wharf::client {

struct Workplace {
  enum class Use { read, change };

  // What a killed command left half done is ended first. To change, the directory is claimed for as long as
  // this lives. `global`: the user's own packages instead of a project's.
  Workplace(Session session, Use use, bool global = false);

  Session session;
  std::optional<ProjectClaim> claim;
  bool has_manifest = false;
  // Without a manifest: of no name, with what was once named, as the lock shows it, for its dependencies.
  Project project;
  Path lock_file;
  std::string lock_text;  // as it lies there
  std::optional<Lock> lock;

  const Path& root() const { return project.root; }
  Lock lock_or_empty() const { return lock.value_or(Lock{}); }

  // Throws Error(not_found) that says how to come by one.
  void require_manifest() const;
  void require_lock() const;
  // A name has one registry, which the lock says: throws Error(conflict) where another one is selected.
  void require_same_registry() const;

  // Empty: what is locked is what is asked for, all of it, and with all that installing needs.
  std::vector<std::string> differences_from_lock(const Asked& asked) const;

 private:
  void require_one_manifest() const;
};

}  // namespace wharf::client
