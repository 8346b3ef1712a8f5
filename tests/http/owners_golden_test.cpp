// SPDX-License-Identifier: MIT
// Owners, exchange by exchange, in every dialect.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/http/worker_rig.hpp"

using namespace wharf;
using namespace wharf::test;

class OwnersGoldenTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OwnersGoldenTest);
  CPPUNIT_TEST(native);
  CPPUNIT_TEST(synapse);
  CPPUNIT_TEST(raven);
  CPPUNIT_TEST(vais);
  CPPUNIT_TEST_SUITE_END();

  static void play(const char* name) {
    WorkerRig rig(Settings{{"site.public_url", "https://packages.example.org"}});
    play_golden(Path("tests/http/golden/owners") / (std::string(name) + ".http"), rig.world());
  }

 public:
  void native() { play("native"); }
  void synapse() { play("synapse"); }
  void raven() { play("raven"); }
  void vais() { play("vais"); }
};
CPPUNIT_TEST_SUITE_REGISTRATION(OwnersGoldenTest);
