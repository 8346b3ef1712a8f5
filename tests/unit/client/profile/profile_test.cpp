// SPDX-License-Identifier: MIT
#include "client/profile/profile.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "libwharf/command/aliases.hpp"
#include "tests/unit/client/home.hpp"

using namespace wharf;
using namespace wharf::client;

namespace {

std::string refusal(std::string_view text) {
  try {
    read_profile("mine", "/p/mine.toml", text);
    return "took it";
  } catch (const Error& error) {
    return error.public_message();
  }
}

}  // namespace

class ProfileTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ProfileTest);
  CPPUNIT_TEST(the_built_in_ones_are_what_their_languages_do);
  CPPUNIT_TEST(a_missing_key_means_what_wharfs_own_profile_says);
  CPPUNIT_TEST(a_wrong_key_is_named_with_its_file);
  CPPUNIT_TEST(paths_are_the_projects_or_the_homes);
  CPPUNIT_TEST(a_users_own_profile_comes_first);
  CPPUNIT_TEST(an_unknown_name_is_told_what_there_is);
  CPPUNIT_TEST(spellings_are_rows);
  CPPUNIT_TEST_SUITE_END();

 public:
  void the_built_in_ones_are_what_their_languages_do() {
    const test::Home home;
    CPPUNIT_ASSERT((std::vector<std::string_view>{"wharf", "synapse", "raven", "vais"}) == built_in_names());
    const auto synapse = find_profile("synapse"), raven = find_profile("raven"), vais = find_profile("vais");
    CPPUNIT_ASSERT_EQUAL(std::string("synapse-lock.json"), synapse.lock_file);
    CPPUNIT_ASSERT_EQUAL(std::string("~/.synapse/credentials.json"), synapse.credentials_file);
    CPPUNIT_ASSERT_EQUAL(std::string("{name}-{version}"), synapse.archive_top);
    CPPUNIT_ASSERT(Layout::name_version_nested == synapse.layout && Bare::exact == synapse.bare);
    CPPUNIT_ASSERT(Dialect::raven == raven.dialect && Bare::caret == raven.bare && !raven.shares_packages());
    CPPUNIT_ASSERT_EQUAL(std::string("raven_packages"), raven.packages_directory);
    CPPUNIT_ASSERT(Layout::cache_extracted == vais.layout && vais.shares_packages());
    CPPUNIT_ASSERT(vais.bare_publish_check_warns && !raven.bare_publish_check_warns);
    CPPUNIT_ASSERT_EQUAL(std::string("built in"), vais.source);
  }

  void a_missing_key_means_what_wharfs_own_profile_says() {
    const auto empty = read_profile("wharf", "built in", "");
    const auto wharf = read_profile("wharf", "built in", built_in_text("wharf"));
    CPPUNIT_ASSERT_EQUAL(wharf.manifest_file, empty.manifest_file);
    CPPUNIT_ASSERT_EQUAL(wharf.lock_file, empty.lock_file);
    CPPUNIT_ASSERT_EQUAL(wharf.packages_directory, empty.packages_directory);
    CPPUNIT_ASSERT_EQUAL(wharf.cache_directory, empty.cache_directory);
    CPPUNIT_ASSERT_EQUAL(wharf.credentials_file, empty.credentials_file);
    CPPUNIT_ASSERT(wharf.dialect == empty.dialect && wharf.bare == empty.bare &&
                   wharf.layout == empty.layout);
    CPPUNIT_ASSERT(wharf.lock_form == empty.lock_form && wharf.credentials_form == empty.credentials_form);
    CPPUNIT_ASSERT_EQUAL(std::string("wharf"), empty.language);
    CPPUNIT_ASSERT(empty.default_registry.empty());
    // What a bare version means is the dialect's, unless it is said.
    CPPUNIT_ASSERT(Bare::exact ==
                   read_profile("x", "", "[manifest]\nfile = 'x.json'\ndialect = 'synapse'").bare);
    CPPUNIT_ASSERT(
        Bare::caret ==
        read_profile("x", "", "[manifest]\nfile = 'x.json'\ndialect = 'synapse'\nbare = 'caret'").bare);
  }

  void a_wrong_key_is_named_with_its_file() {
    const std::pair<const char*, const char*> cases[] = {
        {"[lock]\nfrom = 'wharf'",
         "profile '/p/mine.toml': 'lock.from' is not a key; did you mean 'lock.form'?"},
        {"zzz = 1", "profile '/p/mine.toml': 'zzz' is not a key; take it out"},
        {"[lock]\nform = 'ravn'",
         "profile '/p/mine.toml': 'lock.form' is 'ravn'; expected 'wharf', 'wharf-json', 'synapse', 'raven' "
         "or 'vais'; "
         "did you mean 'raven'?"},
        {"[archive]\npack = 'src'",
         "profile '/p/mine.toml': 'archive.pack' is \"src\"; expected a list of texts in brackets"},
        {"[manifest]\nfile = 3", "profile '/p/mine.toml': 'manifest.file' is 3; expected a text in quotes"},
        {"[manifest]\nfile = '../x.toml'",
         "profile '/p/mine.toml': 'manifest.file' is '../x.toml'; expected a file's name without a folder"},
        {"[manifest]\nfile = 'kelp.yaml'",
         "profile '/p/mine.toml': 'manifest.file' is 'kelp.yaml'; expected a name that ends in '.toml' or "
         "'.json'"},
        {"[manifest]\nfile = 'kelp.toml'\ndialect = 'synapse'",
         "profile '/p/mine.toml': 'manifest.file' is 'kelp.toml'; manifests of the dialect 'synapse' end in "
         "'.json'"},
        {"[packages]\ndirectory = 'a/../../b'",
         "profile '/p/mine.toml': 'packages.directory' is 'a/../../b'; expected a path without '..'"},
        {"[packages]\nlayout = 'name-version-nested'",
         "profile '/p/mine.toml': 'packages.layout' is 'name-version-nested', which needs 'archive.top' to "
         "be "
         "'{name}-{version}'"},
        {"[archive]\ntop = 'x'",
         "profile '/p/mine.toml': 'archive.top' is 'x'; expected '' or '{name}-{version}'"},
        {"[spellings]\n'rm -x y' = 'remove'",
         "profile '/p/mine.toml': 'spellings.rm -x y' means 'remove'; expected something like '\"install "
         "-D\" = "
         "\"install --dev\"'"}};
    for (const auto& [text, sentence] : cases) CPPUNIT_ASSERT_EQUAL(std::string(sentence), refusal(text));
    CPPUNIT_ASSERT(refusal("[lock\n").starts_with("profile '/p/mine.toml': line "));
    CPPUNIT_ASSERT_EQUAL(std::string("took it"), refusal("[registry]\ndefault = 'https://x.example.org'"));
  }

  void paths_are_the_projects_or_the_homes() {
    const test::Home home;
    const auto raven = find_profile("raven");
    CPPUNIT_ASSERT_EQUAL(std::string("/srv/boat/raven_packages"),
                         raven.expand(raven.packages_directory, "/srv/boat").native());
    CPPUNIT_ASSERT_EQUAL((home.folder / ".raven/cache").native(),
                         raven.expand(raven.cache_directory, "/srv/boat").native());
    CPPUNIT_ASSERT_EQUAL(std::string("/srv/x"), raven.expand("/srv/x", "/srv/boat").native());
  }

  void a_users_own_profile_comes_first() {
    const test::Home home;
    home.write(".config/wharf/profiles/kelp.toml", "language = 'Kelp'\n[manifest]\nfile = 'kelp.toml'\n");
    home.write(".config/wharf/profiles/raven.toml", "language = 'Raven of ours'\n");
    home.write(".config/wharf/profiles/Not A Name.toml", "");
    CPPUNIT_ASSERT((std::vector<std::string>{"kelp", "raven", "synapse", "vais", "wharf"}) ==
                   profile_names());
    CPPUNIT_ASSERT_EQUAL(std::string("kelp.toml"), find_profile("kelp").manifest_file);
    CPPUNIT_ASSERT_EQUAL(std::string("Raven of ours"), find_profile("raven").language);
  }

  void an_unknown_name_is_told_what_there_is() {
    const test::Home home;
    const auto sentence = [](std::string_view name) {
      try {
        find_profile(name);
        return std::string("found");
      } catch (const Error& error) {
        return error.public_message();
      }
    };
    CPPUNIT_ASSERT_EQUAL(std::string("there is no profile 'ravn'; did you mean 'raven'?"), sentence("ravn"));
    CPPUNIT_ASSERT_EQUAL(
        "there is no profile '../x/y/z'; there are raven, synapse, vais, wharf, and a new one would be '" +
            (home.folder / ".config/wharf/profiles/NAME.toml").native() + "'",
        sentence("../x/y/z"));
  }

  void spellings_are_rows() {
    const auto profile = read_profile("x", "", "[spellings]\n\"get -n NAME\" = \"add NAME\"\n");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, profile.spellings.size());
    CPPUNIT_ASSERT_EQUAL(std::string("get -n NAME"), command::spelling_of(profile.spellings[0]));
    CPPUNIT_ASSERT_EQUAL(std::string("add"), profile.spellings[0].command);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProfileTest);
