// SPDX-License-Identifier: MIT
#include "registry/services/bulk_publishing.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <deque>

#include "libwharf/archive/package_archive.hpp"
#include "libwharf/json/value.hpp"
#include "registry/services/downloads.hpp"
#include "registry/services/statistics.hpp"
#include "registry/store/bulk_rows.hpp"
#include "registry/store/downloads.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;

class BulkPublishingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(BulkPublishingTest);
  CPPUNIT_TEST(leaves_what_one_publish_after_the_other_leaves);
  CPPUNIT_TEST(the_journal_says_what_each_version_said);
  CPPUNIT_TEST(what_is_refused_leaves_nothing);
  CPPUNIT_TEST(is_the_operators_alone);
  CPPUNIT_TEST(a_shared_archive_is_kept_once);
  CPPUNIT_TEST(more_packages_than_one_statement_takes);
  CPPUNIT_TEST(downloads_are_added_to_every_sum);
  CPPUNIT_TEST_SUITE_END();

  // Archives on their way in, whose places must not change.
  struct Cargo {
    std::deque<StagedFile> files;
    std::vector<BulkPackage> packages;
  };
  static void add(Cargo& cargo, Registry& registry, const Principal& owner, std::string_view name,
                  std::string_view version, std::string_view more = {}) {
    auto& file = cargo.files.emplace_back(registry.staging, registry.rules.archive.packed_bytes);
    file.write(package_archive(name, version, more));
    file.finish();
    const auto judged = read_package_archive(file.fd(), registry.rules.archive);
    if (cargo.packages.empty() || cargo.packages.back().name != name) {
      BulkPackage package;
      package.name = name;
      package.owner_id = owner.user_id;
      package.owner = owner.username;
      cargo.packages.push_back(std::move(package));
    }
    BulkVersion made;
    made.manifest = judged.manifest;
    made.readme = store::Readme{*judged.readme_file, *judged.readme};
    made.digest = file.digest();
    made.size = file.size();
    made.archive = &file;
    made.published_at =
        *from_rfc3339("2024-01-0" + std::to_string(1 + cargo.packages.back().versions.size()) + "T10:00:00Z");
    cargo.packages.back().versions.push_back(std::move(made));
  }
  static std::uint64_t publish(Registry& registry, Cargo& cargo) {
    return BulkPublishing(registry.database, registry.blobs, registry.rules.reserved_names)
        .publish(cargo.packages, operator_principal(), {"", "bulk", {}});
  }
  static std::string rows(Registry& registry, const std::string& sql) {
    return registry.database.read([&](store::Connection& c) {
      std::string all;
      auto found = c.query(sql);
      while (found.next()) all += found.text(0) + "\n";
      return all;
    });
  }

 public:
  void leaves_what_one_publish_after_the_other_leaves() {
    Registry bulk, single;
    const auto ada = bulk.add_user("ada"), same = single.add_user("ada");
    const std::string needs =
        "keywords = [\"sea\"]\n[dependencies]\nnum = \"^1\"\n[dev-dependencies]\ncheck = \"*\"";
    Cargo cargo;
    add(cargo, bulk, ada, "kit", "1.0.0");
    add(cargo, bulk, ada, "kit", "2.0.0-rc.1");
    add(cargo, bulk, ada, "kit", "1.1.0", needs);
    add(cargo, bulk, ada, "num", "1.0.0");
    cargo.packages.front().versions.front().yanked = true;
    cargo.packages.front().versions.front().yank_reason = "leaks";
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, publish(bulk, cargo));

    single.publish(same, "kit", "1.0.0");
    single.publish(same, "kit", "2.0.0-rc.1");
    single.publish(same, "kit", "1.1.0", needs);
    single.yanking().yank("kit", "1.0.0", "leaks", same, {});
    single.publish(same, "num", "1.0.0");

    for (const std::string sql :
         {"SELECT CONCAT_WS(' ', name, latest_version, confusion_key) FROM packages ORDER BY name",
          "SELECT CONCAT_WS(' ', version, identity, digest, blob_digest, size, dialect, manifest, state, "
          "yank_reason) FROM versions ORDER BY digest",
          "SELECT CONCAT_WS(' ', v.version, d.name, d.kind, d.requirement) FROM dependencies d JOIN versions "
          "v "
          "ON v.id = d.version_id ORDER BY 1",
          "SELECT CONCAT_WS(' ', v.version, k.keyword) FROM version_keywords k JOIN versions v ON v.id = "
          "k.version_id ORDER BY 1",
          "SELECT CONCAT_WS(' ', v.version, r.file, r.content) FROM readmes r JOIN versions v ON v.id = "
          "r.version_id ORDER BY 1",
          "SELECT CONCAT_WS(' ', name, package, kind, requirement) FROM package_dependencies ORDER BY 1",
          "SELECT CONCAT_WS(' ', packages, versions, listed) FROM registry_totals",
          "SELECT CONCAT_WS(' ', p.name, o.user_id, o.role) FROM package_owners o JOIN packages p ON p.id = "
          "o.package_id ORDER BY 1",
          "SELECT CONCAT_WS(' ', digest, size) FROM blobs ORDER BY 1"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, rows(single, sql), rows(bulk, sql));
    for (const char* name : {"kit", "num"})
      CPPUNIT_ASSERT_EQUAL(
          bulk.document_from_rows(name),
          bulk.text("SELECT document FROM packages WHERE name = '" + std::string(name) + "'"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("2024-01-03 10:00:00"),
        bulk.text("SELECT DATE_FORMAT(updated_at, '%Y-%m-%d %H:%i:%s') FROM packages WHERE name = 'kit'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, bulk.number("SELECT revision FROM packages WHERE name = 'kit'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, bulk.number("SELECT revision FROM packages WHERE name = 'num'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, bulk.number("SELECT COUNT(*) FROM audit"));
    for (const auto& package : cargo.packages)
      for (const auto& version : package.versions)
        CPPUNIT_ASSERT_EQUAL(version.size, *bulk.blobs.size(version.digest));
    bulk.publish(ada, "kit", "1.2.0");
    CPPUNIT_ASSERT_EQUAL_MESSAGE("what follows builds upon it", bulk.document_from_rows("kit"),
                                 bulk.text("SELECT document FROM packages WHERE name = 'kit'"));
  }

  void the_journal_says_what_each_version_said() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    Cargo cargo;
    add(cargo, registry, ada, "kit", "1.0.0", "description = \"first\"");
    add(cargo, registry, ada, "kit", "1.1.0", "description = \"second\"");
    add(cargo, registry, ada, "kit", "1.0.1", "description = \"mended\"");
    cargo.packages.front().versions.at(1).yanked = true;
    publish(registry, cargo);
    const auto events = store::events_after(registry.database.connection(), {}, 100);
    CPPUNIT_ASSERT_MESSAGE("the chain of hashes is whole", events.has_value());
    std::string told;
    for (const auto& event : *events) {
      const auto body = json::parse(event.body);
      told += event.action + " " + *event.version + " " +
              std::string(*body.root()["metadata"]["description"].string()) + "; ";
    }
    CPPUNIT_ASSERT_EQUAL(std::string("publish 1.0.0 first; publish 1.1.0 second; publish 1.0.1 second; yank "
                                     "1.1.0 mended; "),
                         told);
  }

  void what_is_refused_leaves_nothing() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    registry.publish(ada, "kit", "1.0.0");
    const auto before = registry.inventory();
    {
      Cargo cargo;
      add(cargo, registry, ada, "app", "1.0.0");
      add(cargo, registry, ada, "kit", "2.0.0");
      CPPUNIT_ASSERT_EQUAL(std::string("conflict"), code_of([&] { publish(registry, cargo); }));
    }
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
    {
      Cargo cargo;
      add(cargo, registry, ada, "app", "1.0.0");
      add(cargo, registry, ada, "app", "1.0.0+build");
      CPPUNIT_ASSERT_EQUAL(std::string("version_exists"), code_of([&] { publish(registry, cargo); }));
    }
    {
      Cargo cargo;
      add(cargo, registry, ada, "app", "1.0.0");
      add(cargo, registry, ada, "k-it", "1.0.0");
      CPPUNIT_ASSERT_EQUAL(std::string("name_too_similar"), code_of([&] { publish(registry, cargo); }));
    }
    {
      Cargo cargo;
      add(cargo, registry, ada, "app", "1.0.0");
      cargo.packages.front().name = "other";
      CPPUNIT_ASSERT_EQUAL(std::string("manifest_mismatch"), code_of([&] { publish(registry, cargo); }));
    }
    {
      Cargo cargo;
      add(cargo, registry, ada, "popular", "1.0.0");
      CPPUNIT_ASSERT_EQUAL(std::string("name_reserved"), code_of([&] { publish(registry, cargo); }));
    }
    CPPUNIT_ASSERT_EQUAL(before, registry.inventory());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, registry.number("SELECT packages FROM registry_totals"));
  }

  void is_the_operators_alone() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    Cargo cargo;
    add(cargo, registry, ada, "kit", "1.0.0");
    CPPUNIT_ASSERT_EQUAL(
        std::string("forbidden"), code_of([&] {
          BulkPublishing(registry.database, registry.blobs, {}).publish(cargo.packages, ada, {});
        }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, registry.number("SELECT COUNT(*) FROM packages"));
  }

  void a_shared_archive_is_kept_once() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    Cargo cargo;
    for (const char* name : {"kit", "app"}) add(cargo, registry, ada, name, "1.0.0");
    auto& shared = cargo.files.front();
    BulkPublishing(registry.database, registry.blobs, {}).keep(shared);
    for (auto& package : cargo.packages) {
      package.versions.front().archive = nullptr;
      package.versions.front().digest = shared.digest();
      package.versions.front().size = shared.size();
    }
    publish(registry, cargo);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, registry.number("SELECT COUNT(*) FROM blobs"));
    CPPUNIT_ASSERT_EQUAL(
        std::int64_t{2},
        registry.number("SELECT COUNT(*) FROM versions v JOIN blobs b ON b.digest = v.blob_digest"));
  }

  void more_packages_than_one_statement_takes() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    Cargo cargo;
    for (int i = 0; i < 150; ++i)
      add(cargo, registry, ada, "pack-" + std::to_string(100 + i) + "x", "1.0.0",
          "[dependencies]\nnum = \"1\"\nkit = \"2\"");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{150}, publish(registry, cargo));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{300}, registry.number("SELECT COUNT(*) FROM dependencies"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{150}, registry.number("SELECT COUNT(DISTINCT revision) FROM packages"));
    CPPUNIT_ASSERT_EQUAL(
        std::int64_t{150},
        registry.number(
            "SELECT COUNT(*) FROM packages p JOIN versions v ON v.package_id = p.id JOIN journal j ON "
            "j.seq = p.revision AND j.package = p.name AND j.version = v.version"));
    registry.database.read([](store::Connection& c) {
      CPPUNIT_ASSERT(store::totals(c) == store::counted_totals(c));
      return true;
    });
  }

  void downloads_are_added_to_every_sum() {
    Registry registry;
    registry.database.transaction([](store::Connection& c) {
      store::add_downloads(c, {{1, 7, "2026-01-31", 5}, {2, 7, "2026-01-31", 2}, {2, 7, "2026-01-30", 1}});
      store::add_downloads(c, {{2, 7, "2026-01-31", 10}, {3, 8, "2026-01-31", 100}});
    });
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12},
                         registry.number("SELECT count FROM version_downloads WHERE version_id = 2 AND day = "
                                         "'2026-01-31'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{17},
                         registry.number("SELECT count FROM package_downloads WHERE package_id "
                                         "= 7 AND day = '2026-01-31'"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{13},
                         registry.number("SELECT total FROM version_download_totals WHERE version_id = 2"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{18},
                         registry.number("SELECT total FROM download_totals WHERE package_id = 7"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{117},
                         registry.number("SELECT count FROM daily_downloads WHERE day = '2026-01-31'"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(BulkPublishingTest);
