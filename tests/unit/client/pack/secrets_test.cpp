// SPDX-License-Identifier: MIT
#include "client/pack/secrets.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>

#include "libwharf/base/file.hpp"
#include "libwharf/crypto/token.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::client;

class SecretsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SecretsTest);
  CPPUNIT_TEST(knows_names_that_give_secrets_away);
  CPPUNIT_TEST(leaves_innocent_names_alone);
  CPPUNIT_TEST(finds_tokens_and_keys_inside);
  CPPUNIT_TEST(leaves_innocent_content_alone);
  CPPUNIT_TEST(finds_what_lies_across_the_pieces_that_are_read);
  CPPUNIT_TEST_SUITE_END();

  static std::string pem(const std::string& kind, const std::string& body = std::string(64, 'M')) {
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }
  static bool is_secret(const std::string& content, const char* path = "src/main.c") {
    const test::ScratchDirectory scratch;
    write_file_durably(scratch.path() / "file", content);
    return secret_inside(open_file(scratch.path() / "file", O_RDONLY).get(), path).has_value();
  }

 public:
  void knows_names_that_give_secrets_away() {
    for (const char* path :
         {".env", ".env.production", ".envrc", "conf/.env", ".npmrc", "a/.netrc", "id_rsa", "keys/id_ed25519",
          "credentials", "credentials.json", "x/credentials.toml", "key.ppk", "store.p12", "ID_RSA"})
      CPPUNIT_ASSERT_MESSAGE(path, secret_by_name(path));
  }

  void leaves_innocent_names_alone() {
    for (const char* path : {".env.example", "env", "src/environment.c", "credentials.c", "id_rsa.pub",
                             "id_rsa.c", "npmrc.md", "credentials/readme.md"})
      CPPUNIT_ASSERT_MESSAGE(path, !secret_by_name(path));
  }

  void finds_tokens_and_keys_inside() {
    const std::string aws = std::string("AKIA") + "J2QXZ3KV7M5NWPRT";
    for (const auto& content :
         {"token = \"" + make_api_token() + "\"", make_api_token(), "x " + aws + ";",
          "vais_" + std::string(64, 'a'), "ghp_" + std::string(36, 'b'), "npm_" + std::string(36, 'c'),
          pem("PRIVATE KEY"), pem("RSA PRIVATE KEY"), pem("OPENSSH PRIVATE KEY"),
          pem("PGP PRIVATE KEY BLOCK"),
          "\"" + std::string("-----BEGIN ") + "PRIVATE KEY-----\\n" + std::string(64, 'M') + "\\n\"",
          pem("RSA PRIVATE KEY",
              "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + std::string(64, 'M'))})
      CPPUNIT_ASSERT_MESSAGE(content, is_secret(content));
    CPPUNIT_ASSERT(is_secret(std::string("-----BEGIN ") + "PRIVATE KEY-----\nshort\n", "server.pem"));
  }

  void leaves_innocent_content_alone() {
    for (const auto& content :
         {std::string("wharf_") + std::string(49, 'a'), "x" + make_api_token(),
          std::string("AKIAIOSFODNN7EXAMPLE"), std::string("AKIA is four letters"), pem("PUBLIC KEY"),
          pem("CERTIFICATE"), std::string("if (line == \"-----BEGIN PRIVATE KEY-----\") return;"),
          std::string("vais_packages"), std::string()})
      CPPUNIT_ASSERT_MESSAGE(content, !is_secret(content));
    CPPUNIT_ASSERT(!is_secret(pem("CERTIFICATE"), "server.pem"));
  }

  void finds_what_lies_across_the_pieces_that_are_read() {
    const std::string token = make_api_token();
    for (const std::size_t before : {(1u << 20) - 600, (1u << 20) - 513, (1u << 20) - 512, (1u << 20) - 511,
                                     (1u << 20) - 20, 1u << 20, 3u << 20}) {
      const std::string filler(before, ' ');
      CPPUNIT_ASSERT_MESSAGE(std::to_string(before), is_secret(filler + token));
      CPPUNIT_ASSERT_MESSAGE(std::to_string(before), is_secret(filler + token + filler));
      CPPUNIT_ASSERT_MESSAGE(std::to_string(before), !is_secret(filler + "a" + token + filler));
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SecretsTest);
