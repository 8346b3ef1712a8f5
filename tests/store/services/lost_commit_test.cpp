// SPDX-License-Identifier: MIT
// The answer to a COMMIT is lost: what took place is found out by looking, and is never done twice.
#include <cppunit/extensions/HelperMacros.h>

#include "registry/services/owners.hpp"
#include "registry/services/publishing.hpp"
#include "tests/support/database_proxy.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/registry.hpp"
#include "tests/support/skip.hpp"

using namespace wharf;
using namespace wharf::test;

class LostCommitTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(LostCommitTest);
  CPPUNIT_TEST(a_publish_that_was_committed_succeeds_once);
  CPPUNIT_TEST(a_publish_that_was_not_committed_is_done_again);
  CPPUNIT_TEST(a_yank_is_done_once_either_way);
  CPPUNIT_TEST(a_removal_is_done_once_either_way);
  CPPUNIT_TEST(owners_are_changed_once_either_way);
  CPPUNIT_TEST_SUITE_END();

  using Cut = DatabaseProxy::Cut;

  static void publish_through(Cut cut) {
    Registry registry;
    if (registry.scratch.settings().socket.empty())
      return skip("the database server has no socket to stand in front of");
    DatabaseProxy proxy(registry.scratch.settings());
    store::Database behind(proxy.settings());
    const auto ada = registry.add_user("ada");
    behind.connection();
    StagedFile staged(registry.staging, 1000000);
    staged.write(package_archive("kit", "1.0.0"));
    staged.finish();
    proxy.cut_next(cut);
    const auto published =
        Publishing(behind, registry.blobs, registry.visibility, registry.rules).publish(staged, {}, ada, {});
    CPPUNIT_ASSERT_EQUAL(1, proxy.cuts());
    CPPUNIT_ASSERT(published.package_id > 0 && published.version_id > 0);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, published.seq);
    CPPUNIT_ASSERT_EQUAL(
        std::string("packages=1 versions=1 package_owners=1 dependencies=0 readmes=1 blobs=1 journal=1 "
                    "audit=1 files=1 staged=0"),
        registry.inventory());
    CPPUNIT_ASSERT_EQUAL(registry.document_from_rows("kit"), registry.text("SELECT document FROM packages"));
  }

 public:
  void a_publish_that_was_committed_succeeds_once() { publish_through(Cut::after_commit); }
  void a_publish_that_was_not_committed_is_done_again() { publish_through(Cut::before_commit); }

  void a_yank_is_done_once_either_way() {
    for (const Cut cut : {Cut::before_commit, Cut::after_commit}) {
      Registry registry;
      if (registry.scratch.settings().socket.empty())
        return skip("the database server has no socket to stand in front of");
      DatabaseProxy proxy(registry.scratch.settings());
      store::Database behind(proxy.settings());
      const auto ada = registry.add_user("ada");
      registry.publish(ada, "kit", "1.0.0");
      behind.connection();
      proxy.cut_next(cut);
      const auto outcome = Yanking(behind, registry.visibility, std::chrono::milliseconds(0))
                               .yank("kit", "1.0.0", "why", ada, {});
      CPPUNIT_ASSERT_EQUAL(1, proxy.cuts());
      CPPUNIT_ASSERT(outcome.version.state == store::VersionState::yanked);
      CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, registry.number("SELECT COUNT(*) FROM journal"));
    }
  }

  void a_removal_is_done_once_either_way() {
    for (const Cut cut : {Cut::before_commit, Cut::after_commit}) {
      Registry registry;
      if (registry.scratch.settings().socket.empty())
        return skip("the database server has no socket to stand in front of");
      DatabaseProxy proxy(registry.scratch.settings());
      store::Database behind(proxy.settings());
      const auto ada = registry.add_user("ada");
      registry.publish(ada, "kit", "1.0.0");
      behind.connection();
      proxy.cut_next(cut);
      Removal(behind, registry.visibility, std::chrono::hours(72), std::chrono::milliseconds(0))
          .remove("kit", "1.0.0", ada, {});
      CPPUNIT_ASSERT_EQUAL(1, proxy.cuts());
      CPPUNIT_ASSERT_EQUAL(std::string("removed"), registry.text("SELECT state FROM versions"));
      CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, registry.number("SELECT COUNT(*) FROM journal"));
    }
  }

  void owners_are_changed_once_either_way() {
    for (const Cut cut : {Cut::before_commit, Cut::after_commit}) {
      Registry registry;
      if (registry.scratch.settings().socket.empty())
        return skip("the database server has no socket to stand in front of");
      DatabaseProxy proxy(registry.scratch.settings());
      store::Database behind(proxy.settings());
      const auto ada = registry.add_user("ada");
      registry.add_user("bob");
      registry.publish(ada, "kit", "1.0.0");
      behind.connection();
      Owners owners(behind, registry.visibility, std::chrono::milliseconds(0));
      proxy.cut_next(cut);
      CPPUNIT_ASSERT(owners.add("kit", "bob", OwnerRole::owner, ada, {}).changed);
      CPPUNIT_ASSERT_EQUAL(1, proxy.cuts());
      proxy.cut_next(cut);
      const auto gone = owners.remove("kit", "ada", ada, {});  // whose right to do so goes with it
      CPPUNIT_ASSERT_EQUAL(2, proxy.cuts());
      CPPUNIT_ASSERT(gone.changed && gone.subject.user_id == ada.user_id);
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, gone.owners.size());
      CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, registry.number("SELECT COUNT(*) FROM journal"));
      CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, registry.number("SELECT COUNT(*) FROM audit"));
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(LostCommitTest);
