// SPDX-License-Identifier: MIT
#include "registry/services/quotas.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/support/error_of.hpp"

using namespace wharf;
using namespace wharf::test;
using std::chrono::milliseconds;

class QuotasTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(QuotasTest);
  CPPUNIT_TEST(a_bucket_fills_evenly);
  CPPUNIT_TEST(a_bucket_is_never_emptier_than_empty);
  CPPUNIT_TEST(an_excess_says_what_the_limit_is_and_when_to_come_back);
  CPPUNIT_TEST(the_configuration_gives_the_figures);
  CPPUNIT_TEST(quotas_have_names);
  CPPUNIT_TEST_SUITE_END();

  static constexpr QuotaFigure k_three{3, milliseconds(1000)};
  static QuotaState at_distance(std::int64_t full_in) {
    const Time at = now();
    return state_of(Quota::versions, k_three, at + milliseconds(full_in), at);
  }

 public:
  void a_bucket_fills_evenly() {
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, at_distance(0).remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, at_distance(-5000).remaining);
    CPPUNIT_ASSERT_EQUAL_MESSAGE("used up by the first millisecond", std::int64_t{2},
                                 at_distance(1).remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, at_distance(1000).remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, at_distance(1001).remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, at_distance(2000).remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, at_distance(2001).remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, at_distance(3000).remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{2500}, static_cast<std::int64_t>(at_distance(2500).full_in.count()));
  }

  // As after an operator lowered the figures, or a clock was put back.
  void a_bucket_is_never_emptier_than_empty() {
    const auto state = at_distance(1'000'000);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, state.remaining);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3000}, static_cast<std::int64_t>(state.full_in.count()));
  }

  void an_excess_says_what_the_limit_is_and_when_to_come_back() {
    const QuotaExceeded exceeded("ada", at_distance(2001), milliseconds(1));
    CPPUNIT_ASSERT_EQUAL(std::string("'ada' has used up the quota of 3 versions; one more is admitted every "
                                     "second, the next in 1 second"),
                         exceeded.public_message());
    CPPUNIT_ASSERT_EQUAL_MESSAGE("never 0, which would be now", 1, exceeded.retry_after().value());
    const QuotaExceeded later("ada", {Quota::new_packages, {5, milliseconds(600'000)}, 0, milliseconds(0)},
                              milliseconds(41'001));
    CPPUNIT_ASSERT_EQUAL(42, later.retry_after().value());
    CPPUNIT_ASSERT_EQUAL(std::string("'ada' has used up the quota of 5 new packages; one more is admitted "
                                     "every 600 seconds, the next in 42 seconds"),
                         later.public_message());
    const QuotaExceeded one("ada", {Quota::yanks, {1, milliseconds(1000)}, 0, milliseconds(0)},
                            milliseconds(1000));
    CPPUNIT_ASSERT_EQUAL(std::string("'ada' has used up the quota of 1 yank; one more is admitted every "
                                     "second, the next in 1 second"),
                         one.public_message());
    CPPUNIT_ASSERT_EQUAL(std::string("new-packages"), fact_of([&] { throw later; }, "quota"));
    CPPUNIT_ASSERT_EQUAL(std::string("5"), fact_of([&] { throw later; }, "limit"));
    CPPUNIT_ASSERT_EQUAL(std::string("600000"), fact_of([&] { throw later; }, "interval_ms"));
  }

  void the_configuration_gives_the_figures() {
    const auto rules = [](Settings settings) { return quota_rules(load_config({}, {}, settings)); };
    const auto standard = rules({});
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, standard.new_packages.most);
    CPPUNIT_ASSERT(standard.new_packages.interval == std::chrono::minutes(10));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{30}, standard.versions.most);
    CPPUNIT_ASSERT(standard.versions.interval == std::chrono::minutes(1));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{100}, standard.yanks.most);
    CPPUNIT_ASSERT(!standard.storage.is_limit(Quota::storage));
    const auto loose = rules({{"limits.factor", "100"}, {"limits.user_storage_mib", "7"}});
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3000}, loose.versions.most);
    CPPUNIT_ASSERT(loose.versions.interval == milliseconds(600));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{700}, loose.storage.most);
    const auto off = rules({{"limits.preset", "off"}, {"limits.user_versions", "7"}});
    for (const Quota quota : k_quotas) CPPUNIT_ASSERT(!off.of(quota).is_limit(quota));
    for (const char* key : {"limits.user_versions", "limits.user_version_seconds"})
      CPPUNIT_ASSERT_MESSAGE(key, !rules({{key, "0"}}).versions.is_limit(Quota::versions));
    const auto huge =
        rules({{"limits.user_versions", "1000000000"}, {"limits.user_version_seconds", "1000000000"}});
    CPPUNIT_ASSERT(huge.versions.most * huge.versions.interval > milliseconds(0));
  }

  void quotas_have_names() {
    for (const Quota quota : k_quotas) CPPUNIT_ASSERT(quota_from(quota_name(quota)) == quota);
    CPPUNIT_ASSERT_EQUAL(std::string("bad_request"), code_of([] { quota_from("new_packages"); }));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(QuotasTest);
