// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>

#include <memory>

#include "client/program/exit.hpp"
#include "tests/unit/client/install/packages.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientSharedTreeTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientSharedTreeTest);
  CPPUNIT_TEST(synapse_packages_lie_below_name_version_and_both);
  CPPUNIT_TEST(vais_packages_lie_beside_their_archives);
  CPPUNIT_TEST(only_gains_versions);
  CPPUNIT_TEST(takes_over_what_another_tool_unpacked);
  CPPUNIT_TEST(takes_no_package_from_under_other_projects);
  CPPUNIT_TEST(keeps_aside_what_was_edited);
  CPPUNIT_TEST(makes_no_links_of_one_project);
  CPPUNIT_TEST(a_bad_archive_leaves_nothing);
  CPPUNIT_TEST_SUITE_END();

  std::unique_ptr<Workshop> shop_;
  std::vector<std::string> said_;

  InstallReport install(const Profile& profile, const std::vector<ToInstall>& packages,
                        std::vector<FileChange> files = {}) {
    InstallOptions options;
    options.files = std::move(files);
    options.say = [this](const std::string& text) { said_.push_back(text); };
    return put_in_place(profile, shop_->root(), packages, options);
  }
  ToInstall synapse(const std::string& name, const std::string& version,
                    const std::string& content = "a") const {
    const std::string top = name + "-" + version;
    return shop_->bytes(name, version,
                        gzip(TarBuilder()
                                 .file(top + "/synapse.json", synapse_manifest(name, version))
                                 .file(top + "/src/a.syn", content)
                                 .ended()));
  }
  std::string faults(const Profile& profile, const std::vector<ToInstall>& packages) const {
    return sentences(verify_installed(profile, shop_->root(), lock_of(packages)));
  }

 public:
  void setUp() override { shop_ = std::make_unique<Workshop>(); }
  void tearDown() override { shop_.reset(); }

  void synapse_packages_lie_below_name_version_and_both() {
    const Profile profile = find_profile("synapse");
    const auto kit = synapse("geo-kit", "1.4.0");
    const auto report = install(profile, {kit}, {{shop_->root() / "synapse-lock.json", "lock"}});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, report.installed.size());
    const Path place = shop_->home() / ".synapse/packages/geo-kit/1.4.0/geo-kit-1.4.0";
    CPPUNIT_ASSERT_EQUAL(synapse_manifest("geo-kit", "1.4.0"), *read_file(place / "synapse.json"));
    CPPUNIT_ASSERT_EQUAL(place.native(),
                         installed_path(profile, shop_->root(), "geo-kit", *Version::from("1.4.0")).native());
    CPPUNIT_ASSERT_EQUAL(std::string("lock"), *read_file(shop_->root() / "synapse-lock.json"));
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {kit}));
    // One whose archive has no directory of its own lies in the same place.
    const auto flat = shop_->bytes(
        "flat", "1.0.0", gzip(TarBuilder().file("synapse.json", synapse_manifest("flat", "1.0.0")).ended()));
    install(profile, {flat});
    CPPUNIT_ASSERT_EQUAL(synapse_manifest("flat", "1.0.0"),
                         *read_file(shop_->home() / ".synapse/packages/flat/1.0.0/flat-1.0.0/synapse.json"));
  }

  void vais_packages_lie_beside_their_archives() {
    const Profile profile = find_profile("vais");
    const auto kit = shop_->package("kit", "1.0.0");
    install(profile, {kit});
    const Path place = shop_->home() / ".vais/registry/cache/kit/1.0.0";
    CPPUNIT_ASSERT_EQUAL(std::string("kit 1.0.0\n"), *read_file(place / "extracted/src/lib.txt"));
    CPPUNIT_ASSERT_EQUAL(*read_file(kit.archive), *read_file(place / "archive.tar.gz"));
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {kit}));
    // Where the cache has put it there already.
    auto core = shop_->package("core", "1.0.0");
    std::filesystem::create_directories(place / "../../core/1.0.0");
    std::filesystem::rename(core.archive, place / "../../core/1.0.0/archive.tar.gz");
    core.archive = place / "../../core/1.0.0/archive.tar.gz";
    install(profile, {core});
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {kit, core}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, install(profile, {core}).unchanged.size());
  }

  void only_gains_versions() {
    const Profile profile = find_profile("synapse");
    const auto old = synapse("kit", "1.0.0"), now = synapse("kit", "2.0.0");
    install(profile, {old});
    const auto report = install(profile, {now});
    CPPUNIT_ASSERT(report.removed.empty());
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {old}));
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {now}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, installed_packages(profile, shop_->root()).size());
  }

  void takes_over_what_another_tool_unpacked() {
    const Profile profile = find_profile("synapse");
    const Path place = shop_->home() / ".synapse/packages/kit/1.0.0/kit-1.0.0";
    put(place / "synapse.json", synapse_manifest("kit", "1.0.0"));
    put(place / "src/a.syn", "a");
    const auto kit = synapse("kit", "1.0.0");
    CPPUNIT_ASSERT(!is_at_hand(profile, shop_->root(), kit));
    install(profile, {kit});
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {kit}));
    CPPUNIT_ASSERT(said_.empty());
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->home() / ".synapse/packages/.wharf/aside"));
    CPPUNIT_ASSERT(is_at_hand(profile, shop_->root(), kit));
  }

  void takes_no_package_from_under_other_projects() {
    const Profile profile = find_profile("synapse");
    const auto first = synapse("geo-kit", "1.4.0", "first"), second = synapse("geo-kit", "1.4.0", "second");
    install(profile, {first});
    const auto more = synapse("more", "1.0.0");
    CPPUNIT_ASSERT_THROW(install(profile, {more, second}), IntegrityError);
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {first}));
    CPPUNIT_ASSERT_MESSAGE("nothing was put in place", faults(profile, {more}) != "");
    // What is damaged is nobody's any more.
    const Path place = shop_->home() / ".synapse/packages/geo-kit/1.4.0/geo-kit-1.4.0";
    write_file_durably(place / "src/a.syn", "edited");
    install(profile, {second});
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {second}));
  }

  void keeps_aside_what_was_edited() {
    const Profile profile = find_profile("synapse");
    const Path packages = shop_->home() / ".synapse/packages", place = packages / "kit/1.0.0/kit-1.0.0";
    const auto kit = synapse("kit", "1.0.0");
    install(profile, {kit});
    put(place / "src/a.syn", "mine");
    put(place / "notes", "mine");
    CPPUNIT_ASSERT(faults(profile, {kit}).find("has another content than was packed") != std::string::npos);
    install(profile, {kit});
    CPPUNIT_ASSERT_EQUAL(std::string(), faults(profile, {kit}));
    CPPUNIT_ASSERT_EQUAL(std::string("mine"),
                         *read_file(packages / ".wharf/aside/kit/1.0.0/kit-1.0.0/notes"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, said_.size());
    put(place / "src/a.syn", "again");
    install(profile, {kit});
    CPPUNIT_ASSERT_EQUAL(std::string("again"),
                         *read_file(packages / ".wharf/aside/kit/1.0.0/kit-1.0.0.2/src/a.syn"));
  }

  void makes_no_links_of_one_project() {
    const Profile profile = find_profile("vais");
    ToInstall local;
    local.name = "local";
    local.version = *Version::from("0.1.0");
    local.in_place = shop_->root();
    install(profile, {local});
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->home() / ".vais/registry/cache/local"));
  }

  void a_bad_archive_leaves_nothing() {
    const Profile profile = find_profile("synapse");
    const auto bad = shop_->bytes("bad", "1.0.0", gzip(TarBuilder().file("../../escaped", "x").ended()));
    CPPUNIT_ASSERT_THROW(install(profile, {bad}, {{shop_->root() / "synapse-lock.json", "lock"}}),
                         IntegrityError);
    CPPUNIT_ASSERT(contents_of(shop_->home() / ".synapse/packages").empty());
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->root() / "synapse-lock.json"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientSharedTreeTest);
