// SPDX-License-Identifier: MIT
#include "client/registry/credential_text.hpp"

#include <algorithm>

#include "client/profile/profile.hpp"
#include "client/registry/credential_forms.hpp"
#include "client/registry/origin.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/toml.hpp"

namespace wharf::client {

namespace {

bool is_toml(CredentialsForm form) {
  return form == CredentialsForm::vais || form == CredentialsForm::wharf;
}

json::Document parse(CredentialsForm form, std::string_view text) {
  try {
    if (is_toml(form)) return json::parse(toml_to_json(text));
    json::Document document = json::parse(trim(text).empty() ? "{}" : text);
    if (document.root().is_object()) return document;
  } catch (const Error& error) {
    // The reason could quote what is secret, and must not: its place is enough.
    throw Error(Code::bad_request, std::string("it is not valid ") + (is_toml(form) ? "TOML" : "JSON"));
  }
  throw Error(Code::bad_request, "it holds no object");
}

std::vector<CredentialEntry> entries_of(CredentialsForm form, json::Value root,
                                        std::string_view default_registry) {
  if (form == CredentialsForm::raven) return read_raven(root, default_registry);
  std::vector<CredentialEntry> out;
  read_entries(root, out);
  return out;
}

// A form that the line-by-line writer does not foresee must not cost anybody's entry.
void require_others_kept(const std::vector<CredentialEntry>& before,
                         const std::vector<CredentialEntry>& after, std::string_view base,
                         const Credential* credential) {
  const auto others = [base](std::vector<CredentialEntry> entries) {
    std::erase_if(entries, [base](const auto& entry) { return entry.base == base; });
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.base < b.base; });
    return entries;
  };
  const auto own =
      std::find_if(after.begin(), after.end(), [base](const auto& entry) { return entry.base == base; });
  const bool is_as_wanted =
      credential ? own != after.end() && own->credential == *credential : own == after.end();
  if (!is_as_wanted || others(before) != others(after))
    throw Error(Code::bad_request, "it is written in a way that cannot be changed safely; change it by hand");
}

std::string changed(CredentialsForm form, std::string_view text, std::string_view default_registry,
                    std::string_view base, const Credential* credential) {
  const json::Document document = parse(form, text);
  const json::Value root = document.root();
  std::string out = is_toml(form)                    ? change_toml(text, base, credential)
                    : form == CredentialsForm::raven ? change_raven(root, default_registry, base, credential)
                                                     : change_synapse(root, base, credential);
  require_others_kept(entries_of(form, root, default_registry), read_credentials(form, out, default_registry),
                      base, credential);
  return out;
}

}  // namespace

std::optional<std::string> base_of(std::string_view registry) {
  try {
    std::string base = registry_base(registry);
    for (const std::string_view dialect : {"/synapse", "/raven", "/vais"})
      if (base.ends_with(dialect)) {
        base.resize(base.size() - dialect.size());
        break;
      }
    return base;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<CredentialEntry> read_credentials(CredentialsForm form, std::string_view text,
                                              std::string_view default_registry) {
  const json::Document document = parse(form, text);
  return entries_of(form, document.root(), default_registry);
}

std::string with_credential(CredentialsForm form, std::string_view text, std::string_view default_registry,
                            const CredentialEntry& entry) {
  return changed(form, text, default_registry, entry.base, &entry.credential);
}

std::string without_credential(CredentialsForm form, std::string_view text, std::string_view default_registry,
                               std::string_view base) {
  return changed(form, text, default_registry, base, nullptr);
}

}  // namespace wharf::client
