// SPDX-License-Identifier: MIT
#include "registry/services/package_document.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include "libwharf/base/error.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"

using namespace wharf;

class PackageDocumentTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PackageDocumentTest);
  CPPUNIT_TEST(is_one_json_object_whatever_the_texts_hold);
  CPPUNIT_TEST(changing_one_version_leaves_the_others_alone);
  CPPUNIT_TEST(tells_versions_apart_by_their_build_metadata);
  CPPUNIT_TEST(counts_are_filled_in_where_they_belong);
  CPPUNIT_TEST(a_damaged_document_is_noticed);
  CPPUNIT_TEST(the_first_owner_is_the_owner);
  CPPUNIT_TEST(several_authors_become_one_text);
  CPPUNIT_TEST_SUITE_END();

  static store::VersionRow row(std::string version, store::VersionState state = store::VersionState::active) {
    store::VersionRow row;
    row.version = std::move(version);
    row.digest = std::string(64, 'a');
    row.size = 7;
    row.dialect = "native";
    row.state = state;
    row.published_by = "ada";
    row.published_at = *from_rfc3339("2026-01-31T10:00:00Z");
    return row;
  }
  static Manifest manifest(std::string description = "d") {
    Manifest manifest;
    manifest.name = "kit";
    manifest.version = "1.0.0";
    manifest.description = std::move(description);
    manifest.dependencies = {{.name = "downloads",
                              .requirement = "^1.0.0",
                              .kind = Dependency::Kind::normal,
                              .target = {},
                              .features = {}},
                             {.name = "version",
                              .requirement = "*",
                              .kind = Dependency::Kind::dev,
                              .optional = true,
                              .target = "x",
                              .features = {"f"}}};
    return manifest;
  }
  static PackageHead head(const PackageDocument& document) {
    PackageHead head;
    head.name = "kit";
    head.manifest = manifest("two\nlines, a \"quote\", {\"downloads\":0,\"version\":\"9.9.9\" and \u00e4");
    head.latest_version = document.latest_version();
    return head;
  }
  static std::string order(std::string_view text) {
    std::string all;
    const auto parsed = json::parse(text);
    parsed.root()["versions"].each(
        [&](json::Value version) { all += std::string(*version["version"].string()) + " "; });
    return all;
  }

 public:
  void is_one_json_object_whatever_the_texts_hold() {
    PackageDocument document("");
    auto yanked = row("2.0.0", store::VersionState::yanked);
    yanked.yank_reason = "say \"no\",\"yanked\":false,\n{\"downloads\":0,\"version\":\"7.7.7\"";
    document.put("kit", row("1.0.0"), manifest());
    document.put("kit", yanked, manifest());
    const std::string text = document.render(head(document));
    CPPUNIT_ASSERT_EQUAL(std::string("2.0.0 1.0.0 "), order(text));
    PackageDocument again(text);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, again.size());
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), *again.latest_version());
    CPPUNIT_ASSERT_EQUAL(text, again.render(head(again)));
    const auto parsed = json::parse(text);
    std::string reason;
    parsed.root()["versions"].each([&](json::Value v) { reason += v["yank_reason"].string().value_or(""); });
    CPPUNIT_ASSERT_EQUAL(*yanked.yank_reason, reason);
  }

  void changing_one_version_leaves_the_others_alone() {
    PackageDocument document("");
    for (const char* version : {"1.0.0", "1.2.0", "1.10.0", "1.1.0-rc.1"})
      document.put("kit", row(version), manifest());
    const std::string before = document.render(head(document));
    PackageDocument changed(before);
    changed.erase("1.2.0");
    changed.erase("no version");
    changed.put("kit", row("1.2.0"), manifest());
    CPPUNIT_ASSERT_EQUAL(before, changed.render(head(changed)));
    CPPUNIT_ASSERT_EQUAL(std::string("1.10.0 1.2.0 1.1.0-rc.1 1.0.0 "), order(before));
  }

  void tells_versions_apart_by_their_build_metadata() {
    PackageDocument document("");
    document.put("kit", row("1.0.0+a"), manifest());
    document.put("kit", row("1.0.0+a"), manifest());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, document.size());
    document.erase("1.0.0");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, document.size());
    document.erase("1.0.0+a");
    CPPUNIT_ASSERT(!document.latest_version() && !document.speaking_version());
  }

  void counts_are_filled_in_where_they_belong() {
    PackageDocument document("");
    document.put("kit", row("1.0.0"), manifest());
    document.put("kit", row("2.0.0"), manifest());
    const std::string text = document.render(head(document));
    CPPUNIT_ASSERT_EQUAL(text, with_downloads(text, {}));
    DownloadCounts counts;
    counts.total = 12;
    counts.week = 3;
    counts.month = 5;
    counts.versions = {{"1.0.0", 12}};
    const auto parsed = json::parse(with_downloads(text, counts));
    const auto root = parsed.root();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, *root["downloads"]["total"].integer());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, *root["downloads"]["week"].integer());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, *root["total_downloads"].integer());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, *root["downloads_last_month"].integer());
    std::string seen;
    root["versions"].each([&](json::Value version) {
      seen += std::string(*version["version"].string()) + "=" +
              std::to_string(*version["downloads"].integer()) + " ";
    });
    CPPUNIT_ASSERT_EQUAL(std::string("2.0.0=0 1.0.0=12 "), seen);
    // All else is as it was.
    const auto plain = json::parse(text);
    root.each_member([&](std::string_view key, json::Value value) {
      if (key.find("downloads") == key.npos && key != "versions")
        CPPUNIT_ASSERT_EQUAL(json::canonical(plain.root()[key]), json::canonical(value));
    });
  }

  void a_damaged_document_is_noticed() {
    DownloadCounts counts;
    counts.total = 1;
    CPPUNIT_ASSERT_THROW(with_downloads("{}", counts), Error);
    CPPUNIT_ASSERT_THROW(PackageDocument("{\"downloads\":0,\"name\":\"x\"}"), Error);
    CPPUNIT_ASSERT_THROW(PackageDocument("{\"downloads\":0,\"version\":\"x\"}"), Error);
  }

  void the_first_owner_is_the_owner() {
    PackageDocument document("");
    auto shown = head(document);
    const Time early = *from_rfc3339("2026-01-01T00:00:00Z"), late = *from_rfc3339("2026-01-02T00:00:00Z");
    shown.owners = {{1, "ada", "maintainer", early}, {2, "bob", "owner", late}, {3, "eve", "owner", early}};
    const auto parsed = json::parse(document.render(shown));
    CPPUNIT_ASSERT_EQUAL(std::string("eve"), std::string(*parsed.root()["owner"]["username"].string()));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, parsed.root()["owners"].size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, parsed.root()["versions"].size());
  }

  void several_authors_become_one_text() {
    CPPUNIT_ASSERT(!author_text({}));
    CPPUNIT_ASSERT_EQUAL(std::string("Ada"), *author_text({"Ada"}));
    CPPUNIT_ASSERT_EQUAL(std::string("Ada, Bob"), *author_text({"Ada", "Bob"}));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PackageDocumentTest);
