// SPDX-License-Identifier: MIT
#include "fcgi-app/http/multipart.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/http/requests.hpp"

using namespace wharf;
using namespace wharf::http;
using wharf::test::refusal;
using wharf::test::request;

namespace {

const std::string k_type = "multipart/form-data; boundary=XyZ";

std::string part(const std::string& header, const std::string& content) {
  return "--XyZ\r\n" + header + "\r\n\r\n" + content + "\r\n";
}
std::string named(const std::string& name, const std::string& content) {
  return part("Content-Disposition: form-data; name=\"" + name + "\"", content);
}
const std::string k_end = "--XyZ--\r\n";

// Everything that a parser reports, as one text; pieces of any cut must report the same.
std::string parsed(std::string_view body, const std::vector<std::size_t>& cuts,
                   std::string_view boundary = "XyZ") {
  std::string report;
  MultipartParser parser(boundary, [&](const Part& part) {
    report += "[" + part.name + "|" + part.file_name.value_or("-") + "|" + part.content_type + "]";
    return [&](std::string_view piece) { report += piece; };
  });
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    parser.feed(body.substr(at, cut - at));
    at = cut;
  }
  parser.feed(body.substr(at));
  parser.finish();
  return report;
}

std::string bytewise(std::string_view body) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < body.size(); ++i) cuts.push_back(i);
  return parsed(body, cuts);
}

}  // namespace

class MultipartTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MultipartTest);
  CPPUNIT_TEST(reads_the_same_however_the_body_is_cut);
  CPPUNIT_TEST(content_that_looks_like_a_boundary_is_content);
  CPPUNIT_TEST(large_content_passes_through_whole);
  CPPUNIT_TEST(preamble_padding_and_epilogue_are_tolerated_within_bounds);
  CPPUNIT_TEST(refuses_broken_framing);
  CPPUNIT_TEST(refuses_broken_part_headers);
  CPPUNIT_TEST(refuses_boundaries_that_are_none);
  CPPUNIT_TEST(refuses_too_many_parts);
  CPPUNIT_TEST(a_form_streams_what_was_chosen_and_keeps_the_rest);
  CPPUNIT_TEST(a_form_refuses_fields_twice_and_fields_too_large);
  CPPUNIT_TEST(a_form_needs_its_content_type_and_boundary);
  CPPUNIT_TEST(a_form_cut_short_or_too_long_is_refused);
  CPPUNIT_TEST_SUITE_END();

 public:
  void reads_the_same_however_the_body_is_cut() {
    const std::string body = named("metadata", "{\"a\": 1}") +
                             part(
                                 "content-type: application/gzip\r\nCONTENT-DISPOSITION: Form-Data; "
                                 "name=tarball; filename=\"a \\\"b\\\".tgz\"",
                                 std::string("\r\n--XyY\r\n\0\r\r\n--Xy", 16)) +
                             named("empty", "") + k_end;
    const std::string expected =
        std::string("[metadata|-|]{\"a\": 1}[tarball|a \"b\".tgz|application/gzip]") +
        std::string("\r\n--XyY\r\n\0\r\r\n--Xy", 16) + "[empty|-|]";
    CPPUNIT_ASSERT_EQUAL(expected, parsed(body, {}));
    CPPUNIT_ASSERT_EQUAL(expected, bytewise(body));
    for (std::size_t cut = 1; cut < body.size(); ++cut) {
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(cut), expected, parsed(body, {cut}));
      for (std::size_t second = cut + 1; second < body.size(); second += 7)
        CPPUNIT_ASSERT_EQUAL(expected, parsed(body, {cut, second}));
    }
  }
  void content_that_looks_like_a_boundary_is_content() {
    for (const std::string content : {"--XyZ", "\n--XyZ\n", "\r--XyZ", "\r\n-XyZ", "\r\n--Xy\r\n--X\r\n-",
                                      "\r\n\r\n--xyz", "\r", "\r\n", "\r\r\r\r\r\r\r\r\r\r\r\r"}) {
      CPPUNIT_ASSERT_EQUAL("[a|-|]" + content, parsed(named("a", content) + k_end, {}));
      CPPUNIT_ASSERT_EQUAL("[a|-|]" + content, bytewise(named("a", content) + k_end));
    }
  }
  void large_content_passes_through_whole() {
    std::string content;
    for (int i = 0; content.size() < 300'000; ++i) content += i % 3 ? "\r\n--Xy" : std::to_string(i * 7919);
    const std::string body = named("a", content) + k_end;
    CPPUNIT_ASSERT(parsed(body, {}) == "[a|-|]" + content);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1; at < body.size(); at += at % 65'521 + 1) cuts.push_back(at);
    CPPUNIT_ASSERT(parsed(body, cuts) == "[a|-|]" + content);
  }
  void preamble_padding_and_epilogue_are_tolerated_within_bounds() {
    const std::string body =
        "This is a preamble.\r\nof two lines\r\n--XyZ \t \r\nContent-Disposition: form-data; "
        "name=a\r\n\r\nx\r\n--XyZ--  \r\nThe end";
    CPPUNIT_ASSERT_EQUAL(std::string("[a|-|]x"), parsed(body, {}));
    CPPUNIT_ASSERT_EQUAL(std::string("[a|-|]x"), bytewise(body));
    CPPUNIT_ASSERT_EQUAL(std::string("[a|-|]x"), parsed(named("a", "x") + "--XyZ--", {}));
    CPPUNIT_ASSERT_EQUAL(std::string(""), parsed(k_end, {}));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([] {
                           parsed(std::string(9000, 'x') + "\r\n" + named("a", "x") + k_end, {});
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         refusal([] { parsed(named("a", "x") + k_end + std::string(9000, 'x'), {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         refusal([] { parsed("--XyZ" + std::string(300, ' ') + "\r\n", {}); }));
  }
  void refuses_broken_framing() {
    const std::string good = named("a", "x") + k_end;
    // Cut anywhere before the last boundary has been said, the body is not whole.
    for (std::size_t length = 0; length < good.size() - 2; ++length)
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(length), std::string("bad_request"),
                                   refusal([&] { parsed(good.substr(0, length), {}); }));
    for (const std::string bad : {"--XyZ\nContent-Disposition: form-data; name=a\n\nx\n--XyZ--",
                                  "--XyZabc\r\n\r\nx\r\n--XyZ--", "--XyZ-x\r\n", "--other\r\n", ""})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("bad_request"), refusal([&] { parsed(bad, {}); }));
  }
  void refuses_broken_part_headers() {
    for (const std::string header :
         {"", "Content-Disposition", "Content-Disposition: attachment; name=a",
          "Content-Disposition: form-data", "Content-Type: text/plain",
          "Content-Disposition: form-data; name=\"a", "Content-Disposition: form-data; name=a; name=b", ": x",
          "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
          "Content-Disposition : form-data; name=a", "Content-Disposition: form-data; name=a\r\n folded: x",
          "Content-Disposition: form-data; name=a\nX: y", "Content-Disposition: form-data; name=\"\xff\"",
          "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(header, std::string("bad_request"),
                                   refusal([&] { parsed(part(header, "x") + k_end, {}); }));
    const std::string long_header =
        "Content-Disposition: form-data; name=a\r\nX-Long: " + std::string(9000, 'x');
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         refusal([&] { parsed(part(long_header, "x") + k_end, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([&] { bytewise("--XyZ\r\n" + long_header); }));
    CPPUNIT_ASSERT_EQUAL(
        std::string("[a|-|]x"),
        parsed(
            part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: Binary\r\nX-Other: y",
                 "x") +
                k_end,
            {}));
  }
  void refuses_boundaries_that_are_none() {
    for (const std::string& bad :
         {std::string(), std::string(71, 'a'), std::string("a "), std::string("a\"b"), std::string("ä")})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, std::string("bad_request"),
                                   refusal([&] { MultipartParser(bad, nullptr); }));
    const std::string longest(70, 'b');
    CPPUNIT_ASSERT_EQUAL(
        std::string("[a|-|]x"),
        parsed("--" + longest + "\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--" + longest + "--",
               {}, longest));
  }
  void refuses_too_many_parts() {
    std::string twenty;
    for (int i = 0; i < 20; ++i) twenty += named(std::to_string(i), "x");
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"), refusal([&] { parsed(twenty + k_end, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         refusal([&] { parsed(twenty + named("last", "x") + k_end, {}); }));
  }
  void a_form_streams_what_was_chosen_and_keeps_the_rest() {
    const std::string archive(150'000, 'z');
    for (const bool file_first : {true, false}) {
      const std::string file =
          part("Content-Disposition: form-data; name=\"tarball\"; filename=\"a.tgz\"", archive);
      const std::string metadata = named("metadata", "{}");
      auto asked = request("POST", "/x", {{"CONTENT_TYPE", k_type}},
                           (file_first ? file + metadata : metadata + file) + k_end);
      std::string streamed;
      const auto form = read_form(asked, [&](const Part& part) -> MultipartParser::Sink {
        if (part.name != "tarball") return nullptr;
        return [&](std::string_view piece) { streamed += piece; };
      });
      CPPUNIT_ASSERT(streamed == archive);
      CPPUNIT_ASSERT(form.field("metadata") && *form.field("metadata") == "{}");
      CPPUNIT_ASSERT(!form.field("tarball"));
    }
  }
  void a_form_refuses_fields_twice_and_fields_too_large() {
    const auto code_for = [](const std::string& body) {
      return refusal([&] {
        auto asked = request("POST", "/x", {{"CONTENT_TYPE", k_type}}, body + k_end);
        read_form(
            asked, [](const Part&) { return nullptr; }, 100);
      });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), code_for(named("a", "x") + named("a", "y")));
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"),
                         code_for(named("a", std::string(60, 'x')) + named("b", std::string(40, 'y'))));
    CPPUNIT_ASSERT_EQUAL(std::string("payload_too_large"),
                         code_for(named("a", std::string(60, 'x')) + named("b", std::string(41, 'y'))));
  }
  void a_form_needs_its_content_type_and_boundary() {
    const auto code_for = [](const char* type) {
      return refusal([&] {
        auto asked = request("POST", "/x", {{"CONTENT_TYPE", type}}, named("a", "x") + k_end);
        read_form(asked, [](const Part&) { return nullptr; });
      });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("nothing"), code_for("multipart/form-data; boundary=\"XyZ\""));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), code_for("multipart/form-data"));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), code_for("multipart/form-data; boundary=Other"));
    CPPUNIT_ASSERT_EQUAL(std::string("unsupported_media_type"), code_for("multipart/mixed; boundary=XyZ"));
    CPPUNIT_ASSERT_EQUAL(std::string("unsupported_media_type"), code_for(""));
  }
  void a_form_cut_short_or_too_long_is_refused() {
    for (const int difference : {-1, 1}) {
      const std::string body = named("a", "x") + k_end;
      const auto announced = std::to_string(static_cast<int>(body.size()) + difference);
      CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), refusal([&] {
                             auto asked =
                                 request("POST", "/x",
                                         {{"CONTENT_TYPE", k_type}, {"CONTENT_LENGTH", announced}}, body);
                             read_form(asked, [](const Part&) { return nullptr; });
                           }));
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(MultipartTest);
