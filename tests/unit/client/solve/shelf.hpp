// SPDX-License-Identifier: MIT
// A few packages on a shelf, for tests: "fog 1.0.0: core ^1.0.0, horn *".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/base/text.hpp"
#include "libwharf/resolver/solver.hpp"

namespace wharf::client {

class Shelf : public resolver::Source {
 public:
  // In ascending order of versions; a yanked one begins with "!".
  explicit Shelf(std::initializer_list<std::string_view> lines) {
    for (auto line : lines) {
      resolver::Candidate candidate;
      candidate.yanked = line.starts_with('!');
      if (candidate.yanked) line.remove_prefix(1);
      const auto colon = line.find(':');
      const auto head = line.substr(0, colon);
      const auto space = head.find(' ');
      candidate.version = parse_version(head.substr(space + 1));
      if (colon != line.npos) candidate.wants = wants(line.substr(colon + 1));
      packages_[std::string(head.substr(0, space))].push_back(std::move(candidate));
    }
  }

  // "fog ^1.0.0, horn *"
  static std::vector<resolver::Want> wants(std::string_view text) {
    std::vector<resolver::Want> all;
    for (auto part : split(text, ',')) {
      part = trim(part);
      const auto space = part.find(' ');
      if (part.empty()) continue;
      resolver::Want want;
      want.name = part.substr(0, space);
      want.requirement = part.substr(space + 1);
      all.push_back(std::move(want));
    }
    return all;
  }

  Answer package(std::string_view name) override {
    const auto found = packages_.find(name);
    if (found == packages_.end()) return {resolver::Absence::unknown, nullptr};
    return {resolver::Absence::present, &found->second};
  }

 private:
  std::map<std::string, std::vector<resolver::Candidate>, std::less<>> packages_;
};

}  // namespace wharf::client
