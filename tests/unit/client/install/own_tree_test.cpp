// SPDX-License-Identifier: MIT
#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <memory>

#include "client/program/exit.hpp"
#include "tests/support/error_of.hpp"
#include "tests/unit/client/install/packages.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

class ClientOwnTreeTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientOwnTreeTest);
  CPPUNIT_TEST(puts_packages_manifest_and_lock_in_place);
  CPPUNIT_TEST(changes_nothing_where_nothing_changes);
  CPPUNIT_TEST(takes_what_is_unpacked_without_its_archive);
  CPPUNIT_TEST(linked_files_cannot_be_written);
  CPPUNIT_TEST(replaces_and_removes);
  CPPUNIT_TEST(keeps_others_when_told_to);
  CPPUNIT_TEST(keeps_what_a_person_put_there);
  CPPUNIT_TEST(sets_aside_what_is_in_the_way);
  CPPUNIT_TEST(puts_edited_files_back);
  CPPUNIT_TEST(mends_a_damaged_cache);
  CPPUNIT_TEST(links_packages_in_place);
  CPPUNIT_TEST(follows_no_link_out_of_the_project);
  CPPUNIT_TEST(refuses_bad_archives_and_changes_nothing);
  CPPUNIT_TEST(refuses_an_archive_of_another_package);
  CPPUNIT_TEST(unpacks_synapse_packages_without_their_directory);
  CPPUNIT_TEST(works_without_a_cache_that_can_be_written);
  CPPUNIT_TEST(makes_nothing_of_nothing);
  CPPUNIT_TEST(many_packages_at_once);
  CPPUNIT_TEST_SUITE_END();

  std::unique_ptr<Workshop> shop_;
  Profile profile_;
  std::vector<std::string> said_;

  Path tree() const { return shop_->root() / "wharf_packages"; }
  InstallOptions options(std::vector<FileChange> files = {}) {
    InstallOptions options;
    options.files = std::move(files);
    options.say = [this](const std::string& text) { said_.push_back(text); };
    return options;
  }
  InstallReport install(const std::vector<ToInstall>& packages, std::vector<FileChange> files = {}) {
    said_.clear();
    return put_in_place(profile_, shop_->root(), packages, options(std::move(files)));
  }
  static std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts) out += (out.empty() ? "" : " ") + text;
    return out;
  }
  void assert_sound(const std::vector<ToInstall>& packages) const {
    CPPUNIT_ASSERT_EQUAL(std::string(),
                         sentences(verify_installed(profile_, shop_->root(), lock_of(packages))));
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->root() / ".wharf_packages.new"));
    CPPUNIT_ASSERT(!std::filesystem::exists(tree() / ".wharf/pending.json"));
  }

 public:
  void setUp() override {
    shop_ = std::make_unique<Workshop>();
    profile_ = find_profile("wharf");
  }
  void tearDown() override { shop_.reset(); }

  void puts_packages_manifest_and_lock_in_place() {
    const std::vector<ToInstall> packages = {shop_->package("kit", "1.0.0"), shop_->package("core", "2.0.0")};
    put(shop_->root() / "wharf.toml", "old");
    const auto report =
        install(packages, {{shop_->root() / "wharf.toml", "new"}, {shop_->root() / "wharf.lock", "lock"}});
    CPPUNIT_ASSERT_EQUAL(std::string("core@2.0.0 kit@1.0.0"), joined(report.installed));
    CPPUNIT_ASSERT_EQUAL(std::string("kit 1.0.0\n"), *read_file(tree() / "kit/src/lib.txt"));
    CPPUNIT_ASSERT_EQUAL(std::string("new"), *read_file(shop_->root() / "wharf.toml"));
    CPPUNIT_ASSERT_EQUAL(std::string("lock"), *read_file(shop_->root() / "wharf.lock"));
    assert_sound(packages);
    const auto installed = installed_packages(profile_, shop_->root());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, installed.size());
    CPPUNIT_ASSERT_EQUAL(std::string("core"), installed[0].name);
    CPPUNIT_ASSERT_EQUAL((tree() / "core").native(), installed[0].path.native());
    CPPUNIT_ASSERT(said_.empty());
  }

  void changes_nothing_where_nothing_changes() {
    const std::vector<ToInstall> packages = {shop_->package("kit", "1.0.0")};
    install(packages);
    struct stat before {
    }, after{};
    ::stat(tree().c_str(), &before);
    const auto report = install(packages, {{shop_->root() / "wharf.lock", "lock"}});
    ::stat(tree().c_str(), &after);
    CPPUNIT_ASSERT_EQUAL(before.st_ino, after.st_ino);
    CPPUNIT_ASSERT_EQUAL(std::string("kit@1.0.0"), joined(report.unchanged));
    CPPUNIT_ASSERT(report.installed.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("lock"), *read_file(shop_->root() / "wharf.lock"));
  }

  void takes_what_is_unpacked_without_its_archive() {
    ToInstall kit = shop_->package("kit", "1.0.0");
    CPPUNIT_ASSERT(!is_at_hand(profile_, shop_->root(), kit));
    install({kit});
    std::filesystem::remove(kit.archive);
    kit.archive.clear();
    CPPUNIT_ASSERT(is_at_hand(profile_, shop_->root(), kit));
    std::filesystem::remove_all(tree());
    CPPUNIT_ASSERT(is_at_hand(profile_, shop_->root(), kit));
    install({kit});
    assert_sound({kit});
    // Out of the tree itself, where the cache was cleaned.
    std::filesystem::remove_all(unpacked_directory(profile_));
    CPPUNIT_ASSERT(is_at_hand(profile_, shop_->root(), kit));
    const auto core = shop_->package("core", "1.0.0");
    install({kit, core});
    assert_sound({kit, core});
    std::filesystem::remove_all(unpacked_directory(profile_));
    std::filesystem::remove_all(tree());
    CPPUNIT_ASSERT(!is_at_hand(profile_, shop_->root(), kit));
    CPPUNIT_ASSERT_EQUAL(std::string("'kit' 1.0.0 is gone from the cache; run the command again"),
                         refusal_of([&] { install({kit}); }));
    CPPUNIT_ASSERT(!std::filesystem::exists(tree()));
  }

  void linked_files_cannot_be_written() {
    install({shop_->package("kit", "1.0.0")});
    struct stat status {};
    ::stat((tree() / "kit/src/lib.txt").c_str(), &status);
    if (status.st_nlink > 1) CPPUNIT_ASSERT_EQUAL(0444U, status.st_mode & 0777U);
    ::stat((tree() / "kit/bin/run").c_str(), &status);
    CPPUNIT_ASSERT((status.st_mode & S_IXUSR) != 0);
  }

  void replaces_and_removes() {
    install({shop_->package("kit", "1.0.0", {{.path = "old", .content = "x"}}),
             shop_->package("gone", "1.0.0"), shop_->package("same", "1.0.0")});
    const std::vector<ToInstall> now = {shop_->package("kit", "1.1.0"), shop_->package("same", "1.0.0")};
    const auto report = install(now);
    CPPUNIT_ASSERT_EQUAL(std::string("kit@1.1.0"), joined(report.installed));
    CPPUNIT_ASSERT_EQUAL(std::string("gone@1.0.0 kit@1.0.0"), joined(report.removed));
    CPPUNIT_ASSERT_EQUAL(std::string("same@1.0.0"), joined(report.unchanged));
    CPPUNIT_ASSERT(!std::filesystem::exists(tree() / "kit/old"));
    CPPUNIT_ASSERT(!std::filesystem::exists(tree() / "gone"));
    assert_sound(now);
    CPPUNIT_ASSERT(said_.empty());
    install({});
    CPPUNIT_ASSERT(contents_of(tree()).empty());
  }

  void keeps_others_when_told_to() {
    const auto kit = shop_->package("kit", "1.0.0"), core = shop_->package("core", "1.0.0");
    install({kit, core});
    auto told = options();
    told.remove_others = false;
    const auto newer = shop_->package("kit", "2.0.0");
    const auto report = put_in_place(profile_, shop_->root(), std::vector{newer}, told);
    CPPUNIT_ASSERT_EQUAL(std::string("kit@1.0.0"), joined(report.removed));
    assert_sound({newer, core});
  }

  void keeps_what_a_person_put_there() {
    install({shop_->package("kit", "1.0.0"), shop_->package("gone", "1.0.0")});
    put(tree() / "mine/notes.txt", "mine");
    put(tree() / "kit/src/notes.txt", "beside");
    put(tree() / "gone/deep/notes.txt", "left");
    std::filesystem::create_symlink("/etc", tree() / "kit/link");
    install({shop_->package("kit", "1.1.0")});
    CPPUNIT_ASSERT_EQUAL(std::string("mine"), *read_file(tree() / "mine/notes.txt"));
    CPPUNIT_ASSERT_EQUAL(std::string("beside"), *read_file(tree() / "kit/src/notes.txt"));
    CPPUNIT_ASSERT_EQUAL(std::string("left"), *read_file(tree() / "gone/deep/notes.txt"));
    CPPUNIT_ASSERT(std::filesystem::is_symlink(tree() / "kit/link"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, said_.size());
    CPPUNIT_ASSERT(said_[0].starts_with("kept in 'wharf_packages', though no package brought it: "));
    // And again, the next time.
    install({shop_->package("kit", "1.2.0")});
    CPPUNIT_ASSERT_EQUAL(std::string("mine"), *read_file(tree() / "mine/notes.txt"));
    CPPUNIT_ASSERT_EQUAL(std::string("beside"), *read_file(tree() / "kit/src/notes.txt"));
  }

  void sets_aside_what_is_in_the_way() {
    put(tree() / "kit/mine.txt", "mine");
    put(tree() / "core", "a file");
    install({shop_->package("kit", "1.0.0")});
    CPPUNIT_ASSERT_EQUAL(std::string("mine"), *read_file(tree() / ".wharf/aside/kit/mine.txt"));
    CPPUNIT_ASSERT_EQUAL(std::string("a file"), *read_file(tree() / "core"));
    install({shop_->package("kit", "1.0.0"), shop_->package("core", "1.0.0")});
    CPPUNIT_ASSERT_EQUAL(std::string("a file"), *read_file(tree() / ".wharf/aside/core"));
    CPPUNIT_ASSERT_EQUAL(std::string("mine"), *read_file(tree() / ".wharf/aside/kit/mine.txt"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("moved to 'wharf_packages/.wharf/aside', since packages need the place or it was "
                    "changed by hand: 'core'"),
        joined(said_));
    assert_sound({shop_->package("kit", "1.0.0"), shop_->package("core", "1.0.0")});
  }

  void puts_edited_files_back() {
    const auto kit = shop_->package("kit", "1.0.0");
    install({kit});
    std::filesystem::remove(tree() / "kit/src/lib.txt");  // as editors do
    put(tree() / "kit/src/lib.txt", "kit 1.0.1\n");
    const auto report = install({kit});
    CPPUNIT_ASSERT_EQUAL(std::string("kit@1.0.0"), joined(report.installed));
    assert_sound({kit});
    CPPUNIT_ASSERT_EQUAL(std::string("kit 1.0.1\n"), *read_file(tree() / ".wharf/aside/kit/src/lib.txt"));
  }

  void mends_a_damaged_cache() {
    const auto kit = shop_->package("kit", "1.0.0");
    install({kit});
    const Path cached = unpacked_directory(profile_) / kit.checksum / "files/src/lib.txt";
    std::filesystem::permissions(cached, std::filesystem::perms(0644));
    put(cached, "kit 1.0.1\n");  // of the same size; through the link, the tree's file too
    std::filesystem::remove_all(tree());
    install({kit});
    CPPUNIT_ASSERT_EQUAL(std::string("kit 1.0.0\n"), *read_file(tree() / "kit/src/lib.txt"));
    assert_sound({kit});
  }

  void links_packages_in_place() {
    put(shop_->root() / "../local/wharf.toml", "");
    ToInstall local;
    local.name = "local";
    local.version = *Version::from("0.1.0");
    local.in_place = shop_->root().parent_path() / "local";
    const auto kit = shop_->package("kit", "1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("kit@1.0.0 local@in-place"), joined(install({kit, local}).installed));
    CPPUNIT_ASSERT_EQUAL(std::string("../../local"),
                         std::filesystem::read_symlink(tree() / "local").native());
    CPPUNIT_ASSERT_EQUAL(std::string("kit@1.0.0 local@in-place"), joined(install({kit, local}).unchanged));
    assert_sound({kit});
    // Nothing is ever written or removed behind the link.
    put(tree() / "local/mine", "mine");
    install({shop_->package("local", "0.1.0")});
    CPPUNIT_ASSERT_EQUAL(std::string("mine"), *read_file(shop_->root() / "../local/mine"));
    CPPUNIT_ASSERT(!std::filesystem::is_symlink(tree() / "local"));
    CPPUNIT_ASSERT_EQUAL(std::string("local@0.1.0"), joined(install({local}).removed));
    CPPUNIT_ASSERT(std::filesystem::is_symlink(tree() / "local"));
  }

  void follows_no_link_out_of_the_project() {
    std::filesystem::create_directories(shop_->root() / "../elsewhere");
    put(shop_->root() / "../elsewhere/file", "x");
    std::filesystem::create_directory_symlink("../elsewhere", tree());
    CPPUNIT_ASSERT(refusal_of([&] {
                     install({shop_->package("kit", "1.0.0")});
                   }).find("is no directory, or a link") != std::string::npos);
    std::filesystem::remove(tree());
    std::filesystem::create_directory_symlink("../elsewhere", shop_->root() / ".wharf_packages.new");
    install({shop_->package("kit", "1.0.0")});
    CPPUNIT_ASSERT_EQUAL(std::string("x"), *read_file(shop_->root() / "../elsewhere/file"));
    assert_sound({shop_->package("kit", "1.0.0")});
  }

  void refuses_bad_archives_and_changes_nothing() {
    const auto kit = shop_->package("kit", "1.0.0");
    install({kit}, {{shop_->root() / "wharf.lock", "old"}});
    const auto before = contents_of(shop_->root());
    const auto hostile = TarBuilder().file("wharf.toml").file("../../escaped", "x").ended();
    const auto good = gzip(TarBuilder().file("wharf.toml").ended());
    for (const auto& packed : {gzip(hostile), good.substr(0, good.size() - 3), std::string("no archive")})
      CPPUNIT_ASSERT_THROW(
          install({kit, shop_->bytes("bad", "1.0.0", packed)}, {{shop_->root() / "wharf.lock", "new"}}),
          IntegrityError);
    auto other = shop_->bytes("bad", "1.0.0", good);
    other.checksum = std::string(64, '0');
    CPPUNIT_ASSERT_THROW(install({kit, other}, {{shop_->root() / "wharf.lock", "new"}}), IntegrityError);
    // One that holds another package than its name says.
    auto swapped = shop_->package("core", "1.0.0");
    swapped.name = "bad";
    CPPUNIT_ASSERT_THROW(install({kit, swapped}, {{shop_->root() / "wharf.lock", "new"}}), IntegrityError);
    CPPUNIT_ASSERT(before == contents_of(shop_->root()));
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->root() / "../escaped"));
    assert_sound({kit});
    for (const auto& entry : std::filesystem::directory_iterator(unpacked_directory(profile_)))
      CPPUNIT_ASSERT_EQUAL(kit.checksum, entry.path().filename().native());
  }

  void refuses_an_archive_of_another_package() {
    const auto refusal = [this](const std::string& manifest) {
      const auto kit = shop_->bytes("kit", "1.0.0",
                                    gzip(TarBuilder().file("wharf.toml", manifest).file("a", "a").ended()));
      try {
        install({kit});
      } catch (const IntegrityError& error) {
        return error.public_message().substr(0, error.public_message().find(';'));
      }
      return std::string("none");
    };
    const std::string of = "the archive of 'kit' 1.0.0 ";
    CPPUNIT_ASSERT_EQUAL(of + "holds 'kid' 1.0.0",
                         refusal("[package]\nname = \"kid\"\nversion = \"1.0.0\"\n"));
    CPPUNIT_ASSERT_EQUAL(of + "holds 'kit' 1.0.1",
                         refusal("[package]\nname = \"kit\"\nversion = \"1.0.1\"\n"));
    CPPUNIT_ASSERT(refusal("[package").starts_with(of + "has an unsound manifest: 'wharf.toml'"));
    const auto none = shop_->bytes("kit", "1.0.0", gzip(TarBuilder().file("a", "a").ended()));
    CPPUNIT_ASSERT_EQUAL(std::string("checksum_mismatch"), test::code_of([&] { install({none}); }));
    CPPUNIT_ASSERT(contents_of(tree()).empty());
  }

  void unpacks_synapse_packages_without_their_directory() {
    const std::string manifest = synapse_manifest("kit", "1.0.0");
    const auto kit = shop_->bytes(
        "kit", "1.0.0",
        gzip(TarBuilder().file("kit-1.0.0/synapse.json", manifest).file("kit-1.0.0/src/a.syn", "a").ended()));
    install({kit});
    CPPUNIT_ASSERT((std::map<std::string, std::string>{
                       {"kit/src/a.syn", "a"}, {"kit/synapse.json", manifest}}) == contents_of(tree()));
    assert_sound({kit});
  }

  void works_without_a_cache_that_can_be_written() {
    put(shop_->home(), "no directory");
    const auto kit = shop_->package("kit", "1.0.0");
    install({kit});
    assert_sound({kit});
    CPPUNIT_ASSERT(!std::filesystem::exists(shop_->root() / ".wharf_packages.unpacked"));
    std::filesystem::remove(shop_->home());
  }

  void makes_nothing_of_nothing() {
    install({}, {{shop_->root() / "wharf.lock", "empty"}});
    CPPUNIT_ASSERT(!std::filesystem::exists(tree()));
    CPPUNIT_ASSERT_EQUAL(std::string("empty"), *read_file(shop_->root() / "wharf.lock"));
  }

  void many_packages_at_once() {
    std::vector<ToInstall> packages;
    for (int i = 0; i < 40; ++i) packages.push_back(shop_->package("p" + std::to_string(i), "1.0.0"));
    std::size_t most = 0;
    auto told = options();
    told.progress = [&](std::size_t done, std::size_t of) {
      CPPUNIT_ASSERT_EQUAL(std::size_t{40}, of);
      most = std::max(most, done);
    };
    put_in_place(profile_, shop_->root(), packages, told);
    CPPUNIT_ASSERT_EQUAL(std::size_t{40}, most);
    assert_sound(packages);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientOwnTreeTest);
