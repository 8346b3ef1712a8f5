// SPDX-License-Identifier: MIT
#include "client/registry/credentials.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "client/profile/profile.hpp"
#include "client/registry/credential_text.hpp"
#include "client/registry/origin.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_file_bytes = 1u << 20;

void require_sendable(std::string_view token, std::string_view where) {
  const bool fits = !token.empty() && token.size() <= 4096 &&
                    std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!fits)
    throw Error(Code::bad_request, "the token in " + std::string(where) +
                                       " cannot be one; expected printable characters without spaces");
}

// What goes wrong with the text, with the file's name.
template <class Call>
auto about(const Path& file, Call&& call) {
  try {
    return call();
  } catch (const Error& error) {
    if (error.code() != Code::bad_request) throw;
    throw Error(Code::bad_request,
                "the credentials file '" + file.native() + "' cannot be used: " + error.public_message());
  }
}

std::string text_of(const Path& file) {
  try {
    return read_file(file, k_file_bytes).value_or("");
  } catch (const Error& error) {
    throw Error(Code::bad_request,
                "the credentials file '" + file.native() + "' cannot be read; check its rights",
                error.detail());
  }
}

void make_private_directory(const Path& directory) {
  if (directory.empty() || std::filesystem::is_directory(directory)) return;
  make_private_directory(directory.parent_path());
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    throw Error(Code::bad_request,
                "the directory '" + directory.native() +
                    "' for the credentials cannot be made; check the rights of the one above it");
}

// Changes the file under a lock: two logins at once must not lose one.
template <class Change>
void change_file(const Profile& profile, Change&& change) {
  Path file = credentials_file(profile);
  if (std::filesystem::is_symlink(file)) file = std::filesystem::weakly_canonical(file);
  make_private_directory(file.parent_path());
  const Fd directory = open_file(file.parent_path(), O_RDONLY | O_DIRECTORY);
  while (::flock(directory.get(), LOCK_EX) != 0)
    if (errno != EINTR) throw system_error("locking", file.parent_path().native());
  const std::string before = text_of(file);
  const std::string after = about(file, [&] { return change(before); });
  if (after.empty())
    remove_file(file);
  else
    write_file_durably(file, after, 0600);
}

std::string web_base(std::string_view registry) {
  const std::string base = registry_base(registry);
  if (registry_directory(base))
    throw Error(Code::bad_request, "the registry '" + base + "' is a directory, and has no accounts");
  return *base_of(base);
}

}  // namespace

Path credentials_file(const Profile& profile) {
  return profile.expand(profile.credentials_file, std::filesystem::current_path());
}

std::optional<Credential> find_credential(const Profile& profile, std::string_view registry) {
  const Path file = credentials_file(profile);
  const std::string text = text_of(file);
  const auto entries =
      about(file, [&] { return read_credentials(profile.credentials_form, text, profile.default_registry); });
  const auto base = base_of(registry);
  for (const auto& entry : entries)
    if (entry.base == base) return entry.credential;
  return std::nullopt;
}

void store_credential(const Profile& profile, std::string_view registry, const Credential& credential) {
  require_sendable(credential.token, "hand");
  const std::string base = web_base(registry);
  change_file(profile, [&](const std::string& text) {
    return with_credential(profile.credentials_form, text, profile.default_registry, {base, credential});
  });
}

bool remove_credential(const Profile& profile, std::string_view registry) {
  const std::string base = web_base(registry);
  if (!find_credential(profile, base)) return false;
  change_file(profile, [&](const std::string& text) {
    return without_credential(profile.credentials_form, text, profile.default_registry, base);
  });
  return true;
}

std::string token_for(const Profile& profile, std::string_view registry) {
  if (const char* const token = std::getenv("WHARF_TOKEN"); token && *token) {
    require_sendable(token, "WHARF_TOKEN");
    return token;
  }
  const auto found = find_credential(profile, registry);
  if (!found) return {};
  require_sendable(found->token, "'" + credentials_file(profile).native() + "'");
  return found->token;
}

}  // namespace wharf::client
