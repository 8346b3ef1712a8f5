// SPDX-License-Identifier: MIT
#include "tests/support/package_table.hpp"

#include <zlib.h>

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/handle.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::test {

namespace {

using resolver::Candidate;
using resolver::Want;

// One text of the graphs is no requirement: `^0-.11.0`. Whoever labelled them read it without what stands
// after '-'.
std::string readable(std::string_view requirement) {
  if (Requirement::from(requirement)) return std::string(requirement);
  return std::string(requirement.substr(0, requirement.find('-')));
}

void sort_versions(std::vector<Candidate>& candidates) {
  std::ranges::stable_sort(candidates,
                           [](const Candidate& a, const Candidate& b) { return a.version < b.version; });
}

bool truth(json::Value value) {
  return value.boolean().value_or(value.integer().value_or(0) != 0);
}

}  // namespace

std::vector<resolver::Want> wants_of(json::Value object) {
  std::vector<Want> wants;
  wants.reserve(object.size());
  object.each_member([&](std::string_view name, json::Value requirement) {
    // A root of the cases has several requirements of one name.
    if (requirement.is_array())
      requirement.each([&](json::Value one) {
        wants.push_back({std::string(name), readable(one.string().value()), {}, {}});
      });
    else
      wants.push_back({std::string(name), readable(requirement.string().value()), {}, {}});
  });
  return wants;
}

void each_gzip_line(const std::filesystem::path& file, const std::function<void(std::string_view)>& visit) {
  const Handle<gzFile_s, gzclose> stream(gzopen(file.c_str(), "rb"));
  if (!stream) throw system_error("opening", file.string());
  std::string text;
  std::vector<char> buffer(1 << 18);
  for (int got; (got = gzread(stream.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) != 0;) {
    if (got < 0) throw internal_error("'" + file.string() + "' is damaged");
    text.append(buffer.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != text.npos; begin = end + 1)
      visit(std::string_view(text).substr(begin, end - begin));
    text.erase(0, begin);
  }
  if (!text.empty()) visit(text);
}

PackageTable& PackageTable::add(const std::string& name, std::string_view version, const Wants& wants,
                                bool yanked) {
  Candidate candidate{parse_version(version), yanked, {}};
  for (const auto& [wanted, requirement] : wants) candidate.wants.push_back({wanted, requirement, {}, {}});
  auto& candidates = packages_[name];
  candidates.push_back(std::move(candidate));
  sort_versions(candidates);
  return *this;
}

PackageTable PackageTable::from_graph(const std::filesystem::path& file) {
  PackageTable table;
  each_gzip_line(file, [&](std::string_view line) {
    const json::Document document = json::parse(line);
    auto& candidates = table.packages_[std::string(document.root()["name"].string().value())];
    document.root()["versions"].each([&](json::Value version) {
      candidates.push_back(
          {parse_version(version["v"].string().value()), truth(version["y"]), wants_of(version["d"])});
    });
  });
  return table;
}

PackageTable PackageTable::from_index(json::Value index) {
  PackageTable table;
  index.each_member([&](std::string_view name, json::Value versions) {
    auto& candidates = table.packages_[std::string(name)];
    versions.each([&](json::Value version) {
      candidates.push_back({parse_version(version["version"].string().value()), truth(version["yanked"]),
                            wants_of(version["deps"])});
    });
    sort_versions(candidates);
  });
  return table;
}

resolver::Source::Answer PackageTable::package(std::string_view name) {
  asked.emplace_back(name);
  if (const auto absent = absent_.find(std::string(name)); absent != absent_.end())
    return {absent->second, nullptr};
  const auto found = packages_.find(std::string(name));
  if (found == packages_.end()) return {resolver::Absence::unknown, nullptr};
  return {resolver::Absence::present, &found->second};
}

void PackageTable::soon(std::span<const std::string> names) {
  foretold.emplace_back(names.begin(), names.end());
}

std::size_t PackageTable::versions() const {
  std::size_t count = 0;
  for (const auto& [name, candidates] : packages_) count += candidates.size();
  return count;
}

std::vector<GraphRoot> graph_roots(const std::filesystem::path& file) {
  std::vector<GraphRoot> roots;
  each_gzip_line(file, [&](std::string_view line) {
    const json::Document document = json::parse(line);
    roots.push_back({std::string(document.root()["id"].string().value()), wants_of(document.root()["root"]),
                     document.root()["sat"].boolean().value()});
  });
  return roots;
}

}  // namespace wharf::test
