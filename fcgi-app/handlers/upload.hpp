// SPDX-License-Identifier: MIT
// An archive on its way in, in whichever of the three forms it comes: as the body itself, as a part of a
// form, or as base64 inside of a JSON object. It goes to a staged file as it arrives; memory does not grow
// with it.
#pragma once

#include <optional>
#include <string>

#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/http/request.hpp"
#include "libwharf/json/value.hpp"
#include "registry/blobs/staging.hpp"
#include "registry/services/publishing.hpp"

namespace wharf::handlers {

struct Upload {
  StagedFile archive;  // finished
  std::optional<json::Document> metadata;
  Claimed claimed;  // looks into `metadata`
};

// PUT: the body is the archive.
Upload receive_raw(App& app, http::Request& request);
// POST: multipart/form-data with `tarball` or `archive`, and perhaps `metadata` or `manifest`; or JSON with
// `tarball`.
Upload receive_form_or_json(App& app, http::Request& request);

}  // namespace wharf::handlers
