// SPDX-License-Identifier: MIT
#include "libwharf/crypto/digest.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <set>
#include <stdexcept>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/random.hpp"

using namespace wharf;

class DigestTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DigestTest);
  CPPUNIT_TEST(sha256_of_the_standards_examples);
  CPPUNIT_TEST(pieces_make_the_same_digest_as_the_whole);
  CPPUNIT_TEST(a_digest_is_finished_once);
  CPPUNIT_TEST(hmac_of_the_examples_in_rfc_4231);
  CPPUNIT_TEST(compares_content_and_length);
  CPPUNIT_TEST_SUITE_END();

 public:
  void sha256_of_the_standards_examples() {
    CPPUNIT_ASSERT_EQUAL(std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                         to_hex(sha256("")));
    CPPUNIT_ASSERT_EQUAL(std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                         to_hex(sha256({})));
    CPPUNIT_ASSERT_EQUAL(std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                         to_hex(sha256("abc")));
    CPPUNIT_ASSERT_EQUAL(std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
                         to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")));
    CPPUNIT_ASSERT_EQUAL(std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
                         to_hex(sha256(std::string(1000000, 'a'))));
  }
  void pieces_make_the_same_digest_as_the_whole() {
    const std::string text(1000, 'x');
    for (const std::size_t size : {1u, 7u, 63u, 64u, 65u, 1000u}) {
      Sha256 moved_from;
      Sha256 hash = std::move(moved_from);
      for (std::size_t at = 0; at < text.size(); at += size)
        hash.update(std::string_view(text).substr(at, size));
      hash.update({});
      CPPUNIT_ASSERT_EQUAL(to_hex(sha256(text)), to_hex(hash.finish()));
    }
  }
  void a_digest_is_finished_once() {
    Sha256 hash;
    (void)hash.finish();
    CPPUNIT_ASSERT_THROW(hash.finish(), std::logic_error);
    CPPUNIT_ASSERT_THROW(hash.update("x"), std::logic_error);
  }
  void hmac_of_the_examples_in_rfc_4231() {
    CPPUNIT_ASSERT_EQUAL(std::string("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
                         to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")));
    CPPUNIT_ASSERT_EQUAL(std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
                         to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")));
    CPPUNIT_ASSERT_EQUAL(std::string("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
                         to_hex(hmac_sha256(std::string(131, '\xaa'),
                                            "Test Using Larger Than Block-Size Key - Hash Key First")));
    CPPUNIT_ASSERT_EQUAL(std::string("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
                         to_hex(hmac_sha256({}, {})));
  }
  void compares_content_and_length() {
    CPPUNIT_ASSERT(equal_constant_time("", {}) && equal_constant_time("abc", "abc"));
    CPPUNIT_ASSERT(!equal_constant_time("abc", "abd") && !equal_constant_time("abc", "ab") &&
                   !equal_constant_time("", "a"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(DigestTest);

class RandomTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RandomTest);
  CPPUNIT_TEST(never_draws_the_same_twice);
  CPPUNIT_TEST(base62_draws_each_character_about_equally_often);
  CPPUNIT_TEST_SUITE_END();

 public:
  void never_draws_the_same_twice() {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
      seen.insert(random_bytes(16));
      seen.insert(random_base62(22));
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{2000}, seen.size());
    CPPUNIT_ASSERT(random_bytes(0).empty() && random_base62(0).empty());
  }
  void base62_draws_each_character_about_equally_often() {
    // 62 000 draws: 1000 expected of each, with a deviation of 31. The bounds are more than six of them away;
    // a byte taken modulo 62 without rejection would lie at 1211 for the first eight.
    int counts[256] = {};
    for (const char c : random_base62(62000)) ++counts[static_cast<unsigned char>(c)];
    for (int c = 0; c < 256; ++c) {
      if (is_alphanumeric(static_cast<char>(c))) {
        CPPUNIT_ASSERT_MESSAGE(std::string(1, static_cast<char>(c)), counts[c] > 790 && counts[c] < 1200);
      } else {
        CPPUNIT_ASSERT_EQUAL(0, counts[c]);
      }
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(RandomTest);
