// SPDX-License-Identifier: MIT
// Golden files: a story of requests and the exact answers to them.
//
//   ### registers an account                     one exchange; what it shows
//   ! UPDATE users SET role = 'admin'            SQL that is run before it, any number of lines
//   POST /api/v1/auth/register                   the request line, headers, an empty line, the body (one
//   line) Content-Type: application/json
//
//   {"username": "ada", …}
//   => 201                                       the status, the headers that matter, an empty line, the body
//   Content-Type: application/json
//
//   {"success":true,"token":"<session 1>", …}
//
// In a body `<archive kit 1.0.0>` stands for the archive of a package, `<archive kit 1.0.0 rich>` for one
// whose manifest says everything that it can, and `<base64 …>` for the same as base64; `<digest kit 1.0.0>`
// is its SHA-256, anywhere. The lines of a multipart body end in CRLF.
//
// What differs from run to run has a name in its place, numbered in the order of appearance: <session N>,
// <api token N>; each moment is <time>, each day <day>. In a request these names stand for the real thing
// again. Lines that start with `#` alone are remarks. WHARF_GOLDEN=rewrite writes the answers as they are
// into the files: read the difference before you keep it.
#pragma once

#include <functional>
#include <string>

#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::test {

struct GoldenWorld {
  std::function<http::Response(http::Request&)> answer;
  std::function<void(const std::string& sql)> run_sql;
};

// Plays the file; a difference is a CppUnit failure that shows both.
void play_golden(const Path& file, const GoldenWorld& world);

}  // namespace wharf::test
