// SPDX-License-Identifier: MIT
// The one root of every error that Wharf throws, and the list of all error codes.
//
// `public_message` is one sentence for a person: lower case, names the thing in quotes, says what was
// expected and what to do. It is the only text that reaches a caller. `detail` goes to the log and nowhere
// else. `details` are facts a program may want (the existing checksum, the entry's name); they reach the
// caller too.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wharf {

// clang-format off
// Every code the interface knows, in one place: X(name). The HTTP status of each stands in fcgi-app/http/status.cpp.
#define WHARF_ERROR_CODES(X)                                                                          \
  X(bad_request) X(unauthorized) X(forbidden) X(not_found) X(method_not_allowed) X(conflict)          \
  X(payload_too_large) X(uri_too_long) X(unsupported_media_type) X(rate_limit_exceeded)               \
  X(internal_error) X(unavailable) X(gateway_timeout)                                                 \
  X(name_invalid) X(version_invalid) X(requirement_invalid)                                           \
  X(version_exists) X(version_removed) X(name_reserved) X(name_too_similar)                           \
  X(username_taken) X(email_taken) X(username_invalid) X(email_invalid) X(password_unacceptable)      \
  X(registration_closed) X(invalid_credentials) X(account_disabled) X(scope_missing)                  \
  X(quarantined) X(removal_refused) X(last_owner) X(already_owner) X(already_yanked) X(not_yanked)                   \
  X(checksum_mismatch) X(overwrite_refused)                                                           \
  X(archive_form) X(archive_header) X(archive_type) X(archive_path) X(archive_size)                   \
  X(manifest_missing) X(manifest_invalid) X(manifest_mismatch) X(dependency_not_publishable)
// clang-format on

enum class Code {
#define WHARF_ENUMERATOR(name) name,
  WHARF_ERROR_CODES(WHARF_ENUMERATOR)
#undef WHARF_ENUMERATOR
};

// The stable snake_case text of a code, as it stands in answers and logs.
std::string_view code_name(Code code);

class Error : public std::exception {
 public:
  Error(Code code, std::string public_message, std::string detail = {});

  Code code() const noexcept { return code_; }
  const std::string& public_message() const noexcept { return public_message_; }
  const std::string& detail() const noexcept { return detail_; }
  const std::vector<std::pair<std::string, std::string>>& details() const noexcept { return details_; }
  // Seconds after which trying again makes sense; set on 429 and 503.
  std::optional<int> retry_after() const noexcept { return retry_after_; }

  // Adds a public fact, and returns the error so that it can be thrown in the same expression.
  Error& with(std::string key, std::string value);
  Error& retry_in(int seconds);
  // Adds to `detail` what was being done when the error passed by; innermost first.
  Error& while_doing(std::string_view what);

  const char* what() const noexcept override { return what_.c_str(); }

 private:
  void render();
  Code code_;
  std::string public_message_;
  std::string detail_;
  std::vector<std::pair<std::string, std::string>> details_;
  std::optional<int> retry_after_;
  std::string what_;
};

// An error of ours, not of the caller's: the caller sees one neutral sentence, the log sees `detail`.
Error internal_error(std::string detail);

// internal_error with errno's text: what was being done, and to what.
Error system_error(std::string_view what, std::string_view subject = {});

}  // namespace wharf
