// SPDX-License-Identifier: MIT
#include "registry/config/config.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"

using namespace wharf;

class ConfigTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ConfigTest);
  CPPUNIT_TEST(defaults_lie_below_the_root);
  CPPUNIT_TEST(a_flag_beats_the_environment_and_that_beats_the_file);
  CPPUNIT_TEST(a_hash_inside_a_value_is_part_of_it);
  CPPUNIT_TEST(errors_name_the_file_the_line_and_the_key);
  CPPUNIT_TEST(errors_of_the_environment_name_the_variable);
  CPPUNIT_TEST(presets_and_their_factor_give_the_figures);
  CPPUNIT_TEST(every_form_refuses_what_is_not_of_it);
  CPPUNIT_TEST(settings_say_where_they_are_from_and_hide_secrets);
  CPPUNIT_TEST(the_description_loads_to_the_defaults);
  CPPUNIT_TEST(each_role_has_its_own_database_user);
  CPPUNIT_TEST(production_refuses_weak_session_keys);
  CPPUNIT_TEST(suggests_what_is_near_and_nothing_else);
  CPPUNIT_TEST_SUITE_END();

  Path directory_;

  Path write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const Path path = directory_ / name;
    write_file_durably(path, text, mode);
    ::chmod(path.c_str(), mode);
    return path;
  }
  static std::string refusal(const auto& action) {
    try {
      action();
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.code() == Code::bad_request);
      return error.public_message();
    }
    return "(accepted)";
  }
  static void assert_contains(const std::string& part, const std::string& whole) {
    CPPUNIT_ASSERT_MESSAGE("'" + part + "' is not in: " + whole, whole.find(part) != whole.npos);
  }

 public:
  void setUp() override {
    char name[] = "/tmp/wharf-config-XXXXXX";
    CPPUNIT_ASSERT(::mkdtemp(name));
    directory_ = name;
  }
  void tearDown() override { std::filesystem::remove_all(directory_); }

  void defaults_lie_below_the_root() {
    const auto config = load_config("", {}, {{"storage.root", "/srv/w"}, {"storage.public", "/fast/public"}});
    CPPUNIT_ASSERT_EQUAL(std::string("/srv/w/blobs"), config.storage.blobs.native());
    CPPUNIT_ASSERT_EQUAL(std::string("/srv/w/staging"), config.storage.staging.native());
    CPPUNIT_ASSERT_EQUAL(std::string("/fast/public"), config.storage.public_tree.native());
    CPPUNIT_ASSERT_EQUAL(std::string("/srv/w/run/clerk.sock"), config.clerk.socket.native());
    CPPUNIT_ASSERT_EQUAL(30, config.auth.session_days);
    CPPUNIT_ASSERT(config.auth.password_hash_slots >= 1);
    CPPUNIT_ASSERT(config.publish.reserved_names ==
                   (std::vector<std::string>{"std", "core", "vais", "test", "main", "lib"}));
  }
  void a_flag_beats_the_environment_and_that_beats_the_file() {
    const auto file =
        write("a.conf",
              "[site]\nregistration = closed\npublic_url = https://a.example/\n[auth]\nsession_days = 3\n");
    const char* environment[] = {"WHARF_SITE_PUBLIC_URL=https://b.example/x/", "WHARF_AUTH_SESSION_DAYS=4",
                                 "PATH=/bin", "WHARF_VAR=/x", nullptr};
    const auto config = load_config(file, settings_of_environment(environment), {{"auth.session_days", "5"}});
    CPPUNIT_ASSERT(!config.site.registration_open);
    CPPUNIT_ASSERT_EQUAL(std::string("https://b.example/x"), config.site.public_url);
    CPPUNIT_ASSERT_EQUAL(5, config.auth.session_days);
  }
  void a_hash_inside_a_value_is_part_of_it() {
    const auto file =
        write("a.conf", "; comment\n  # comment\n[database]\r\npassword = a#b;c \r\nname = \" x \"\n");
    const auto config = load_config(file, {});
    CPPUNIT_ASSERT_EQUAL(std::string("a#b;c"), config.database.password);
    CPPUNIT_ASSERT_EQUAL(std::string(" x "), config.database.name);
  }
  void errors_name_the_file_the_line_and_the_key() {
    const std::pair<const char*, const char*> bad[] = {
        {"[site]\n\nmoode = production\n", ":3: unknown key 'site.moode'; did you mean 'site.mode'?"},
        {"[site]\nmode = prod\n", ":2: site.mode is 'prod'; expected development or production"},
        {"mode = x\n", ":1: the key 'mode' stands before any section"},
        {"[site]\nmode\n", ":2: 'mode' has no '='"},
        {"[site\n", ":1: '[site' is not a section"},
        {"[site]\nmode = production\n[site]\nmode = development\n",
         ":4: the key 'site.mode' is given twice; the first is in line 2"},
        {"[site]\nMode = production\n", ":2: 'Mode' is not a key"},
        {"[site]\nmode = \xff\n", ":2: the line 'mode = \\xff' is not plain text in UTF-8"},
        {"[zzzzzzzzzz]\nqqqqqqqqqqqqq = 1\n", "`wharf-registry config --describe`"},
    };
    for (const auto& [text, message] : bad) {
      const auto file = write("bad.conf", text);
      const auto said = refusal([&] { load_config(file, {}); });
      assert_contains(message, said);
      assert_contains(file.native(), said);
    }
    assert_contains("does not exist", refusal([&] { load_config(directory_ / "none.conf", {}); }));
    assert_contains("cannot be read", refusal([&] { load_config(directory_, {}); }));
  }
  void errors_of_the_environment_name_the_variable() {
    const char* unknown[] = {"WHARF_SITE_MOD=production", nullptr};
    assert_contains("unknown key 'WHARF_SITE_MOD'; did you mean 'WHARF_SITE_MODE'?",
                    refusal([&] { settings_of_environment(unknown); }));
    assert_contains("WHARF_SITE_MODE: site.mode is 'x'", refusal([&] {
                      load_config("", {{"site.mode", "x"}});
                    }));
    assert_contains("--set site.mode: site.mode is 'x'", refusal([&] {
                      load_config("", {}, {{"site.mode", "x"}});
                    }));
  }
  void presets_and_their_factor_give_the_figures() {
    const auto standard = load_config("", {}).limits;
    CPPUNIT_ASSERT_EQUAL(5, standard.register_per_hour);
    CPPUNIT_ASSERT_EQUAL(10, standard.login_per_hour);
    CPPUNIT_ASSERT_EQUAL(60, standard.publish_per_hour);
    CPPUNIT_ASSERT_EQUAL(100, standard.worker_per_minute);
    CPPUNIT_ASSERT_EQUAL(5000, standard.token_per_hour);
    CPPUNIT_ASSERT_EQUAL(0, standard.anonymous_per_hour);
    const auto strict =
        load_config("", {},
                    {{"limits.preset", "strict"}, {"limits.factor", "10"}, {"limits.login_per_hour", "7"}})
            .limits;
    CPPUNIT_ASSERT_EQUAL(600, strict.anonymous_per_hour);
    CPPUNIT_ASSERT_EQUAL(70, strict.login_per_hour);
    const auto off = load_config("", {}, {{"limits.preset", "off"}, {"limits.login_per_hour", "7"}}).limits;
    CPPUNIT_ASSERT_EQUAL(0, off.login_per_hour);
    CPPUNIT_ASSERT_EQUAL(0, off.user_versions);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("times between two are divided by the factor, not multiplied", 60,
                                 strict.user_version_seconds);
    CPPUNIT_ASSERT_EQUAL(300, strict.user_versions);
  }
  void every_form_refuses_what_is_not_of_it() {
    const std::pair<const char*, const char*> bad[] = {{"site.public_url", "ftp://x"},
                                                       {"site.public_url", "https://"},
                                                       {"site.public_url", "https://x/?a"},
                                                       {"site.whole_index", "maybe"},
                                                       {"database.port", "0"},
                                                       {"database.port", "65536"},
                                                       {"database.port", ""},
                                                       {"storage.root", "relative/path"},
                                                       {"limits.login_per_hour", "-1"},
                                                       {"limits.factor", "0"},
                                                       {"log.level", "loud"},
                                                       {"site.registration", "OPEN"},
                                                       {"site.cors_origins", "https://a.example/"},
                                                       {"site.cors_origins", "a.example"},
                                                       {"site.cors_origins", "https://a.example, null"},
                                                       {"limits.token_per_hour", "99999999999"}};
    for (const auto& [key, value] : bad)
      assert_contains(std::string(key) + " is ", refusal([&] { load_config("", {}, {{key, value}}); }));
    CPPUNIT_ASSERT(!load_config("", {}, {{"site.whole_index", "off"}}).site.whole_index);
    CPPUNIT_ASSERT(load_config("", {}, {{"log.level", "error"}}).log.level == log::Level::error);
    CPPUNIT_ASSERT(load_config("", {}, {{"site.cors_origins", "https://a.example,  HTTP://B.example:81"}})
                       .site.cors_origins ==
                   (std::vector<std::string>{"https://a.example", "http://b.example:81"}));
  }
  void settings_say_where_they_are_from_and_hide_secrets() {
    const auto file = write("a.conf", "[database]\npassword = hunter2\n");
    const auto config = load_config(file, {{"site.dialect", "raven"}});
    int found = 0;
    for (const auto& setting : config.settings) {
      CPPUNIT_ASSERT(setting.value.find("hunter2") == std::string::npos);
      if (setting.key == "database.password") found += setting.origin == file.native() + ":2";
      if (setting.key == "site.dialect")
        found += setting.origin == "WHARF_SITE_DIALECT" && setting.value == "raven";
      if (setting.key == "site.mode") found += setting.origin == "default" && setting.value == "development";
    }
    CPPUNIT_ASSERT_EQUAL(3, found);
  }
  void the_description_loads_to_the_defaults() {
    const auto text = describe_config();
    const auto config = load_config(write("all.conf", text), {});
    const auto defaults = load_config("", {});
    CPPUNIT_ASSERT_EQUAL(defaults.settings.size(), config.settings.size());
    for (std::size_t i = 0; i < defaults.settings.size(); ++i) {
      CPPUNIT_ASSERT_EQUAL(defaults.settings[i].value, config.settings[i].value);
      CPPUNIT_ASSERT_MESSAGE(config.settings[i].key, config.settings[i].origin != "default");
    }
  }
  void each_role_has_its_own_database_user() {
    const auto worker = write("worker", "one\n");
    const auto clerk = write("clerk", "two");
    const auto config = load_config("", {},
                                    {{"database.password_file", worker.native()},
                                     {"database.clerk_user", "clerk"},
                                     {"database.clerk_password_file", clerk.native()}});
    CPPUNIT_ASSERT_EQUAL(std::string("one"), database_for(config, Config::Role::worker).password);
    CPPUNIT_ASSERT_EQUAL(std::string("clerk"), database_for(config, Config::Role::clerk).user);
    CPPUNIT_ASSERT_EQUAL(std::string("two"), database_for(config, Config::Role::clerk).password);
    CPPUNIT_ASSERT_EQUAL(std::string("wharf"), database_for(config, Config::Role::admin).user);
    const auto missing = load_config("", {}, {{"database.password_file", "/nowhere/at/all"}});
    assert_contains("'/nowhere/at/all' of the database user 'wharf' does not exist",
                    refusal([&] { database_for(missing, Config::Role::worker); }));
    const auto folder = load_config("", {}, {{"database.password_file", directory_.native()}});
    assert_contains("cannot be read", refusal([&] { database_for(folder, Config::Role::worker); }));
  }
  void production_refuses_weak_session_keys() {
    const auto keys = [](const char* mode, const Path& file) {
      return load_jwt_keys(load_config("", {}, {{"site.mode", mode}, {"auth.jwt_key_file", file.native()}}));
    };
    const std::string hex(64, 'a'), base64 = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    const auto good = keys("production", write("good", "# made today\n" + hex + "\r\n\n" + base64 + "\n"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, good.size());
    CPPUNIT_ASSERT_EQUAL(std::string(32, '\xaa'), good[0]);
    CPPUNIT_ASSERT_EQUAL(std::string("01234567890123456789012345678901"), good[1]);
    const auto well_known = keys("development", "");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, well_known.size());
    assert_contains("not set", refusal([&] { keys("production", ""); }));
    assert_contains("does not exist", refusal([&] { keys("production", directory_ / "none"); }));
    assert_contains("4 bytes", refusal([&] { keys("production", write("short", "aabbccdd\n")); }));
    assert_contains("read by everyone", refusal([&] { keys("production", write("open", hex, 0644)); }));
    assert_contains("neither hex nor base64", refusal([&] { keys("production", write("odd", "?!\n")); }));
    assert_contains("holds no key", refusal([&] { keys("production", write("empty", "\n")); }));
    std::string known_hex;
    for (const char c : well_known[0]) {
      known_hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
      known_hex += "0123456789abcdef"[c & 15];
    }
    assert_contains("well-known", refusal([&] { keys("production", write("known", known_hex)); }));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, keys("development", write("short", "aabbccdd\n")).size());
  }
  void suggests_what_is_near_and_nothing_else() {
    const std::string_view words[] = {"publish", "yank", "remove"};
    CPPUNIT_ASSERT(nearest("pubish", words) == "publish");
    CPPUNIT_ASSERT(nearest("yakn", words) == "yank");
    CPPUNIT_ASSERT(nearest("completely", words).empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, edit_distance("kitten", "sitting"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, edit_distance("lsit", "list"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, edit_distance("lsti", "list"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, edit_distance("", "abc"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ConfigTest);
