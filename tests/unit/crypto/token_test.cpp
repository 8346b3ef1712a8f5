// SPDX-License-Identifier: MIT
#include "libwharf/crypto/token.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/crypto/crc32.hpp"
#include "libwharf/crypto/digest.hpp"

using namespace wharf;

class TokenTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TokenTest);
  CPPUNIT_TEST(crc32_of_the_check_text);
  CPPUNIT_TEST(makes_tokens_that_it_recognises);
  CPPUNIT_TEST(tells_a_token_from_noise);
  CPPUNIT_TEST(the_check_part_is_a_number_in_base_62);
  CPPUNIT_TEST_SUITE_END();

 public:
  void crc32_of_the_check_text() {
    CPPUNIT_ASSERT_EQUAL(0xcbf43926u, crc32("123456789"));
    CPPUNIT_ASSERT_EQUAL(0u, crc32(""));
  }
  void makes_tokens_that_it_recognises() {
    for (int i = 0; i < 1000; ++i) {
      const std::string token = make_api_token();
      CPPUNIT_ASSERT_EQUAL(std::size_t{6 + 43 + 6}, token.size());
      CPPUNIT_ASSERT_MESSAGE(token, looks_like_api_token(token));
    }
    CPPUNIT_ASSERT(make_api_token() != make_api_token());
    CPPUNIT_ASSERT_EQUAL(sha256("wharf_x"), api_token_digest("wharf_x"));
  }
  void tells_a_token_from_noise() {
    const std::string token = make_api_token();
    for (const std::string& bad : {std::string(), token + "0", token.substr(1), "Wharf_" + token.substr(6),
                                   token.substr(0, 54), "wharf_" + std::string(49, '0')})
      CPPUNIT_ASSERT_MESSAGE(bad, !looks_like_api_token(bad));
    for (std::size_t at = 6; at < token.size(); ++at) {
      std::string changed = token;
      changed[at] = changed[at] == 'x' ? 'y' : 'x';
      CPPUNIT_ASSERT_MESSAGE(changed, !looks_like_api_token(changed));
      changed[at] = '-';
      CPPUNIT_ASSERT_MESSAGE(changed, !looks_like_api_token(changed));
    }
  }
  void the_check_part_is_a_number_in_base_62() {
    // CRC-32 of 43 zeros, and its digits, were worked out with Python's zlib.
    CPPUNIT_ASSERT(looks_like_api_token("wharf_" + std::string(43, '0') + "2CZclj"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(TokenTest);
