// SPDX-License-Identifier: MIT
#include "libwharf/base/error.hpp"

#include <cerrno>
#include <system_error>

namespace wharf {

std::string_view code_name(Code code) {
  switch (code) {
#define WHARF_CASE(name) \
  case Code::name:       \
    return #name;
    WHARF_ERROR_CODES(WHARF_CASE)
#undef WHARF_CASE
  }
  return "internal_error";
}

Error::Error(Code code, std::string public_message, std::string detail)
    : code_(code), public_message_(std::move(public_message)), detail_(std::move(detail)) {
  render();
}

void Error::render() {
  what_ = std::string(code_name(code_)) + ": " + public_message_;
  if (!detail_.empty()) what_ += " [" + detail_ + "]";
}

Error& Error::with(std::string key, std::string value) {
  details_.emplace_back(std::move(key), std::move(value));
  return *this;
}

Error& Error::retry_in(int seconds) {
  retry_after_ = seconds;
  return *this;
}

Error& Error::while_doing(std::string_view what) {
  if (!detail_.empty()) detail_ += "; ";
  detail_ += "while ";
  detail_ += what;
  render();
  return *this;
}

Error internal_error(std::string detail) {
  return Error(Code::internal_error, "something went wrong on our side; please try again later",
               std::move(detail));
}

Error system_error(std::string_view what, std::string_view subject) {
  const int number = errno;
  std::string detail(what);
  if (!subject.empty()) detail.append(" '").append(subject).append("'");
  detail.append(": ").append(std::generic_category().message(number));
  return internal_error(std::move(detail));
}

}  // namespace wharf
