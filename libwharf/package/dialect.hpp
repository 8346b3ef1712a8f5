// SPDX-License-Identifier: MIT
// The languages that Wharf speaks to. Manifests are written in one, and requests are answered in one.
#pragma once

#include <optional>
#include <string_view>

namespace wharf {

enum class Dialect { native, synapse, raven, vais };

// The lower-case word for it in paths, configuration and rows, and back; nothing for any other word.
std::string_view dialect_name(Dialect dialect);
std::optional<Dialect> dialect_from(std::string_view name);

}  // namespace wharf
