// SPDX-License-Identifier: MIT
// Packages in memory for the resolver's tests and benchmarks: made by hand, or read from the shared test
// data.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "libwharf/json/value.hpp"
#include "libwharf/resolver/source.hpp"

namespace wharf::test {

class PackageTable : public resolver::Source {
 public:
  using Wants = std::vector<std::pair<std::string, std::string>>;  // name, requirement

  // Versions may be added in any order, but before the first question.
  PackageTable& add(const std::string& name, std::string_view version, const Wants& wants = {},
                    bool yanked = false);
  void set_absent(const std::string& name, resolver::Absence absence) { absent_[name] = absence; }
  // A line a package: graphs/*.jsonl.gz of the shared test data.
  static PackageTable from_graph(const std::filesystem::path& file);
  // {package: [{version, deps, yanked}]}: the index of a case.
  static PackageTable from_index(json::Value index);

  Answer package(std::string_view name) override;
  void soon(std::span<const std::string> names) override;

  std::size_t versions() const;
  const std::unordered_map<std::string, std::vector<resolver::Candidate>>& all() const { return packages_; }

  std::vector<std::string> asked;                  // in order
  std::vector<std::vector<std::string>> foretold;  // each call of soon()

 private:
  std::unordered_map<std::string, std::vector<resolver::Candidate>> packages_;
  std::map<std::string, resolver::Absence> absent_;
};

// {package: requirement or [requirement]}.
std::vector<resolver::Want> wants_of(json::Value object);

// A root of graphs/*.expect.jsonl.gz.
struct GraphRoot {
  std::string id;
  std::vector<resolver::Want> wants;
  bool solvable;
};
std::vector<GraphRoot> graph_roots(const std::filesystem::path& file);

void each_gzip_line(const std::filesystem::path& file, const std::function<void(std::string_view)>& visit);

}  // namespace wharf::test
