// SPDX-License-Identifier: MIT
// What honest tools write with their defaults is accepted, and read as the tree that it was made from.
#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <tuple>

#include "tests/support/archive_verdict.hpp"
#include "tests/support/skip.hpp"

using namespace wharf;
using namespace wharf::test;
namespace fs = std::filesystem;

class HonestToolsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(HonestToolsTest);
  CPPUNIT_TEST(accepts_gnu_tar);
  CPPUNIT_TEST(accepts_gnu_tar_as_ustar);
  CPPUNIT_TEST(accepts_gnu_tar_as_posix);
  CPPUNIT_TEST(accepts_gnu_tar_given_names);
  CPPUNIT_TEST(accepts_bsdtar);
  CPPUNIT_TEST(accepts_bsdtar_as_ustar);
  CPPUNIT_TEST(accepts_bsdtar_as_pax);
  CPPUNIT_TEST(accepts_bsdtar_as_gnutar);
  CPPUNIT_TEST(accepts_git_archive);
  CPPUNIT_TEST(accepts_python);
  CPPUNIT_TEST(accepts_python_as_gnu);
  CPPUNIT_TEST(accepts_node_tar);
  CPPUNIT_TEST(accepts_node_tar_as_npm_calls_it);
  CPPUNIT_TEST(accepts_rust);
  CPPUNIT_TEST(accepts_go);
  CPPUNIT_TEST_SUITE_END();

  using Files = std::map<std::string, std::tuple<std::uint64_t, bool>>;  // path: size, executable

  fs::path work_;
  Files files_;
  std::map<std::string, bool> directories_;

  void put(const std::string& path, const std::string& content, bool executable = false) {
    const fs::path whole = work_ / "tree" / path;
    fs::create_directories(whole.parent_path());
    {
      const Fd fd = open_file(whole, O_WRONLY | O_CREAT | O_EXCL, executable ? 0755 : 0644);
      write_all(fd.get(), content);
      const timespec times[2] = {{1700000000, 123456789}, {1700000001, 987654321}};
      CPPUNIT_ASSERT_EQUAL(0, futimens(fd.get(), times));
    }
    files_[path] = {content.size(), executable};
    for (auto up = fs::path(path).parent_path(); !up.empty(); up = up.parent_path()) directories_[up] = true;
  }

 public:
  void setUp() override {
    std::string made = fs::temp_directory_path() / "wharf-tars-XXXXXX";
    CPPUNIT_ASSERT(mkdtemp(made.data()) != nullptr);
    work_ = made;
    put("wharf.toml", "[package]\nname = \"honest\"\nversion = \"1.0.0\"\n");
    put("README.md", "# Honest\n");
    put("bin/run", "#!/bin/sh\n", true);
    put("src/empty", "");
    put("src/one-block", std::string(512, 'x'));
    put("src/large", std::string(300000, 'y'));
    put("deep/" + std::string(60, 'a') + "/" + std::string(60, 'b') + "/prefixed", "p");
    put("deep/" + std::string(99, 'c') + "/name-of-hundred-and-more-" + std::string(60, 'd'), "q");
    put("beyond-ustar-" + std::string(120, 'e'), "one part too long for a header");
    put("beyond-ustar/" + std::string(200, 'f') + "/" + std::string(200, 'g') + "/h", "and a path");
  }
  void tearDown() override {
    fs::remove_all(work_);
    files_.clear();
    directories_.clear();
  }

  void assert_accepts(const std::string& tool, bool ustar = false) {
    const char* build = std::getenv("BUILD");
    const fs::path cache = fs::absolute(build != nullptr ? build : "build/release") / "tests/tars";
    const std::string command = "tests/support/tars/pack " + tool + " " + (work_ / "tree").string() + " " +
                                (work_ / "out.tar.gz").string() + " " + cache.string() + " 2>&1";
    std::string said;
    FILE* pipe = popen(command.c_str(), "r");
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) said += static_cast<char>(c);
    const int status = pclose(pipe);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return skip(said.substr(0, said.find('\n')));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(said, 0, status);

    const Fd fd = open_file(work_ / "out.tar.gz", O_RDONLY);
    Files found;
    try {
      for (const auto& entry : inspect_archive(fd.get(), {}).entries) {
        if (!entry.directory)
          found[entry.path] = {entry.size, entry.executable};
        else
          CPPUNIT_ASSERT_MESSAGE(entry.path, directories_.contains(entry.path));
      }
    } catch (const Error& error) {
      CPPUNIT_FAIL(tool + ": " + error.what());
    }
    Files expected = files_;
    if (ustar)
      std::erase_if(expected,
                    [](const auto& file) { return file.first.find("beyond-ustar") != std::string::npos; });
    CPPUNIT_ASSERT_EQUAL_MESSAGE(tool, expected.size(), found.size());
    for (const auto& [path, facts] : expected) {
      CPPUNIT_ASSERT_MESSAGE(tool + " lost " + path, found.contains(path));
      CPPUNIT_ASSERT_MESSAGE(tool + " changed " + path, found[path] == facts);
    }
  }

  void accepts_gnu_tar() { assert_accepts("gnu-tar"); }
  void accepts_gnu_tar_as_ustar() { assert_accepts("gnu-tar-ustar", true); }
  void accepts_gnu_tar_as_posix() { assert_accepts("gnu-tar-posix"); }
  void accepts_gnu_tar_given_names() { assert_accepts("gnu-tar-names"); }
  void accepts_bsdtar() { assert_accepts("bsdtar"); }
  void accepts_bsdtar_as_ustar() { assert_accepts("bsdtar-ustar", true); }
  void accepts_bsdtar_as_pax() { assert_accepts("bsdtar-pax"); }
  void accepts_bsdtar_as_gnutar() { assert_accepts("bsdtar-gnutar"); }
  void accepts_git_archive() { assert_accepts("git-archive"); }
  void accepts_python() { assert_accepts("python-pax"); }
  void accepts_python_as_gnu() { assert_accepts("python-gnu"); }
  void accepts_node_tar() { assert_accepts("node-tar"); }
  void accepts_node_tar_as_npm_calls_it() { assert_accepts("node-tar-portable"); }
  void accepts_rust() { assert_accepts("rust"); }
  void accepts_go() { assert_accepts("go"); }
};
CPPUNIT_TEST_SUITE_REGISTRATION(HonestToolsTest);
