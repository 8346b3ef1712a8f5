// SPDX-License-Identifier: MIT
// Publishing, managing and reading, exchange by exchange, in every dialect.
#include <cppunit/extensions/HelperMacros.h>

#include "tests/http/worker_rig.hpp"

using namespace wharf;
using namespace wharf::test;

class PackagesGoldenTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PackagesGoldenTest);
  CPPUNIT_TEST(publishing);
  CPPUNIT_TEST(publishing_refusals);
  CPPUNIT_TEST(managing);
  CPPUNIT_TEST(reading);
  CPPUNIT_TEST(lists);
  CPPUNIT_TEST(quarantine);
  CPPUNIT_TEST(synapse);
  CPPUNIT_TEST(raven);
  CPPUNIT_TEST(vais);
  CPPUNIT_TEST(at_the_root);
  CPPUNIT_TEST_SUITE_END();

  static void play(const char* name, Settings settings = {}) {
    settings.emplace("site.public_url", "https://packages.example.org");
    WorkerRig rig(std::move(settings));
    play_golden(Path("tests/http/golden/packages") / (std::string(name) + ".http"), rig.world());
  }

 public:
  void publishing() { play("publishing"); }
  void publishing_refusals() { play("publishing_refusals"); }
  void managing() { play("managing"); }
  void reading() { play("reading"); }
  void lists() { play("lists"); }
  void quarantine() { play("quarantine"); }
  void synapse() { play("synapse"); }
  void raven() { play("raven"); }
  void vais() { play("vais"); }
  void at_the_root() { play("at_the_root", {{"site.whole_index", "off"}}); }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PackagesGoldenTest);
