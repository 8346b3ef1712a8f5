// SPDX-License-Identifier: MIT
#include "libwharf/crypto/jwt.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "libwharf/crypto/base64.hpp"
#include "libwharf/crypto/digest.hpp"

using namespace wharf;

namespace {

const std::string k_key = "0123456789abcdef0123456789abcdef";
const std::string k_other_key = "another key of thirty-two bytes!";
const std::string k_good_header = R"({"alg":"HS256","typ":"JWT"})";
const std::string k_good_body = R"({"sub":"42","jti":"abcDEF123","iat":1769853600,"exp":1772445600})";
// Made of the two lines above with Python's hmac.
const std::string k_known =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJzdWIiOiI0MiIsImp0aSI6ImFiY0RFRjEyMyIsImlhdCI6MTc2OTg1MzYwMCwiZXhwIjoxNzcyNDQ1NjAwfQ."
    "Khe95Tp6nOZD-OhYmlJCRx6IlnNhXhWUwVQd7Wtip5M";

Time at_second(std::int64_t seconds) {
  return time_from_unix_milliseconds(seconds * 1000);
}
const Time k_when = at_second(1770000000);

std::string with_signature(const std::string& text, const std::string& key = k_key) {
  return text + "." + to_base64url(hmac_sha256(key, text));
}
std::string token_of(std::string_view header, std::string_view body) {
  return with_signature(to_base64url(header) + "." + to_base64url(body));
}

bool accepts(std::string_view token, Time at = k_when) {
  return JwtKeys({k_key}).verify(token, at).has_value();
}

}  // namespace

class JwtTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(JwtTest);
  CPPUNIT_TEST(signs_and_reads_the_known_token);
  CPPUNIT_TEST(runs_out_to_the_second);
  CPPUNIT_TEST(keys_rotate);
  CPPUNIT_TEST(any_changed_character_breaks_it);
  CPPUNIT_TEST(accepts_no_header_but_ours);
  CPPUNIT_TEST(accepts_no_claims_but_whole_ones);
  CPPUNIT_TEST(accepts_the_compact_form_alone);
  CPPUNIT_TEST(refuses_short_keys_and_long_tokens);
  CPPUNIT_TEST_SUITE_END();

 public:
  void signs_and_reads_the_known_token() {
    const JwtKeys keys({k_key});
    CPPUNIT_ASSERT_EQUAL(k_known, keys.sign({"42", "abcDEF123", time_from_unix_milliseconds(1769853600999),
                                             at_second(1772445600)}));
    const auto claims = keys.verify(k_known, k_when);
    CPPUNIT_ASSERT(claims);
    CPPUNIT_ASSERT(claims->subject == "42" && claims->id == "abcDEF123");
    CPPUNIT_ASSERT(claims->issued_at == at_second(1769853600) && claims->expires_at == at_second(1772445600));
  }
  void runs_out_to_the_second() {
    CPPUNIT_ASSERT(accepts(k_known, time_from_unix_milliseconds(1772445599999)));
    CPPUNIT_ASSERT(!accepts(k_known, at_second(1772445600)));
    CPPUNIT_ASSERT(!accepts(k_known, at_second(1999999999)));
  }
  void keys_rotate() {
    const JwtKeys rotated({k_other_key, k_key});
    CPPUNIT_ASSERT(rotated.verify(k_known, k_when));
    const std::string fresh = rotated.sign({"1", "j", k_when, k_when + std::chrono::hours(1)});
    CPPUNIT_ASSERT(rotated.verify(fresh, k_when) && JwtKeys({k_other_key}).verify(fresh, k_when));
    CPPUNIT_ASSERT(!accepts(fresh));
    CPPUNIT_ASSERT(!JwtKeys({k_other_key}).verify(k_known, k_when));
  }
  void any_changed_character_breaks_it() {
    for (std::size_t at = 0; at < k_known.size(); ++at) {
      for (const char c : {'A', 'B', '.', '='}) {
        std::string changed = k_known;
        if (changed[at] == c) continue;
        changed[at] = c;
        CPPUNIT_ASSERT_MESSAGE(changed, !accepts(changed));
      }
      CPPUNIT_ASSERT(!accepts(k_known.substr(0, at)));
    }
    // Another spelling of the same signature: its last character carries two unused bits.
    std::string respelled = k_known;
    ++respelled.back();
    CPPUNIT_ASSERT(!accepts(respelled));
  }
  void accepts_no_header_but_ours() {
    CPPUNIT_ASSERT(accepts(token_of(k_good_header, k_good_body)));
    CPPUNIT_ASSERT(accepts(token_of(R"( {"typ" : "JWT", "alg" : "HS256"} )", k_good_body)));
    for (const char* bad :
         {R"({"alg":"none","typ":"JWT"})", R"({"alg":"None","typ":"JWT"})", R"({"alg":"hs256","typ":"JWT"})",
          R"({"alg":"HS512","typ":"JWT"})", R"({"alg":"RS256","typ":"JWT"})", R"({"alg":"HS256"})",
          R"({"typ":"JWT"})", R"({"alg":"HS256","typ":"jwt"})", R"({"alg":"HS256","typ":"at+jwt"})",
          R"({"alg":"HS256","typ":"JWT","crit":["x"],"x":1})", R"({"alg":"HS256","typ":"JWT","kid":"1"})",
          R"({"alg":"HS256","alg":"HS256","typ":"JWT"})", R"({"alg":["HS256"],"typ":"JWT"})",
          R"(["HS256","JWT"])", "null", "", "{"})
      CPPUNIT_ASSERT_MESSAGE(bad, !accepts(token_of(bad, k_good_body)));
    CPPUNIT_ASSERT(
        !accepts(to_base64url(R"({"alg":"none","typ":"JWT"})") + "." + to_base64url(k_good_body) + "."));
  }
  void accepts_no_claims_but_whole_ones() {
    CPPUNIT_ASSERT(accepts(
        token_of(k_good_header, R"({"exp":1772445600,"iat":1769853600,"jti":"j","sub":"4","more":1})")));
    for (const char* bad :
         {R"({"jti":"j","iat":1,"exp":1772445600})", R"({"sub":"4","iat":1,"exp":1772445600})",
          R"({"sub":"4","jti":"j","exp":1772445600})", R"({"sub":"4","jti":"j","iat":1})",
          R"({"sub":4,"jti":"j","iat":1,"exp":1772445600})",
          R"({"sub":"4","jti":7,"iat":1,"exp":1772445600})",
          R"({"sub":"4","jti":"j","iat":"1","exp":1772445600})",
          R"({"sub":"4","jti":"j","iat":1,"exp":"1772445600"})",
          R"({"sub":"4","jti":"j","iat":1,"exp":1772445600.5})",
          R"({"sub":"4","jti":"j","iat":1,"exp":9e99})", R"({"sub":"","jti":"j","iat":1,"exp":1772445600})",
          R"({"sub":"4","jti":"","iat":1,"exp":1772445600})",
          R"({"sub":"4","sub":"5","jti":"j","iat":1,"exp":1772445600})",
          R"({"sub":"4","jti":"j","iat":1,"exp":1,"exp":1772445600})",
          R"({"sub":"4","jti":"j","iat":1,"exp":-1})", "[]", "null", "", "{}"})
      CPPUNIT_ASSERT_MESSAGE(bad, !accepts(token_of(k_good_header, bad)));
  }
  void accepts_the_compact_form_alone() {
    const std::string signed_part = k_known.substr(0, k_known.rfind('.'));
    for (const std::string& bad :
         {std::string(), std::string("."), std::string(".."), std::string("..."), k_known + ".",
          k_known + ".x", "." + k_known, " " + k_known, k_known + "\n", signed_part, signed_part + ".",
          k_known + "=", with_signature(to_base64url(k_good_header))})
      CPPUNIT_ASSERT_MESSAGE(bad, !accepts(bad));
    // Signed by us, but with padding in a part.
    CPPUNIT_ASSERT(
        !accepts(with_signature(to_base64(k_good_header + "  ") + "." + to_base64url(k_good_body))));
  }
  void refuses_short_keys_and_long_tokens() {
    CPPUNIT_ASSERT_THROW(JwtKeys({}), Error);
    CPPUNIT_ASSERT_THROW(JwtKeys({k_key, "short"}), Error);
    CPPUNIT_ASSERT_THROW(JwtKeys({std::string(31, 'x')}), Error);
    CPPUNIT_ASSERT_THROW(JwtKeys({k_key}).sign({std::string(1024, 'x'), "j", k_when, k_when}), Error);
    const auto padded_body = [](std::size_t size) {
      return R"({"sub":"4","jti":"j","iat":1,"exp":1772445600,"x":")" + std::string(size, 'x') + "\"}";
    };
    std::size_t size = 0;
    while (token_of(k_good_header, padded_body(size + 3)).size() <= 1024) size += 3;
    CPPUNIT_ASSERT(accepts(token_of(k_good_header, padded_body(size))));
    CPPUNIT_ASSERT(!accepts(token_of(k_good_header, padded_body(size + 3))));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(JwtTest);
