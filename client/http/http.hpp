// SPDX-License-Identifier: MIT
// HTTP for the client: many requests at once in one thread, over one HTTP/2 connection where TLS brings it
// and a few kept-alive HTTP/1.1 ones elsewhere. This room alone includes libcurl.
//
// What holds for every request:
//  - `token` goes as `Authorization: Bearer` to the origin (scheme, host, port) of `url` alone. A redirect to
//  any other
//    origin is followed without it; one from https to http, one of a request with a body to another origin,
//    and a sixth one are refused.
//  - GET and HEAD are sent anew where the network fails or the answer is 429 or 5xx: at most `attempts`
//  times, after a pause
//    that doubles, or as Retry-After says (at most 30 s). Other methods only where no connection came about
//    at all, unless the request says that it is `repeatable`.
//  - Proxies are those that curl reads from the environment (https_proxy, no_proxy …).
//  - A fault of the network is Error(unavailable), whose sentence names the host and says what to do. An
//  answer of whatever
//    status is an answer; require_success() makes an Error of those that refuse.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::client {

struct HttpOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::seconds stall_timeout{30};  // without a byte in either direction
  std::size_t connections = 8;             // at once to one origin, where it does not speak HTTP/2
  unsigned attempts = 4;                   // of one request, the first one included
  std::chrono::milliseconds first_pause{300};
  Path ca_file;            // PEM, in the place of the system's authorities
  std::string user_agent;  // empty: `wharf/VERSION`
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in small letters; the last of several
  std::string body;                            // empty where the request had an `on_body`
  std::string url;                             // that answered, after redirects
  // The header's value; empty where it is missing.
  std::string_view header(std::string_view small_name) const;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers =
      {};  // no Authorization: that is what `token` is for
  std::string body = {};
  std::optional<Path> upload = {};  // the body is this file, streamed, with its length
  std::string token = {};
  std::optional<bool> repeatable = {};  // GET and HEAD are
  bool compressed = true;               // asks for gzip, br … and hands on what was packed in it
  std::uint64_t body_limit =
      64u << 20;  // unpacked bytes that are taken; one more is Error(payload_too_large)

  // Before each attempt, counted from 0: what the request's headers shall be this time.
  std::function<void(unsigned attempt, HttpRequest&)> before_attempt = {};
  // The bytes of an answer as they arrive, redirects and answers that are tried anew left out; false ends the
  // transfer, and the answer counts as arrived. Where it throws, that is the outcome.
  std::function<bool(const HttpResponse& head, std::string_view bytes)> on_body = {};
  // Bytes sent of the body (uploads), else bytes received; total 0 is unknown.
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress = {};
};

// How a request ended: an answer, or what came in between.
struct HttpOutcome {
  HttpResponse response;
  std::exception_ptr fault;
  // Throws the fault; else the answer.
  HttpResponse& get();
};

class Http {
 public:
  explicit Http(HttpOptions options = {});
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  using OnProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;
  using OnDone = std::function<void(HttpOutcome)>;

  // One request from its beginning to its end; others that were begun go on meanwhile.
  HttpResponse send(const HttpRequest& request, const OnProgress& on_progress = {});

  // Begins a request. `done` is called once, from within work() or send(), may begin others, and must
  // not throw.
  // `owner` is whoever must be there still when it ends.
  void begin(HttpRequest request, OnDone done, const void* owner = nullptr);
  // Lets every request get on, and waits at most that long for one to do so; false where none is under way.
  bool work(std::chrono::milliseconds wait = std::chrono::milliseconds(200));
  // Drops what that owner has begun; its `done` is not called.
  void abandon(const void* owner);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

// The registry's own sentence for an answer that refuses, with its code, details and Retry-After; where the
// body is not a registry's, a sentence with the status and the host.
Error error_of(const HttpResponse& response);
// Throws error_of() unless the status is 2xx.
void require_success(const HttpResponse& response);

// A part of a path or query, percent-encoded.
std::string url_encode(std::string_view text);

}  // namespace wharf::client
