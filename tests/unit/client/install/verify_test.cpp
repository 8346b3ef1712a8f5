// SPDX-License-Identifier: MIT
#include "client/install/verify.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>

#include <memory>

#include "tests/unit/client/install/packages.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientVerifyTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientVerifyTest);
  CPPUNIT_TEST(names_every_kind_of_fault);
  CPPUNIT_TEST(sees_packages_that_are_missing_others_or_too_many);
  CPPUNIT_TEST(believes_the_archive_more_than_the_record);
  CPPUNIT_TEST(says_that_a_cached_archive_is_damaged);
  CPPUNIT_TEST(looks_at_links_in_place);
  CPPUNIT_TEST(installing_mends_what_it_finds);
  CPPUNIT_TEST_SUITE_END();

  std::unique_ptr<Workshop> shop_;
  Profile profile_;
  ToInstall kit_;

  Path tree() const { return shop_->root() / "wharf_packages"; }
  std::vector<Fault> faults(const std::vector<ToInstall>& packages, const FindArchive& find = {}) const {
    return verify_installed(profile_, shop_->root(), lock_of(packages), find);
  }
  // As an editor does it that writes a new file.
  void rewrite(const std::string& path, std::string_view text) const {
    std::filesystem::remove(tree() / path);
    put(tree() / path, text);
  }

 public:
  void setUp() override {
    shop_ = std::make_unique<Workshop>();
    profile_ = find_profile("wharf");
    kit_ = shop_->package("kit", "1.0.0", {{.path = "data/one", .content = "1"}});
    put_in_place(profile_, shop_->root(), std::vector{kit_});
  }
  void tearDown() override { shop_.reset(); }

  void names_every_kind_of_fault() {
    CPPUNIT_ASSERT(faults({kit_}).empty());
    std::filesystem::remove(tree() / "kit/data/one");
    rewrite("kit/src/lib.txt", "kit 1.0.1\n");  // of the same size
    rewrite("kit/bin/run", "#!/bin/sh\n");      // not executable
    put(tree() / "kit/extra", "x");
    std::filesystem::remove(tree() / "kit/wharf.toml");
    std::filesystem::create_symlink("/etc/hostname", tree() / "kit/wharf.toml");
    const auto found = faults({kit_});
    std::string kinds;
    for (const auto& fault : found)
      kinds += std::string(fault_name(fault.kind)) + " " + fault.path.native() + "\n";
    CPPUNIT_ASSERT_EQUAL(
        std::string("mode wharf_packages/kit/bin/run\nmissing wharf_packages/kit/data/one\n"
                    "extra wharf_packages/kit/extra\nchanged wharf_packages/kit/src/lib.txt\n"
                    "changed wharf_packages/kit/wharf.toml\n"),
        kinds);
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf_packages/kit/bin/run' should be executable"), found[0].sentence);
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf_packages/kit/src/lib.txt' has another content than was packed"),
                         found[3].sentence);
  }

  void sees_packages_that_are_missing_others_or_too_many() {
    const auto core = shop_->package("core", "1.0.0"), newer = shop_->package("kit", "2.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf_packages/core' is not installed\n"),
                         sentences(faults({kit_, core})));
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf_packages/kit' is 1.0.0, but 2.0.0 is locked\n"),
                         sentences(faults({newer})));
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf_packages/kit' is installed, but not locked\n"),
                         sentences(faults({})));
    auto other = kit_;
    other.checksum = std::string(64, 'f');
    CPPUNIT_ASSERT_EQUAL("'wharf_packages/kit' is of an archive with the checksum " + kit_.checksum +
                             ", but " + other.checksum + " is locked\n",
                         sentences(faults({other})));
    std::filesystem::remove_all(tree() / ".wharf");
    CPPUNIT_ASSERT_EQUAL(
        std::string("'wharf_packages/kit' has no record; installing puts it in place anew\n"),
        sentences(faults({kit_})));
  }

  void believes_the_archive_more_than_the_record() {
    // Somebody changes a file and the record of it.
    const Path record = tree() / ".wharf/packages/kit@1.0.0.json";
    std::string text = *read_file(record);
    const std::string was = to_hex(sha256("kit 1.0.0\n")), now = to_hex(sha256("kit 6.6.6\n"));
    text.replace(text.find(was), was.size(), now);
    std::filesystem::remove(record);
    put(record, text);
    rewrite("kit/src/lib.txt", "kit 6.6.6\n");
    CPPUNIT_ASSERT_EQUAL(std::string(), sentences(faults({kit_})));
    const auto found = faults({kit_}, [&](const LockedPackage&) { return kit_.archive; });
    CPPUNIT_ASSERT_EQUAL(
        std::string("'wharf_packages/.wharf/packages/kit@1.0.0.json' does not say what is in the archive\n"
                    "'wharf_packages/kit/src/lib.txt' has another content than was packed\n"),
        sentences(found));
  }

  void says_that_a_cached_archive_is_damaged() {
    put(kit_.archive, "no archive");
    const auto found = faults({kit_}, [&](const LockedPackage&) { return kit_.archive; });
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.size());
    CPPUNIT_ASSERT_EQUAL(std::string("other_checksum"), std::string(fault_name(found[0].kind)));
  }

  void looks_at_links_in_place() {
    put(shop_->root() / "../local/wharf.toml", "");
    ToInstall local;
    local.name = "local";
    local.version = *Version::from("0.1.0");
    local.in_place = shop_->root().parent_path() / "local";
    put_in_place(profile_, shop_->root(), std::vector{kit_, local});
    CPPUNIT_ASSERT_EQUAL(std::string(), sentences(faults({kit_})));
    std::filesystem::rename(shop_->root() / "../local", shop_->root() / "../moved");
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf_packages/local' leads to a directory that is gone\n"),
                         sentences(faults({kit_})));
    std::filesystem::remove(tree() / "local");
    CPPUNIT_ASSERT_EQUAL(std::string("'wharf_packages/local' is not the link to '../../local'\n"),
                         sentences(faults({kit_})));
  }

  void installing_mends_what_it_finds() {
    std::filesystem::remove(tree() / "kit/data/one");
    rewrite("kit/src/lib.txt", "kit 1.0.1\n");
    std::filesystem::remove_all(tree() / ".wharf/packages");
    put_in_place(profile_, shop_->root(), std::vector{kit_});
    CPPUNIT_ASSERT_EQUAL(std::string(), sentences(faults({kit_})));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientVerifyTest);
