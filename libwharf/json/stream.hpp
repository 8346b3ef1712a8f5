// SPDX-License-Identifier: MIT
// A JSON object read as a stream, with one string field taken out as it passes: how `{"name": …, "tarball":
// "<base64>"}` of 140 MB is read with a few KiB of memory.
//
// Feed the bytes in pieces of any size. Everything but the taken field is kept (at most `limit` bytes) and
// handed out as a Document by finish(), parsed by the same strict rules as parse(); the taken field stands in
// it as "". The field's content goes to the sink with JSON's escapes undone (`\/` and `\u002f` included),
// still base64: chain a Base64Decoder (libwharf/crypto/base64.hpp). Only a member of the top-level object is
// taken, and only once.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "libwharf/json/value.hpp"

namespace wharf::json {

class FieldExtractor {
 public:
  using Sink = std::function<void(std::string_view piece)>;
  FieldExtractor(std::string field, Sink sink, std::size_t limit);
  ~FieldExtractor();

  void feed(std::string_view bytes);  // throws Error(bad_request), Error(payload_too_large)
  Document finish();                  // throws Error(bad_request) where the text is not one whole object
  bool found() const;                 // whether the field was there, as a string

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wharf::json
