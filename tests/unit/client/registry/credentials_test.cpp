// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "client/profile/profile.hpp"
#include "client/registry/credential_text.hpp"
#include "client/registry/credentials.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::client;
using Form = CredentialsForm;

namespace {

constexpr std::string_view k_default = "https://registry.example.org", k_other = "https://other.example.org";

std::string tokens(Form form, const std::string& text) {
  std::string out;
  for (const auto& entry : read_credentials(form, text, k_default))
    out += entry.base + " " + entry.credential.token + " " + entry.credential.username + "\n";
  return out;
}

std::string with(Form form, const std::string& text, std::string_view base, const std::string& token) {
  return with_credential(form, text, k_default, {std::string(base), {token, "ada"}});
}

std::string without(Form form, const std::string& text, std::string_view base) {
  return without_credential(form, text, k_default, base);
}

unsigned mode_of(const Path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777u : 0u;
}

}  // namespace

class CredentialsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CredentialsTest);
  CPPUNIT_TEST(synapse_files_are_read_and_changed_in_place);
  CPPUNIT_TEST(ravens_one_entry_is_the_default_registrys_unless_it_says_whose);
  CPPUNIT_TEST(raven_keeps_those_that_its_form_has_no_room_for);
  CPPUNIT_TEST(vais_files_keep_their_comments_and_other_tables);
  CPPUNIT_TEST(what_cannot_be_read_is_not_written_over);
  CPPUNIT_TEST(no_message_quotes_the_file);
  CPPUNIT_TEST(files_are_private_and_links_are_followed);
  CPPUNIT_TEST(an_origin_gets_its_own_token_alone);
  CPPUNIT_TEST(the_environments_token_is_checked);
  CPPUNIT_TEST_SUITE_END();

 public:
  void synapse_files_are_read_and_changed_in_place() {
    const std::string original =
        R"({"https://registry.example.org/": {"token": "t1", "username": "ada", "note": 1}, "https://other.example.org": )"
        R"({"token": "t2", "username": "bob"}, "about": "mine"})";
    CPPUNIT_ASSERT_EQUAL(
        std::string("https://registry.example.org t1 ada\nhttps://other.example.org t2 bob\n"),
        tokens(Form::synapse, original));
    const auto changed = with(Form::synapse, original, k_default, "t3");
    // The key as it was typed, for the language's own client looks it up by that.
    CPPUNIT_ASSERT_EQUAL(
        std::string(R"({"https://registry.example.org/":{"token":"t3","username":"ada","note":1},)"
                    R"("https://other.example.org":{"token":"t2","username":"bob"},"about":"mine"})"
                    "\n"),
        changed);
    CPPUNIT_ASSERT_EQUAL(
        std::string(R"({"https://other.example.org":{"token":"t2","username":"bob"},"about":"mine"})"
                    "\n"),
        without(Form::synapse, changed, k_default));
    CPPUNIT_ASSERT_EQUAL(std::string(R"({"https://registry.example.org":{"token":"t4","username":"ada"}})"
                                     "\n"),
                         with(Form::synapse, "", k_default, "t4"));
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         without(Form::synapse, with(Form::synapse, "", k_default, "t4"), k_default));
  }

  void ravens_one_entry_is_the_default_registrys_unless_it_says_whose() {
    const std::string original = R"({"token": "t1", "username": "ada"})";
    CPPUNIT_ASSERT_EQUAL(std::string("https://registry.example.org t1 ada\n"), tokens(Form::raven, original));
    const auto changed = with(Form::raven, original, k_default, "t2");
    CPPUNIT_ASSERT_EQUAL(
        std::string(R"({"token":"t2","username":"ada","registry":"https://registry.example.org"})"
                    "\n"),
        changed);
    CPPUNIT_ASSERT_EQUAL(
        std::string("https://other.example.org t3 ada\n"),
        tokens(Form::raven, R"({"token":"t3","username":"ada","registry":"https://other.example.org"})"));
    // What names a registry that is none is nobody's, and surely not the default one's.
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         tokens(Form::raven, R"({"token":"t3","username":"ada","registry":"elsewhere"})"));
  }

  void raven_keeps_those_that_its_form_has_no_room_for() {
    const auto first = with(Form::raven, R"({"token":"t1","username":"ada","theme":"dark"})", k_other, "t2");
    CPPUNIT_ASSERT_EQUAL(
        std::string(R"({"token":"t2","username":"ada","registry":"https://other.example.org","theme":"dark",)"
                    R"("others":{"https://registry.example.org":{"token":"t1","username":"ada"}}})"
                    "\n"),
        first);
    CPPUNIT_ASSERT_EQUAL(
        std::string("https://other.example.org t2 ada\nhttps://registry.example.org t1 ada\n"),
        tokens(Form::raven, first));
    CPPUNIT_ASSERT_EQUAL(std::string("https://registry.example.org t1 ada\n"),
                         tokens(Form::raven, without(Form::raven, first, k_other)));
    CPPUNIT_ASSERT_EQUAL(std::string("https://other.example.org t2 ada\n"),
                         tokens(Form::raven, without(Form::raven, first, k_default)));
    const auto back = with(Form::raven, first, k_default, "t9");
    CPPUNIT_ASSERT_EQUAL(
        std::string("https://registry.example.org t9 ada\nhttps://other.example.org t2 ada\n"),
        tokens(Form::raven, back));
  }

  void vais_files_keep_their_comments_and_other_tables() {
    const std::string original =
        "# mine\n[\"https://other.example.org\"]\ntoken = \"t2\"  # of bob\n\n[ "
        "'https://registry.example.org/vais' ]\n"
        "color = \"blue\"\ntoken = \"t1\"\n\n[settings]\ntoken = \"no registry's\"\n";
    CPPUNIT_ASSERT_EQUAL(std::string("https://other.example.org t2 \nhttps://registry.example.org t1 \n"),
                         tokens(Form::vais, original));
    const auto changed = with(Form::vais, original, k_default, "t3");
    CPPUNIT_ASSERT_EQUAL(std::string("# mine\n[\"https://other.example.org\"]\ntoken = \"t2\"  # of bob\n\n"
                                     "[ 'https://registry.example.org/vais' ]\ntoken = \"t3\"\nusername = "
                                     "\"ada\"\ncolor = \"blue\"\n\n"
                                     "[settings]\ntoken = \"no registry's\"\n"),
                         changed);
    CPPUNIT_ASSERT_EQUAL(std::string("https://other.example.org t2 \n"),
                         tokens(Form::vais, without(Form::vais, changed, k_default)));
    CPPUNIT_ASSERT_EQUAL(
        std::string("[\"https://registry.example.org\"]\ntoken = \"t\\\"4\"\nusername = \"ada\"\n"),
        with(Form::wharf, "", k_default, "t\"4"));
    const auto two = with(Form::wharf, with(Form::wharf, "", k_default, "t4"), k_other, "t5");
    CPPUNIT_ASSERT_EQUAL(std::string("[\"https://other.example.org\"]\ntoken = \"t5\"\nusername = \"ada\"\n"),
                         without(Form::wharf, two, k_default));
    CPPUNIT_ASSERT_EQUAL(with(Form::wharf, "", k_default, "t4"), without(Form::wharf, two, k_other));
  }

  void what_cannot_be_read_is_not_written_over() {
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         test::code_of([] { with(Form::synapse, "{", k_default, "t"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         test::code_of([] { with(Form::synapse, "[]", k_default, "t"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         test::code_of([] { with(Form::vais, "[", k_default, "t"); }));
    // Forms that a writer of lines does not see.
    for (const std::string text : {"\"https://registry.example.org\" = { token = \"t1\" }\n",
                                   "\"https://registry.example.org\".token = \"t1\"\n",
                                   "[a]\nb = \"\"\"\n[\"https://registry.example.org\"]\ntoken = "
                                   "\"x\"\n\"\"\"\n[\"https://other.example.org\"]\ntoken=\"t2\"\n"}) {
      const auto code = test::code_of([&] {
        const auto after = with(Form::vais, text, k_default, "t3");
        // Or it went well, and nothing was lost.
        CPPUNIT_ASSERT_EQUAL(text.find("other") != text.npos,
                             tokens(Form::vais, after).find("https://other.example.org t2") != text.npos);
      });
      CPPUNIT_ASSERT_MESSAGE(text, code == "bad_request" || code == "none");
    }
  }

  void no_message_quotes_the_file() {
    for (const auto form : {Form::synapse, Form::raven, Form::vais}) {
      try {
        read_credentials(form, "{\"token\": secret-token}", k_default);
        CPPUNIT_FAIL("it was read");
      } catch (const Error& error) {
        CPPUNIT_ASSERT(std::string(error.what()).find("secret-token") == std::string::npos);
      }
    }
  }

  void files_are_private_and_links_are_followed() {
    const test::ScratchDirectory home;
    Profile profile = find_profile("wharf");
    profile.credentials_file = (home.path() / "new/folder/credentials.toml").native();
    store_credential(profile, "https://registry.example.org/api/v1", {"t1", "ada"});
    CPPUNIT_ASSERT_EQUAL(0600u, mode_of(home.path() / "new/folder/credentials.toml"));
    CPPUNIT_ASSERT_EQUAL(0700u, mode_of(home.path() / "new/folder"));
    CPPUNIT_ASSERT_EQUAL(0700u, mode_of(home.path() / "new"));

    write_file_durably(home.path() / "elsewhere", "", 0644);
    std::filesystem::create_symlink("elsewhere", home.path() / "link");
    profile.credentials_file = (home.path() / "link").native();
    store_credential(profile, k_default, {"t2", "ada"});
    CPPUNIT_ASSERT(std::filesystem::is_symlink(home.path() / "link"));
    CPPUNIT_ASSERT_EQUAL(0600u, mode_of(home.path() / "elsewhere"));
    CPPUNIT_ASSERT_EQUAL(std::string("t2"), find_credential(profile, k_default).value().token);
    CPPUNIT_ASSERT(remove_credential(profile, k_default));
    CPPUNIT_ASSERT(!remove_credential(profile, k_default));
    CPPUNIT_ASSERT(!find_credential(profile, k_default));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), test::code_of([&] {
                           store_credential(profile, "file:///srv", {"t", ""});
                         }));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), test::code_of([&] {
                           store_credential(profile, k_default, {"a\nb", ""});
                         }));
  }

  void an_origin_gets_its_own_token_alone() {
    const test::ScratchDirectory home;
    Profile profile = find_profile("wharf");
    profile.credentials_file = (home.path() / "credentials.toml").native();
    store_credential(profile, "https://registry.example.org", {"t1", "ada"});
    for (const std::string_view other :
         {"http://registry.example.org", "https://registry.example.org:8443",
          "https://registry.example.org.evil.example", "https://example.org", "file:///srv"})
      CPPUNIT_ASSERT_MESSAGE(std::string(other), !find_credential(profile, other));
    CPPUNIT_ASSERT(find_credential(profile, "https://Registry.example.org:443/"));
  }

  void the_environments_token_is_checked() {
    const Profile profile = find_profile("wharf");
    ::setenv("WHARF_TOKEN", "from-environment", 1);
    CPPUNIT_ASSERT_EQUAL(std::string("from-environment"), token_for(profile, k_default));
    ::setenv("WHARF_TOKEN", "two words", 1);
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), test::code_of([&] { token_for(profile, k_default); }));
    ::unsetenv("WHARF_TOKEN");
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CredentialsTest);
