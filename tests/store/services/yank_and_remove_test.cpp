// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>

#include "libwharf/json/value.hpp"
#include "registry/services/blob_gc.hpp"
#include "registry/store/blob_rows.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class YankAndRemoveTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(YankAndRemoveTest);
  CPPUNIT_TEST(yanking_is_journalled_once_with_its_reason);
  CPPUNIT_TEST(unyanking_takes_it_back);
  CPPUNIT_TEST(maintainers_yank_and_strangers_do_not);
  CPPUNIT_TEST(reasons_are_short_and_plain);
  CPPUNIT_TEST(what_is_not_there_cannot_be_yanked_or_removed);
  CPPUNIT_TEST(removes_a_young_version_and_never_gives_its_number_away);
  CPPUNIT_TEST(refuses_to_remove_what_is_old);
  CPPUNIT_TEST(refuses_to_remove_what_another_package_needs);
  CPPUNIT_TEST(only_owners_remove);
  CPPUNIT_TEST(garbage_is_what_nothing_refers_to);
  CPPUNIT_TEST(a_publish_and_the_collector_never_cross);
  CPPUNIT_TEST_SUITE_END();

  static std::string last_event(Registry& registry, const char* key) {
    const auto body = json::parse(registry.text("SELECT body FROM journal ORDER BY seq DESC LIMIT 1"));
    return std::string(body.root()[key].string().value_or("null"));
  }

 public:
  void yanking_is_journalled_once_with_its_reason() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    const auto first = registry.yanking().yank("kit", "1.0.0", " leaks memory ", ada, {"192.0.2.1", "r1"});
    CPPUNIT_ASSERT(first.changed && first.version.state == store::VersionState::yanked);
    CPPUNIT_ASSERT_EQUAL(std::string("yank"), last_event(registry, "action"));
    CPPUNIT_ASSERT_EQUAL(std::string("leaks memory"), last_event(registry, "reason"));
    CPPUNIT_ASSERT(!registry.yanking().yank("kit", "1.0.0", "leaks memory", ada, {}).changed);
    CPPUNIT_ASSERT(!registry.yanking().yank("kit", "1.0.0", {}, ada, {}).changed);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, registry.number("SELECT COUNT(*) FROM journal"));
    CPPUNIT_ASSERT_MESSAGE("another reason is news",
                           registry.yanking().yank("kit", "1.0.0", "worse", ada, {}).changed);
    CPPUNIT_ASSERT_EQUAL(std::string("worse"), registry.text("SELECT yank_reason FROM versions"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("192.0.2.1"),
        registry.text("SELECT address FROM audit WHERE action = 'yank' ORDER BY id LIMIT 1"));
    CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("kit"), registry.text("SELECT document FROM packages"));
  }

  void unyanking_takes_it_back() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    CPPUNIT_ASSERT(!registry.yanking().unyank("kit", "1.0.0", ada, {}).changed);
    registry.yanking().yank("kit", "1.0.0", "x", ada, {});
    const auto outcome = registry.yanking().unyank("kit", "1.0.0", ada, {});
    CPPUNIT_ASSERT(outcome.changed && outcome.version.state == store::VersionState::active &&
                   !outcome.version.yank_reason);
    CPPUNIT_ASSERT_EQUAL(std::string("unyank"), last_event(registry, "action"));
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), registry.text("SELECT latest_version FROM packages"));
  }

  void maintainers_yank_and_strangers_do_not() {
    Registry registry;
    const auto ada = registry.add_user("ada"), bob = registry.add_user("bob");
    registry.publish(ada, "kit", "1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         code_of([&] { registry.yanking().yank("kit", "1.0.0", {}, bob, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         code_of([&] { registry.yanking().unyank("kit", "1.0.0", bob, {}); }));
    registry.append_owner("kit", bob, "maintainer");
    registry.yanking().yank("kit", "1.0.0", {}, bob, {});
    auto token = ada;
    token.credential = Principal::Credential::api_token;
    token.scopes = 1u << static_cast<unsigned>(Scope::publish);
    CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"),
                         code_of([&] { registry.yanking().unyank("kit", "1.0.0", token, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"),
                         code_of([&] { registry.removal().remove("kit", "1.0.0", token, {}); }));
  }

  void reasons_are_short_and_plain() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    std::string umlauts;
    for (int i = 0; i < 500; ++i) umlauts += "\u00e4";
    registry.yanking().yank("kit", "1.0.0", umlauts, ada, {});
    CPPUNIT_ASSERT_EQUAL(umlauts, registry.text("SELECT yank_reason FROM versions"));
    for (const std::string& reason : {umlauts + "x", std::string("two\nlines"), std::string("\xff")})
      CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                           code_of([&] { registry.yanking().yank("kit", "1.0.0", reason, ada, {}); }));
    CPPUNIT_ASSERT_EQUAL(std::string("none"),
                         code_of([&] { registry.yanking().yank("kit", "1.0.0", "  ", ada, {}); }));
  }

  void what_is_not_there_cannot_be_yanked_or_removed() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.publish(ada, "kit", "2.0.0");
    registry.removal().remove("kit", "2.0.0", ada, {});
    for (const auto& [name, version] :
         {std::pair("kat", "1.0.0"), std::pair("kit", "1.0.1"), std::pair("kit", "2.0.0")}) {
      CPPUNIT_ASSERT_EQUAL(std::string("not_found"),
                           code_of([&] { registry.yanking().yank(name, version, {}, ada, {}); }));
      CPPUNIT_ASSERT_EQUAL(std::string("not_found"),
                           code_of([&] { registry.removal().remove(name, version, ada, {}); }));
    }
  }

  void removes_a_young_version_and_never_gives_its_number_away() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0", "keywords = [\"a\"]\n[dependencies]\nnum = \"1\"");
    registry.removal().remove("kit", "1.0.0", ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("remove"), last_event(registry, "action"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, registry.number("SELECT blob_digest IS NULL FROM versions"));
    CPPUNIT_ASSERT(
        registry.inventory().starts_with("packages=1 versions=1 package_owners=1 dependencies=0 readmes=0 "));
    for (const char* version : {"1.0.0", "1.0.0+again"})
      CPPUNIT_ASSERT_EQUAL(std::string("version_removed"),
                           code_of([&] { registry.publish(ada, "kit", version); }));
    registry.publish(ada, "kit", "1.0.1");
  }

  void refuses_to_remove_what_is_old() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.database.connection().run_text(
        "UPDATE versions SET published_at = published_at - INTERVAL 73 HOUR");
    CPPUNIT_ASSERT_EQUAL(std::string("removal_refused"),
                         code_of([&] { registry.removal(72).remove("kit", "1.0.0", ada, {}); }));
    registry.removal(74).remove("kit", "1.0.0", ada, {});
  }

  void refuses_to_remove_what_another_package_needs() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* version : {"1.0.0", "1.5.0", "2.0.0"}) registry.publish(ada, "kit", version);
    registry.publish(ada, "app", "1.0.0", "[dependencies]\nkit = \"^1.2\"");
    registry.publish(ada, "kit", "1.6.0", "[dev-dependencies]\nkit = \"1.0.0\"");  // its own do not count
    const auto remove = [&](const char* version) {
      return [&registry, &ada, version] { registry.removal().remove("kit", version, ada, {}); };
    };
    CPPUNIT_ASSERT_EQUAL(std::string("removal_refused"), code_of(remove("1.5.0")));
    CPPUNIT_ASSERT_EQUAL(std::string("app"), fact_of(remove("1.5.0"), "dependent"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), code_of(remove("1.0.0")));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), code_of(remove("2.0.0")));
    registry.removal().remove("app", "1.0.0", ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("none"), code_of(remove("1.5.0")));
  }

  void only_owners_remove() {
    Registry registry;
    const auto ada = registry.add_user("ada"), bob = registry.add_user("bob");
    registry.publish(ada, "kit", "1.0.0");
    registry.append_owner("kit", bob, "maintainer");
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"),
                         code_of([&] { registry.removal().remove("kit", "1.0.0", bob, {}); }));
  }

  void garbage_is_what_nothing_refers_to() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto kept = registry.publish(ada, "kit", "1.0.0"), removed = registry.publish(ada, "kit", "2.0.0");
    registry.removal().remove("kit", "2.0.0", ada, {});
    StagedFile stray(registry.staging, 100);
    stray.write("left by a crash");
    stray.finish();
    registry.blobs.put(stray);
    const auto young = collect_garbage(registry.database, registry.blobs, registry.staging);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("a file without a row may be on its way", 1u, young.blobs);
    CPPUNIT_ASSERT(registry.blobs.size(kept.checksum) && !registry.blobs.size(removed.checksum));
    std::filesystem::last_write_time(registry.blobs.path_of(stray.digest()),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
    const auto old = collect_garbage(registry.database, registry.blobs, registry.staging);
    CPPUNIT_ASSERT_EQUAL(1u, old.blobs);
    CPPUNIT_ASSERT(registry.inventory().ends_with("files=1 staged=0"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, registry.number("SELECT COUNT(*) FROM blobs"));
    CPPUNIT_ASSERT(!collect_blob(registry.database, registry.blobs, kept.checksum));
  }

  void a_publish_and_the_collector_never_cross() {
    // While a publish holds a blob's row, the collector waits for it; then it sees that the blob is referred
    // to.
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto removed = registry.publish(ada, "kit", "1.0.0");
    registry.removal().remove("kit", "1.0.0", ada, {});
    store::Database publisher(registry.scratch.settings());
    registry.database.connection().run_text("SET SESSION innodb_lock_wait_timeout = 1");
    publisher.transaction([&](store::Connection& c) {
      store::lock_blob(c, removed.checksum, 1, now());
      CPPUNIT_ASSERT_EQUAL(std::string("unavailable"), code_of([&] {
                             collect_blob(registry.database, registry.blobs, removed.checksum);
                           }));
      CPPUNIT_ASSERT(registry.blobs.size(removed.checksum).has_value());
    });
    CPPUNIT_ASSERT(collect_blob(registry.database, registry.blobs, removed.checksum));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(YankAndRemoveTest);
