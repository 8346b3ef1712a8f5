// SPDX-License-Identifier: MIT
#include "fcgi-app/http/status.hpp"

namespace wharf::http {

int status_of(Code code) {
  switch (code) {
    case Code::bad_request:
    case Code::name_invalid:
    case Code::version_invalid:
    case Code::requirement_invalid:
    case Code::username_invalid:
    case Code::email_invalid:
    case Code::password_unacceptable:
      return 400;
    case Code::unauthorized:
    case Code::invalid_credentials:
      return 401;
    case Code::forbidden:
    case Code::registration_closed:
    case Code::account_disabled:
    case Code::scope_missing:
    case Code::quarantined:
      return 403;
    case Code::not_found:
      return 404;
    case Code::method_not_allowed:
      return 405;
    case Code::conflict:
    case Code::version_exists:
    case Code::version_removed:
    case Code::name_reserved:
    case Code::name_too_similar:
    case Code::username_taken:
    case Code::email_taken:
    case Code::removal_refused:
    case Code::last_owner:
    case Code::already_owner:
    case Code::already_yanked:
    case Code::not_yanked:
    case Code::overwrite_refused:
      return 409;
    case Code::payload_too_large:
      return 413;
    case Code::uri_too_long:
      return 414;
    case Code::unsupported_media_type:
      return 415;
    case Code::checksum_mismatch:
    case Code::archive_form:
    case Code::archive_header:
    case Code::archive_type:
    case Code::archive_path:
    case Code::archive_size:
    case Code::manifest_missing:
    case Code::manifest_invalid:
    case Code::manifest_mismatch:
    case Code::dependency_not_publishable:
      return 422;
    case Code::rate_limit_exceeded:
      return 429;
    case Code::internal_error:
      return 500;
    case Code::unavailable:
      return 503;
    case Code::gateway_timeout:
      return 504;
  }
  return 500;
}

int status_of(Code code, const DialectRules& rules) {
  if (code == Code::already_owner) return rules.already_owner_status;
  if (code == Code::last_owner) return rules.last_owner_status;
  return status_of(code);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

}  // namespace wharf::http
