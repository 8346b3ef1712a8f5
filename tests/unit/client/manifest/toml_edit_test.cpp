// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include "tests/unit/client/manifest/projects.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientTomlEditTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientTomlEditTest);
  CPPUNIT_TEST(changes_a_requirement_in_every_form);
  CPPUNIT_TEST(adds_a_requirement_to_a_table_that_has_none);
  CPPUNIT_TEST(adds_in_the_order_of_names_or_at_the_end);
  CPPUNIT_TEST(writes_as_the_neighbours_are_written);
  CPPUNIT_TEST(makes_the_table_where_there_is_none);
  CPPUNIT_TEST(keeps_carriage_returns_and_a_missing_last_line_break);
  CPPUNIT_TEST(removes_every_form);
  CPPUNIT_TEST(removes_from_both_tables_or_one);
  CPPUNIT_TEST(knows_the_dev_tables_of_each_language);
  CPPUNIT_TEST(writes_paths);
  CPPUNIT_TEST(is_not_misled_by_strings_and_comments);
  CPPUNIT_TEST(refuses_what_is_no_name_or_requirement);
  CPPUNIT_TEST(names_the_nearest_that_could_be_meant);
  CPPUNIT_TEST(leaves_what_the_workspace_decides);
  CPPUNIT_TEST_SUITE_END();

  static std::string add(const std::string& text, std::string_view name, std::string_view requirement,
                         bool dev = false, const std::string& profile = "vais") {
    return with_dependency(project_of(profile, text), find_profile(profile), name, requirement, dev);
  }
  static std::string drop(const std::string& text, std::string_view name, std::optional<bool> dev = {}) {
    return without_dependency(project_of("vais", text), find_profile("vais"), name, dev);
  }
  static void same(std::string_view expected, const std::string& text) {
    CPPUNIT_ASSERT_EQUAL(std::string(expected), text);
  }

 public:
  void changes_a_requirement_in_every_form() {
    same("[dependencies]\n  foo='^2' # why\n", add("[dependencies]\n  foo='1' # why\n", "foo", "^2"));
    same(
        "[dependencies]\nfoo = { features = [\"a\"], version = \"^2\", optional = true }\n",
        add("[dependencies]\nfoo = { features = [\"a\"], version = \"1\", optional = true }\n", "foo", "^2"));
    same("[dependencies.foo]\n# it\noptional = true\nversion = \"^2\"\n",
         add("[dependencies.foo]\n# it\noptional = true\nversion = \"1\"\n", "foo", "^2"));
    same("[dependencies]\nfoo.version = \"^2\"\nfoo.optional = true\n",
         add("[dependencies]\nfoo.version = \"1\"\nfoo.optional = true\n", "foo", "^2"));
    same("dependencies.foo = \"^2\"\n", add("dependencies.foo = \"1\"\n", "foo", "^2"));
    same("dependencies.foo.version = \"^2\"\n", add("dependencies.foo.version = \"1\"\n", "foo", "^2"));
    same("dependencies = { a = \"1\", foo = \"^2\" }\n",
         add("dependencies = { a = \"1\", foo = \"1\" }\n", "foo", "^2"));
    same("[\"dependencies\"]\n\"foo\" = \"^2\"\n", add("[\"dependencies\"]\n\"foo\" = \"1\"\n", "foo", "^2"));
    same("[ dependencies . 'fo.o' ]\nversion = \"^2\"\n",
         add("[ dependencies . 'fo.o' ]\nversion = \"1\"\n", "fo.o", "^2"));
    same("[dependencies]\nfoo = \"^2\"\n", add("[dependencies]\nfoo = \"\"\"1\"\"\"\n", "foo", "^2"));
  }

  void adds_a_requirement_to_a_table_that_has_none() {
    same("[dependencies]\nfoo = { version = \"^2\", path = \"../foo\" }\n",
         add("[dependencies]\nfoo = { path = \"../foo\" }\n", "foo", "^2"));
    same("[dependencies]\nfoo = {version = \"^2\", path = \"../foo\"}\n",
         add("[dependencies]\nfoo = {path = \"../foo\"}\n", "foo", "^2"));
    same("[dependencies]\nfoo = { version = \"^2\" }\n", add("[dependencies]\nfoo = {}\n", "foo", "^2"));
    same("[dependencies.foo]\nversion = \"^2\"\npath = \"../foo\"\n",
         add("[dependencies.foo]\npath = \"../foo\"\n", "foo", "^2"));
    same("[dependencies]\n  foo.version = \"^2\"\n  foo.path = \"../foo\"\n",
         add("[dependencies]\n  foo.path = \"../foo\"\n", "foo", "^2"));
    same("dependencies.foo.version = \"^2\"\ndependencies.foo.path = \"x\"\n",
         add("dependencies.foo.path = \"x\"\n", "foo", "^2"));
  }

  void adds_in_the_order_of_names_or_at_the_end() {
    const std::string sorted = "[dependencies]\n# first\na = \"1\"\n# last\nc = \"1\" # c\n\n[build]\n";
    same("[dependencies]\n# first\na = \"1\"\nb = \"^2\"\n# last\nc = \"1\" # c\n\n[build]\n",
         add(sorted, "b", "^2"));
    same("[dependencies]\n# first\na = \"1\"\n# last\nc = \"1\" # c\nd = \"^2\"\n\n[build]\n",
         add(sorted, "d", "^2"));
    same("[dependencies]\n0a = \"^2\"\n# first\na = \"1\"\n# last\nc = \"1\" # c\n\n[build]\n",
         add(sorted, "0a", "^2"));
    same("[dependencies]\nc = \"1\"\na = \"1\"\nb = \"^2\"\n",
         add("[dependencies]\nc = \"1\"\na = \"1\"\n", "b", "^2"));
    same("[dependencies]\nb = \"^2\"\n\n# of the next\n[build]\n",
         add("[dependencies]\n\n# of the next\n[build]\n", "b", "^2"));
    same("[dependencies]\na.version = \"1\"\na.optional = true\nb = \"^2\"\nc = \"1\"\n",
         add("[dependencies]\na.version = \"1\"\na.optional = true\nc = \"1\"\n", "b", "^2"));
    same("dependencies = { a = \"1\", b = \"^2\" }\n", add("dependencies = { a = \"1\" }\n", "b", "^2"));
    same("dependencies = { b = \"^2\" }\n", add("dependencies = {}\n", "b", "^2"));
    same("dependencies.a = \"1\"\ndependencies.b = \"^2\"\n[x]\n",
         add("dependencies.a = \"1\"\n[x]\n", "b", "^2"));
    same("dependencies.a = \"^2\"\ndependencies.b = \"1\"\n", add("dependencies.b = \"1\"\n", "a", "^2"));
    same("[dependencies]\na = { version = \"1\", features = [\n  'x', # ]\n] }\nb = \"^2\"\n",
         add("[dependencies]\na = { version = \"1\", features = [\n  'x', # ]\n] }\n", "b", "^2"));
  }

  void writes_as_the_neighbours_are_written() {
    same("[dependencies]\n\ta='1'\n\tb='^2'\n", add("[dependencies]\n\ta='1'\n", "b", "^2"));
    same("[dependencies]\n\"a\" = \"1\"\n\"b\" = \"^2\"\n",
         add("[dependencies]\n\"a\" = \"1\"\n", "b", "^2"));
    same("[dependencies]\na      = \"1\"\nb-long = \"1\"\nc      = \"^2\"\n",
         add("[dependencies]\na      = \"1\"\nb-long = \"1\"\n", "c", "^2"));
    same("[dependencies]\na      = \"1\"\nb-long = \"1\"\nc-longer-still = \"^2\"\n",
         add("[dependencies]\na      = \"1\"\nb-long = \"1\"\n", "c-longer-still", "^2"));
    same("[dependencies]\na = \"1\"\n\"b.c\" = \"^2\"\n", add("[dependencies]\na = \"1\"\n", "b.c", "^2"));
  }

  void makes_the_table_where_there_is_none() {
    same("[dependencies]\na = \"1\"\n", add("", "a", "1"));
    same("[package]\nname = \"x\"\n\n[dependencies]\na = \"1\"\n",
         add("[package]\nname = \"x\"\n", "a", "1"));
    same("[package]\nname = \"x\"\n\n[dependencies]\na = \"1\"\n", add("[package]\nname = \"x\"", "a", "1"));
    same("[dependencies]\nb = \"1\"\n\n[dev-dependencies]\na = \"1\"\n\n[build]\n",
         add("[dependencies]\nb = \"1\"\n\n[build]\n", "a", "1", true));
    same("[package]\n\n[dependencies]\na = \"1\"\n\n[dependencies.b]\nversion = \"1\"\n",
         add("[package]\n\n[dependencies.b]\nversion = \"1\"\n", "a", "1"));
  }

  void keeps_carriage_returns_and_a_missing_last_line_break() {
    same("[dependencies]\r\na = \"1\"\r\nb = \"^2\"\r\n\r\n[x]\r\n",
         add("[dependencies]\r\na = \"1\"\r\n\r\n[x]\r\n", "b", "^2"));
    same("[package]\r\nname = \"x\"\r\n\r\n[dependencies]\r\nb = \"^2\"\r\n",
         add("[package]\r\nname = \"x\"\r\n", "b", "^2"));
    same("[dependencies]\na = \"1\"\nb = \"^2\"", add("[dependencies]\na = \"1\"", "b", "^2"));
    same("[dependencies]\nb = \"^2\"", add("[dependencies]", "b", "^2"));
    same("[dependencies]\na = \"^2\"", add("[dependencies]\na = \"1\"", "a", "^2"));
    same("[dependencies.a]\nversion = \"^2\"\n", add("[dependencies.a]", "a", "^2"));
    same("[dependencies]\r\nb = \"1\"\r\n", drop("[dependencies]\r\na = \"1\"\r\nb = \"1\"\r\n", "a"));
    same("[dependencies]\nb = \"1\"\n", drop("[dependencies]\nb = \"1\"\na = \"1\"", "a"));
  }

  void removes_every_form() {
    same("[dependencies]\n# of a\nb = \"1\"\n",
         drop("[dependencies]\n# of a\na = \"1\" # gone\nb = \"1\"\n", "a"));
    same("[dependencies]\nb = \"1\"\n",
         drop("[dependencies]\na = { version = \"1\", features = [\n 'x' ] }\nb = \"1\"\n", "a"));
    same("[dependencies]\nb = \"1\"\n",
         drop("[dependencies]\na.version = \"1\"\nb = \"1\"\na.optional = true\n", "a"));
    same("[package]\n\n# of b\n[dependencies.b]\nversion = \"1\"\n",
         drop("[package]\n\n[dependencies.a]\n# in it\nversion = \"1\"\n\n# of b\n[dependencies.b]\nversion "
              "= \"1\"\n",
              "a"));
    same("[package]\n",
         drop("[package]\n[dependencies.a]\nversion = \"1\"\n[dependencies.a.x]\ny = 1\n", "a"));
    same("dependencies = { b = \"1\" }\n", drop("dependencies = { a = \"1\", b = \"1\" }\n", "a"));
    same("dependencies = { b = \"1\" }\n",
         drop("dependencies = { b = \"1\", a = { version = \"1\" } }\n", "a"));
    same("dependencies = {}\n", drop("dependencies = { a = \"1\" }\n", "a"));
    same("[x]\n", drop("dependencies.a = \"1\"\n[x]\n", "a"));
    same("[dependencies]\nab = \"1\"\n", drop("[dependencies]\na = \"1\"\nab = \"1\"\n", "a"));
  }

  void removes_from_both_tables_or_one() {
    const std::string text = "[dependencies]\na = \"1\"\n\n[dev_dependencies]\na = \"2\"\n";
    same("[dependencies]\n\n[dev_dependencies]\n", drop(text, "a"));
    same("[dependencies]\n\n[dev_dependencies]\na = \"2\"\n", drop(text, "a", false));
    same("[dependencies]\na = \"1\"\n\n[dev_dependencies]\n", drop(text, "a", true));
  }

  void knows_the_dev_tables_of_each_language() {
    same("[dev_dependencies]\na = \"1\"\nb = \"1\"\n",
         add("[dev_dependencies]\na = \"1\"\n", "b", "1", true));
    same("[dev_dependencies]\na = \"1\"\n\n[dev-dependencies]\nb = \"1\"\n",
         add("[dev_dependencies]\na = \"1\"\n", "b", "1", true, "raven"));
  }

  void writes_paths() {
    const auto add_path = [](const std::string& text, std::string_view requirement) {
      return with_path_dependency(project_of("vais", text), find_profile("vais"), "foo", "../f\"oo",
                                  requirement, false);
    };
    same("[dependencies]\nfoo = { path = \"../f\\\"oo\" }\n", add_path("[dependencies]\n", ""));
    same("[dependencies]\nfoo = { path = \"../f\\\"oo\", version = \"1\" } # x\n",
         add_path("[dependencies]\nfoo = \"2\" # x\n", "1"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("'vais.toml': 'foo' cannot be changed without touching anything else; set it under "
                    "'dependencies' by hand, to '1'"),
        refusal_of([&] { add_path("[dependencies.foo]\nversion = \"2\"\n", "1"); }));
  }

  void is_not_misled_by_strings_and_comments() {
    const std::string text =
        "# [dependencies]\ntext = \"\"\"\n[dependencies]\na = \"9\"\n\\\"\"\"\"\"\nother = '''\n[x]'''\n"
        "list = [ \"[dependencies]\", '#', { a = \"}\" } ]\nwhen = 1979-05-27 07:32:00 # = "
        "\"1\"\n[[table]]\na = 1\n"
        "[dependencies] # [x]\na = \"1\" # b = \"1\"\n";
    same(text + "b = \"^2\"\n", add(text, "b", "^2"));
    same(text, drop(add(text, "b", "^2"), "b"));
  }

  void refuses_what_is_no_name_or_requirement() {
    CPPUNIT_ASSERT(refusal_of([] { add("", "No", "1"); }).find("'No'") != std::string::npos);
    CPPUNIT_ASSERT(refusal_of([] { add("", "a\"\nb", "1"); }) != "");
    CPPUNIT_ASSERT(refusal_of([] { add("", "a", "one"); }).find("'one'") != std::string::npos);
    CPPUNIT_ASSERT(refusal_of([] { add("", "a", "1\"\n[x]\n#"); }) != "");
  }

  void names_the_nearest_that_could_be_meant() {
    CPPUNIT_ASSERT_EQUAL(std::string("'vais.toml' has no dependency 'fooo'; did you mean 'foo'?"),
                         refusal_of([] { drop("[dependencies]\nfoo = \"1\"\n", "fooo"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("'vais.toml' has no dev dependency 'foo'"),
                         refusal_of([] { drop("[dependencies]\nfoo = \"1\"\n", "foo", true); }));
  }

  void leaves_what_the_workspace_decides() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("'vais.toml': dependency 'a' takes its requirement from the workspace; change it there"),
        refusal_of([] {
          add("[workspace.dependencies]\na = \"1\"\n[dependencies]\na = { workspace = true }\n", "a", "2");
        }));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientTomlEditTest);
