// SPDX-License-Identifier: MIT
#include "registry/search/words.hpp"

#include <cppunit/extensions/HelperMacros.h>

using namespace wharf::search;

class SearchWordsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SearchWordsTest);
  CPPUNIT_TEST(cuts_text_into_small_words);
  CPPUNIT_TEST(keeps_the_marks_of_languages_names);
  CPPUNIT_TEST(cuts_scripts_without_spaces_into_pairs);
  CPPUNIT_TEST(takes_any_bytes);
  CPPUNIT_TEST(cuts_words_that_are_too_long_between_characters);
  CPPUNIT_TEST(knows_what_a_name_may_be_looked_for_as);
  CPPUNIT_TEST(joins_names_and_makes_slugs);
  CPPUNIT_TEST(finds_the_licenses_of_an_expression);
  CPPUNIT_TEST_SUITE_END();

  static std::string joined_up(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
  }
  static void expect(const std::string& words, const std::string& text) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(text, words, joined_up(words_of(text)));
  }

 public:
  void cuts_text_into_small_words() {
    expect("parses json and yaml 1 2", "Parses JSON, and_YAML (1.2)!");
    expect("dont stop", "don't stop'");
    expect("größe ärger", "Größe, ÄRGER");
    expect("", " -- !! ");
  }
  void keeps_the_marks_of_languages_names() {
    expect("c++ and c# and f# or c", "C++ and C#, and f# or c");
    expect("a b", "a+b");
    expect("x", "x++++");
  }
  void cuts_scripts_without_spaces_into_pairs() {
    expect("日本 本語 json", "日本語json");
    expect("語", "語");
  }
  void takes_any_bytes() {
    CPPUNIT_ASSERT(!words_of("a\xff\xfe z").empty());
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    for (const auto& word : words_of(all)) CPPUNIT_ASSERT(word.size() <= k_longest_word);
  }
  void cuts_words_that_are_too_long_between_characters() {
    const auto words = words_of(std::string(63, 'x') + "öööö");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, words.size());
    CPPUNIT_ASSERT_EQUAL(std::string(63, 'x'), words.front());
  }
  void knows_what_a_name_may_be_looked_for_as() {
    const auto check = [](const std::string& name, const std::string& parts, const std::string& also) {
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, parts, joined_up(name_words(name).parts));
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, also, joined_up(name_words(name).also));
    };
    check("json-parser", "json parser", "jsonparser");
    check("libfoo2", "libfoo2", "libfoo 2 foo2 foo");
    check("python3-yaml", "python3 yaml", "python 3 python3yaml");
    check("a.b_c", "a b c", "ab bc abc");
    check("tides", "tides", "");
  }
  void joins_names_and_makes_slugs() {
    CPPUNIT_ASSERT_EQUAL(std::string("jsonparser2"), joined("Json-Parser_2"));
    CPPUNIT_ASSERT_EQUAL(std::string(""), joined("日本"));
    CPPUNIT_ASSERT_EQUAL(std::string("machine-learning"), slug(" Machine  Learning "));
    CPPUNIT_ASSERT_EQUAL(std::string("machine-learning"), slug("machine_learning"));
    CPPUNIT_ASSERT_EQUAL(std::string("c++"), slug("C++"));
  }
  void finds_the_licenses_of_an_expression() {
    CPPUNIT_ASSERT_EQUAL(std::string("apache apache-2.0 mit"),
                         joined_up(license_words("(Apache-2.0 OR MIT)")));
    CPPUNIT_ASSERT_EQUAL(std::string("gpl gpl-3.0 gpl-3.0-or gpl-3.0-or-later"),
                         joined_up(license_words("GPL-3.0-or-later")));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SearchWordsTest);
