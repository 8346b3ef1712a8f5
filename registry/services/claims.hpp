// SPDX-License-Identifier: MIT
// What a publish request says beside its archive, held against the archive's manifest, which decides.
#pragma once

#include <string_view>

#include "libwharf/json/value.hpp"
#include "libwharf/package/manifest.hpp"
#include "registry/services/publishing.hpp"

namespace wharf {

// Throws Error(checksum_mismatch) where the bytes are others than the sender's; Error(bad_request) for what
// is no checksum.
void require_checksum(std::string_view claimed, std::string_view digest);

// Throws Error(name_invalid), Error(version_invalid) for claims that are not of the form, and
// Error(manifest_mismatch) where name or version differ from the manifest's.
void require_agreement(const Claimed& claimed, const Manifest& manifest);

// Descriptive fields of the request (description, license, homepage, repository, documentation, author,
// authors, keywords, categories) that the manifest lacks; nulls and empty texts say nothing, and dependencies
// are never taken. They are held to the manifest's own rules: Error(manifest_invalid).
void fill_from(Manifest& manifest, json::Value metadata);

}  // namespace wharf
