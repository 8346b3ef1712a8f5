// SPDX-License-Identifier: MIT
#include "registry/store/audit.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "tests/support/mariadb.hpp"

using namespace wharf;
using namespace wharf::store;

class AuditTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AuditTest);
  CPPUNIT_TEST(cuts_what_is_too_long_at_a_whole_character);
  CPPUNIT_TEST(leaves_out_what_is_no_text);
  CPPUNIT_TEST_SUITE_END();

  static std::string recorded(const AuditEntry& entry, const char* column) {
    test::ScratchDatabase scratch;
    Connection c(scratch.settings());
    record_audit(c, entry, now());
    auto rows = c.query(std::string("SELECT ") + column + " FROM audit");
    rows.next();
    return rows.maybe_text(0).value_or("(null)");
  }

 public:
  void cuts_what_is_too_long_at_a_whole_character() {
    AuditEntry entry;
    entry.action = "test";
    entry.actor = std::string(64, 'a') + "ö";
    entry.subject = std::string(1000, 's');
    entry.address = std::string(100, '1');
    entry.reason = std::string(499, 'r') + "😀😀";
    entry.request_id = std::string(100, 'i');
    CPPUNIT_ASSERT_EQUAL(
        std::string("64 255 45 503 64"),
        recorded(entry,
                 "CONCAT_WS(' ', LENGTH(actor), LENGTH(subject), LENGTH(address), LENGTH(reason),"
                 " LENGTH(request_id))"));
  }

  void leaves_out_what_is_no_text() {
    AuditEntry entry;
    entry.action = "test";
    entry.subject = "\xff";
    entry.address = "caf\xc3\xa9";
    CPPUNIT_ASSERT_EQUAL(std::string("(null)"), recorded(entry, "subject"));
    CPPUNIT_ASSERT_EQUAL(std::string("caf??"), recorded(entry, "address"));
    CPPUNIT_ASSERT_EQUAL(std::string("(null)"), recorded(entry, "request_id"));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AuditTest);
