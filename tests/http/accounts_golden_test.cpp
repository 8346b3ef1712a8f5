// SPDX-License-Identifier: MIT
// The calls of accounts, exchange by exchange, in every dialect.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/http/worker_rig.hpp"
#include "tests/support/skip.hpp"

using namespace wharf;
using namespace wharf::test;

class AccountsGoldenTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AccountsGoldenTest);
  CPPUNIT_TEST(native);
  CPPUNIT_TEST(native_tokens);
  CPPUNIT_TEST(native_refusals);
  CPPUNIT_TEST(synapse);
  CPPUNIT_TEST(raven);
  CPPUNIT_TEST(vais);
  CPPUNIT_TEST(closed_registration);
  CPPUNIT_TEST(a_dead_database_is_503_and_the_worker_goes_on);
  CPPUNIT_TEST_SUITE_END();

  static void play(const char* name, Settings settings = {}) {
    WorkerRig rig(std::move(settings));
    play_golden(Path("tests/http/golden/accounts") / (std::string(name) + ".http"), rig.world());
  }

 public:
  void native() { play("native"); }
  void native_tokens() { play("native_tokens"); }
  void native_refusals() { play("native_refusals"); }
  void synapse() { play("synapse"); }
  void raven() { play("raven"); }
  void vais() { play("vais"); }
  void closed_registration() { play("closed_registration", {{"site.registration", "closed"}}); }

  void a_dead_database_is_503_and_the_worker_goes_on() {
    auto& server = Server::instance();
    if (!server.is_ours()) return skip("the database server is not ours to kill");
    WorkerRig rig;
    const auto status = [&] {
      http::Request request({{"REQUEST_METHOD", "GET"}, {"REQUEST_URI", "/api/v1/users/nobody"}},
                            [](std::span<std::byte>) { return std::size_t{0}; });
      const auto response = rig.answer(request);
      if (response.status == 503) CPPUNIT_ASSERT(response.header("Retry-After").has_value());
      return response.status;
    };
    CPPUNIT_ASSERT_EQUAL(404, status());
    server.kill_hard();
    CPPUNIT_ASSERT_EQUAL(503, status());
    server.start();
    CPPUNIT_ASSERT_EQUAL(404, status());
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountsGoldenTest);
