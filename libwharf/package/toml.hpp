// SPDX-License-Identifier: MIT
// TOML 1.0 read strictly and handed on as JSON text, so that one reader serves manifests of both kinds.
//
// The same types come out, but: dates and times become text, and numbers that JSON cannot hold (whole ones
// outside of ±2^53, infinities, NaN) become null. Dotted keys of more than 16 parts and values nested deeper
// than 32 are refused, so that no document costs more stack than memory. Throws Error(manifest_invalid):
// `line 3: …`.
#pragma once

#include <string>
#include <string_view>

namespace wharf {

std::string toml_to_json(std::string_view text);

}  // namespace wharf
