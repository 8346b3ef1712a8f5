// SPDX-License-Identifier: MIT
// Small manifests for tests, and what reading one says.
#pragma once

#include <cppunit/TestAssert.h>

#include <functional>
#include <string>

#include "libwharf/base/error.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf::test {

// The sentence of the refusal, which must have that code; or "accepted".
inline std::string refusal(std::string_view file, const std::string& text,
                           Code code = Code::manifest_invalid) {
  try {
    parse_manifest(file, text);
  } catch (const Error& error) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(error.public_message(), std::string(code_name(code)),
                                 std::string(code_name(error.code())));
    return error.public_message();
  }
  return "accepted";
}

inline std::string repeated(int count, const std::function<std::string(int)>& one) {
  std::string out;
  for (int i = 0; i < count; ++i) out += one(i);
  return out;
}

// A whole manifest with more members, or more lines in and after its [package].
inline std::string synapse(const std::string& more) {
  return R"({"name": "geo-kit", "version": "1.0.0", "description": "d")" + (more.empty() ? "" : ", " + more) +
         "}";
}

inline std::string toml(const std::string& more) {
  return "[package]\nname = \"geo-kit\"\nversion = \"1.0.0\"\n" + more;
}

}  // namespace wharf::test
