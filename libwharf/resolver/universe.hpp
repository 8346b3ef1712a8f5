// SPDX-License-Identifier: MIT
// All that a resolver has learnt of packages: names as small numbers, the versions of a package as bits, what
// a requirement matches as a set of bits, worked out once for each (package, text), and the dependencies of
// all versions with those that are equal put together.
//
// A package is asked of the Source when it is first needed, and stays. So a universe is good for any number
// of solves, one at a time (it also keeps their working memory), and grows dear to throw away. The source
// must outlive it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "libwharf/resolver/source.hpp"
#include "libwharf/resolver/version_set.hpp"

namespace wharf::resolver {

// The number of a package in one universe. It depends on what was asked before: never sort by it.
using PackageId = std::uint32_t;

struct Tables;

class Universe {
 public:
  explicit Universe(Source& source);
  ~Universe();
  Universe(const Universe&) = delete;
  Universe& operator=(const Universe&) = delete;

  // The number of a name; loads nothing.
  PackageId intern(std::string_view name);
  std::optional<PackageId> find(std::string_view name) const;
  const std::string& name(PackageId package) const;

  // Asks the source, if that has not been done.
  void load(PackageId package);
  bool is_loaded(PackageId package) const;
  // Of loaded packages; version i of every VersionSet is candidates()[i], ascending.
  Absence absence(PackageId package) const;
  std::span<const Candidate> candidates(PackageId package) const;
  VersionSet not_yanked(PackageId package) const;
  // What a requirement matches, yanked versions included; loads the package. A text that is no requirement
  // matches nothing.
  VersionSet matching(PackageId package, std::string_view requirement);

  Source& source() noexcept;
  // Bytes of its own, without the source's documents; packages and versions loaded.
  struct Size {
    std::size_t bytes, packages, versions, dependencies, merged_dependencies, requirements;
  };
  Size size() const;

  Tables& tables() noexcept { return *tables_; }  // for the solver

 private:
  std::unique_ptr<Tables> tables_;
};

}  // namespace wharf::resolver
