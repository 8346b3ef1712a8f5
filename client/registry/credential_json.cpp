// SPDX-License-Identifier: MIT
#include "client/registry/credential_forms.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::client {

namespace {

constexpr std::string_view k_token = "token", k_username = "username", k_registry = "registry",
                           k_others = "others";

void write_credential(json::Writer& writer, json::Value before, const Credential& credential) {
  writer.begin_object();
  writer.member(k_token, credential.token).member(k_username, credential.username);
  before.each_member([&](std::string_view key, json::Value value) {
    if (key != k_token && key != k_username) writer.member(key, value);
  });
  writer.end_object();
}

// The members of an object in Synapse's form, with that of `base` changed or left out.
void write_entries(json::Writer& writer, json::Value entries, std::string_view base,
                   const Credential* credential) {
  bool written = false;
  entries.each_member([&](std::string_view key, json::Value value) {
    if (base_of(key) != base) {
      writer.member(key, value);
    } else if (credential && !written) {
      writer.key(key);
      write_credential(writer, value, *credential);
      written = true;
    }
  });
  if (!credential || written) return;
  writer.key(base);
  write_credential(writer, {}, *credential);
}

std::string closed(json::Writer& writer) {
  writer.end_object();
  return writer.text() == "{}" ? std::string() : writer.take() + "\n";
}

struct Main {
  std::string base;
  Credential credential;
};

std::optional<Main> main_of(json::Value root, std::string_view default_registry) {
  const auto token = root[k_token].string();
  const auto base = base_of(root[k_registry].string().value_or(default_registry));
  if (!token || token->empty() || !base) return std::nullopt;
  return Main{*base, {std::string(*token), std::string(root[k_username].string().value_or(""))}};
}

}  // namespace

void read_entries(json::Value registries, std::vector<CredentialEntry>& out) {
  registries.each_member([&](std::string_view key, json::Value value) {
    const auto base = base_of(key);
    const auto token = value[k_token].string();
    if (!base || !token || token->empty()) return;
    out.push_back({*base, {std::string(*token), std::string(value[k_username].string().value_or(""))}});
  });
}

std::vector<CredentialEntry> read_raven(json::Value root, std::string_view default_registry) {
  std::vector<CredentialEntry> out;
  if (const auto main = main_of(root, default_registry)) out.push_back({main->base, main->credential});
  read_entries(root[k_others], out);
  return out;
}

std::string change_synapse(json::Value root, std::string_view base, const Credential* credential) {
  json::Writer writer;
  writer.begin_object();
  write_entries(writer, root, base, credential);
  return closed(writer);
}

// The one that was stored last stands where the language's own client looks; the one before it goes to the
// others.
std::string change_raven(json::Value root, std::string_view default_registry, std::string_view base,
                         const Credential* credential) {
  const auto main = main_of(root, default_registry);
  const bool is_main = main && main->base == base;
  json::Writer writer;
  writer.begin_object();
  if (credential) {
    writer.member(k_token, credential->token)
        .member(k_username, credential->username)
        .member(k_registry, base);
  } else if (main && !is_main) {
    writer.member(k_token, main->credential.token).member(k_username, main->credential.username);
    writer.member(k_registry, main->base);
  }
  root.each_member([&](std::string_view key, json::Value value) {
    if (key != k_token && key != k_username && key != k_registry && key != k_others)
      writer.member(key, value);
  });
  json::Writer others;
  others.begin_object();
  write_entries(others, root[k_others], base, nullptr);
  if (credential && main && !is_main) {
    others.key(main->base);
    write_credential(others, {}, main->credential);
  }
  others.end_object();
  if (others.text() != "{}") writer.key(k_others).raw(others.text());
  return closed(writer);
}

}  // namespace wharf::client
