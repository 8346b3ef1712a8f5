// SPDX-License-Identifier: MIT
#include "client/pack/file_list.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <filesystem>

#include "client/pack/archive.hpp"
#include "libwharf/crypto/token.hpp"
#include "tests/support/error_of.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::client;

class FileListTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(FileListTest);
  CPPUNIT_TEST(packs_everything_but_what_is_hidden_built_or_versioned);
  CPPUNIT_TEST(leaves_out_what_gitignore_leaves_out);
  CPPUNIT_TEST(wharfignore_replaces_gitignore_and_can_take_back);
  CPPUNIT_TEST(a_repository_around_the_package_has_a_say);
  CPPUNIT_TEST(a_profile_can_list_what_is_packed);
  CPPUNIT_TEST(names_secrets_and_does_not_pack_them);
  CPPUNIT_TEST(allow_brings_in_what_would_be_left_out);
  CPPUNIT_TEST(follows_links_within_the_package_alone);
  CPPUNIT_TEST(the_same_tree_makes_the_same_bytes);
  CPPUNIT_TEST(everything_can_lie_below_one_folder);
  CPPUNIT_TEST(a_package_of_too_many_files_is_refused);
  CPPUNIT_TEST_SUITE_END();

  test::ScratchDirectory scratch_;
  Path root_;
  PackRules rules_;

  void put(const std::string& path, const std::string& content = "x\n") {
    std::filesystem::create_directories((root_ / path).parent_path());
    write_file_durably(root_ / path, content);
  }
  std::string listed() {
    std::string names;
    for (const auto& file : list_files(root_, rules_).files) names += (names.empty() ? "" : " ") + file.path;
    return names;
  }
  std::string secrets() {
    std::string names;
    for (const auto& secret : list_files(root_, rules_).secrets)
      names += (names.empty() ? "" : " ") + secret.path;
    return names;
  }
  static void expect(const char* wanted, const std::string& got) {
    CPPUNIT_ASSERT_EQUAL(std::string(wanted), got);
  }

 public:
  void setUp() override {
    root_ = scratch_.path() / "kit";
    rules_ = {.manifest_file = "wharf.toml", .pack = {}, .leave_out = {"/wharf_packages/"}, .allow = {}};
    std::filesystem::create_directory(root_);
    put("wharf.toml", "[package]\nname = \"kit\"\nversion = \"1.0.0\"\n");
  }

  void packs_everything_but_what_is_hidden_built_or_versioned() {
    for (const char* path :
         {"src/a.c", "src/.hidden", ".config/x", ".git/config", "CVS/Root", "sub/.svn/x", "target/a.o",
          "sub/node_modules/x/a", "build/a", "src/build/a", "wharf_packages/b/x", "doc/target.md", "run"})
      put(path);
    ::chmod((root_ / "run").c_str(), 0755);
    expect("doc/target.md run src/a.c src/build/a wharf.toml", listed());
    const auto files = list_files(root_, rules_).files;
    CPPUNIT_ASSERT(files[1].executable && !files[2].executable);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, files[1].size);
  }

  void leaves_out_what_gitignore_leaves_out() {
    for (const char* path : {"a.log", "doc/b.log", "doc/keep.log", "tmp/x", "doc/tmp/x", "doc/only/x"})
      put(path);
    put(".gitignore", "*.log\n/tmp\nwharf.toml\n!.hidden\n");
    put("doc/.gitignore", "!keep.log\nonly\n");
    put(".hidden");
    expect("doc/keep.log doc/tmp/x wharf.toml", listed());
  }

  void wharfignore_replaces_gitignore_and_can_take_back() {
    for (const char* path : {"a.log", "secret.txt", ".editorconfig", "target/kept/x", "target/y"}) put(path);
    put(".gitignore", "*.log\n");
    put(".wharfignore", "secret.txt\n!.editorconfig\n!target\n/target/y\n");
    expect(".editorconfig a.log target/kept/x wharf.toml", listed());
  }

  void a_repository_around_the_package_has_a_say() {
    std::filesystem::create_directory(scratch_.path() / ".git");
    write_file_durably(scratch_.path() / ".gitignore", "*.log\n/kit/doc\n/src\n");
    for (const char* path : {"a.log", "doc/x", "src/x"}) put(path);
    expect("src/x wharf.toml", listed());
    // That of a home folder, which ignores whatever is in it.
    write_file_durably(scratch_.path() / ".gitignore", "*\n");
    expect("a.log doc/x src/x wharf.toml", listed());
  }

  void a_profile_can_list_what_is_packed() {
    rules_.pack = {"*.syn", "/lib/"};
    for (const char* path : {"a.syn", "sub/b.syn", "sub/c.txt", "lib/x/y", "sub/lib/z", "README.md",
                             "LICENSE", "Makefile", "sub/README.md"})
      put(path);
    expect("LICENSE README.md a.syn lib/x/y sub/b.syn wharf.toml", listed());
  }

  void names_secrets_and_does_not_pack_them() {
    put(".env", "A=b\n");
    put("keys/id_rsa");
    put("src/config.c", "key = \"" + ("AKIA" + std::string("J2QXZ3KV7M5NWPRT")) + "\"\n");
    put("ignored/.env");
    put(".gitignore", "ignored\n");
    expect(".env keys/id_rsa src/config.c", secrets());
    expect("wharf.toml", listed());
    put("wharf.toml", "# " + make_api_token() + "\n");
    expect(".env keys/id_rsa src/config.c wharf.toml", secrets());
  }

  void allow_brings_in_what_would_be_left_out() {
    for (const char* path : {".env", ".config/a", ".config/b/c", "target/x", "target/y", ".git/config"})
      put(path);
    rules_.allow = {".env", "./.config/b/", "target/x"};
    expect(".config/b/c .env target/x wharf.toml", listed());
    expect("", secrets());
    for (const char* wrong : {"missing", "/etc/passwd", ""}) {
      rules_.allow = {wrong};
      expect("bad_request", test::code_of([&] { listed(); }));
    }
    rules_.allow = {".git/config"};
    expect("wharf.toml", listed());
  }

  void follows_links_within_the_package_alone() {
    namespace fs = std::filesystem;
    put("doc/a.md", "text\n");
    fs::create_symlink("doc/a.md", root_ / "README.md");
    fs::create_directory_symlink("doc", root_ / "guide");
    expect("README.md doc/a.md guide/a.md wharf.toml", listed());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, list_files(root_, rules_).files[0].size);
    const auto refused = [&](const Path& target, const char* name) {
      fs::create_symlink(target, root_ / name);
      expect("bad_request", test::code_of([&] { listed(); }));
      put(".wharfignore", std::string(name) + "\n");
      expect("README.md doc/a.md guide/a.md wharf.toml", listed());
      fs::remove(root_ / name);
      fs::remove(root_ / ".wharfignore");
    };
    write_file_durably(scratch_.path() / "outside", "x");
    fs::create_directory(scratch_.path() / "kit-other");
    refused("../outside", "out");
    refused("../kit-other", "beside");
    refused("/etc", "system");
    refused("missing", "nowhere");
    refused("round", "round");
    refused(".", "circle");
    put(".git/config");
    refused(".git/config", "versioned");
    put("plain.txt");
    put(".env");
    fs::create_symlink(".env", root_ / "settings");
    expect(".env settings", secrets());
  }

  void the_same_tree_makes_the_same_bytes() {
    put("src/a.c");
    put("large", std::string(3u << 20, 'x'));
    const auto first = pack_files(list_files(root_, rules_), "");
    std::filesystem::last_write_time(root_ / "src/a.c", std::filesystem::file_time_type{});
    ::chmod((root_ / "src/a.c").c_str(), 0600);
    const auto second = pack_files(list_files(root_, rules_), "");
    CPPUNIT_ASSERT_EQUAL(first.checksum, second.checksum);
    CPPUNIT_ASSERT_EQUAL(std::string("kit"), first.package.manifest.name);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{std::filesystem::file_size(first.file.path())}, first.size);
    put("src/a.c", "y\n");
    CPPUNIT_ASSERT(first.checksum != pack_files(list_files(root_, rules_), "").checksum);
  }

  void everything_can_lie_below_one_folder() {
    std::filesystem::remove(root_ / "wharf.toml");
    rules_.manifest_file = "synapse.json";
    put("synapse.json", R"({"name": "kit", "version": "1.0.0", "description": "a kit"})");
    const auto packed = pack_files(list_files(root_, rules_), "kit-1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("kit-1.0.0"), packed.package.top_directory);
  }

  void a_package_of_too_many_files_is_refused() {
    for (int i = 0; i < 10000; ++i)
      std::filesystem::copy_file(root_ / "wharf.toml", root_ / ("f" + std::to_string(i)));
    expect("archive_size", test::code_of([&] { listed(); }));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(FileListTest);
