// SPDX-License-Identifier: MIT
#include "registry/services/claims.hpp"

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/name.hpp"
#include "libwharf/package/version.hpp"

namespace wharf {

namespace {

[[noreturn]] void refuse_mismatch(std::string_view what, const std::string& claimed,
                                  const std::string& packed) {
  throw Error(Code::manifest_mismatch, "the request says " + std::string(what) + " " +
                                           wharf::quoted(claimed) + ", the archive's manifest says " +
                                           wharf::quoted(packed) + "; make the two agree")
      .with("field", std::string(what))
      .with("manifest", packed);
}

}  // namespace

void require_checksum(std::string_view claimed, std::string_view digest) {
  const std::string checksum = fold(claimed);
  const auto bytes = from_hex(checksum);
  if (!bytes || bytes->size() != 32)
    throw Error(Code::bad_request, "the checksum " + wharf::quoted(claimed) +
                                       " is not one; write the SHA-256 of the archive in 64 hex digits");
  if (checksum != digest)
    throw Error(Code::checksum_mismatch,
                "the archive that arrived is not the one that was sent: its SHA-256 is " +
                    std::string(digest) + "; please send it again")
        .with("checksum", std::string(digest));
}

void require_agreement(const Claimed& claimed, const Manifest& manifest) {
  if (claimed.name) require_package_name(*claimed.name);
  if (claimed.version) parse_publishable_version(*claimed.version);
  if (claimed.name && *claimed.name != manifest.name) refuse_mismatch("name", *claimed.name, manifest.name);
  if (claimed.version && *claimed.version != manifest.version)
    refuse_mismatch("version", *claimed.version, manifest.version);
}

void fill_from(Manifest& manifest, json::Value metadata) {
  if (!metadata.is_object()) return;
  json::Writer writer;
  writer.begin_object();
  writer.member("name", manifest.name).member("version", manifest.version);
  bool any = false;
  const auto take = [&](std::string_view key, bool lacking) {
    const auto value = metadata[key];
    if (!lacking || !value || value.is_null()) return;
    writer.key(key).value(value);
    any = true;
  };
  take("description", !manifest.description);
  take("license", !manifest.license);
  take("homepage", !manifest.homepage);
  take("repository", !manifest.repository);
  take("documentation", !manifest.documentation);
  take("author", manifest.authors.empty());
  take("authors", manifest.authors.empty());
  take("keywords", manifest.keywords.empty());
  take("categories", manifest.categories.empty());
  writer.end_object();
  if (!any) return;

  // One set of rules: what the request adds is read as a manifest of its own.
  constexpr std::string_view k_file = "wharf.json";
  Manifest added;
  try {
    added = parse_manifest(k_file, writer.text());
  } catch (const Error& error) {
    std::string sentence = error.public_message();
    if (const std::string file = wharf::quoted(k_file); sentence.starts_with(file))
      sentence.replace(0, file.size(), "the request");
    throw Error(error.code(), sentence, error.detail());
  }
  const auto fill = [](auto& place, auto& from) {
    if (!place) place = std::move(from);
  };
  fill(manifest.description, added.description);
  fill(manifest.license, added.license);
  fill(manifest.homepage, added.homepage);
  fill(manifest.repository, added.repository);
  fill(manifest.documentation, added.documentation);
  if (manifest.authors.empty()) manifest.authors = std::move(added.authors);
  if (manifest.keywords.empty()) manifest.keywords = std::move(added.keywords);
  if (manifest.categories.empty()) manifest.categories = std::move(added.categories);
}

}  // namespace wharf
