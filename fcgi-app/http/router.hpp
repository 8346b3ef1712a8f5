// SPDX-License-Identifier: MIT
// Which route a request means. A table of routes is data: method, pattern, who may call it, which body it
// takes.
//
// Patterns are matched by decoded segments: "/packages/{name}/{version}/tarball". `{name}` stands for one
// whole segment, and `{version}.tar.gz` for one with that ending. Literal segments win over endings, endings
// over parameters, from left to right. HEAD is answered wherever GET is, OPTIONS everywhere, with Allow.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcgi-app/http/method.hpp"
#include "fcgi-app/http/request.hpp"

namespace wharf::http {

// Who may call a route; the check itself belongs to the handlers.
enum class Access { anyone, signed_in, session, publish, yank, owners };

// What it takes as a body, for the document of the interface.
enum class Takes { nothing, json, optional_json, archive, upload };

// Bases in which a route answers, as bits.
enum Where : unsigned {
  in_native = 1,
  in_synapse = 2,
  in_raven = 4,
  in_vais = 8,
  in_all = 15,
};

struct RouteSpec {
  Method method;
  std::string_view pattern;
  Access access = Access::anyone;
  Takes takes = Takes::nothing;
  unsigned where = in_all;
};

class Router {
 public:
  // The specs must outlive the router. Two routes that match the same requests are a std::logic_error.
  explicit Router(std::vector<RouteSpec> specs);

  struct Outcome {
    std::optional<std::size_t> route;  // index into the specs
    std::string allowed;  // where only the method is wrong: what Allow says; empty where nothing is there
    Request::Matched matched;
  };
  Outcome find(const Request& request) const;

  const std::vector<RouteSpec>& specs() const noexcept { return specs_; }

 private:
  struct Segment {
    enum class Kind { literal, ending, any } kind;  // the more particular, the less
    std::string_view text;                          // the literal, or the ending
    std::string_view name;                          // of the parameter
  };
  using Shape = std::vector<Segment>;
  static Segment compile(std::string_view text);
  static int compare(const Shape& a, const Shape& b);
  static bool same(const Shape& a, const Shape& b);
  static bool matches(const Shape& shape, std::span<const std::string> path);

  std::vector<RouteSpec> specs_;
  std::vector<Shape> shapes_;                        // beside specs_
  std::vector<std::vector<std::size_t>> by_length_;  // indexes of routes by their number of segments
};

}  // namespace wharf::http
