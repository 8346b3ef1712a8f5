// SPDX-License-Identifier: MIT
// What a call was refused with, in a form that tests compare.
#pragma once

#include <string>
#include <string_view>

#include "libwharf/base/error.hpp"

namespace wharf::test {

// The code of the Error that `call` throws; "none" where it throws nothing.
template <class Call>
std::string code_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(code_name(error.code()));
  }
  return "none";
}

// One of the facts beside it; empty where there is none.
template <class Call>
std::string fact_of(Call&& call, std::string_view key) {
  try {
    call();
  } catch (const Error& error) {
    for (const auto& [name, value] : error.details())
      if (name == key) return value;
  }
  return {};
}

}  // namespace wharf::test
