// SPDX-License-Identifier: MIT
#include "registry/search/query.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <random>

using namespace wharf::search;

class SearchQueryTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SearchQueryTest);
  CPPUNIT_TEST(reads_words_phrases_and_operators);
  CPPUNIT_TEST(reads_fields);
  CPPUNIT_TEST(reads_what_must_not_be);
  CPPUNIT_TEST(takes_what_it_cannot_read_for_plain_words);
  CPPUNIT_TEST(knows_what_may_be_a_name);
  CPPUNIT_TEST(is_bounded);
  CPPUNIT_TEST(takes_any_text);
  CPPUNIT_TEST_SUITE_END();

  static std::string show(const Node& node) {
    static const char* const k_fields[] = {"", "author:", "category:", "keyword:", "license:", "name:"};
    const auto list = [](const std::vector<Node>& parts) {
      std::string text;
      for (const auto& part : parts) text += " " + show(part);
      return text;
    };
    switch (node.kind) {
      case Node::Kind::word:
        return k_fields[static_cast<int>(node.field)] + node.text;
      case Node::Kind::beginning:
        return k_fields[static_cast<int>(node.field)] + node.text + "*";
      case Node::Kind::phrase: {
        std::string text;
        for (const auto& word : node.words) text += (text.empty() ? "" : " ") + word;
        return "'" + text + "'";
      }
      case Node::Kind::all:
        return "(all" + list(node.parts) + ")";
      case Node::Kind::any:
        return "(any" + list(node.parts) + ")";
      case Node::Kind::none_of:
        return "(not" + list(node.parts) + ")";
    }
    return "?";
  }
  static std::string show(const ParsedQuery& query) {
    std::string text;
    for (const auto& word : query.words) text += word + " ";
    for (const auto& node : query.conditions) text += show(node) + " ";
    for (const auto& node : query.excluded) text += "-" + show(node) + " ";
    if (!text.empty()) text.pop_back();
    return text;
  }
  static void expect(const std::string& shown, const std::string& query) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(query, shown, show(parse_query(query)));
  }

 public:
  void reads_words_phrases_and_operators() {
    expect("json parser", "JSON parser");
    expect("json parser", "json AND +parser");
    expect("fast 'json parser'", "fast \"JSON parser\"");
    expect("(any (all json) (all yaml fast))", "json OR yaml fast");
    expect("fast (any (all json) (all yaml))", "fast (json OR yaml)");
    expect("par*", "par*");
    expect("json or and not", "json or and not");
    expect("python3 yaml", "python3-yaml");
    expect("a", "a*");
    expect("", "");
  }
  void reads_fields() {
    expect("author:ada", "author:ada");
    expect("json category:Web", "json Category:Web");
    expect("author:Ada Lovelace", "author:\"Ada Lovelace\"");
    expect("name:js*", "name:js*");
    expect("license:MIT", "licence:MIT");
    expect("std vector", "std::vector");
    expect("unknown field", "unknown:field");
  }
  void reads_what_must_not_be() {
    expect("json -xml", "json -xml");
    expect("json -xml", "json NOT xml");
    expect("-xml", "-xml");
    expect("json -'a b'", "json -\"a b\"");
    expect("json -(any (all a) (all b))", "json -(a OR b)");
    expect("json -(all std move)", "json -std::move");
    expect("json x", "json - x");
    expect("json -author:ada", "json -author:ada");
  }
  void takes_what_it_cannot_read_for_plain_words() {
    expect("json parser", "\"json parser");
    expect("json", "(json");
    expect("json", "json)");
    expect("json or", "json OR");
    expect("and json", "AND json");
    expect("json and x", "json AND AND x");
    expect("not", "NOT");
    expect("author", "author:");
    expect("a b", "((((((((((a)))))))))) b");
  }
  void knows_what_may_be_a_name() {
    CPPUNIT_ASSERT_EQUAL(std::string("jsonparser"), parse_query("Json parser").name);
    CPPUNIT_ASSERT_EQUAL(std::string("libfoo2"), parse_query("lib-foo_2").name);
    CPPUNIT_ASSERT_EQUAL(std::string("json"), parse_query("json category:web -xml").name);
    CPPUNIT_ASSERT_EQUAL(std::string(), parse_query("json OR yaml").name);
    CPPUNIT_ASSERT_EQUAL(std::string(), parse_query("größe").name);
    CPPUNIT_ASSERT_EQUAL(std::string(), parse_query("category:web").name);
  }
  void is_bounded() {
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "w" + std::to_string(i) + " ";
    CPPUNIT_ASSERT_EQUAL(k_most_words, parse_query(many).words.size());
    expect("dd aa* bb* cc*", "aa* bb* cc* dd*");
    // The end of a character that is cut in two does not matter.
    parse_query(std::string(k_longest_query - 1, 'x') + "ö");
  }
  void takes_any_text() {
    std::mt19937 dice(5);
    const std::string pieces[] = {"json", "\"",  "(", ")",  "-",       "+",       "*",    "AND",
                                  "OR",   "NOT", " ", ":",  "author:", "name:\"", "\xff", "ö",
                                  "日本", "",    "'", "\\", "%",       "a*",      "**"};
    for (int i = 0; i < 20'000; ++i) {
      std::string text;
      for (auto length = dice() % 12; length > 0; --length) {
        text += pieces[dice() % std::size(pieces)];
        if (dice() % 2) text += ' ';
      }
      const auto parsed = parse_query(text);
      CPPUNIT_ASSERT_MESSAGE(text, parsed.words.size() <= k_most_words);
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SearchQueryTest);
