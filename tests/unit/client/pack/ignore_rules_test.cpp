// SPDX-License-Identifier: MIT
#include "client/pack/ignore_rules.hpp"

#include <cppunit/extensions/HelperMacros.h>

using namespace wharf::client;

namespace {

struct Row {
  const char* rules;
  const char* path;  // a folder's ends in '/'
  bool out;
};

// What `git check-ignore` says of the same files (tests/system compares at random, where there is a git).
constexpr Row k_rows[] = {
    {"a", "a", true},
    {"a", "b/a", true},
    {"a", "b/a/", true},
    {"a/", "a", false},
    {"a/", "b/a/", true},
    {"/a", "a", true},
    {"/a", "b/a", false},
    {"b/a", "b/a", true},
    {"b/a", "c/b/a", false},
    {"**/b/a", "c/b/a", true},
    {"**/b/a", "b/a", true},
    {"a/**", "a/b/c", true},
    {"a/**", "a/", false},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "c/a/b", false},
    {"*.o", "x/y.o", true},
    {"*.o", "y.oo", false},
    {"doc/*.txt", "doc/a.txt", true},
    {"doc/*.txt", "doc/x/a.txt", false},
    {"foo*bar", "foobar", true},
    {"foo*bar", "fooxxbarbar", true},
    {"foo*bar", "foo/bar", false},
    {"?.c", "a.c", true},
    {"?.c", ".c", false},
    {"[a-c]x", "bx", true},
    {"[!a-c]x", "bx", false},
    {"[^a-c]x", "dx", true},
    {"[]]x", "]x", true},
    {"[a-", "a", false},
    {"[[:digit:]]*", "7up", true},
    {"[[:digit:]]*", "up", false},
    {"\\#x", "#x", true},
    {"#x", "#x", false},
    {"\\!x", "!x", true},
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"x   ", "x", true},
    {"x\\ ", "x ", true},
    {"x\r\ny\r\n", "y", true},
    {"*\n!a", "a", false},
    {"!a\n*", "a", true},
    {"*\n!*/", "b/", false},
    {"\n\n", "a", false},
    {"/", "a", false},
    {"/*\n!/src", "src/", false},
    {"/*\n!/src", "doc/", true},
};

}  // namespace

class IgnoreRulesTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(IgnoreRulesTest);
  CPPUNIT_TEST(reads_rules_as_git_does);
  CPPUNIT_TEST(a_file_in_a_folder_speaks_of_that_folder_alone);
  CPPUNIT_TEST(covers_what_lies_in_a_folder_that_is_covered);
  CPPUNIT_TEST(a_pattern_of_many_stars_ends);
  CPPUNIT_TEST_SUITE_END();

 public:
  void reads_rules_as_git_does() {
    for (const auto& row : k_rows) {
      IgnoreRules rules;
      rules.add(row.rules);
      std::string path = row.path;
      const bool directory = path.ends_with('/');
      if (directory) path.pop_back();
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(row.rules) + " of " + row.path, row.out,
                                   rules.of(path, directory) == IgnoreRules::Verdict::out);
    }
  }

  void a_file_in_a_folder_speaks_of_that_folder_alone() {
    IgnoreRules rules;
    rules.add("*.log\n");
    rules.add("/a\n!keep.log\n", "doc/");
    const auto out = IgnoreRules::Verdict::out;
    CPPUNIT_ASSERT(rules.of("doc/a", false) == out);
    CPPUNIT_ASSERT(rules.of("a", false) == IgnoreRules::Verdict::none);
    CPPUNIT_ASSERT(rules.of("doc/x/a", false) == IgnoreRules::Verdict::none);
    CPPUNIT_ASSERT(rules.of("doc/keep.log", false) == IgnoreRules::Verdict::in);
    CPPUNIT_ASSERT(rules.of("keep.log", false) == out);
  }

  void covers_what_lies_in_a_folder_that_is_covered() {
    IgnoreRules rules;
    rules.add("/src/\n*.md\n");
    for (const char* path : {"src/a/b.c", "doc/x.md"})
      CPPUNIT_ASSERT_MESSAGE(path, rules.covers(path, false));
    for (const char* path : {"src", "doc/src/a.c", "a.c"})
      CPPUNIT_ASSERT_MESSAGE(path, !rules.covers(path, false));
  }

  void a_pattern_of_many_stars_ends() {
    std::string pattern, name(2000, 'a');
    for (int i = 0; i < 60; ++i) pattern += "*a";
    CPPUNIT_ASSERT(name_fits(pattern, name));
    CPPUNIT_ASSERT(!name_fits(pattern + "b", name));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(IgnoreRulesTest);
