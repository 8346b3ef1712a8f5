// SPDX-License-Identifier: MIT
#include "libwharf/package/dialect.hpp"

#include <array>

namespace wharf {

namespace {

constexpr std::array<std::string_view, 4> k_names = {"native", "synapse", "raven", "vais"};

}  // namespace

std::string_view dialect_name(Dialect dialect) {
  return k_names[static_cast<std::size_t>(dialect)];
}

std::optional<Dialect> dialect_from(std::string_view name) {
  for (std::size_t i = 0; i < k_names.size(); ++i)
    if (k_names[i] == name) return static_cast<Dialect>(i);
  return std::nullopt;
}

}  // namespace wharf
