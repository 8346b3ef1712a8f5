// SPDX-License-Identifier: MIT
#include "libwharf/crypto/password.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>
#include <set>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/crypto/common_passwords.hpp"
#include "libwharf/crypto/openssl.hpp"

using namespace wharf;

namespace {

bool matches(std::string_view password, std::string_view stored) {
  return check_password(password, stored).matches;
}

std::string refusal(std::string_view password, std::string_view username = "somebody") {
  try {
    require_acceptable_password(password, username);
  } catch (const Error& error) {
    CPPUNIT_ASSERT(error.code() == Code::password_unacceptable);
    return error.public_message();
  }
  return "";
}

// Kilobytes of this process that are in memory now.
long resident_kib() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return -1;
}

}  // namespace

class PasswordTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PasswordTest);
  CPPUNIT_TEST(hashes_in_the_form_of_today_and_checks_it);
  CPPUNIT_TEST(checks_hashes_that_the_argon2_program_made);
  CPPUNIT_TEST(refuses_argon2_strings_that_are_malformed_or_too_expensive);
  CPPUNIT_TEST(checks_pbkdf2_with_the_salt_as_text);
  CPPUNIT_TEST(refuses_pbkdf2_strings_that_are_malformed_or_too_expensive);
  CPPUNIT_TEST(nothing_matches_the_impossible_hash);
  CPPUNIT_TEST(a_hash_gives_its_memory_back);
  CPPUNIT_TEST(asks_for_8_characters_and_at_most_128_bytes);
  CPPUNIT_TEST(refuses_the_user_name);
  CPPUNIT_TEST(refuses_what_everyone_tries_first);
  CPPUNIT_TEST(refuses_thousands_of_common_ones);
  CPPUNIT_TEST(accepts_passphrases_and_random_text);
  CPPUNIT_TEST(judges_the_longest_password_quickly);
  CPPUNIT_TEST(reports_what_openssl_says);
  CPPUNIT_TEST_SUITE_END();

 public:
  void hashes_in_the_form_of_today_and_checks_it() {
    const std::string password("pässwort \0 with NUL", 20), stored = hash_password(password);
    CPPUNIT_ASSERT_MESSAGE(stored, stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{31 + 22 + 1 + 43}, stored.size());
    const auto good = check_password(password, stored);
    CPPUNIT_ASSERT(good.matches && !good.outdated);
    const auto bad = check_password("pässwort ", stored);
    CPPUNIT_ASSERT(!bad.matches && !bad.outdated);
    CPPUNIT_ASSERT(hash_password(password) != stored);
  }
  void checks_hashes_that_the_argon2_program_made() {
    const auto today = check_password(
        "correct horse",
        "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHRzYWx0MTIzNA$ECcJYSkC7E+dpd6obcOMXliNRQ2OlRFT6p5daaQfBCo");
    CPPUNIT_ASSERT(today.matches && !today.outdated);
    for (const char* other :
         {"$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AdweBLwcflnNX2HVW8i1Mtu7frrn4Ki7h/rYSGuU7Is",
          "$argon2id$v=19$m=64,t=1,p=4$c2FsdHNhbHRzYWx0MTIzNA$LbjBCJQNG0Goeqs3kR+D+n4FwPOLsQBF"}) {
      const auto outdated = check_password("correct horse", other);
      CPPUNIT_ASSERT_MESSAGE(other, outdated.matches && outdated.outdated);
      const auto wrong = check_password("Correct horse", other);
      CPPUNIT_ASSERT_MESSAGE(other, !wrong.matches && !wrong.outdated);
    }
  }
  void refuses_argon2_strings_that_are_malformed_or_too_expensive() {
    const std::string tail = "$c2FsdHNhbHRzYWx0MTIzNA$LbjBCJQNG0Goeqs3kR+D+n4FwPOLsQBF",
                      good = "$argon2id$v=19$m=64,t=1,p=4" + tail;
    CPPUNIT_ASSERT(matches("correct horse", good));
    const std::vector<std::string> all_bad = {
        std::string(),
        "x" + good,
        good.substr(0, good.size() - 1),
        good + "A",
        good + "=",
        good + "$",
        good + "\n",
        good + std::string("\0", 1),
        good + std::string("\0x", 2),
        "$argon2id$v=19$m=64,t=1,p=4",
        "$argon2i$v=19$m=4096,t=3,p=1$c2FsdHNhbHRzYWx0MTIzNA$CnJfmZTCZjXMTYEIjrTTQjThxqCJC7lqtM8889M7RTY" +
            std::string(),
        "$argon2id$v=16$m=64,t=1,p=4" + tail,
        "$argon2id$m=64,t=1,p=4" + tail,
        "$argon2id$v=19$m=64,t=1" + tail,
        "$argon2id$v=19$t=1,m=64,p=4" + tail,
        "$argon2id$v=19$m=064,t=1,p=4" + tail,
        "$argon2id$v=19$m=64,t=1,p=4,x=1" + tail,
        "$argon2id$v=19$m=-64,t=1,p=4" + tail,
        "$argon2id$v=19$m=64,t=0,p=4" + tail,
        "$argon2id$v=19$m=64,t=1,p=0" + tail,
        "$argon2id$v=19$m=262145,t=1,p=4" + tail,
        "$argon2id$v=19$m=64,t=11,p=4" + tail,
        "$argon2id$v=19$m=64,t=1,p=5" + tail,
        "$argon2id$v=19$m=4294967360,t=1,p=4" + tail,
        "$argon2id$v=19$m=99999999999999999999,t=1,p=4" + tail,
        "$argon2id$v=19$m=8,t=1,p=4" + tail,
        "$argon2id$v=19$m=64,t=1,p=4$c2Fs$" + std::string("LbjBCJQNG0Goeqs3kR+D+n4FwPOLsQBF"),
        "$argon2id$v=19$m=64,t=1,p=4$" + std::string(5000, 'A') + "$LbjB",
        "$argon2id$v=19$m=64,t=1,p=4$c2FsdHNhbHRzYWx0MTIzNA$" + std::string(5000, 'A'),
        std::string("$2b$12$abcdefghijklmnopqrstuv"),
        std::string("correct horse")};
    for (const std::string& bad : all_bad) {
      const auto result = check_password("correct horse", bad);
      CPPUNIT_ASSERT_MESSAGE(bad, !result.matches && !result.outdated);
    }
  }
  void checks_pbkdf2_with_the_salt_as_text() {
    // From Python's hashlib.pbkdf2_hmac.
    const auto first = check_password("correct horse",
                                      "pbkdf2_sha256$100000$00112233445566778899aabbccddeeff$"
                                      "5788797bd00217541915bc05dec5f00379ee7a1156b24ba01dc36886c9fc9ea7");
    CPPUNIT_ASSERT(first.matches && first.outdated);
    const std::string other =
        "pbkdf2_sha256$1000$ffeeddccbbaa99887766554433221100$"
        "a716b2a09e66950b3d88ee42da95fee7d5f64293e3f4d89c78ea53f0cb371968";
    CPPUNIT_ASSERT(matches("pässwort", other));
    const auto wrong = check_password("passwort", other);
    CPPUNIT_ASSERT(!wrong.matches && !wrong.outdated);
  }
  void refuses_pbkdf2_strings_that_are_malformed_or_too_expensive() {
    const std::string hash = "a716b2a09e66950b3d88ee42da95fee7d5f64293e3f4d89c78ea53f0cb371968",
                      salt = "ffeeddccbbaa99887766554433221100";
    CPPUNIT_ASSERT(matches("pässwort", "pbkdf2_sha256$1000$" + salt + "$" + hash));
    for (const std::string& bad :
         {"pbkdf2_sha256$01000$" + salt + "$" + hash, "pbkdf2_sha256$0$" + salt + "$" + hash,
          "pbkdf2_sha256$1000001$" + salt + "$" + hash, "pbkdf2_sha256$-1$" + salt + "$" + hash,
          "pbkdf2_sha256$4294968296$" + salt + "$" + hash, "pbkdf2_sha256$1000$" + salt,
          "pbkdf2_sha256$1000$" + salt + "$" + hash + "$", "pbkdf2_sha256$1000$" + salt + "$",
          "pbkdf2_sha256$1000$" + salt + "$" + hash.substr(2),
          "pbkdf2_sha256$1000$" + salt + "$A7" + hash.substr(2), "pbkdf2_sha1$1000$" + salt + "$" + hash})
      CPPUNIT_ASSERT_MESSAGE(bad, !matches("pässwort", bad));
  }
  void nothing_matches_the_impossible_hash() {
    const std::string& impossible = impossible_password_hash();
    CPPUNIT_ASSERT_EQUAL(hash_password("x").size(), impossible.size());
    CPPUNIT_ASSERT(impossible.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
    CPPUNIT_ASSERT(!matches("", impossible) && !matches(impossible, impossible));
    CPPUNIT_ASSERT_EQUAL(&impossible, &impossible_password_hash());
  }
  void a_hash_gives_its_memory_back() {
    (void)hash_password("warm");
    const long before = resident_kib();
    for (int i = 0; i < 3; ++i) (void)hash_password("a password");
    CPPUNIT_ASSERT_MESSAGE(std::to_string(resident_kib() - before),
                           before > 0 && resident_kib() - before < 8 * 1024);
  }
  void asks_for_8_characters_and_at_most_128_bytes() {
    CPPUNIT_ASSERT_EQUAL(std::string("the password has 7 characters; expected at least 8"),
                         refusal("gr8Xpö!"));
    CPPUNIT_ASSERT_EQUAL(std::string(), refusal("gr8Xpö!?"));
    CPPUNIT_ASSERT_EQUAL(std::string("the password has 0 characters; expected at least 8"), refusal(""));
    std::string longest;
    while (longest.size() < 128) longest += "kT4v";
    CPPUNIT_ASSERT(!refusal(longest).empty());  // one piece over and over
    longest.back() = 'w';
    CPPUNIT_ASSERT_EQUAL(std::string(), refusal(longest));
    CPPUNIT_ASSERT_EQUAL(std::string("the password has 129 bytes; at most 128 are accepted"),
                         refusal(longest + "x"));
    CPPUNIT_ASSERT_EQUAL(std::string("the password is not UTF-8; expected text"), refusal("gr8Xp\xff!?ab"));
  }
  void refuses_the_user_name() {
    CPPUNIT_ASSERT_EQUAL(std::string("the password is the user name; choose another"),
                         refusal("Xantippe-Q", "xantippe-q"));
    CPPUNIT_ASSERT_EQUAL(std::string(), refusal("Xantippe-Q2", "xantippe-q"));
  }
  void refuses_what_everyone_tries_first() {
    for (const char* common :
         {"12345678",    "123456789",      "1234567890",    "0987654321",       "87654321",
          "11111111",    "00000000",       "12121212",      "123123123",        "12344321",
          "11223344",    "147258369",      "789456123",     "password",         "Password",
          "PASSWORD",    "password1",      "Password123",   "password!",        "P@ssw0rd",
          "p@$$w0rd1!",  "passw0rd",       "pa55word",      "passwort",         "1password",
          "123password", "password123456", "password2024!", "passwordpassword", "qwertyui",
          "qwertyuiop",  "qwerty12",       "qwerty123",     "Qwerty123!",       "qwerty12345",
          "123qweasd",   "qweasdzxc",      "qwer1234",      "1234qwer",         "1q2w3e4r",
          "1q2w3e4r5t",  "q1w2e3r4",       "1qaz2wsx",      "zaq12wsx",         "!QAZ2wsx",
          "qazwsx123",   "qazwsxedc",      "asdfghjk",      "asdfghjkl",        "asdf1234",
          "zxcvbnm1",    "zxcvbnm,",       "azertyui",      "abcdefgh",         "abcd1234",
          "abc12345",    "abc123abc",      "a1b2c3d4",      "aaaaaaaa",         "abababab",
          "abcabcabc",   "letmein!",       "letmein!!",     "letmein123",       "l3tm31n!",
          "iloveyou",    "iloveyou1",      "ILoveYou!",     "1loveyou",         "welcome1",
          "Welcome123",  "admin123",       "administrator", "adm1n1234",        "changeme",
          "changeme1",   "trustno1",       "superman",      "superman1",        "batman123",
          "football",    "football1",      "f00tb4ll",      "baseball",         "basketball",
          "dragon123",   "dr4g0n12",       "monkey12",      "sunshine",         "sunshine1",
          "princess",    "princess!",      "starwars",      "jennifer",         "michelle",
          "charlie1",    "jordan23",       "michael1",      "mustang1",         "mercedes",
          "computer",    "internet",       "liverpool",     "chelsea1",         "barcelona",
          "metallica",   "spiderman",      "pokemon1",      "minecraft",        "whatever",
          "trustnoone",  "1234abcd",       "testtest",      "test1234",         "tester12",
          "secret123",   "master123",      "shadow12",      "hunter12",         "01011990",
          "19851231",    "12251999",       "summer2026",    "Winter2025!",      "january1",
          "hello123",    "hallo123",       "jamesbond007",  "qwertzuiop",       "qwertz123",
          "alexander",   "ashley12"})
      CPPUNIT_ASSERT_MESSAGE(common, refusal(common).find("everyone tries first") != std::string::npos);
  }
  void refuses_thousands_of_common_ones() {
    std::set<std::string> refused;
    for (const std::string word :
         {"password", "qwerty",   "dragon",   "monkey",   "football", "baseball", "letmein", "master",
          "shadow",   "superman", "michael",  "jordan",   "jennifer", "hunter",   "buster",  "thomas",
          "charlie",  "andrew",   "daniel",   "starwars", "computer", "michelle", "jessica", "pepper",
          "freedom",  "ginger",   "princess", "joshua",   "cheese",   "amanda",   "summer",  "ashley",
          "nicole",   "chelsea",  "matthew",  "yankees",  "austin",   "access",   "welcome", "sunshine"}) {
      std::string capital = word;
      capital[0] = static_cast<char>(capital[0] - 32);
      for (const std::string& spelled : {word, capital})
        for (const std::string addition :
             {"",     "1",    "12",   "123",  "1234", "12345", "123456", "!",    "1!",
              "123!", "!!",   "@123", "#1",   "0",    "00",    "007",    "11",   "22",
              "69",   "77",   "88",   "99",   "111",  "321",   "2000",   "2010", "2020",
              "2024", "2025", "2026", "1990", "1985", "2024!", "."})
          for (const std::string& password : {spelled + addition, addition + spelled})
            if (is_common_password(password)) refused.insert(password);
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{40 * 2 * (2 * 34 - 1)}, refused.size());
  }
  void accepts_passphrases_and_random_text() {
    for (const char* good : {"correct horse battery staple",
                             "purple monkey dishwasher",
                             "passwords are hard to choose",
                             "my dog ate 3 shoes",
                             "tinfoil-gravel-oboe",
                             "blauer Elefant im Regen",
                             "ich mag Zwiebelkuchen",
                             "kT4v9QzL",
                             "x7#mQ2!p",
                             "vB3$kLw9",
                             "9f86d081884c7d65",
                             "Rk-93-pf-LL",
                             "gooseberry44tram",
                             "lovelyweatherinbergen",
                             "dragonfruit-and-rain",
                             "qwerty-is-not-dvorak",
                             "日本語のパスワード",
                             "пароль не тот",
                             "84729105",
                             "53918240",
                             "1d3ntity-cr1sis",
                             "hunter2hunter3",
                             "wharfside evening",
                             "S3ven brown owls"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(good, std::string(), refusal(good));
  }
  void judges_the_longest_password_quickly() {
    // A way of trying all divisions into runs would not come back from these.
    for (const std::string& hard :
         {std::string(126, 'a') + "-q", std::string(64, '1') + std::string(63, '2') + "x", [] {
            std::string text;
            while (text.size() < 126) text += "123321";
            return text + "-q";
          }()})
      CPPUNIT_ASSERT_EQUAL(std::string(), refusal(hard));
  }
  void reports_what_openssl_says() {
    openssl::check(1, "nothing");
    CPPUNIT_ASSERT_THROW(openssl::check(0, "something"), Error);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PasswordTest);
