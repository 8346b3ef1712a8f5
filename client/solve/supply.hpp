// SPDX-License-Identifier: MIT
// Where the resolver's packages come from: those given by path have the one version that lies there, all
// others are the selected registry's. So a name never has two origins.
#pragma once

#include <map>

#include "client/registry/index.hpp"
#include "client/solve/asked.hpp"

namespace wharf::client {

class Supply : public resolver::Source {
 public:
  // What the packages in place need is among the root's wants already (Asked), so they need nothing here.
  Supply(Index& index, const std::vector<Project>& in_place);

  Answer package(std::string_view name) override;
  void soon(std::span<const std::string> names) override;
  std::vector<std::string> near(std::string_view name) override { return index_.near(name); }

  bool is_in_place(std::string_view name) const { return in_place_.contains(name); }

 private:
  Index& index_;
  std::map<std::string, std::vector<resolver::Candidate>, std::less<>> in_place_;
};

}  // namespace wharf::client
