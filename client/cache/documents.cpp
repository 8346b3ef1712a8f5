// SPDX-License-Identifier: MIT
#include "client/cache/documents.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "client/cache/files.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

namespace {

constexpr std::string_view k_ending = ".json";
constexpr std::size_t k_most_bytes = 80u << 20;

}  // namespace

Path DocumentCache::file_of(std::string_view name) const {
  return directory_ / (std::string(name) + std::string(k_ending));
}

std::optional<CachedDocumentFile> read_cached_document(const Path& file) {
  try {
    const auto content = read_file(file, k_most_bytes);
    if (!content) return std::nullopt;
    const std::size_t end = content->find('\n');
    if (end == content->npos) return std::nullopt;
    const json::Document head = json::parse(std::string_view(*content).substr(0, end));
    const std::string_view text = std::string_view(*content).substr(end + 1);
    const json::Value root = head.root();
    const auto registry = root["registry"].string(), name = root["name"].string();
    if (!registry || !name || root["sha256"].string() != to_hex(sha256(text))) return std::nullopt;
    return CachedDocumentFile{std::string(*registry),
                              std::string(*name),
                              {std::string(root["etag"].string().value_or("")), std::string(text)}};
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<CachedDocument> DocumentCache::find(std::string_view name) const {
  auto read = read_cached_document(file_of(name));
  if (!read || read->registry != base_ || read->name != name) return std::nullopt;
  return std::move(read->document);
}

void DocumentCache::keep(std::string_view name, const CachedDocument& document) const noexcept {
  try {
    json::Writer head;
    head.begin_object().member("registry", base_).member("name", name).member("etag", document.etag);
    head.member("sha256", to_hex(sha256(document.text))).end_object();
    put_in_cache(file_of(name), head.take() + "\n" + document.text);
  } catch (const std::exception&) {
  }
}

void DocumentCache::confirm(std::string_view name) const noexcept {
  try {
    (void)::utimensat(AT_FDCWD, file_of(name).c_str(), nullptr, 0);
  } catch (const std::exception&) {
  }
}

void DocumentCache::forget(std::string_view name) const noexcept {
  try {
    (void)::unlink(file_of(name).c_str());
  } catch (const std::exception&) {
  }
}

std::vector<std::string> DocumentCache::names() const {
  return documented_names(directory_);
}

}  // namespace wharf::client
