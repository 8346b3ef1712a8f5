// SPDX-License-Identifier: MIT
#include "fcgi-app/http/multipart.hpp"

#include <string.h>  // memmem

#include <algorithm>
#include <memory>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::http {

namespace {

constexpr std::size_t k_buffer = (64u << 10) + 1024;  // a piece of a body, beside what was kept back
constexpr std::size_t k_most_parts = 20;
constexpr std::size_t k_longest_header = 8u << 10;
constexpr std::size_t k_longest_outside = 8u << 10;  // preamble, or epilogue
constexpr std::size_t k_longest_padding = 256;       // blanks behind a boundary

Error broken(std::string what) {
  return Error(Code::bad_request, "the multipart body " + std::move(what));
}

// RFC 2046: 1 to 70 of these characters, not ending in a space.
bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
         });
}

Part parse_part_header(std::string_view block) {
  Part part;
  bool named = false;
  while (!block.empty()) {
    const auto line = block.substr(0, block.find("\r\n"));
    block.remove_prefix(std::min(line.size() + 2, block.size()));
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0 || line.find_first_of(" \t") < colon || has_control_characters(line))
      throw broken("has a part with the malformed header line " + quoted(line));
    const auto name = fold(line.substr(0, colon));
    const auto value = trim(line.substr(colon + 1));
    if (!is_utf8(value)) throw broken("has a part whose header " + quoted(name) + " is not UTF-8");
    if (name == "content-disposition") {
      const auto parsed = parse_parameterized(value);
      if (!parsed || parsed->value != "form-data" || !parsed->parameter("name") || named)
        throw broken("has a part with the Content-Disposition " + quoted(value) +
                     "; expected 'form-data; name=\"…\"', once");
      named = true;
      part.name = *parsed->parameter("name");
      if (const auto file = parsed->parameter("filename")) part.file_name = std::string(*file);
    } else if (name == "content-type") {
      part.content_type = value;
    } else if (name == "content-transfer-encoding") {
      const auto encoding = fold(value);
      if (encoding != "binary" && encoding != "8bit" && encoding != "7bit")
        throw broken("has a part with the transfer encoding " + quoted(value) +
                     "; send the bytes as they are");
    }
  }
  if (!named) throw broken("has a part without Content-Disposition; expected 'form-data; name=\"…\"'");
  return part;
}

}  // namespace

// Bytes are gathered in one buffer. Each step consumes a prefix of it or asks for more; what it keeps back (a
// possible beginning of the delimiter, a part header) is bounded, so the buffer never fills up.
struct MultipartParser::State {
  enum class Step { preamble, after_boundary, header, content, epilogue };

  std::string delimiter;  // CRLF "--" boundary
  OnPart on_part;
  Step step = Step::preamble;
  std::unique_ptr<char[]> buffer = std::make_unique_for_overwrite<char[]>(k_buffer);
  std::size_t begin = 0, end = 0;
  std::size_t outside = 0;  // bytes of preamble or epilogue so far
  std::size_t parts = 0;
  Sink sink;

  std::string_view rest() const { return {buffer.get() + begin, end - begin}; }

  void append(std::string_view& bytes) {
    if (begin != 0) {
      memmove(buffer.get(), buffer.get() + begin, end - begin);
      end -= begin;
      begin = 0;
    }
    const std::size_t count = std::min(bytes.size(), k_buffer - end);
    memcpy(buffer.get() + end, bytes.data(), count);
    end += count;
    bytes.remove_prefix(count);
  }

  // Consumes up to the delimiter, and past it where it is there; hands what stands before it to `take`.
  template <class Take>
  bool consume_to_delimiter(Take take) {
    const auto text = rest();
    const void* found = memmem(text.data(), text.size(), delimiter.data(), delimiter.size());
    if (found) {
      const auto before = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
      if (before > 0) take(text.substr(0, before));
      begin += before + delimiter.size();
      step = Step::after_boundary;
      return true;
    }
    // A delimiter may have begun: it starts with CR, so what is kept back begins with one.
    const std::size_t longest_kept = std::min(text.size(), delimiter.size() - 1);
    const auto cr = text.find('\r', text.size() - longest_kept);
    const std::size_t passed = cr == text.npos ? text.size() : cr;
    if (passed > 0) take(text.substr(0, passed));
    begin += passed;
    return false;
  }

