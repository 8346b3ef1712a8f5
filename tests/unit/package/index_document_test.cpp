// SPDX-License-Identifier: MIT
#include "libwharf/package/index_document.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <functional>

#include "libwharf/base/error.hpp"

using namespace wharf;

class IndexDocumentTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(IndexDocumentTest);
  CPPUNIT_TEST(holds_every_documented_field);
  CPPUNIT_TEST(an_empty_document_has_arrays_and_nulls);
  CPPUNIT_TEST(a_quarantine_hides_everything_but_the_reason);
  CPPUNIT_TEST(versions_stand_in_precedence_order_however_they_came);
  CPPUNIT_TEST(reads_back_what_it_rendered_in_either_order);
  CPPUNIT_TEST(an_event_changes_what_it_says);
  CPPUNIT_TEST(an_event_applied_twice_changes_nothing);
  CPPUNIT_TEST(resuming_gives_the_bytes_of_starting_over);
  CPPUNIT_TEST(changes_to_versions_that_are_not_there_do_nothing);
  CPPUNIT_TEST(vais_can_decode_both_orders);
  CPPUNIT_TEST(what_is_not_ours_is_an_internal_error);
  CPPUNIT_TEST_SUITE_END();

  static Manifest manifest(const std::string& version, const std::string& description = "Shapes") {
    return parse_manifest("wharf.json", R"({"name": "geo", "version": ")" + version +
                                            R"(", "description": ")" + description + R"(",
      "license": "MIT", "authors": ["Ada"], "keywords": ["maps"], "categories": ["science"], "homepage": "https://example.org/h",
      "repository": "https://example.org/r", "documentation": "https://example.org/d",
      "dependencies": {"num": "1.2", "opt": {"version": "=1.0.0", "optional": true, "features": ["x"], "target": "unix"}},
      "dev-dependencies": {"check": "*"}})");
  }
  static IndexEntry entry(const std::string& version) {
    return index_entry(manifest(version), std::string(64, 'a'), 1234, "2026-01-31T10:00:00Z");
  }
  static std::string event(const std::string& action, const std::string& version,
                           const std::string& description, const std::string& reason = "null") {
    json::Writer writer;
    writer.begin_object().member("action", action).member("package", "geo").member("version", version);
    writer.key("reason").raw(reason);
    writer.key("metadata").begin_object().member("created_at", "2026-01-01T00:00:00Z");
    write_metadata_members(writer, metadata_of(manifest(version, description)));
    writer.end_object();
    if (action == "publish") {
      writer.key("entry");
      write_index_entry(writer, entry(version));
    }
    writer.end_object();
    return json::canonical(json::parse(writer.text()).root());
  }
  static void apply(IndexDocument& index, std::uint64_t seq, const std::string& body) {
    const auto document = json::parse(body);
    index.apply_event(seq, document.root());
  }
  static std::vector<std::string> events() {
    return {event("publish", "1.0.0", "one"),      event("publish", "2.0.0", "two"),
            event("publish", "2.1.0-rc.1", "two"), event("yank", "2.0.0", "one", "\"it \\\"broke\\\"\""),
            event("owner-add", "1.0.0", "one"),    event("unyank", "2.0.0", "two"),
            event("remove", "2.1.0-rc.1", "two"),  event("publish", "1.0.1", "two")};
  }
  static std::string order_of(const IndexDocument& index) {
    std::string out;
    for (const auto& one : index.versions()) out += (out.empty() ? "" : " ") + one.version.text();
    return out;
  }
  static std::string internal_detail(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      CPPUNIT_ASSERT(error.code() == Code::internal_error);
      return error.detail();
    }
    return "accepted";
  }

 public:
  void holds_every_documented_field() {
    IndexDocument index("geo");
    IndexEntry yanked = entry("1.0.0+b");
    yanked.yanked = true;
    yanked.yank_reason = "broken";
    index.apply_publish(yanked);
    index.set_metadata(metadata_of(manifest("1.0.0")));
    index.set_revision(42);
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            R"({"name":"geo","description":"Shapes","license":"MIT","homepage":"https://example.org/h",)"
            R"("repository":"https://example.org/r","documentation":"https://example.org/d","keywords":["maps"],)"
            R"("categories":["science"],"authors":["Ada"],"revision":42,"quarantined":null,"versions":[{"version":"1.0.0+b",)"
            R"("checksum":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":1234,)"
            R"("dependencies":{"num":{"req":"^1.2.0","features":[],"optional":false,"target":null},)"
            R"("opt":{"req":"=1.0.0","features":["x"],"optional":true,"target":"unix"}},)"
            R"("dev_dependencies":{"check":{"req":">=0.0.0","features":[],"optional":false,"target":null}},)"
            R"("yanked":true,"yank_reason":"broken","published_at":"2026-01-31T10:00:00Z",)"
            R"("download_url":"https://pkg.example.org/api/v1/packages/geo/1.0.0+b/download"}]})"),
        index.render("https://pkg.example.org/"));
    CPPUNIT_ASSERT(index.render("").ends_with(R"("download_url":null}]})"));
  }
  void an_empty_document_has_arrays_and_nulls() {
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            R"({"name":"geo","description":null,"license":null,"homepage":null,"repository":null,)"
            R"("documentation":null,"keywords":[],"categories":[],"authors":[],"revision":0,"quarantined":null,"versions":[]})"),
        IndexDocument("geo").render("https://pkg.example.org"));
  }
  void a_quarantine_hides_everything_but_the_reason() {
    IndexDocument index("geo");
    std::uint64_t seq = 10;
    for (const auto& body : events()) apply(index, ++seq, body);
    const std::string before = index.render("https://pkg.example.org");
    apply(index, ++seq,
          R"({"action":"quarantine","at":"2026-02-01T10:00:00Z","package":"geo","reason":"steals \"keys\"",)"
          R"("metadata":null,"version":null})");
    const std::string hidden =
        R"({"name":"geo","description":null,"license":null,"homepage":null,"repository":null,)"
        R"("documentation":null,"keywords":[],"categories":[],"authors":[],"revision":19,)"
        R"("quarantined":{"reason":"steals \"keys\"","at":"2026-02-01T10:00:00Z"},"versions":[]})";
    CPPUNIT_ASSERT_EQUAL(hidden, index.render("https://pkg.example.org"));
    CPPUNIT_ASSERT_EQUAL(hidden,
                         IndexDocument::from_json(hidden).render("", IndexDocument::Order::newest_first));
    apply(index, ++seq, event("unyank", "2.0.0", "two"));
    CPPUNIT_ASSERT_MESSAGE("what happens meanwhile shows nothing",
                           index.render("").ends_with("\"versions\":[]}"));
    apply(index, ++seq, event("release", "1.0.0", "two"));
    auto after = index.render("https://pkg.example.org");
    after.replace(after.find("\"revision\":21"), 13, "\"revision\":18");
    CPPUNIT_ASSERT_EQUAL(before, after);
  }
  void versions_stand_in_precedence_order_however_they_came() {
    IndexDocument index("geo");
    for (const char* version : {"1.10.0", "1.0.0", "2.0.0", "1.0.0-rc.1", "1.9.0", "1.0.0-rc.11"})
      index.apply_publish(entry(version));
    index.apply_publish(entry("1.9.0"));
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0-rc.1 1.0.0-rc.11 1.0.0 1.9.0 1.10.0 2.0.0"), order_of(index));
    CPPUNIT_ASSERT(index.find(parse_version("1.9.0")));
    CPPUNIT_ASSERT(!index.find(parse_version("1.9.1")));
    CPPUNIT_ASSERT(!index.find(parse_version("9.9.9")));
    const std::string newest_first = index.render("", IndexDocument::Order::newest_first);
    CPPUNIT_ASSERT(newest_first.find("\"2.0.0\"") < newest_first.find("\"1.10.0\""));
    CPPUNIT_ASSERT(newest_first.find("\"1.0.0\"") < newest_first.find("\"1.0.0-rc.11\""));
  }
  void reads_back_what_it_rendered_in_either_order() {
    IndexDocument index("geo");
    std::uint64_t seq = 10;
    for (const auto& body : events()) apply(index, ++seq, body);
    const std::string text = index.render("https://pkg.example.org");
    for (const auto order : {IndexDocument::Order::ascending, IndexDocument::Order::newest_first}) {
      const IndexDocument again =
          IndexDocument::from_json(index.render("https://elsewhere.example.org", order));
      CPPUNIT_ASSERT_EQUAL(text, again.render("https://pkg.example.org"));
      CPPUNIT_ASSERT(again.versions() == index.versions());
      CPPUNIT_ASSERT(again.metadata() == index.metadata());
    }
  }
  void an_event_changes_what_it_says() {
    IndexDocument index("geo");
    const auto bodies = events();
    const auto description = [&] { return index.metadata().description.value_or("none"); };
    apply(index, 5, bodies[0]);
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), order_of(index));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, index.revision());
    CPPUNIT_ASSERT_EQUAL(std::string("one"), description());
    apply(index, 7, bodies[1]);
    apply(index, 8, bodies[2]);
    CPPUNIT_ASSERT_EQUAL(std::string("two"), description());
    apply(index, 9, bodies[3]);
    const auto* two = index.find(parse_version("2.0.0"));
    CPPUNIT_ASSERT(two->yanked);
    CPPUNIT_ASSERT_EQUAL(std::string("it \"broke\""), two->yank_reason.value());
    CPPUNIT_ASSERT_EQUAL(std::string("one"), description());
    apply(index, 12, bodies[4]);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{12}, index.revision());
    apply(index, 13, bodies[5]);
    CPPUNIT_ASSERT(!two->yanked && !two->yank_reason);
    apply(index, 14, bodies[6]);
    CPPUNIT_ASSERT_EQUAL(std::string("1.0.0 2.0.0"), order_of(index));
    apply(index, 15, R"({"action":"remove","package":"geo","version":"2.0.0","metadata":null})");
    CPPUNIT_ASSERT(index.metadata() == PackageMetadata());
  }
  void an_event_applied_twice_changes_nothing() {
    IndexDocument index("geo");
    const auto bodies = events();
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      apply(index, i + 1, bodies[i]);
      const std::string once = index.render("");
      for (std::size_t back = 0; back <= i; ++back) apply(index, back + 1, bodies[back]);
      CPPUNIT_ASSERT_EQUAL(once, index.render(""));
    }
  }
  void resuming_gives_the_bytes_of_starting_over() {
    const auto bodies = events();
    IndexDocument whole("geo");
    for (std::size_t i = 0; i < bodies.size(); ++i) apply(whole, i + 1, bodies[i]);
    for (std::size_t stop = 0; stop <= bodies.size(); ++stop) {
      IndexDocument first("geo");
      for (std::size_t i = 0; i < stop; ++i) apply(first, i + 1, bodies[i]);
      IndexDocument second = IndexDocument::from_json(first.render("https://pkg.example.org"));
      for (std::size_t i = stop; i < bodies.size(); ++i) apply(second, i + 1, bodies[i]);
      CPPUNIT_ASSERT_EQUAL(whole.render("https://pkg.example.org"), second.render("https://pkg.example.org"));
    }
  }
  void changes_to_versions_that_are_not_there_do_nothing() {
    IndexDocument index("geo");
    index.apply_publish(entry("1.0.0"));
    const std::string before = index.render("");
    for (const char* version : {"0.9.0", "1.0.0+b", "1.0.1"}) {
      index.apply_yank(parse_version(version), true, "x");
      index.apply_remove(parse_version(version));
    }
    CPPUNIT_ASSERT_EQUAL(before, index.render(""));
  }
  // The fields that Vais's client decodes: none of those that may be missing may be null.
  void vais_can_decode_both_orders() {
    IndexDocument index("geo");
    std::uint64_t seq = 0;
    for (const auto& body : events()) apply(index, ++seq, body);
    index.apply_publish(index_entry(parse_manifest("wharf.json", R"({"name": "geo", "version": "0.1.0"})"),
                                    "00", 0, "2026-01-31T10:00:00Z"));
    index.set_metadata({});
    for (const auto order : {IndexDocument::Order::ascending, IndexDocument::Order::newest_first}) {
      const auto document = json::parse(index.render("", order));
      const json::Value root = document.root();
      CPPUNIT_ASSERT(root["name"].is_string() && root["authors"].is_array() && root["keywords"].is_array());
      CPPUNIT_ASSERT_EQUAL(std::size_t{4}, root["versions"].size());
      std::size_t dependencies = 0;
      root["versions"].each([&](json::Value version) {
        CPPUNIT_ASSERT(version["version"].is_string() && version["checksum"].is_string() &&
                       version["yanked"].boolean());
        CPPUNIT_ASSERT(version["size"].integer().value() >= 0);
        CPPUNIT_ASSERT(version["dependencies"].is_object());
        version["dependencies"].each_member([&](std::string_view, json::Value one) {
          CPPUNIT_ASSERT(one["req"].is_string() && one["features"].is_array() && one["optional"].boolean());
          ++dependencies;
        });
      });
      CPPUNIT_ASSERT_EQUAL(std::size_t{6}, dependencies);
    }
  }
  void what_is_not_ours_is_an_internal_error() {
    IndexDocument index("geo");
    index.apply_publish(entry("1.0.0"));
    const std::string whole = index.render("");
    const std::pair<std::string, std::string> damages[] = {{"{", ""},
                                                           {"\"name\":\"geo\"", "\"name\":7"},
                                                           {"\"revision\":0", "\"revision\":-1"},
                                                           {"\"versions\"", "\"v\""},
                                                           {"\"1.0.0\"", "\"1.0\""},
                                                           {"\"size\":1234", "\"size\":-1"},
                                                           {"\"size\":1234", "\"size\":1.5"},
                                                           {"\"yanked\":false", "\"yanked\":null"},
                                                           {"\"dependencies\":{", "\"d\":{"},
                                                           {"\"req\":\"^1.2.0\"", "\"req\":null"}};
    for (const auto& [from, to] : damages) {
      std::string damaged = whole;
      const auto at = damaged.find(from);
      CPPUNIT_ASSERT_MESSAGE(from, at != std::string::npos);
      damaged.replace(at, from.size(), to);
      CPPUNIT_ASSERT_MESSAGE(damaged,
                             internal_detail([&] { IndexDocument::from_json(damaged); }) != "accepted");
    }
    CPPUNIT_ASSERT_EQUAL(std::string("event 1 of 'other' given to the index of 'geo'"), internal_detail([&] {
                           apply(index, 1, R"({"action":"yank","package":"other","version":"1.0.0"})");
                         }));
    CPPUNIT_ASSERT(internal_detail([&] {
                     apply(index, 1, R"({"action":"publish","package":"geo","metadata":null})");
                   }).find("'entry'") != std::string::npos);
    CPPUNIT_ASSERT(internal_detail([&] { apply(index, 1, R"({"action":"owner-add","package":"geo"})"); }) !=
                   "accepted");
    CPPUNIT_ASSERT_EQUAL(whole, index.render(""));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(IndexDocumentTest);
