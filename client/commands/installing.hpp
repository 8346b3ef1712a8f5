// SPDX-License-Identifier: MIT
// What install, add, remove and update have in common: how they end, and what they say.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/solve/carry_out.hpp"
#include "client/solve/plan.hpp"
#include "client/solve/workplace.hpp"
#include "libwharf/command/command.hpp"

namespace wharf::client {

// Runs `work`; where no versions fit together, says why and how to go on, and returns k_no_solution.
int solving(const Session& session, const std::function<int()>& work);

// The requirement that is written for a package which was named without one: the caret of its newest version
// that is no prerelease; nothing where there is none.
std::optional<std::string> newest_requirement(Index& index, const std::string& name);

// One change of a project, from its wish to its end.
struct Undertaking {
  Asked asked;  // as it will be
  Wish wish = {};
  std::optional<std::string> manifest = {};  // the manifest's new text
  bool locked = false;                       // the lock must not change: else it fails with the difference
  bool dry_run = false;
  bool fresh = false;                 // resolve even where the lock satisfies what is asked
  std::shared_ptr<Index> index = {};  // one that was asked already; else a new one
};

// Resolves where that is needed, installs, reports.
int undertake(const Workplace& workplace, const Undertaking& undertaking);

// The options of those that resolve.
std::vector<command::OptionSpec> with_solving_options(std::vector<command::OptionSpec> own);
Wish wish_of(const command::Arguments& arguments);

}  // namespace wharf::client