  void count_outside(std::size_t bytes) {
    outside += bytes;
    if (outside > k_longest_outside) throw broken("has more than 8 KiB outside of its parts");
  }

  bool read_preamble() {
    return consume_to_delimiter([&](std::string_view text) { count_outside(text.size()); });
  }

  bool read_after_boundary() {
    const auto text = rest();
    if (text.starts_with("--")) {
      begin += 2;
      outside = 0;
      step = Step::epilogue;
      return true;
    }
    if (text == "-") return false;
    const auto blanks = std::min(text.find_first_not_of(" \t"), text.size());
    if (blanks > k_longest_padding) throw broken("has a boundary line that does not end");
    if (text.size() - blanks < 2 && (text.size() == blanks || text[blanks] == '\r')) return false;
    if (text.substr(blanks, 2) != "\r\n") throw broken("has a boundary that its line does not end after");
    if (++parts > k_most_parts) throw broken("has more than " + std::to_string(k_most_parts) + " parts");
    begin += blanks;  // the line break stays: an empty header is then one break after another
    step = Step::header;
    return true;
  }

  bool read_header() {
    const auto text = rest();
    const auto found = text.find("\r\n\r\n");
    if (found > k_longest_header && text.size() > k_longest_header)
      throw broken("has a part header above 8 KiB");
    if (found == text.npos) return false;
    sink = on_part(parse_part_header(text.substr(0, found)));
    if (!sink) sink = [](std::string_view) {};
    begin += found + 4;
    step = Step::content;
    return true;
  }

  bool read_content() { return consume_to_delimiter(sink); }

  bool read_epilogue() {
    count_outside(rest().size());
    begin = end;
    return false;
  }

  bool advance() {
    switch (step) {
      case Step::preamble:
        return read_preamble();
      case Step::after_boundary:
        return read_after_boundary();
      case Step::header:
        return read_header();
      case Step::content:
        return read_content();
      case Step::epilogue:
        return read_epilogue();
    }
    return false;
  }
};

MultipartParser::MultipartParser(std::string_view boundary, OnPart on_part)
    : state_(std::make_unique<State>()) {
  if (!is_boundary(boundary)) throw broken("was announced with the malformed boundary " + quoted(boundary));
  state_->delimiter = "\r\n--" + std::string(boundary);
  state_->on_part = std::move(on_part);
  // The first boundary may stand at the very beginning, where no line break comes before it.
  std::string_view line_break = "\r\n";
  state_->append(line_break);
}

MultipartParser::~MultipartParser() = default;

void MultipartParser::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    state_->append(bytes);
    while (state_->advance()) {
    }
  }
}

void MultipartParser::finish() {
  if (state_->step != State::Step::epilogue)
    throw broken(state_->parts == 0 ? "does not hold the boundary that was announced"
                                    : "ends without its last boundary");
}

const std::string* Form::field(std::string_view name) const {
  for (const auto& [part, content] : fields)
    if (part.name == name) return &content;
  return nullptr;
}

Form read_form(Request& request, const MultipartParser::OnPart& choose, std::size_t limit) {
  const auto type = request.content_type();
  if (!type || type->value != "multipart/form-data")
    throw Error(Code::unsupported_media_type, "expected a body of the type 'multipart/form-data'");
  const auto boundary = type->parameter("boundary");
  if (!boundary) throw Error(Code::bad_request, "the Content-Type 'multipart/form-data' names no boundary");

  Form form;
  std::vector<std::string> seen;
  std::size_t kept = 0;
  MultipartParser parser(*boundary, [&](const Part& part) -> MultipartParser::Sink {
    if (std::find(seen.begin(), seen.end(), part.name) != seen.end())
      throw Error(Code::bad_request, "the form holds the part " + quoted(part.name) + " twice; send it once");
    seen.push_back(part.name);
    if (auto sink = choose(part)) return sink;
    const std::size_t index = form.fields.size();
    form.fields.emplace_back(part, std::string());
    return [&form, &kept, limit, index](std::string_view piece) {
      kept += piece.size();
      if (kept > limit)
        throw Error(Code::payload_too_large, "the part " + quoted(form.fields[index].first.name) +
                                                 " is too large; the fields of a form may have " +
                                                 std::to_string(limit) + " bytes together");
      form.fields[index].second += piece;
    };
  });
  request.body().each_piece([&](std::string_view piece) { parser.feed(piece); });
  parser.finish();
  return form;
}

}  // namespace wharf::http
