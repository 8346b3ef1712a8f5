// SPDX-License-Identifier: MIT
// What a new lock changes of the old one, and why, for people.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/lock/lock.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/resolver/solver.hpp"

namespace wharf::client {

struct Change {
  std::string name;
  std::optional<Version> from, to;  // nothing: it was, or is now, not there
  std::string why;                  // "tide-core 2.0.0 wants ^3.1.0"
};

// `freed`: what the user wanted to be moved; `yanked`: packages of which the version before was yanked. Sorted
// by name.
std::vector<Change> changes_between(const Lock& before, const Lock& after,
                                    const std::vector<resolver::Want>& wants,
                                    const std::set<std::string>& freed,
                                    const std::set<std::string>& yanked = {});

// "fog 1.2.0 -> 1.3.0 (wharf.toml wants ^1.3)"
std::string shown(const Change& change);
void write_changes(json::Writer& writer, const std::vector<Change>& changes);

}  // namespace wharf::client
