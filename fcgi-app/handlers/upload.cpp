// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/upload.hpp"

#include <string_view>

#include "fcgi-app/http/multipart.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/base64.hpp"
#include "libwharf/json/stream.hpp"

namespace wharf::handlers {

namespace {

constexpr std::size_t k_most_metadata = 1u << 20;  // a manifest and, from some clients, the README in it

StagedFile stage(const App& app) {
  const auto limit = std::uint64_t{static_cast<unsigned>(app.config.publish.max_archive_mib)} << 20;
  return StagedFile(app.config.storage.staging, limit);
}

std::optional<std::string> claimed_text(json::Value metadata, std::string_view key) {
  const auto value = metadata[key];
  if (!value || value.is_null()) return std::nullopt;
  const auto text = value.string();
  if (!text) throw Error(Code::bad_request, "'" + std::string(key) + "' must be text");
  return std::string(*text);
}

Claimed claims_of(const http::Request& request, json::Value metadata) {
  Claimed claimed;
  claimed.name = claimed_text(metadata, "name");
  claimed.version = claimed_text(metadata, "version");
  if (const auto header = request.header("X-Checksum-SHA256")) {
    claimed.checksum = std::string(*header);
  } else {
    claimed.checksum = claimed_text(metadata, "checksum");
  }
  if (claimed.checksum && claimed.checksum->starts_with("sha256:")) claimed.checksum->erase(0, 7);
  claimed.metadata = metadata;
  return claimed;
}

Upload upload_of(const http::Request& request, StagedFile&& archive,
                 std::optional<json::Document>&& metadata) {
  if (archive.size() == 0) throw Error(Code::bad_request, "the archive is empty; send a package as .tar.gz");
  archive.finish();
  Upload upload{std::move(archive), std::move(metadata), {}};
  upload.claimed = claims_of(request, upload.metadata ? upload.metadata->root() : json::Value());
  return upload;
}

Upload receive_form(App& app, http::Request& request) {
  StagedFile archive = stage(app);
  bool found = false;
  const auto form = http::read_form(
      request,
      [&](const http::Part& part) -> http::MultipartParser::Sink {
        if (part.name != "tarball" && part.name != "archive") return {};
        if (found)
          throw Error(Code::bad_request, "the form holds both 'tarball' and 'archive'; send one archive");
        found = true;
        return [&](std::string_view piece) { archive.write(piece); };
      },
      k_most_metadata);
  if (!found)
    throw Error(Code::bad_request,
                "the form has no part 'tarball' or 'archive'; send the archive as one of them");
  const std::string* text = form.field("metadata");
  const std::string* other = form.field("manifest");
  if (text && other)
    throw Error(Code::bad_request, "the form holds both 'metadata' and 'manifest'; send one of them");
  if (!text) text = other;
  std::optional<json::Document> metadata;
  if (text) {
    metadata = json::parse(*text);
    if (!metadata->root().is_object()) throw Error(Code::bad_request, "the metadata must be a JSON object");
  }
  return upload_of(request, std::move(archive), std::move(metadata));
}

Upload receive_json(App& app, http::Request& request) {
  StagedFile archive = stage(app);
  const auto refuse = [] {
    throw Error(Code::bad_request, "'tarball' is not base64 (RFC 4648, padded, without line breaks)");
  };
  Base64Decoder decoder([&](std::string_view bytes) { archive.write(bytes); });
  json::FieldExtractor extractor(
      "tarball",
      [&](std::string_view piece) {
        if (!decoder.feed(piece)) refuse();
      },
      k_most_metadata);
  request.body().each_piece([&](std::string_view piece) { extractor.feed(piece); });
  std::optional<json::Document> metadata = extractor.finish();
  if (!extractor.found())
    throw Error(Code::bad_request, "'tarball' is missing; send the archive in it, as base64 text");
  if (!decoder.finish()) refuse();
  return upload_of(request, std::move(archive), std::move(metadata));
}

}  // namespace

Upload receive_raw(App& app, http::Request& request) {
  if (request.is_multipart() || request.is_json())
    throw Error(
        Code::unsupported_media_type,
        "this call takes the archive itself as 'application/gzip'; POST /packages takes forms and JSON");
  StagedFile archive = stage(app);
  request.body().each_piece([&](std::string_view piece) { archive.write(piece); });
  return upload_of(request, std::move(archive), std::nullopt);
}

Upload receive_form_or_json(App& app, http::Request& request) {
  if (request.is_multipart()) return receive_form(app, request);
  if (request.is_json()) return receive_json(app, request);
  throw Error(Code::unsupported_media_type,
              "expected 'multipart/form-data' or 'application/json'; PUT /packages/{name}/{version} takes "
              "the archive itself");
}

}  // namespace wharf::handlers
