// SPDX-License-Identifier: MIT
#include "client/registry/foresight.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "client/registry/content_range.hpp"
#include "client/registry/index_check.hpp"
#include "tests/support/error_of.hpp"

using namespace wharf;
using namespace wharf::client;

namespace {

using Needs = std::vector<std::pair<std::string, std::string>>;

IndexEntry entry(const std::string& version, const Needs& needs = {}) {
  IndexEntry one;
  one.version = parse_version(version);
  one.checksum = std::string(64, 'a');
  one.size = 1;
  one.published_at = "2026-01-31T10:00:00Z";
  for (const auto& [name, requirement] : needs) {
    Dependency& dependency = one.dependencies.emplace_back();
    dependency.name = name;
    dependency.requirement = requirement;
  }
  return one;
}

IndexDocument document(const std::string& name, std::vector<IndexEntry> entries) {
  IndexDocument made(name);
  for (auto& one : entries) made.apply_publish(std::move(one));
  return made;
}

std::string joined(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

std::string refusal(const std::string& text) {
  try {
    read_index_document("https://a.example", "fog", text);
  } catch (const Error& error) {
    return error.public_message();
  }
  return "none";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace

class ForesightTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ForesightTest);
  CPPUNIT_TEST(follows_the_newest_version_that_fits);
  CPPUNIT_TEST(without_a_requirement_the_newest_release_counts);
  CPPUNIT_TEST(a_document_may_come_before_the_wish_or_after_it);
  CPPUNIT_TEST(each_name_is_said_once_and_cycles_end);
  CPPUNIT_TEST(a_newer_document_takes_the_place_of_the_cached_one);
  CPPUNIT_TEST(strangers_documents_are_looked_through);
  CPPUNIT_TEST(the_resolver_gets_what_it_needs);
  CPPUNIT_TEST(parts_of_bodies_are_read_strictly);
  CPPUNIT_TEST_SUITE_END();

 public:
  void follows_the_newest_version_that_fits() {
    const auto fog = document("fog", {entry("1.0.0", {{"old", "*"}}), entry("1.2.0", {{"mist", "*"}}),
                                      entry("2.0.0", {{"new", "*"}})});
    Foresight foresight;
    foresight.want("fog", "^1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("fog"), joined(foresight.take()));
    foresight.learn("fog", fog);
    CPPUNIT_ASSERT_EQUAL(std::string("mist"), joined(foresight.take()));
    // Another one's wish leads to another version.
    foresight.want("fog", "^2.0.0");
    CPPUNIT_ASSERT_EQUAL(std::string("new"), joined(foresight.take()));
  }

  void without_a_requirement_the_newest_release_counts() {
    auto yanked = entry("2.0.0", {{"yanked", "*"}});
    yanked.yanked = true;
    const auto fog =
        document("fog", {entry("1.0.0", {{"mist", "*"}}), yanked, entry("3.0.0-rc.1", {{"next", "*"}})});
    Foresight foresight;
    foresight.want("fog");
    foresight.take();
    foresight.learn("fog", fog);
    CPPUNIT_ASSERT_EQUAL(std::string("mist"), joined(foresight.take()));
  }

  void a_document_may_come_before_the_wish_or_after_it() {
    const auto mist = document("mist", {entry("1.0.0", {{"dew", "^1.0.0"}}), entry("2.0.0", {{"ice", "*"}})});
    const auto fog = document("fog", {entry("1.0.0", {{"mist", "^1.0.0"}})});
    Foresight foresight;
    foresight.learn("mist", mist);
    CPPUNIT_ASSERT_EQUAL(std::string("ice"), joined(foresight.take()));
    foresight.want("fog");
    foresight.learn("fog", fog);
    CPPUNIT_ASSERT_EQUAL(std::string("dew fog"), joined(foresight.take()));
  }

  void each_name_is_said_once_and_cycles_end() {
    const auto fog = document("fog", {entry("1.0.0", {{"mist", "*"}, {"fog", "*"}})});
    const auto mist = document("mist", {entry("1.0.0", {{"fog", "*"}})});
    Foresight foresight;
    foresight.want("fog");
    foresight.want("fog");
    foresight.learn("fog", fog);
    foresight.learn("mist", mist);
    CPPUNIT_ASSERT_EQUAL(std::string("fog mist"), joined(foresight.take()));
    foresight.want("mist");
    CPPUNIT_ASSERT_EQUAL(std::string(), joined(foresight.take()));
  }

  void a_newer_document_takes_the_place_of_the_cached_one() {
    const auto cached = document("fog", {entry("1.0.0", {{"mist", "*"}})});
    const auto fresh = document("fog", {entry("1.0.0", {{"mist", "*"}}), entry("1.1.0", {{"dew", "*"}})});
    Foresight foresight;
    foresight.want("fog");
    foresight.learn("fog", cached);
    foresight.take();
    foresight.learn("fog", fresh);
    CPPUNIT_ASSERT_EQUAL(std::string("dew"), joined(foresight.take()));
  }

  void strangers_documents_are_looked_through() {
    const auto good = document("fog", {entry("1.0.0"), entry("1.1.0")}).render("");
    CPPUNIT_ASSERT_EQUAL(std::string("none"), refusal(good));
    for (const std::string bad : {"", "{", "[]", "{}", "<html>", R"({"name":"fog","versions":7})"})
      CPPUNIT_ASSERT_MESSAGE(bad, holds(refusal(bad), "is damaged, or no index document at all"));
    CPPUNIT_ASSERT(holds(refusal(document("mist", {}).render("")), "is that of 'mist'"));

    auto crooked = entry("1.0.0");
    crooked.checksum = "../../../../etc/passwd";
    CPPUNIT_ASSERT(
        holds(refusal(document("fog", {crooked}).render("")), "no proper checksum for version 1.0.0"));
    crooked.checksum = std::string(64, 'A');
    CPPUNIT_ASSERT(holds(refusal(document("fog", {crooked}).render("")), "no proper checksum"));
    auto huge = entry("1.0.0");
    huge.size = std::uint64_t{1} << 50;
    CPPUNIT_ASSERT(holds(refusal(document("fog", {huge}).render("")), "an impossible size"));
    // Two versions that are one but for their build metadata.
    CPPUNIT_ASSERT(holds(refusal(document("fog", {entry("1.0.0+a"), entry("1.0.0+b")}).render("")),
                         "has version 1.0.0+b twice"));
  }

  void the_resolver_gets_what_it_needs() {
    auto one = entry("1.0.0", {{"mist", "^1.0.0"}});
    Dependency optional;
    optional.name = "maybe";
    optional.requirement = "*";
    optional.optional = true;
    Dependency dev;
    dev.name = "probe";
    dev.requirement = "*";
    dev.kind = Dependency::Kind::dev;
    one.dependencies.push_back(optional);
    one.dependencies.push_back(dev);
    auto yanked = entry("0.9.0");
    yanked.yanked = true;
    auto fog = document("fog", {one, yanked});
    const auto candidates = candidates_of(fog);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, candidates.size());
    CPPUNIT_ASSERT_EQUAL(std::string("0.9.0"), candidates[0].version.text());
    CPPUNIT_ASSERT(candidates[0].yanked && !candidates[1].yanked);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, candidates[1].wants.size());
    CPPUNIT_ASSERT_EQUAL(std::string("mist"), candidates[1].wants[0].name);
    CPPUNIT_ASSERT_EQUAL(std::string("^1.0.0"), candidates[1].wants[0].requirement);
    fog.set_quarantine(IndexQuarantine{"malware", "2026-01-31T10:00:00Z"});
    CPPUNIT_ASSERT(candidates_of(fog).empty());
  }

  void parts_of_bodies_are_read_strictly() {
    CPPUNIT_ASSERT((read_content_range("bytes 5-9/10") == ContentRange{5, 9, 10}));
    CPPUNIT_ASSERT((read_content_range("Bytes 0-0/*") == ContentRange{0, 0, {}}));
    for (const std::string_view bad :
         {"", "bytes", "bytes */10", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes 5-9/x",
          "bytes -5-9/10", "items 5-9/10", "bytes 5/9-10"})
      CPPUNIT_ASSERT_MESSAGE(std::string(bad), !read_content_range(bad));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ForesightTest);
