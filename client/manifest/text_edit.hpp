// SPDX-License-Identifier: MIT
// The two forms' editors, behind edit.hpp: they find the place and change it, and check nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::client {

// What a dependency is to say: a requirement, a path, or both.
struct NewDependency {
  std::string name;
  std::string requirement;          // empty: none
  std::optional<std::string> path;  // as it is to be written
};

// `table` is a key of the root. Nothing where the dependency has a form that the editor cannot change.
std::optional<std::string> set_in_toml(std::string_view text, std::string_view table,
                                       const NewDependency& dependency);
std::string remove_from_toml(std::string_view text, std::string_view table, std::string_view name);

std::optional<std::string> set_in_json(std::string_view text, std::string_view table,
                                       const NewDependency& dependency);
std::string remove_from_json(std::string_view text, std::string_view table, std::string_view name);

}  // namespace wharf::client
