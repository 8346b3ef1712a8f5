// SPDX-License-Identifier: MIT
#include "registry/services/catalogue.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>

#include "libwharf/json/value.hpp"
#include "registry/services/health.hpp"
#include "registry/services/package_document.hpp"
#include "registry/store/owners.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/queries.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class CatalogueTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(CatalogueTest);
  CPPUNIT_TEST(finds_versions_readmes_and_what_latest_is);
  CPPUNIT_TEST(what_was_removed_is_not_found);
  CPPUNIT_TEST(a_package_of_two_thousand_versions_is_read_in_one_query_or_two);
  CPPUNIT_TEST(health_tells_what_is_missing);
  CPPUNIT_TEST_SUITE_END();

 public:
  void finds_versions_readmes_and_what_latest_is() {
    Registry registry;
    Catalogue catalogue(registry.database);
    const auto ada = registry.add_user("ada");
    for (const char* version : {"1.0.0", "1.10.0", "1.9.0", "2.0.0-rc.1", "1.11.0+b"})
      registry.publish(ada, "kit", version, "[dependencies]\nnum = {version = \"1\", optional = true}");
    registry.yanking().yank("kit", "1.11.0+b", {}, ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("1.10.0"), catalogue.latest_version("kit"));
    const std::vector<std::string> expected = {"2.0.0-rc.1", "1.10.0", "1.9.0", "1.0.0"};
    CPPUNIT_ASSERT(expected == catalogue.versions("kit", false));
    CPPUNIT_ASSERT_EQUAL(std::string("1.11.0+b"), catalogue.versions("kit", true).at(1));
    const auto version = catalogue.version("kit", "1.11.0+b");
    CPPUNIT_ASSERT_EQUAL(std::string("ada"), version.row.published_by);
    CPPUNIT_ASSERT(version.row.state == store::VersionState::yanked);
    CPPUNIT_ASSERT(version.manifest.dependencies.at(0).optional);
    CPPUNIT_ASSERT_EQUAL(std::string("# kit\n"), catalogue.readme("kit", "1.0.0").content);
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.version("kit", "1.11.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.version("kat", "1.0.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.versions("kat", true); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.package("kat"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.readme("kit", "3.0.0"); }));
    const auto stamp = catalogue.stamp("kit");
    CPPUNIT_ASSERT_EQUAL(catalogue.package("kit").row.revision, stamp.row.revision);
  }

  void what_was_removed_is_not_found() {
    Registry registry;
    Catalogue catalogue(registry.database);
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    registry.removal().remove("kit", "1.0.0", ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.version("kit", "1.0.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.readme("kit", "1.0.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::string("not_found"), code_of([&] { catalogue.latest_version("kit"); }));
    CPPUNIT_ASSERT(catalogue.versions("kit", true).empty());
    CPPUNIT_ASSERT(!catalogue.package("kit").row.latest_version);
  }

  void a_package_of_two_thousand_versions_is_read_in_one_query_or_two() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    std::string dependencies = "[dependencies]\n";
    for (int i = 0; i < 20; ++i)
      dependencies += "dependency-number-" + std::to_string(i) + " = \"^1." + std::to_string(i) + "\"\n";
    registry.publish(ada, "kit", "0.0.1", dependencies);
    // The rest of them as rows, and then one more publish, which renders upon what is stored.
    auto& c = registry.database.connection();
    c.run_text("SET SESSION max_recursive_iterations = 5000");
    c.run_text(
        "INSERT INTO versions (package_id, version, identity, digest, blob_digest, size, dialect, manifest, "
        "state,"
        " published_by, published_at) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE "
        "i < 1998)"
        " SELECT v.package_id, CONCAT('1.', i, '.0'), CONCAT('1.', i, '.0'), v.digest, v.blob_digest, "
        "v.size, v.dialect,"
        " v.manifest, v.state, v.published_by, v.published_at FROM versions v JOIN n");
    const std::string all = registry.document_from_rows("kit");
    registry.database.transaction([&](store::Connection& open) {
      open.execute("UPDATE packages SET document = ?, latest_version = '1.1998.0'", all);
    });
    const auto begin = std::chrono::steady_clock::now();
    registry.publish(ada, "kit", "2.0.0", dependencies);
    const auto took = std::chrono::steady_clock::now() - begin;
    CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("kit"), registry.text("SELECT document FROM packages"));
    CPPUNIT_ASSERT_MESSAGE("publishing on top of them took seconds", took < std::chrono::seconds(5));

    Catalogue catalogue(registry.database);
    std::string document;
    const auto read = [&] { document = catalogue.package("kit").row.document; };
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, queries_of(registry.database, read));
    c.run_text("INSERT INTO download_totals (package_id, total) SELECT id, 3 FROM packages");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("it was downloaded", std::int64_t{2}, queries_of(registry.database, read));
    CPPUNIT_ASSERT_EQUAL_MESSAGE("nothing has changed", std::int64_t{1}, queries_of(registry.database, read));
    const auto parsed = json::parse(document);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2000}, parsed.root()["versions"].size());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                         queries_of(registry.database, [&] { catalogue.version("kit", "1.5.0"); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                         queries_of(registry.database, [&] { catalogue.versions("kit", true); }));
  }

  void health_tells_what_is_missing() {
    Registry registry;
    Config::Storage storage;
    storage.blobs = registry.directory.path() / "blobs";
    storage.staging = registry.staging;
    auto health = look_at_health(registry.database, storage, registry.visibility);
    CPPUNIT_ASSERT(health.database && health.storage && !health.clerk && !health.all() && !health.lag_events);
    registry.publish(registry.add_user("ada"), "kit", "1.0.0");
    VisibilityWriter clerk(registry.directory.path() / "clerk.state");
    clerk.show(0);
    health = look_at_health(registry.database, storage, registry.visibility);
    CPPUNIT_ASSERT(health.all());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, *health.lag_events);
    CPPUNIT_ASSERT(*health.lag_ms >= 0);
    clerk.show(1);
    health = look_at_health(registry.database, storage, registry.visibility);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, *health.lag_events);
    storage.staging = registry.directory.path() / "nowhere";
    CPPUNIT_ASSERT(!look_at_health(registry.database, storage, registry.visibility).storage);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(CatalogueTest);
