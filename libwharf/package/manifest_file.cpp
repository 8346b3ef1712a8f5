// SPDX-License-Identifier: MIT
#include "libwharf/package/manifest_file.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/manifest.hpp"
#include "libwharf/package/toml.hpp"

namespace wharf {

namespace {

struct File {
  std::string_view name;
  Dialect dialect;
  bool toml;
};
constexpr std::array<File, 5> k_files = {{{"synapse.json", Dialect::synapse, false},
                                          {"raven.toml", Dialect::raven, true},
                                          {"vais.toml", Dialect::vais, true},
                                          {"wharf.toml", Dialect::native, true},
                                          {"wharf.json", Dialect::native, false}}};

}  // namespace

std::optional<ManifestForm> manifest_form(std::string_view file_name) {
  const auto* const found =
      std::find_if(k_files.begin(), k_files.end(), [&](const File& file) { return file.name == file_name; });
  if (found == k_files.end()) return std::nullopt;
  return ManifestForm{found->dialect, bare_meaning(found->dialect), found->toml};
}

json::Document read_manifest_document(std::string_view file_name, bool toml, std::string_view text) {
  const auto refuse = [&](const std::string& problem) {
    throw Error(Code::manifest_invalid, quoted(file_name) + problem);
  };
  if (text.size() > ManifestLimits::text)
    refuse(" is larger than " + std::to_string(ManifestLimits::text >> 10) + " KiB");
  if (!is_utf8(text)) refuse(" is not valid UTF-8");
  try {
    json::Document document = json::parse(toml ? toml_to_json(text) : std::string(text));
    if (!document.root().is_object()) refuse(" must hold one JSON object");
    return document;
  } catch (const Error& error) {
    if (error.code() == Code::bad_request || (toml && error.code() == Code::manifest_invalid))
      refuse(": " + error.public_message());
    throw;
  }
}

bool is_flat_manifest(const ManifestForm& form, const ManifestSection& root) {
  return !form.toml && (form.dialect == Dialect::synapse || !root.has("package"));
}

std::vector<std::string_view> dev_dependency_tables(const ManifestForm& form, bool flat) {
  if (form.dialect == Dialect::synapse) return {"devDependencies"};
  if (form.dialect == Dialect::raven) return {"dev-dependencies"};
  if (flat) return {"devDependencies", "dev-dependencies", "dev_dependencies"};
  return {"dev-dependencies", "dev_dependencies"};
}

}  // namespace wharf
