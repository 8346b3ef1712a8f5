// SPDX-License-Identifier: MIT
// Requirements against rows that no one here wrote, and against all real ones.
#include <cppunit/extensions/HelperMacros.h>

#include <cstdio>

#include "libwharf/base/text.hpp"
#include "libwharf/package/requirement.hpp"
#include "tests/unit/package/corpus.hpp"

using namespace wharf;

// Optimised code compares 1.16e9 pairs in a few seconds. Instrumented code takes every k_step-th requirement,
// and says so.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
constexpr std::size_t k_step = 97;
#else
constexpr std::size_t k_step = 1;
#endif

class RequirementCorpusTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RequirementCorpusTest);
  CPPUNIT_TEST(agrees_with_every_match_row);
  CPPUNIT_TEST(refuses_every_invalid_row);
  CPPUNIT_TEST(writes_every_canonical_row);
  CPPUNIT_TEST(agrees_with_every_foreign_row);
  CPPUNIT_TEST(agrees_with_every_sampled_pair_also_when_rewritten);
  CPPUNIT_TEST(agrees_with_the_full_product_by_hash);
  CPPUNIT_TEST_SUITE_END();

  // FNV-1a-64 over u32 little endian numbers.
  static std::uint64_t add_to_hash(std::uint64_t hash, std::uint32_t number) {
    for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((number >> shift) & 255)) * 0x100000001b3ull;
    return hash;
  }

 public:
  void agrees_with_every_match_row() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto rows = test::json_rows(*folder / "semver_req_match.json");
    CPPUNIT_ASSERT_EQUAL(std::size_t{213}, rows.root().size());
    rows.root().each([](json::Value row) {
      std::optional<bool> verdict;
      row.each([&](json::Value value) { verdict = value.boolean() ? value.boolean() : verdict; });
      const std::string requirement = test::column(row, 0), version = test::column(row, 1);
      CPPUNIT_ASSERT_EQUAL_MESSAGE(requirement + " and " + version, verdict.value(),
                                   parse_requirement(requirement).matches(parse_version(version)));
    });
  }
  void refuses_every_invalid_row() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto rows = test::json_rows(*folder / "semver_req_invalid.json");
    CPPUNIT_ASSERT_EQUAL(std::size_t{27}, rows.root().size());
    rows.root().each([](json::Value row) {
      const std::string text = test::column(row, 0);
      CPPUNIT_ASSERT_MESSAGE(wharf::quoted(text), !Requirement::from(text));
    });
  }
  void writes_every_canonical_row() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto rows = test::json_rows(*folder / "semver_req_canonical.json");
    CPPUNIT_ASSERT_EQUAL(std::size_t{76}, rows.root().size());
    std::size_t compared = 0;
    rows.root().each([&](json::Value row) {
      const std::string text = test::column(row, 0);
      const auto requirement = Requirement::from(text);
      CPPUNIT_ASSERT_MESSAGE(text, requirement);
      bool only_parses = false;  // null stands where a row gives no text
      row.each([&](json::Value value) { only_parses |= value.is_null(); });
      if (only_parses) return;
      CPPUNIT_ASSERT_EQUAL_MESSAGE(text, test::column(row, 1), requirement->text());
      ++compared;
    });
    CPPUNIT_ASSERT_EQUAL(std::size_t{20}, compared);
  }
  void agrees_with_every_foreign_row() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto rows = test::json_rows(*folder / "foreign_req_rows.json");
    CPPUNIT_ASSERT_EQUAL(std::size_t{417}, rows.root().size());
    rows.root().each([](json::Value row) {
      const std::string text = test::column(row, 0), against = test::column(row, 1);
      const auto requirement = Requirement::from(text);
      const auto version = Version::from(against);
      const std::string verdict = !requirement                     ? "BADREQ"
                                  : !version                       ? "BADVER"
                                  : requirement->matches(*version) ? "1"
                                                                   : "0";
      CPPUNIT_ASSERT_EQUAL_MESSAGE(wharf::quoted(text) + " and " + wharf::quoted(against),
                                   test::column(row, 3), verdict);
    });
  }
  void agrees_with_every_sampled_pair_also_when_rewritten() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    const auto lines = test::gzip_lines(*folder / "crates_req_sample.tsv.gz");
    CPPUNIT_ASSERT_EQUAL(std::size_t{256430}, lines.size());
    for (const auto& line : lines) {
      const auto columns = split(line, '\t');
      const auto requirement = parse_requirement(columns[0]);
      const auto version = parse_version(columns[1]);
      const bool expected = columns[2] == "1";
      if (requirement.matches(version) != expected) CPPUNIT_FAIL(line);
      const auto rewritten = parse_requirement(requirement.portable_text());
      if (rewritten.matches(version) != expected) CPPUNIT_FAIL(line + " as " + rewritten.text());
      if (parse_requirement(requirement.text()).text() != requirement.text())
        CPPUNIT_FAIL(requirement.text());
      for (const auto& c : rewritten.comparators()) CPPUNIT_ASSERT_MESSAGE(line, c.patch);
    }
  }
  void agrees_with_the_full_product_by_hash() {
    const auto folder = test::semver_corpus();
    if (!folder) return;
    std::vector<Version> versions;
    for (const auto& line : test::text_lines(*folder / "crates_versions.txt"))
      versions.push_back(parse_version(line));
    CPPUNIT_ASSERT_EQUAL(std::size_t{40114}, versions.size());
    const auto lines = test::gzip_lines(*folder / "crates_req_full.tsv.gz");
    CPPUNIT_ASSERT_EQUAL(std::size_t{29018}, lines.size());
    if (k_step > 1)
      std::printf(
          "note: this build is instrumented or not optimised; the full product takes one requirement in "
          "%zu\n",
          k_step);
    for (std::size_t i = 0; i < lines.size(); i += k_step) {
      const auto columns = split(lines[i], '\t');
      const auto requirement = parse_requirement(columns[0]);
      std::uint64_t count = 0, hash = 0xcbf29ce484222325ull;
      for (std::uint32_t number = 0; number < versions.size(); ++number)
        if (requirement.matches(versions[number])) {
          ++count;
          hash = add_to_hash(hash, number);
        }
      char found[64];
      std::snprintf(found, sizeof found, "%llu\t%016llx", static_cast<unsigned long long>(count),
                    static_cast<unsigned long long>(hash));
      if (found != std::string(columns[1]) + "\t" + std::string(columns[2]))
        CPPUNIT_FAIL("'" + lines[i] + "' but found " + found);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RequirementCorpusTest);
