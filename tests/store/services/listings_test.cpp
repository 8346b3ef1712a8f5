// SPDX-License-Identifier: MIT
#include "registry/services/listings.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/json/value.hpp"
#include "tests/support/queries.hpp"
#include "tests/support/registry.hpp"

using namespace wharf;
using namespace wharf::test;
using Order = Listings::Order;

class ListingsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ListingsTest);
  CPPUNIT_TEST(lists_by_name_and_by_date_and_leaves_out_what_has_no_latest_version);
  CPPUNIT_TEST(the_most_downloaded_come_first_and_those_that_nobody_downloaded_behind_them_by_name);
  CPPUNIT_TEST(pages_by_downloads_are_the_whole_list_cut_into_pieces);
  CPPUNIT_TEST(a_page_is_a_fixed_number_of_queries);
  CPPUNIT_TEST_SUITE_END();

  static std::string names(Registry& registry, Order order, std::uint64_t limit = 100,
                           std::uint64_t offset = 0) {
    std::string all;
    for (const auto& package : Listings(registry.database).page(order, limit, offset).packages) {
      const auto summary = json::parse(package.summary);
      all += std::string(*summary.root()["name"].string()) + " ";
    }
    return all;
  }
  static void count(Registry& registry, const std::string& name, int downloads) {
    registry.database.connection().run_text("INSERT INTO download_totals (package_id, total) SELECT id, " +
                                            std::to_string(downloads) + " FROM packages WHERE name = '" +
                                            name + "'");
  }

 public:
  void lists_by_name_and_by_date_and_leaves_out_what_has_no_latest_version() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* name : {"cherry", "apple", "banana"}) {
      registry.publish(ada, name, "1.0.0");
      registry.database.connection().run_text(
          "UPDATE packages SET updated_at = updated_at - INTERVAL 1 HOUR");
    }
    count(registry, "banana", 5);
    registry.yanking().yank("banana", "1.0.0", {}, ada, {});
    CPPUNIT_ASSERT_EQUAL(std::string("apple cherry "), names(registry, Order::name));
    CPPUNIT_ASSERT_EQUAL(std::string("apple cherry "), names(registry, Order::downloads));
    CPPUNIT_ASSERT_EQUAL(std::string("apple cherry "), names(registry, Order::recent));
    CPPUNIT_ASSERT_EQUAL(std::string("cherry "), names(registry, Order::name, 1, 1));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, Listings(registry.database).page(Order::name, 1, 0).total);
    registry.publish(ada, "cherry", "1.0.1");
    CPPUNIT_ASSERT_EQUAL(std::string("cherry apple "), names(registry, Order::recent));
    registry.yanking().unyank("banana", "1.0.0", ada, {});
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, Listings(registry.database).page(Order::name, 1, 0).total);
    CPPUNIT_ASSERT_EQUAL(std::string("banana cherry apple "), names(registry, Order::recent));
  }

  void the_most_downloaded_come_first_and_those_that_nobody_downloaded_behind_them_by_name() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (const char* name : {"date", "cherry", "apple", "banana", "elder"})
      registry.publish(ada, name, "1.0.0");
    count(registry, "cherry", 7);
    count(registry, "date", 7);
    count(registry, "banana", 12);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("of equals the newer one comes first",
                                 std::string("banana cherry date apple elder "),
                                 names(registry, Order::downloads));
    const auto page = Listings(registry.database).page(Order::downloads, 4, 0);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, page.packages.at(0).downloads);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, page.packages.at(2).downloads);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, page.packages.at(3).downloads);
    const auto by_name = Listings(registry.database).page(Order::name, 100, 0);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, by_name.packages.at(1).downloads);
    const auto recent = Listings(registry.database).page(Order::recent, 100, 0);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, recent.packages.at(3).downloads);
  }

  void pages_by_downloads_are_the_whole_list_cut_into_pieces() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (int i = 0; i < 9; ++i) registry.publish(ada, "pack-" + std::string(1, char('a' + i)), "1.0.0");
    for (const char* name : {"pack-b", "pack-e", "pack-h", "pack-i"}) count(registry, name, name[5]);
    registry.yanking().yank("pack-h", "1.0.0", {}, ada, {});
    const std::string all = names(registry, Order::downloads);
    CPPUNIT_ASSERT_EQUAL(std::string("pack-i pack-e pack-b pack-a pack-c pack-d pack-f pack-g "), all);
    for (std::uint64_t limit = 1; limit <= 9; ++limit) {
      std::string pieces;
      for (std::uint64_t offset = 0; offset < 9; offset += limit)
        pieces += names(registry, Order::downloads, limit, offset);
      CPPUNIT_ASSERT_EQUAL_MESSAGE("pages of " + std::to_string(limit), all, pieces);
    }
  }

  void a_page_is_a_fixed_number_of_queries() {
    Registry registry;
    const auto ada = registry.add_user("ada");
    for (int i = 0; i < 30; ++i)
      registry.publish(ada, "pack-" + std::string(1, char('a' + i % 26)) + std::to_string(i), "1.0.0");
    Listings listings(registry.database);
    for (const auto order : {Order::name, Order::recent})
      CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                           queries_of(registry.database, [&] { listings.page(order, 30, 0); }));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4},
                         queries_of(registry.database, [&] { listings.page(Order::downloads, 30, 0); }));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ListingsTest);
