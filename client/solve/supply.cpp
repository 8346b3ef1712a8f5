// SPDX-License-Identifier: MIT
#include "client/solve/supply.hpp"

namespace wharf::client {

Supply::Supply(Index& index, const std::vector<Project>& in_place) : index_(index) {
  for (const auto& package : in_place)
    in_place_.emplace(package.name, std::vector{resolver::Candidate{version_of(package), false, {}}});
}

resolver::Source::Answer Supply::package(std::string_view name) {
  if (const auto found = in_place_.find(name); found != in_place_.end())
    return {resolver::Absence::present, &found->second};
  return index_.package(name);
}

void Supply::soon(std::span<const std::string> names) {
  if (in_place_.empty()) return index_.soon(names);
  std::vector<std::string> others;
  for (const auto& name : names)
    if (!is_in_place(name)) others.push_back(name);
  index_.soon(others);
}

}  // namespace wharf::client
