// SPDX-License-Identifier: MIT
// Package names: `[a-z0-9]` then `[a-z0-9._-]`, at most 64, ending in a letter or digit, no two separators in
// a row.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wharf {

inline constexpr std::size_t k_name_bytes = 64;

// Throws Error(name_invalid) with a sentence that says what is wrong with it.
void require_package_name(std::string_view name);
bool is_package_name(std::string_view name);

// What two names that a person would confuse have in common: separators left out, 0 as o, 1 and l as i.
// Two packages never share one.
std::string confusion_key(std::string_view name);

// Names that no package may take whatever the configuration says: route words and Windows device names.
bool is_always_reserved(std::string_view name);

// CON, NUL, COM1, … with or without an extension, in any case: no file may be called so.
bool is_windows_device_name(std::string_view name);

}  // namespace wharf
