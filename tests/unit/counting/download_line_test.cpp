// SPDX-License-Identifier: MIT
#include "registry/counting/download_line.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace wharf;

class DownloadLineTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DownloadLineTest);
  CPPUNIT_TEST(the_rule);
  CPPUNIT_TEST(a_part_reaches_the_end_or_does_not);
  CPPUNIT_TEST(reads_what_nginx_writes);
  CPPUNIT_TEST(reads_bytes_that_are_no_text);
  CPPUNIT_TEST(refuses_what_is_not_of_the_form);
  CPPUNIT_TEST_SUITE_END();

  static std::string line(const std::string& from = {}, const std::string& to = {}) {
    std::string text =
        R"({"time":1767225599.999,"status":200,"method":"GET","completion":"OK","name":"kit","version":"1.0.0-rc.1",)"
        R"("bytes_sent":512,"range":"","content_range":"","uri":"/api/v1/packages/kit/1.0.0-rc.1/tarball","dialect":"native",)"
        R"("address":"2001:db8::1","agent":"curl/8","protocol":"HTTP/2.0","request_id":"0123456789abcdef0123456789abcdef"})";
    if (!from.empty()) {
      const auto at = text.find(from);
      CPPUNIT_ASSERT_MESSAGE("the line has no " + from, at != text.npos);
      text.replace(at, from.size(), to);
    }
    return text;
  }

 public:
  void the_rule() {
    const struct {
      const char* method;
      int status;
      const char* completion;
      const char* content_range;
      bool counts;
    } table[] = {
        {"GET", 200, "OK", "", true},
        {"GET", 200, "", "", false},
        {"HEAD", 200, "OK", "", false},
        {"get", 200, "OK", "", false},
        {"POST", 200, "OK", "", false},
        {"GET", 206, "OK", "bytes 0-99/100", true},
        {"GET", 206, "OK", "bytes 50-99/100", true},
        {"GET", 206, "OK", "bytes 99-99/100", true},
        {"GET", 206, "", "bytes 50-99/100", false},
        {"GET", 206, "OK", "bytes 0-98/100", false},
        {"GET", 206, "OK", "bytes 0-49/100", false},
        {"GET", 206, "OK", "", false},
        {"HEAD", 206, "OK", "bytes 0-99/100", false},
        {"GET", 302, "OK", "", true},
        {"GET", 302, "", "", false},
        {"GET", 301, "OK", "", false},
        {"GET", 304, "OK", "", false},
        {"GET", 404, "OK", "", false},
        {"GET", 416, "OK", "bytes */100", false},
        {"GET", 499, "", "", false},
        {"GET", 503, "OK", "", false},
    };
    for (const auto& row : table) {
      DownloadLine one;
      one.method = row.method;
      one.status = row.status;
      one.completion = row.completion;
      one.content_range = row.content_range;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(row.method) + " " + std::to_string(row.status) + " '" +
                                       row.completion + "' " + row.content_range,
                                   row.counts, is_download(one));
    }
  }

  void a_part_reaches_the_end_or_does_not() {
    for (const char* yes : {"bytes 0-0/1", "bytes 5-9/10", "bytes 0-31457279/31457280"})
      CPPUNIT_ASSERT_MESSAGE(yes, reaches_the_end(yes));
    for (const char* no :
         {"", "bytes 0-8/10", "bytes 0-10/10", "bytes 0-9/*", "bytes */10", "bytes 9-5/10", "bytes=0-9/10",
          "bytes 0-9", "bytes 0/10-9", "bytes -9/10", "bytes 0-18446744073709551615/0", "items 0-9/10",
          "bytes 0-9/10 ", "bytes 00-9/10"})
      CPPUNIT_ASSERT_MESSAGE(no, !reaches_the_end(no));
  }

  void reads_what_nginx_writes() {
    const auto read = read_download_line(line());
    CPPUNIT_ASSERT(read);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1767225599999}, unix_milliseconds(read->at));
    CPPUNIT_ASSERT_EQUAL(200, read->status);
    CPPUNIT_ASSERT_EQUAL(std::string("GET"), read->method);
    CPPUNIT_ASSERT_EQUAL(std::string("OK"), read->completion);
    CPPUNIT_ASSERT_EQUAL(std::string("kit"), read->name);
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0-rc.1"), read->version);
    CPPUNIT_ASSERT_EQUAL(std::string("2001:db8::1"), read->address);
    CPPUNIT_ASSERT_EQUAL(std::string("curl/8"), read->agent);
    CPPUNIT_ASSERT(is_download(*read));
    CPPUNIT_ASSERT_MESSAGE("a later nginx may say more",
                           read_download_line(line(R"("bytes_sent")", R"("scheme":"https","bytes_sent")")));
  }

  void reads_bytes_that_are_no_text() {
    const auto read = read_download_line(line("curl/8", "caf\xe9 \xc3\xa9 \xf0\x9f\x98\x80 \xf0\x9f"));
    CPPUNIT_ASSERT(read);
    CPPUNIT_ASSERT_EQUAL(std::string("caf\xef\xbf\xbd \xc3\xa9 \xf0\x9f\x98\x80 \xef\xbf\xbd\xef\xbf\xbd"),
                         read->agent);
    CPPUNIT_ASSERT(is_download(*read));
    CPPUNIT_ASSERT_EQUAL(std::string("\"\\\n\x01"),
                         read_download_line(line("curl/8", R"(\"\\\n\u0001)"))->agent);
  }

  void refuses_what_is_not_of_the_form() {
    const std::string whole = line();
    for (const auto& text : {std::string(),
                             std::string("null"),
                             std::string("[]"),
                             std::string("{}"),
                             std::string("GET / 200"),
                             whole.substr(0, whole.size() - 1),
                             whole.substr(1),
                             whole + whole,
                             whole + ",",
                             line("\"status\":200", "\"status\":\"200\""),
                             line("\"status\":200", "\"status\":000"),
                             line("\"status\":200", "\"status\":1e9"),
                             line("\"status\":200", "\"status\":-200"),
                             line("\"status\":200", "\"status\":200.5"),
                             line("\"name\":\"kit\",", ""),
                             line("\"name\":\"kit\"", "\"name\":null"),
                             line("\"completion\":\"OK\"", "\"completion\":true"),
                             line("1767225599.999", "\"1767225599.999\""),
                             line("1767225599.999", "-1"),
                             line("1767225599.999", "253402300800"),
                             line("\"request_id\"", "\"requestid\""),
                             line("\"method\":\"GET\"", "\"method\":\"GET\",\"method\":\"GET\"")})
      CPPUNIT_ASSERT_MESSAGE(text, !read_download_line(text));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(DownloadLineTest);
