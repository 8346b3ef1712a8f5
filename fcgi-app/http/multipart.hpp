// SPDX-License-Identifier: MIT
// multipart/form-data (RFC 7578, RFC 2046 §5.1) as a stream: memory does not grow with the body.
//
// Feed the bytes in pieces of any size. Each part is announced with its header and gives the sink that takes
// its content. Broken framing, a missing last boundary, more than 20 parts, a part header above 8 KiB, a
// preamble or epilogue above 8 KiB, a boundary that is not of the RFC's form: Error(bad_request).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcgi-app/http/request.hpp"

namespace wharf::http {

struct Part {
  std::string name;
  std::optional<std::string> file_name;
  std::string content_type;  // as it was sent; empty where it was not
};

class MultipartParser {
 public:
  using Sink = std::function<void(std::string_view piece)>;
  using OnPart = std::function<Sink(const Part&)>;

  MultipartParser(std::string_view boundary, OnPart on_part);
  ~MultipartParser();

  void feed(std::string_view bytes);
  void finish();  // the body ended

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A form whose parts are small, but for those that a sink was given for.
class Form {
 public:
  const std::string* field(std::string_view name) const;  // null where it was not sent
  std::vector<std::pair<Part, std::string>> fields;
};

// Reads the whole body. `choose` gives a sink for a part that is to be streamed, an empty function for one
// that is to be kept (at most `limit` bytes for all of them, else Error(payload_too_large)). The same name
// twice is Error(bad_request); a body that is not multipart/form-data is Error(unsupported_media_type).
Form read_form(Request& request, const MultipartParser::OnPart& choose, std::size_t limit = 256u << 10);

}  // namespace wharf::http
