// SPDX-License-Identifier: MIT
#include "client/solve/asked.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "client/solve/project_graph.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::client;

class AskedTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AskedTest);
  CPPUNIT_TEST(a_project_asks_for_its_own_and_for_what_its_path_dependencies_need);
  CPPUNIT_TEST(what_no_registry_can_answer_is_refused);
  CPPUNIT_TEST(a_named_package_has_a_name_and_perhaps_a_requirement);
  CPPUNIT_TEST(what_is_asked_besides_takes_the_place_of_what_the_manifest_says);
  CPPUNIT_TEST(the_graph_has_the_project_what_lies_beside_it_and_what_is_locked);
  CPPUNIT_TEST_SUITE_END();

  test::ScratchDirectory scratch_;
  const Profile profile_ = find_profile("wharf");

  Path write(const std::string& folder, const std::string& name, const std::string& rest) {
    const Path directory = scratch_.path() / folder;
    std::filesystem::create_directories(directory);
    write_file_durably(directory / "wharf.toml",
                       "[package]\nname = \"" + name + "\"\nversion = \"0.2.0\"\n" + rest);
    return directory;
  }
  Asked asked_in(const Path& directory) { return asked_by(profile_, *project_in(profile_, directory)); }

  // A line a want: "core ^1.0.0, written ^1 in ../near/wharf.toml".
  static std::string told(const Asked& asked) {
    std::string text;
    for (const auto& want : asked.wants)
      text += want.name + " " + want.requirement + ", written " + want.written + " in " + want.where + "\n";
    return text;
  }

 public:
  void a_project_asks_for_its_own_and_for_what_its_path_dependencies_need() {
    write("far", "far", "[dependencies]\nlamp = \"2\"\n[dev-dependencies]\nunseen = \"1\"\n");
    write("near", "near",
          "[dependencies]\ncore = \"^1\"\nfar = { path = \"../far\" }\n[dev-dependencies]\nunseen = \"1\"\n");
    const auto boat =
        write("boat", "boat",
              "[dependencies]\nfog = \"~1.2\"\nnear = { path = \"../near\", version = \"0.2\" }\n"
              "maybe = { version = \"1\", optional = true }\n[dev-dependencies]\ngauge = \"0.3\"\n");
    const auto asked = asked_in(boat);
    CPPUNIT_ASSERT_EQUAL(std::string("fog ~1.2.0, written ~1.2 in wharf.toml\n"
                                     "near =0.2.0, written at ../near in wharf.toml\n"
                                     "gauge ^0.3.0, written 0.3 in wharf.toml\n"
                                     "core ^1.0.0, written ^1 in ../near/wharf.toml\n"
                                     "far =0.2.0, written at ../far in ../near/wharf.toml\n"
                                     "lamp ^2.0.0, written 2 in ../far/wharf.toml\n"),
                         told(asked));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, asked.in_place.size());
  }

  void what_no_registry_can_answer_is_refused() {
    const auto boat = write("boat", "boat", "[dependencies]\nfog = { git = \"https://example.org/fog\" }\n");
    CPPUNIT_ASSERT_EQUAL(std::string("manifest_invalid"), test::code_of([&] { asked_in(boat); }));
    const auto ship = write("ship", "ship",
                            "[dependencies]\nfog = { git = \"https://example.org/fog\", version = \"1\" }\n");
    CPPUNIT_ASSERT_EQUAL(std::string("fog ^1.0.0, written 1 in wharf.toml\n"), told(asked_in(ship)));
    const auto lost = write("lost", "lost", "[dependencies]\nfog = { path = \"../nowhere\" }\n");
    CPPUNIT_ASSERT_EQUAL(std::string("manifest_invalid"), test::code_of([&] { asked_in(lost); }));
  }

  void a_named_package_has_a_name_and_perhaps_a_requirement() {
    const auto told_of = [](std::string_view word) {
      const auto one = named(word, Bare::caret);
      return one.name + "|" + one.written;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("fog|"), told_of("fog"));
    CPPUNIT_ASSERT_EQUAL(std::string("fog|^1.2"), told_of("fog@^1.2"));
    CPPUNIT_ASSERT_EQUAL(std::string("fog|>=1, <2"), told_of("fog@>=1, <2"));
    CPPUNIT_ASSERT_EQUAL(std::string("fog|"), told_of("fog@latest"));
    for (const auto* word : {"fog@", "fog@ "})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("requirement_invalid"),
                                   test::code_of([&] { named(word, Bare::caret); }));
    CPPUNIT_ASSERT_EQUAL(std::string("requirement_invalid"),
                         test::code_of([&] { named("fog@one", Bare::caret); }));
    CPPUNIT_ASSERT_EQUAL(std::string("name_invalid"), test::code_of([&] { named("../fog", Bare::caret); }));
    CPPUNIT_ASSERT_EQUAL(std::string("name_invalid"), test::code_of([&] { named("@1", Bare::caret); }));
  }

  void what_is_asked_besides_takes_the_place_of_what_the_manifest_says() {
    auto asked = asked_in(write("boat", "boat", "[dependencies]\ncore = \"1\"\nfog = \"1\"\n"));
    ask_also(asked, {"fog", "2"}, Bare::caret, "the command line");
    ask_also(asked, {"lamp", ""}, Bare::caret, "the command line");
    ask_also(asked, {"core", "1.5.0"}, Bare::exact, "the command line");
    CPPUNIT_ASSERT_EQUAL(std::string("fog ^2.0.0, written 2 in the command line\n"
                                     "lamp >=0.0.0, written * in the command line\n"
                                     "core =1.5.0, written 1.5.0 in the command line\n"),
                         told(asked));
  }

  void the_graph_has_the_project_what_lies_beside_it_and_what_is_locked() {
    write("near", "near", "[dependencies]\ncore = \"1\"\n");
    const auto asked = asked_in(write("boat", "boat",
                                      "[dependencies]\nfog = \"1\"\nnear = { path = \"../near\" }\n"
                                      "[dev-dependencies]\ngauge = \"0.3\"\n"));
    Lock lock;
    for (const auto* name : {"core", "fog", "gauge", "stray"}) {
      LockedPackage package;
      package.name = name;
      package.version = parse_version("1.0.0");
      if (package.name == "fog") package.dependencies = {{"core", "^1.0.0"}, {"unlocked", "^1.0.0"}};
      lock.packages.push_back(package);
    }
    const ProjectGraph graph(asked, lock);
    std::string told_graph;
    for (const auto& [name, node] : graph.nodes()) {
      told_graph += (name.empty() ? "boat" : name) + ":";
      for (const auto& edge : node.needs) told_graph += " " + edge.to + (edge.dev ? " (dev)" : "");
      told_graph += "\n";
    }
    CPPUNIT_ASSERT_EQUAL(
        std::string("boat: fog gauge (dev) near\ncore:\nfog: core\ngauge:\nnear: core\nstray:\n"),
        told_graph);
    const auto distances = graph.distances();
    CPPUNIT_ASSERT((distances ==
                    std::map<std::string, std::size_t>{{"core", 2}, {"fog", 1}, {"gauge", 1}, {"near", 1}}));
    CPPUNIT_ASSERT(!graph.find(""));
    CPPUNIT_ASSERT(!graph.find("unlocked"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AskedTest);
