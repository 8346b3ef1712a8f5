// SPDX-License-Identifier: MIT
#include "client/http/origin.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "client/registry/credential_text.hpp"
#include "client/registry/origin.hpp"
#include "tests/support/error_of.hpp"

using namespace wharf;
using namespace wharf::client;

namespace {

std::string text_of(std::string_view url) {
  const auto origin = origin_of(url);
  return origin ? origin->text() : "none";
}

}  // namespace

class OriginTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OriginTest);
  CPPUNIT_TEST(is_scheme_host_and_port);
  CPPUNIT_TEST(implied_ports_are_the_same_as_written_ones);
  CPPUNIT_TEST(what_two_readers_could_read_differently_is_none);
  CPPUNIT_TEST(a_registry_has_one_base_however_it_is_written);
  CPPUNIT_TEST(a_directory_is_a_registry);
  CPPUNIT_TEST(what_is_no_registry_is_refused);
  CPPUNIT_TEST(each_base_has_a_key_of_its_own);
  CPPUNIT_TEST(dialects_of_a_registry_share_their_account);
  CPPUNIT_TEST_SUITE_END();

 public:
  void is_scheme_host_and_port() {
    CPPUNIT_ASSERT_EQUAL(std::string("https://packages.example.org"),
                         text_of("https://packages.example.org/a/b?c#d"));
    CPPUNIT_ASSERT_EQUAL(std::string("http://localhost:8080"), text_of("HTTP://LocalHost:8080"));
    CPPUNIT_ASSERT_EQUAL(std::string("https://[::1]:8443"), text_of("https://[::1]:8443/x"));
    CPPUNIT_ASSERT(!(origin_of("https://a.example") == origin_of("http://a.example")));
    CPPUNIT_ASSERT(!(origin_of("https://a.example") == origin_of("https://a.example:8443")));
    CPPUNIT_ASSERT(!(origin_of("https://a.example") == origin_of("https://b.example")));
  }

  void implied_ports_are_the_same_as_written_ones() {
    CPPUNIT_ASSERT(origin_of("https://a.example:443/x") == origin_of("https://a.example"));
    CPPUNIT_ASSERT(origin_of("http://a.example:80") == origin_of("http://A.example/"));
  }

  void what_two_readers_could_read_differently_is_none() {
    for (const std::string_view bad : {"",
                                       "packages.example.org",
                                       "//a.example",
                                       "ftp://a.example",
                                       "file:///srv",
                                       "https://",
                                       "https:///x",
                                       "https://user@a.example",
                                       "https://user:pass@a.example",
                                       "https://a.example\\@b.example",
                                       "https://a.example:0",
                                       "https://a.example:65536",
                                       "https://a.example:8o",
                                       "https://a.example:",
                                       "https://a example",
                                       "https://a.example/\n",
                                       "https://a.example%2f",
                                       "https://[::1",
                                       "https://[]",
                                       "https://[::1]x",
                                       "https://gr\xc3\xb6\xc3\x9f.example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(bad), std::string("none"), text_of(bad));
  }

  void a_registry_has_one_base_however_it_is_written() {
    for (const std::string_view same :
         {"https://a.example", "https://A.example/", " https://a.example:443// ", "https://a.example/api/v1",
          "https://a.example/api/v1/"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(same), std::string("https://a.example"), registry_base(same));
    CPPUNIT_ASSERT_EQUAL(std::string("http://a.example:8080/Team"),
                         registry_base("http://a.example:8080/Team/api/v1/"));
  }

  void a_directory_is_a_registry() {
    CPPUNIT_ASSERT_EQUAL(std::string("file:///srv/mirror"), registry_base("file:///srv/./x/../mirror/"));
    CPPUNIT_ASSERT_EQUAL(std::string("file:///srv/my mirror"), registry_base("file:///srv/my%20mirror"));
    CPPUNIT_ASSERT_EQUAL(std::string("/srv/mirror"),
                         registry_directory("file:///srv/mirror").value().native());
    CPPUNIT_ASSERT(!registry_directory("https://a.example"));
  }

  void what_is_no_registry_is_refused() {
    for (const std::string_view bad :
         {"", "a.example", "file://host/x", "file://", "file:///a%", "file:///a%00", "file:///a%zz",
          "https://a.example/?x", "https://a.example/a/../b", "https://u@a.example"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(bad), std::string("bad_request"),
                                   test::code_of([&] { registry_base(bad); }));
  }

  void each_base_has_a_key_of_its_own() {
    const auto key = registry_key("https://a.example");
    CPPUNIT_ASSERT(key.starts_with("a.example-"));
    for (const std::string_view other :
         {"http://a.example", "https://a.example:8443", "https://a.example/team", "file:///srv"})
      CPPUNIT_ASSERT(registry_key(other) != key);
    CPPUNIT_ASSERT_EQUAL(std::string::npos, registry_key("http://[::1]:80/x/y").find_first_of("/[]:"));
  }

  void dialects_of_a_registry_share_their_account() {
    CPPUNIT_ASSERT_EQUAL(std::string("https://a.example"), base_of("https://a.example/vais/").value());
    CPPUNIT_ASSERT_EQUAL(std::string("https://a.example"), base_of("https://a.example/raven/api/v1").value());
    CPPUNIT_ASSERT_EQUAL(std::string("https://a.example/team"), base_of("https://a.example/team").value());
    CPPUNIT_ASSERT(!base_of("a.example"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OriginTest);
