// SPDX-License-Identifier: MIT
#include "libwharf/package/name.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"

using namespace wharf;

class NameTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(NameTest);
  CPPUNIT_TEST(accepts_names_of_the_documented_form);
  CPPUNIT_TEST(refusals_name_the_rule);
  CPPUNIT_TEST(names_that_look_alike_share_a_key);
  CPPUNIT_TEST(route_words_and_devices_are_reserved);
  CPPUNIT_TEST(knows_windows_device_names_as_windows_does);
  CPPUNIT_TEST_SUITE_END();

  static std::string refusal(std::string_view name) {
    try {
      require_package_name(name);
    } catch (const Error& error) {
      CPPUNIT_ASSERT_EQUAL(std::string("name_invalid"), std::string(code_name(error.code())));
      return error.public_message();
    }
    return "accepted";
  }

 public:
  void accepts_names_of_the_documented_form() {
    for (const std::string& name :
         {std::string("a"), std::string("0"), std::string("geo-kit"), std::string("num_core"),
          std::string("a.b-c_d"), std::string("3d"), std::string(64, 'x')}) {
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string("accepted"), refusal(name));
      CPPUNIT_ASSERT(is_package_name(name));
    }
  }
  void refusals_name_the_rule() {
    const std::pair<std::string, std::string> rows[] = {
        {"", "package name '' is empty; write one of 'a-z', '0-9', '.', '_', '-'"},
        {"MyLib", "package name 'MyLib' has capital letters; write 'mylib'"},
        {"My Lib", "package name 'My Lib' has ' '; only 'a-z', '0-9', '.', '_' and '-' may stand in a name"},
        {"MyLib-", "package name 'MyLib-' must end with a letter or a digit"},
        {"my lib", "package name 'my lib' has ' '; only 'a-z', '0-9', '.', '_' and '-' may stand in a name"},
        {"a/b", "package name 'a/b' has '/'; only 'a-z', '0-9', '.', '_' and '-' may stand in a name"},
        {std::string("a\0b", 3),
         "package name 'a\\x00b' has '\\x00'; only 'a-z', '0-9', '.', '_' and '-' may stand in a name"},
        {"-a", "package name '-a' must begin with a letter or a digit"},
        {"..", "package name '..' must begin with a letter or a digit"},
        {"a.", "package name 'a.' must end with a letter or a digit"},
        {"a-", "package name 'a-' must end with a letter or a digit"},
        {"a._b", "package name 'a._b' has two separators in a row, '._'; write one"},
        {"a--b", "package name 'a--b' has two separators in a row, '--'; write one"},
    };
    for (const auto& [name, sentence] : rows) {
      CPPUNIT_ASSERT_EQUAL(sentence, refusal(name));
      CPPUNIT_ASSERT_MESSAGE(name, !is_package_name(name));
    }
    CPPUNIT_ASSERT(refusal(std::string(65, 'x')).ends_with(" is longer than 64 characters"));
    CPPUNIT_ASSERT(refusal("größe").find("only 'a-z'") != std::string::npos);
  }
  void names_that_look_alike_share_a_key() {
    for (const char* name : {"my-lib", "my_lib", "my.lib", "mylib", "my1ib", "myl1b", "myiib"})
      CPPUNIT_ASSERT_EQUAL(std::string("myiib"), confusion_key(name));
    CPPUNIT_ASSERT_EQUAL(confusion_key("foo"), confusion_key("f0-o"));
    CPPUNIT_ASSERT(confusion_key("mylib") != confusion_key("mylibs"));
  }
  void route_words_and_devices_are_reserved() {
    for (const char* name :
         {"publish", "trending", "recent", "popular", "categories", "Publish", "nul", "con.lib"})
      CPPUNIT_ASSERT_MESSAGE(name, is_always_reserved(name));
    for (const char* name : {"publisher", "recent-things", "geo-kit", "console"})
      CPPUNIT_ASSERT_MESSAGE(name, !is_always_reserved(name));
  }
  void knows_windows_device_names_as_windows_does() {
    for (const char* name : {"con", "CON", "Prn.txt", "aux.tar.gz", "nul .txt", "com1", "COM9.h", "lpt5",
                             "com\xc2\xb9", "lpt\xc2\xb2.x", "com\xc2\xb3", "conin$", "CONOUT$"})
      CPPUNIT_ASSERT_MESSAGE(name, is_windows_device_name(name));
    for (const char* name : {"", "con1", "com", "com0", "com10", "lptx", "nulls", "x.con", " con"})
      CPPUNIT_ASSERT_MESSAGE(name, !is_windows_device_name(name));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NameTest);
