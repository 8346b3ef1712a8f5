// SPDX-License-Identifier: MIT
#include "libwharf/crypto/base64.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/crypto/random.hpp"

using namespace wharf;

namespace {

// The decoder's answer for `text` in pieces of `size`: the bytes, or nothing where it refuses.
std::optional<std::string> in_pieces(std::string_view text, std::size_t size) {
  std::string bytes;
  Base64Decoder decoder([&](std::string_view piece) { bytes += piece; });
  for (std::size_t at = 0; at < text.size(); at += size)
    if (!decoder.feed(text.substr(at, size))) return std::nullopt;
  if (!decoder.finish()) return std::nullopt;
  return bytes;
}

}  // namespace

class Base64Test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(Base64Test);
  CPPUNIT_TEST(both_alphabets_encode_as_rfc_4648_says);
  CPPUNIT_TEST(refuses_what_is_not_exactly_base64);
  CPPUNIT_TEST(refuses_what_is_not_exactly_base64url);
  CPPUNIT_TEST(decodes_in_pieces_of_every_size);
  CPPUNIT_TEST(each_text_has_one_spelling);
  CPPUNIT_TEST_SUITE_END();

 public:
  void both_alphabets_encode_as_rfc_4648_says() {
    const std::pair<std::string, std::string> examples[] = {{"", ""},
                                                            {"f", "Zg=="},
                                                            {"fo", "Zm8="},
                                                            {"foo", "Zm9v"},
                                                            {"foob", "Zm9vYg=="},
                                                            {"fooba", "Zm9vYmE="},
                                                            {"foobar", "Zm9vYmFy"},
                                                            {"\xfb\xef\xff", "++//"}};
    for (const auto& [bytes, text] : examples) {
      CPPUNIT_ASSERT_EQUAL(text, to_base64(bytes));
      CPPUNIT_ASSERT_MESSAGE(text, from_base64(text) == bytes);
      CPPUNIT_ASSERT_MESSAGE(text, from_base64url(to_base64url(bytes)) == bytes);
    }
    CPPUNIT_ASSERT_EQUAL(std::string("--__"), to_base64url("\xfb\xef\xff"));
    CPPUNIT_ASSERT_EQUAL(std::string("Zg"), to_base64url("f"));
  }
  void refuses_what_is_not_exactly_base64() {
    for (const char* bad :
         {"Z",     "Zg",       "Zg=",  "Zg===", "Zg==Zg==", "Zg==Z", "Zm8",  "Zm8==",  "Zm8=Z",
          "Zm9v=", "Zm9v====", "=",    "====",  "Z===",     "Zh==",  "Zm9=", "Zm9v\n", "Zm 9v",
          " Zm9v", "Zm9-",     "Zm9_", "Zm9*",  "Zm9\xff",  "Zm=v",  "Z=9v", "Zg=a",   "Zm9vZ"}) {
      CPPUNIT_ASSERT_MESSAGE(bad, !from_base64(bad));
      for (const std::size_t size : {1u, 2u, 3u}) CPPUNIT_ASSERT_MESSAGE(bad, !in_pieces(bad, size));
    }
    CPPUNIT_ASSERT(!from_base64(std::string_view("Zm9\0", 4)));
  }
  void refuses_what_is_not_exactly_base64url() {
    for (const char* bad : {"Z", "Zm9vZ", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9+", "Zm9/", "Zm9v\n", " Zm9v",
                            "Zm\xff"
                            "v"})
      CPPUNIT_ASSERT_MESSAGE(bad, !from_base64url(bad));
  }
  void decodes_in_pieces_of_every_size() {
    for (std::size_t length = 0; length < 70; ++length) {
      const std::string bytes = random_bytes(length);
      const std::string text = to_base64(bytes);
      for (std::size_t size = 1; size < 20; ++size)
        CPPUNIT_ASSERT_MESSAGE(text, in_pieces(text, size) == bytes);
    }
    const std::string large = random_bytes(300001);
    const std::string text = to_base64(large);
    for (const std::size_t size : {1u, 4096u, 65536u, 65537u, 500000u})
      CPPUNIT_ASSERT(in_pieces(text, size) == large);
  }
  void each_text_has_one_spelling() {
    // Every text of four characters over a few of the alphabet and '=': what is accepted encodes back to
    // itself.
    const std::string_view some = "AQgw/9=-";
    int accepted = 0;
    for (unsigned i = 0; i < 8 * 8 * 8 * 8; ++i) {
      const std::string text = {some[i & 7], some[i >> 3 & 7], some[i >> 6 & 7], some[i >> 9]};
      if (const auto bytes = from_base64(text)) {
        CPPUNIT_ASSERT_EQUAL(text, to_base64(*bytes));
        ++accepted;
      }
      if (const auto bytes = from_base64url(text)) CPPUNIT_ASSERT_EQUAL(text, to_base64url(*bytes));
    }
    CPPUNIT_ASSERT(accepted > 6 * 6 * 6 * 6);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(Base64Test);
