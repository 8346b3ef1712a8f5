// SPDX-License-Identifier: MIT
#include "fcgi-app/http/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "libwharf/base/text.hpp"

namespace wharf::http {

namespace {

unsigned bit_of(Dialect dialect) {
  return 1u << static_cast<int>(dialect);
}

void allow(std::string& list, std::string_view name) {
  if (!list.empty()) list += ", ";
  list += name;
}

}  // namespace

Router::Segment Router::compile(std::string_view text) {
  if (text.empty() || text.front() != '{') return {Segment::Kind::literal, text, {}};
  const auto close = text.find('}');
  if (close == text.npos)
    throw std::logic_error("the pattern segment " + std::string(text) + " is not closed");
  const auto name = text.substr(1, close - 1), ending = text.substr(close + 1);
  return {ending.empty() ? Segment::Kind::any : Segment::Kind::ending, ending, name};
}

// Less is more particular: the first segment that differs in kind decides.
int Router::compare(const Shape& a, const Shape& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].kind != b[i].kind) return a[i].kind < b[i].kind ? -1 : 1;
  return 0;
}

bool Router::same(const Shape& a, const Shape& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Segment& x, const Segment& y) { return x.kind == y.kind && x.text == y.text; });
}

bool Router::matches(const Shape& shape, std::span<const std::string> path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Segment& segment = shape[i];
    if (segment.kind == Segment::Kind::literal && path[i] != segment.text) return false;
    if (segment.kind == Segment::Kind::ending &&
        (path[i].size() <= segment.text.size() || !path[i].ends_with(segment.text)))
      return false;
  }
  return true;
}

Router::Router(std::vector<RouteSpec> specs) : specs_(std::move(specs)) {
  for (const auto& spec : specs_) {
    Shape shape;
    if (!spec.pattern.starts_with('/'))
      throw std::logic_error("the pattern " + std::string(spec.pattern) + " has no slash");
    if (spec.pattern.size() > 1)
      for (const auto text : split(spec.pattern.substr(1), '/')) shape.push_back(compile(text));
    for (std::size_t i = 0; i < shapes_.size(); ++i)
      if (specs_[i].method == spec.method && (specs_[i].where & spec.where) && same(shapes_[i], shape))
        throw std::logic_error("two routes answer " + std::string(method_name(spec.method)) + " " +
                               std::string(spec.pattern));
    if (by_length_.size() <= shape.size()) by_length_.resize(shape.size() + 1);
    by_length_[shape.size()].push_back(shapes_.size());
    shapes_.push_back(std::move(shape));
  }
}

Router::Outcome Router::find(const Request& request) const {
  const auto& target = request.target();
  const auto path = std::span(target.segments).subspan(target.base.segments);
  Outcome outcome;
  if (path.size() >= by_length_.size()) return outcome;

  const Shape* best = nullptr;
  for (const std::size_t index : by_length_[path.size()]) {
    if (!(specs_[index].where & bit_of(request.dialect())) || !matches(shapes_[index], path)) continue;
    if (!best || compare(shapes_[index], *best) < 0) best = &shapes_[index];
  }
  if (!best) return outcome;

  const Method wanted = request.method() == Method::head ? Method::get : request.method();
  for (const std::size_t index : by_length_[path.size()]) {
    if (!(specs_[index].where & bit_of(request.dialect())) || !same(shapes_[index], *best)) continue;
    allow(outcome.allowed, method_name(specs_[index].method));
    if (specs_[index].method == Method::get) allow(outcome.allowed, "HEAD");
    if (specs_[index].method == wanted) outcome.route = index;
  }
  allow(outcome.allowed, "OPTIONS");
  if (!outcome.route) return outcome;

  outcome.matched.pattern = specs_[*outcome.route].pattern;
  const Shape& shape = shapes_[*outcome.route];
  for (std::size_t i = 0; i < path.size(); ++i)
    if (shape[i].kind != Segment::Kind::literal)
      outcome.matched.params.emplace_back(shape[i].name,
                                          path[i].substr(0, path[i].size() - shape[i].text.size()));
  return outcome;
}

}  // namespace wharf::http
