// SPDX-License-Identifier: MIT
#include "client/manifest/project.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include "tests/unit/client/manifest/projects.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientProjectTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientProjectTest);
  CPPUNIT_TEST(finds_the_manifest_upwards);
  CPPUNIT_TEST(prefers_the_profiles_own_name);
  CPPUNIT_TEST(takes_an_application_without_name_version_and_authors);
  CPPUNIT_TEST(reads_requirements_as_the_registry_does);
  CPPUNIT_TEST(reads_path_and_git);
  CPPUNIT_TEST(fills_in_what_the_workspace_says);
  CPPUNIT_TEST(refuses_what_it_would_have_to_guess);
  CPPUNIT_TEST(says_that_a_merge_is_not_finished);
  CPPUNIT_TEST(follows_paths_to_other_projects);
  CPPUNIT_TEST(refuses_paths_to_something_else);
  CPPUNIT_TEST(replaces_a_text_with_its_mode_and_through_its_link);
  CPPUNIT_TEST_SUITE_END();

  ScratchDirectory scratch_;
  const Path& root() const { return scratch_.path(); }

  static const DirectDependency& dependency(const Project& project, std::string_view name) {
    for (const auto& one : project.dependencies)
      if (one.name == name) return one;
    CPPUNIT_FAIL("there is no " + std::string(name));
    throw 0;
  }

 public:
  void finds_the_manifest_upwards() {
    put(root() / "app/raven.toml", "[package]\nname = \"app\"\n");
    std::filesystem::create_directories(root() / "app/src/deep");
    const Profile raven = find_profile("raven");
    const auto project = find_project(raven, root() / "app/src/deep/");
    CPPUNIT_ASSERT(project.has_value());
    CPPUNIT_ASSERT_EQUAL((root() / "app").native(), project->root.native());
    CPPUNIT_ASSERT_EQUAL(std::string("raven.toml"), project->manifest_file);
    CPPUNIT_ASSERT(!find_project(raven, root()));
    CPPUNIT_ASSERT(!project_in(raven, root() / "app/src"));
    // What only has the name of a manifest is none.
    std::filesystem::create_directories(root() / "app/src/raven.toml");
    CPPUNIT_ASSERT_EQUAL((root() / "app").native(), find_project(raven, root() / "app/src")->root.native());
  }

  void prefers_the_profiles_own_name() {
    Profile wharf = find_profile("wharf");
    wharf.other_manifests = {"wharf.json"};
    put(root() / "wharf.json", R"({"name": "json"})");
    CPPUNIT_ASSERT_EQUAL(std::string("json"), find_project(wharf, root())->name);
    put(root() / "wharf.toml", "[package]\nname = \"toml\"\n");
    CPPUNIT_ASSERT_EQUAL(std::string("toml"), find_project(wharf, root())->name);
  }

  void takes_an_application_without_name_version_and_authors() {
    for (const auto& [profile, text] :
         {std::pair{"raven", "[dependencies]\na = \"1\"\n"},
          std::pair{"vais", "[odd]\nkey = 1979-05-27\n[dependencies]\na = \"1\"\n"},
          std::pair{"synapse", R"({"dependencies": {"a": "1"}, "odd": [1]})"}}) {
      const Project project = project_of(profile, text);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(profile, std::string(), project.name);
      CPPUNIT_ASSERT(!project.version);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(profile, std::size_t{1}, project.dependencies.size());
      CPPUNIT_ASSERT_EQUAL_MESSAGE(profile, std::string(text), project.text);
    }
    CPPUNIT_ASSERT(project_of("raven", "").dependencies.empty());
    CPPUNIT_ASSERT(!project_of("raven", "[package]\nname = \"My App\"\nversion = \"1.2\"\n").version);
  }

  void reads_requirements_as_the_registry_does() {
    const Project raven =
        project_of("raven", "[dependencies]\na = \"1.2\"\n[dev-dependencies]\nb = \"=2.0.0\"\n");
    CPPUNIT_ASSERT_EQUAL(std::string("^1.2.0"), dependency(raven, "a").requirement);
    CPPUNIT_ASSERT_EQUAL(std::string("1.2"), dependency(raven, "a").written);
    CPPUNIT_ASSERT(!dependency(raven, "a").dev && dependency(raven, "b").dev);
    const Project synapse =
        project_of("synapse", R"({"dependencies": {"a": "1.2.0"}, "devDependencies": {"b": "~1"}})");
    CPPUNIT_ASSERT_EQUAL(std::string("=1.2.0"), dependency(synapse, "a").requirement);
    CPPUNIT_ASSERT(dependency(synapse, "b").dev);
    const Project vais =
        project_of("vais", "[dependencies]\na = {}\nb = { version = \"1.0.0\", optional = true }\n");
    CPPUNIT_ASSERT_EQUAL(std::string(">=0.0.0"), dependency(vais, "a").requirement);
    CPPUNIT_ASSERT(dependency(vais, "b").optional);
  }

  void reads_path_and_git() {
    const Project project = project_of("wharf", R"(
[dependencies]
a = { path = "../a/", version = "^1" }
b = { path = "/abs/./b" }
c = { git = "https://example.org/c.git" }
d = { git = "https://example.org/d.git", version = "2" }
)");
    CPPUNIT_ASSERT_EQUAL(std::string("/a"), dependency(project, "a").path->native());
    CPPUNIT_ASSERT_EQUAL(std::string("^1.0.0"), dependency(project, "a").requirement);
    CPPUNIT_ASSERT_EQUAL(std::string("/abs/b"), dependency(project, "b").path->native());
    CPPUNIT_ASSERT_EQUAL(std::string(), dependency(project, "b").requirement);
    CPPUNIT_ASSERT(dependency(project, "c").git && dependency(project, "c").requirement.empty());
    CPPUNIT_ASSERT(dependency(project, "d").git && dependency(project, "d").requirement == "^2.0.0");
  }

  void fills_in_what_the_workspace_says() {
    put(root() / "vais.toml",
        "[workspace]\nmembers = [\"*\"]\n[workspace.dependencies]\na = \"1.2.0\"\nb = { path = \"b\" }\n");
    put(root() / "one/vais.toml",
        "[dependencies]\na = { workspace = true, optional = true }\n[dev-dependencies]\nb = { workspace = "
        "true }\n");
    const Profile vais = find_profile("vais");
    const Project project = *find_project(vais, root() / "one");
    CPPUNIT_ASSERT_EQUAL(std::string("^1.2.0"), dependency(project, "a").requirement);
    CPPUNIT_ASSERT(dependency(project, "a").optional);
    CPPUNIT_ASSERT_EQUAL((root() / "b").native(), dependency(project, "b").path->native());
    CPPUNIT_ASSERT(dependency(project, "b").dev);
    put(root() / "one/vais.toml", "[dependencies]\nc = { workspace = true }\n");
    CPPUNIT_ASSERT_EQUAL(
        "'vais.toml': dependency 'c' says 'workspace = true', but 'workspace.dependencies' of '" +
            (root() / "vais.toml").native() + "' does not have it",
        refusal_of([&] { find_project(vais, root() / "one"); }));
    // The root of a workspace may use its own table.
    const Project own =
        project_of("vais", "[workspace.dependencies]\na = \"3\"\n[dependencies]\na = { workspace = true }\n");
    CPPUNIT_ASSERT_EQUAL(std::string("^3.0.0"), dependency(own, "a").requirement);
  }

  void refuses_what_it_would_have_to_guess() {
    const auto refused = [](std::string text) { return refusal_of([&] { project_of("raven", text); }); };
    CPPUNIT_ASSERT_EQUAL(std::string("'raven.toml': 'dependencies.a' is not valid: "),
                         refused("[dependencies]\na = \"one\"\n").substr(0, 45));
    CPPUNIT_ASSERT_EQUAL(std::string("'raven.toml': 'dependencies.a' has no 'version'"),
                         refused("[dependencies]\na = {}\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("'raven.toml': 'dependencies.a.path' must be text"),
                         refused("[dependencies]\na = { path = 1 }\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("'raven.toml': 'dependencies' must be a table"),
                         refused("dependencies = []\n"));
    CPPUNIT_ASSERT(
        refused("[dependencies]\nA = \"1\"\n").starts_with("'raven.toml': 'dependencies.A' is not valid"));
    CPPUNIT_ASSERT(refused("[dependencies\n").starts_with("'raven.toml': line 1: "));
    CPPUNIT_ASSERT_EQUAL(
        std::string("'raven.toml': dependency 'a' says 'workspace = true', but no manifest in this "
                    "directory or above it has a table 'workspace'"),
        refused("[dependencies]\na = { workspace = true }\n"));
  }

  void says_that_a_merge_is_not_finished() {
    CPPUNIT_ASSERT_EQUAL(
        std::string("'raven.toml' has the marks of a merge that is not finished; settle it and try again"),
        refusal_of([] { project_of("raven", "[dependencies]\n<<<<<<< HEAD\na = \"1\"\n"); }));
  }

  void follows_paths_to_other_projects() {
    put(root() / "app/wharf.toml",
        "[dependencies]\na = { path = \"../a\" }\n[dev-dependencies]\nb = { path = \"../b\" }\n");
    put(root() / "a/wharf.toml",
        "[package]\nname = \"a\"\nversion = \"1.1.0\"\n[dependencies]\nc = { path = \"../c\", version = "
        "\"^1\" }\n"
        "[dev-dependencies]\nnone = { path = \"../none\" }\n");
    put(root() / "b/wharf.toml", "[package]\nname = \"b\"\n[dependencies]\nc = { path = \"../c\" }\n");
    put(root() / "c/wharf.toml",
        "[package]\nname = \"c\"\nversion = \"1.5.0\"\n[dependencies]\na = { path = \"../a\" }\n"
        "app = { path = \"../app\", optional = true }\n");
    const Profile wharf = find_profile("wharf");
    const auto found = projects_in_place(wharf, *find_project(wharf, root() / "app"));
    std::string names;
    for (const auto& project : found) names += project.name + " ";
    CPPUNIT_ASSERT_EQUAL(std::string("a b c "), names);
  }

  void refuses_paths_to_something_else() {
    const Profile wharf = find_profile("wharf");
    const auto refused = [&](const std::string& dependency) {
      put(root() / "app/wharf.toml", "[dependencies]\n" + dependency + "\n");
      const std::string sentence =
          refusal_of([&] { projects_in_place(wharf, *find_project(wharf, root() / "app")); });
      const auto but = sentence.find(", but ");
      return but == sentence.npos ? sentence : sentence.substr(but + 6);
    };
    put(root() / "a/wharf.toml", "[package]\nname = \"a\"\nversion = \"1.1.0\"\n");
    put(root() / "empty/x", "");
    CPPUNIT_ASSERT_EQUAL(std::string("there is no such directory"), refused("a = { path = \"../no\" }"));
    CPPUNIT_ASSERT_EQUAL(std::string("there is no 'wharf.toml' in it"),
                         refused("a = { path = \"../empty\" }"));
    CPPUNIT_ASSERT_EQUAL(std::string("the package there is called 'a'; use that name"),
                         refused("b = { path = \"../a\" }"));
    CPPUNIT_ASSERT_EQUAL(std::string("the version there is 1.1.0, which does not satisfy '2'"),
                         refused("a = { path = \"../a\", version = \"2\" }"));
    CPPUNIT_ASSERT_EQUAL(std::string(), refused("a = { path = \"../a\", version = \"1.1\" }"));
  }

  void replaces_a_text_with_its_mode_and_through_its_link() {
    put(root() / "real/raven.toml", "old\r\n");
    std::filesystem::create_symlink("real/raven.toml", root() / "raven.toml");
    std::filesystem::permissions(root() / "real/raven.toml", std::filesystem::perms(0600));
    struct stat before {
    }, after{};
    ::stat((root() / "real/raven.toml").c_str(), &before);
    replace_text(root() / "raven.toml", "old\n");
    ::stat((root() / "real/raven.toml").c_str(), &after);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("nothing but line ends would change", before.st_ino, after.st_ino);
    replace_text(root() / "raven.toml", "new\n");
    CPPUNIT_ASSERT(std::filesystem::is_symlink(root() / "raven.toml"));
    CPPUNIT_ASSERT_EQUAL(std::string("new\n"), *read_file(root() / "real/raven.toml"));
    ::stat((root() / "real/raven.toml").c_str(), &after);
    CPPUNIT_ASSERT_EQUAL(0600U, after.st_mode & 0777U);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientProjectTest);
