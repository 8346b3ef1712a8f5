// SPDX-License-Identifier: MIT
#include "registry/services/publishing.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <barrier>
#include <filesystem>
#include <thread>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/json/value.hpp"
#include "registry/store/journal.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"
#include "tests/support/tar_builder.hpp"

using namespace wharf;
using namespace wharf::test;

class PublishingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PublishingTest);
  CPPUNIT_TEST(a_first_publish_makes_package_owner_version_blob_and_event);
  CPPUNIT_TEST(the_document_is_what_the_rows_give);
  CPPUNIT_TEST(a_published_version_never_changes_and_tells_its_checksum);
  CPPUNIT_TEST(build_metadata_does_not_make_another_version);
  CPPUNIT_TEST(owners_and_maintainers_publish_and_others_do_not);
  CPPUNIT_TEST(a_token_publishes_only_what_it_reaches);
  CPPUNIT_TEST(refuses_reserved_and_confusable_names);
  CPPUNIT_TEST(refuses_claims_that_the_manifest_does_not_share);
  CPPUNIT_TEST(refuses_claims_that_are_not_of_the_form);
  CPPUNIT_TEST(refuses_versions_that_look_like_archives);
  CPPUNIT_TEST(claims_fill_what_the_manifest_lacks_and_nothing_else);
  CPPUNIT_TEST(claims_are_held_to_the_rules_of_manifests);
  CPPUNIT_TEST(the_highest_release_speaks_for_the_package);
  CPPUNIT_TEST(two_packages_share_a_blob);
  CPPUNIT_TEST(a_dry_run_checks_everything_and_keeps_nothing);
  CPPUNIT_TEST(one_of_sixteen_wins_a_version);
  CPPUNIT_TEST(one_of_sixteen_makes_a_package);
  CPPUNIT_TEST(sixteen_publish_different_versions_and_none_is_lost);
  CPPUNIT_TEST(goes_on_after_its_connection_was_killed);
  CPPUNIT_TEST(a_database_that_is_away_leaves_nothing);
  CPPUNIT_TEST_SUITE_END();

  static constexpr std::string_view k_nothing =
      "packages=0 versions=0 package_owners=0 dependencies=0 readmes=0 blobs=0 journal=0 audit=0 files=0 "
      "staged=0";

  static json::Document body_of_last_event(Registry& registry) {
    return json::parse(registry.text("SELECT body FROM journal ORDER BY seq DESC LIMIT 1"));
  }

 public:
  void a_first_publish_makes_package_owner_version_blob_and_event() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const std::string archive =
        package_archive("geo-kit", "1.0.0",
                        "description = \"maps\"\nlicense = \"MIT\"\nkeywords = [\"geo\"]\n"
                        "[dependencies]\nnum = \"^1.2\"\n[dev-dependencies]\ncheck = \"1\"\n");
    const auto published = registry.publish(ada, archive);
    const std::string digest = to_hex(sha256(archive));
    CPPUNIT_ASSERT_EQUAL(std::string("geo-kit"), published.name);
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), published.version);
    CPPUNIT_ASSERT_EQUAL(digest, published.checksum);
    CPPUNIT_ASSERT_EQUAL(archive.size(), std::size_t{published.size});
    CPPUNIT_ASSERT(published.package_id > 0 && published.version_id > 0);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, published.seq);
    CPPUNIT_ASSERT_MESSAGE("there is no clerk", !published.visible);
    CPPUNIT_ASSERT_EQUAL(
        std::string("packages=1 versions=1 package_owners=1 dependencies=2 readmes=1 blobs=1 journal=1 "
                    "audit=1 files=1 staged=0"),
        registry.inventory());
    CPPUNIT_ASSERT_EQUAL(archive, *read_file(registry.blobs.path_of(digest)));
    CPPUNIT_ASSERT_EQUAL(std::string("owner"), registry.text("SELECT role FROM package_owners"));
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), registry.text("SELECT latest_version FROM packages"));
    CPPUNIT_ASSERT_EQUAL(std::string("native"), registry.text("SELECT dialect FROM versions"));

    const auto event = body_of_last_event(registry);
    const auto root = event.root();
    CPPUNIT_ASSERT_EQUAL(std::string("publish"), std::string(*root["action"].string()));
    CPPUNIT_ASSERT_EQUAL(std::string("ada"), std::string(*root["actor"].string()));
    CPPUNIT_ASSERT_EQUAL(std::string("maps"), std::string(*root["metadata"]["description"].string()));
    CPPUNIT_ASSERT_EQUAL(digest, std::string(*root["entry"]["checksum"].string()));
    CPPUNIT_ASSERT_EQUAL(std::string("^1.2.0"),
                         std::string(*root["entry"]["dependencies"]["num"]["req"].string()));
    CPPUNIT_ASSERT(root["entry"]["dev_dependencies"]["check"] && !root["entry"]["dependencies"]["check"]);
    CPPUNIT_ASSERT_EQUAL(json::canonical(root), registry.text("SELECT body FROM journal"));
  }

  void the_document_is_what_the_rows_give() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* version : {"1.0.0", "2.0.0-rc.1", "0.9.0", "1.10.0", "1.9.0", "1.10.0-alpha+b1"}) {
      registry.publish(
          ada, "geo-kit", version,
          "description = \"of " + std::string(version) +
              " \\\"x\\\"\"\n[dependencies]\n"
              "version = \"1\"\ndownloads = {version = \"2\", optional = true, features = [\"a\"]}\n");
      CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("geo-kit"),
                           registry.text("SELECT document FROM packages"));
    }
    registry.yanking().yank("geo-kit", "1.10.0", "broken", ada, {});
    registry.removal().remove("geo-kit", "0.9.0", ada, {});
    registry.yanking().unyank("geo-kit", "1.10.0", ada, {});
    registry.yanking().yank("geo-kit", "1.9.0", {}, ada, {});
    const std::string document = registry.text("SELECT document FROM packages");
    CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("geo-kit"), document);
    const auto parsed = json::parse(document);
    std::string order;
    parsed.root()["versions"].each(
        [&](json::Value version) { order += std::string(*version["version"].string()) + " "; });
    CPPUNIT_ASSERT_EQUAL(std::string("2.0.0-rc.1 1.10.0 1.10.0-alpha+b1 1.9.0 1.0.0 "), order);
    CPPUNIT_ASSERT_EQUAL(std::string("of 1.10.0 \"x\""), std::string(*parsed.root()["description"].string()));
    CPPUNIT_ASSERT_EQUAL(registry.number("SELECT MAX(seq) FROM journal"),
                         registry.number("SELECT revision FROM packages"));
  }

  void a_published_version_never_changes_and_tells_its_checksum() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto first = registry.publish(ada, "kit", "1.0.0");
    const std::string before = registry.inventory();
    const auto again = [&] { registry.publish(ada, "kit", "1.0.0", "description = \"other\""); };
    CPPUNIT_ASSERT_EQUAL(std::string("version_exists"), code_of(again));
    CPPUNIT_ASSERT_EQUAL(first.checksum, fact_of(again, "checksum"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("the very same bytes", std::string("version_exists"),
                                 code_of([&] { registry.publish(ada, "kit", "1.0.0"); }));
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
    registry.removal().remove("kit", "1.0.0", ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("version_removed"), code_of(again));
    CPPUNIT_ASSERT_EQUAL(first.checksum, fact_of(again, "checksum"));
  }

  void build_metadata_does_not_make_another_version() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0+a");
    CPPUNIT_ASSERT_EQUAL(std::string("version_exists"),
                         code_of([&] { registry.publish(ada, "kit", "1.0.0+b"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("version_exists"),
                         code_of([&] { registry.publish(ada, "kit", "1.0.0"); }));
    registry.publish(ada, "kit", "1.0.0-RC1");
    registry.publish(ada, "kit", "1.0.0-rc1");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, registry.number("SELECT COUNT(*) FROM versions"));
  }

  void owners_and_maintainers_publish_and_others_do_not() {
    Registry registry;
    const auto ada = registry.add_user("ada"), bob = registry.add_user("bob");
    auto root = registry.add_user("root");
    root.role = Role::admin;
    registry.publish(ada, "kit", "1.0.0");
    const std::string before = registry.inventory();
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"), code_of([&] { registry.publish(bob, "kit", "1.1.0"); }));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("an administrator owns nothing by that", std::string("forbidden"),
                                 code_of([&] { registry.publish(root, "kit", "1.1.0"); }));
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
    registry.append_owner("kit", bob, "maintainer");
    registry.publish(bob, "kit", "1.1.0");
    CPPUNIT_ASSERT_EQUAL(
        std::string("bob"),
        registry.text("SELECT u.username FROM versions v JOIN users u ON u.id = v.published_by"
                      " WHERE v.version = '1.1.0'"));
  }

  void a_token_publishes_only_what_it_reaches() {
    Registry registry;
    auto ada = registry.add_user("ada");
    ada.credential = Principal::Credential::api_token;
    ada.scopes = 1u << static_cast<unsigned>(Scope::publish);
    ada.packages = "geo-*";
    registry.publish(ada, "geo-kit", "1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"),
                         code_of([&] { registry.publish(ada, "kit", "1.0.0"); }));
    ada.scopes = 1u << static_cast<unsigned>(Scope::yank);
    CPPUNIT_ASSERT_EQUAL(std::string("scope_missing"),
                         code_of([&] { registry.publish(ada, "geo-kit", "1.0.1"); }));
  }

  void refuses_reserved_and_confusable_names() {
    Registry registry;
    registry.rules.reserved_names = {"std"};
    const auto ada = registry.add_user("ada");
    CPPUNIT_ASSERT_EQUAL(std::string("name_reserved"),
                         code_of([&] { registry.publish(ada, "std", "1.0.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("name_reserved"),
                         code_of([&] { registry.publish(ada, "trending", "1.0.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("name_reserved"),
                         code_of([&] { registry.publish(ada, "com1", "1.0.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string(k_nothing), registry.inventory());
    registry.publish(ada, "geo-kit1", "1.0.0");
    const std::string before = registry.inventory();
    for (const char* name : {"geo_kit1", "geokit1", "ge0-kit1", "geo-kitl", "geo-kiti"}) {
      const auto publish = [&] { registry.publish(ada, name, "1.0.0"); };
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("name_too_similar"), code_of(publish));
      CPPUNIT_ASSERT_EQUAL(std::string("geo-kit1"), fact_of(publish, "package"));
    }
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
    // A name that becomes reserved later stays with those who have it.
    registry.rules.reserved_names = {"geo-kit1"};
    registry.publish(ada, "geo-kit1", "1.0.1");
  }

  void refuses_claims_that_the_manifest_does_not_share() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const std::string archive = package_archive("kit", "1.0.0");
    const auto with = [&](const Claimed& claimed) {
      return code_of([&] { registry.publish(ada, archive, claimed); });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("manifest_mismatch"),
                         with({.name = "kat", .version = {}, .checksum = {}, .metadata = {}}));
    CPPUNIT_ASSERT_EQUAL(std::string("manifest_mismatch"),
                         with({.name = {}, .version = "1.0.1", .checksum = {}, .metadata = {}}));
    CPPUNIT_ASSERT_EQUAL(std::string("checksum_mismatch"),
                         with({.name = {}, .version = {}, .checksum = std::string(64, 'a'), .metadata = {}}));
    CPPUNIT_ASSERT_EQUAL(std::string(k_nothing), registry.inventory());
    CPPUNIT_ASSERT_EQUAL(
        std::string("none"),
        with({.name = "kit", .version = "1.0.0", .checksum = to_hex(sha256(archive)), .metadata = {}}));
  }

  void refuses_claims_that_are_not_of_the_form() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const std::string archive = package_archive("kit", "1.0.0");
    const auto with = [&](const Claimed& claimed) {
      return code_of([&] { registry.publish(ada, archive, claimed); });
    };
    CPPUNIT_ASSERT_EQUAL(std::string("name_invalid"),
                         with({.name = "Kit", .version = {}, .checksum = {}, .metadata = {}}));
    CPPUNIT_ASSERT_EQUAL(std::string("version_invalid"),
                         with({.name = {}, .version = "1.0", .checksum = {}, .metadata = {}}));
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"),
                         with({.name = {}, .version = {}, .checksum = "abc", .metadata = {}}));
    CPPUNIT_ASSERT_EQUAL(std::string("archive_form"),
                         code_of([&] { registry.publish(ada, "not an archive"); }));
    CPPUNIT_ASSERT_EQUAL(std::string(k_nothing), registry.inventory());
  }

  void refuses_versions_that_look_like_archives() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto code = code_of([&] { registry.publish(ada, "kit", "1.0.0-a.tar.gz"); });
    CPPUNIT_ASSERT_MESSAGE(code, code == "version_invalid" || code == "manifest_invalid");
    CPPUNIT_ASSERT_EQUAL(std::string(k_nothing), registry.inventory());
  }

  void claims_fill_what_the_manifest_lacks_and_nothing_else() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto document = json::parse(
        R"({"description": "from the request", "license": "MIT", "author": "Ada", "homepage": null, "repository": "",
            "keywords": ["Geo", "geo"], "dependencies": {"evil": "*"}, "name": "other", "categories": ["math"]})");
    Claimed claimed;
    claimed.metadata = document.root();
    registry.publish(ada, package_archive("kit", "1.0.0", "license = \"Apache-2.0\""), claimed);
    const auto shown = json::parse(registry.text("SELECT document FROM packages"));
    const auto root = shown.root();
    CPPUNIT_ASSERT_EQUAL(std::string("from the request"), std::string(*root["description"].string()));
    CPPUNIT_ASSERT_EQUAL(std::string("Apache-2.0"), std::string(*root["license"].string()));
    CPPUNIT_ASSERT_EQUAL(std::string("Ada"), std::string(*root["author"].string()));
    CPPUNIT_ASSERT(root["homepage"].is_null() && root["repository"].is_null());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, root["keywords"].size());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, registry.number("SELECT COUNT(*) FROM dependencies"));
    CPPUNIT_ASSERT_EQUAL(std::string("geo"), registry.text("SELECT keyword FROM version_keywords"));
  }

  void claims_are_held_to_the_rules_of_manifests() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* metadata : {R"({"homepage": "javascript:alert"})", R"({"description": 1})",
                                 R"({"keywords": "geo"})", R"({"author": ["Ada"]})"}) {
      const auto document = json::parse(metadata);
      Claimed claimed;
      claimed.metadata = document.root();
      CPPUNIT_ASSERT_EQUAL_MESSAGE(metadata, std::string("manifest_invalid"), code_of([&] {
                                     registry.publish(ada, package_archive("kit", "1.0.0"), claimed);
                                   }));
    }
    CPPUNIT_ASSERT_EQUAL(std::string(k_nothing), registry.inventory());
  }

  void the_highest_release_speaks_for_the_package() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto description = [&] {
      const auto document = json::parse(registry.text("SELECT document FROM packages"));
      return std::string(document.root()["description"].string().value_or("null"));
    };
    const auto publish = [&](const char* version) {
      registry.publish(ada, "kit", version, "description = \"" + std::string(version) + "\"");
    };
    publish("1.0.0-rc.1");
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0-rc.1"), description());
    publish("0.5.0");
    CPPUNIT_ASSERT_EQUAL(std::string("0.5.0"), description());
    publish("1.0.0");
    publish("0.6.0");
    publish("2.0.0-rc.1");
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), description());
    registry.yanking().yank("kit", "1.0.0", {}, ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("0.6.0"), description());
    for (const char* version : {"0.5.0", "0.6.0"}) registry.yanking().yank("kit", version, {}, ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("2.0.0-rc.1"), description());
    for (const char* version : {"1.0.0-rc.1", "2.0.0-rc.1"})
      registry.yanking().yank("kit", version, {}, ada, {});
    CPPUNIT_ASSERT_EQUAL_MESSAGE("there is no latest", std::int64_t{1},
                                 registry.number("SELECT latest_version IS NULL FROM packages"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("the highest still speaks", std::string("2.0.0-rc.1"), description());
    for (const char* version : {"1.0.0-rc.1", "0.5.0", "1.0.0", "0.6.0", "2.0.0-rc.1"})
      registry.removal().remove("kit", version, ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("null"), description());
    CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("kit"), registry.text("SELECT document FROM packages"));
  }

  void two_packages_share_a_blob() {
    // One archive with two manifests cannot be; two versions with the same bytes cannot be either. So the
    // rows are made by hand, as an import would.
    Registry registry;
    const auto ada = registry.add_user("ada");
    const std::string archive = package_archive("kit", "1.0.0");
    const std::string digest = to_hex(sha256(archive));
    StagedFile staged(registry.staging, 1000000);
    staged.write(archive);
    staged.finish();
    registry.blobs.put(staged);
    registry.publish(ada, archive);
    CPPUNIT_ASSERT_EQUAL(archive, *read_file(registry.blobs.path_of(digest)));
    CPPUNIT_ASSERT(registry.inventory().ends_with("files=1 staged=0"));
  }

  void a_dry_run_checks_everything_and_keeps_nothing() {
    Registry registry;
    const auto ada = registry.add_user("ada"), bob = registry.add_user("bob");
    const auto dry = [&](const Principal& who, const char* name, const char* version) {
      return code_of([&] { registry.publish(who, package_archive(name, version), {}, true); });
    };
    const auto planned = registry.publish(ada, package_archive("kit", "1.0.0"), {}, true);
    CPPUNIT_ASSERT_EQUAL(std::string("kit"), planned.name);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, planned.package_id);
    CPPUNIT_ASSERT_EQUAL(std::string(k_nothing), registry.inventory());
    registry.publish(ada, "kit", "1.0.0");
    const std::string before = registry.inventory();
    CPPUNIT_ASSERT_EQUAL(std::string("version_exists"), dry(ada, "kit", "1.0.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("forbidden"), dry(bob, "kit", "1.1.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("name_too_similar"), dry(bob, "k-it", "1.1.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("none"), dry(ada, "kit", "1.1.0"));
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
  }

  // Each thread is a worker with a database connection of its own.
  static std::vector<std::string> race(Registry& registry, int rivals,
                                       const std::function<void(Registry&, store::Database&, int)>& act) {
    std::vector<std::string> codes(static_cast<std::size_t>(rivals));
    std::vector<std::thread> threads;
    std::barrier start(rivals);
    for (int i = 0; i < rivals; ++i)
      threads.emplace_back([&, i] {
        store::Database database(registry.scratch.settings());
        database.connection();
        start.arrive_and_wait();
        codes[static_cast<std::size_t>(i)] = code_of([&] { act(registry, database, i); });
      });
    for (auto& thread : threads) thread.join();
    return codes;
  }

  static Publication publish_on(Registry& registry, store::Database& database, const Principal& who,
                                std::string_view archive) {
    StagedFile staged(registry.staging, 1000000);
    staged.write(archive);
    staged.finish();
    VisibilityReader visibility(registry.directory.path() / "no-clerk",
                                registry.directory.path() / "no-socket");
    return Publishing(database, registry.blobs, visibility, registry.rules).publish(staged, {}, who, {});
  }

  static std::ptrdiff_t count_of(const std::vector<std::string>& codes, const char* code) {
    return std::count(codes.begin(), codes.end(), code);
  }

  void one_of_sixteen_wins_a_version() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "0.1.0");
    for (int round = 1; round <= 5; ++round) {
      const std::string version = std::to_string(round) + ".0.0";
      const auto archive_of = [&](int i) {
        return package_archive("kit", version, "description = \"by " + std::to_string(i) + "\"");
      };
      const auto codes = race(registry, 16, [&](Registry& r, store::Database& database, int i) {
        publish_on(r, database, ada, archive_of(i));
      });
      CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, count_of(codes, "none"));
      CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{15}, count_of(codes, "version_exists"));
      const auto winner = static_cast<int>(std::find(codes.begin(), codes.end(), "none") - codes.begin());
      const std::string digest =
          registry.text("SELECT digest FROM versions WHERE version = '" + version + "'");
      CPPUNIT_ASSERT_EQUAL_MESSAGE("the winner's bytes", archive_of(winner),
                                   *read_file(registry.blobs.path_of(digest)));
    }
    CPPUNIT_ASSERT_EQUAL(
        std::string("packages=1 versions=6 package_owners=1 dependencies=0 readmes=6 blobs=6 journal=6 "
                    "audit=6 files=6 staged=0"),
        registry.inventory());
  }

  void one_of_sixteen_makes_a_package() {
    Registry registry;
    std::vector<Principal> users;
    for (int i = 0; i < 16; ++i) users.push_back(registry.add_user("user" + std::to_string(i)));
    for (int round = 0; round < 5; ++round) {
      const std::string name = "kit" + std::string(static_cast<std::size_t>(round + 1), 'x');
      const auto codes = race(registry, 16, [&](Registry& r, store::Database& database, int i) {
        publish_on(r, database, users[static_cast<std::size_t>(i)],
                   package_archive(name, "1.0." + std::to_string(i)));
      });
      CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, count_of(codes, "none"));
      CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{15}, count_of(codes, "forbidden"));
    }
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, registry.number("SELECT COUNT(*) FROM package_owners"));
    CPPUNIT_ASSERT(registry.inventory().ends_with("files=5 staged=0"));
  }

  void sixteen_publish_different_versions_and_none_is_lost() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    const auto codes = race(registry, 16, [&](Registry& r, store::Database& database, int i) {
      for (int k = 0; k < 5; ++k)
        publish_on(r, database, ada,
                   package_archive("kit", std::to_string(i) + "." + std::to_string(k) + ".0"));
    });
    CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{16}, count_of(codes, "none"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{80}, registry.number("SELECT COUNT(*) FROM versions"));
    CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("kit"), registry.text("SELECT document FROM packages"));
    const auto events =
        registry.database.read([](store::Connection& c) { return store::events_after(c, {}, 1000); });
    CPPUNIT_ASSERT_EQUAL(std::size_t{80}, events->size());
  }

  void goes_on_after_its_connection_was_killed() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    store::Connection other(registry.scratch.settings());
    other.run_text("KILL " + std::to_string(registry.number("SELECT CONNECTION_ID()")));
    registry.publish(ada, "kit", "1.0.0");
    CPPUNIT_ASSERT(registry.inventory().ends_with("journal=1 audit=1 files=1 staged=0"));
  }

  void a_database_that_is_away_leaves_nothing() {
    auto& server = Server::instance();
    if (!server.is_ours()) return;
    Registry registry;
    const auto ada = registry.add_user("ada");
    server.kill_hard();
    const auto code = code_of([&] { registry.publish(ada, "kit", "1.0.0"); });
    server.start();
    CPPUNIT_ASSERT_EQUAL(std::string("unavailable"), code);
    CPPUNIT_ASSERT_EQUAL(std::string(k_nothing), registry.inventory());
    registry.publish(ada, "kit", "1.0.0");
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PublishingTest);
