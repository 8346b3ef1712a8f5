// SPDX-License-Identifier: MIT
// What people look for, and the place of what they mean, among some dozen packages of which each could be it.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "registry/search/package_terms.hpp"
#include "registry/search/searcher.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace wharf;
using namespace wharf::search;

namespace {

struct Fixture {
  const char* name;
  const char* description;
  std::vector<std::string> keywords;
  std::int64_t downloads;
  const char* readme = "";
};

const std::vector<Fixture>& packages() {
  static const std::vector<Fixture> all{
      {"tern", "Fetches files over HTTP, FTP and more", {"http", "download"}, 800'000},
      {"tern-core", "Fetches files over HTTP, FTP and more (core)", {"http", "download"}, 90},
      {"tern-lite", "Fetches files over HTTP, FTP and more, a light version", {"http"}, 20},
      {"ternary", "Balanced ternary numbers", {"mathematics"}, 400},
      {"pages-of-tern", "Tern, tern and tern again: everything about tern", {"tern"}, 3},
      {"python3-kiln", "Fast arrays of numbers", {"arrays"}, 500'000},
      {"kiln-models", "Models of clay pots for kiln", {"clay"}, 30},
      {"kiln-plot", "Plots what kiln has computed", {"plotting"}, 40},
      {"libflint", "Reads and writes the flint image format", {"image"}, 60'000},
      {"flint-viewer", "Shows flint images", {"image", "viewer"}, 200},
      {"harrow", "Scans networks for open ports", {"scanning", "security"}, 120'000},
      {"paperport", "Drives document scanners", {"scanner", "hardware"}, 70'000},
      {"netnames",
       "Looks names up in the network",
       {"dns"},
       300'000,
       "Unlike a port scanner it asks politely."},
      {"quillpad", "Small text editor for terminals", {"editor"}, 90'000},
      {"textkit", "Text processing, with an editor of tables", {"text"}, 150'000},
      {"sedge", "Edits streams of text without a window", {"text", "editing"}, 85'000},
      {"larder", "Key-value store in memory", {"database", "cache"}, 200'000},
      {"keyring", "Keeps the keys of value stores and doors", {"passwords"}, 1'500},
      {"locker", "Password manager for the desktop", {"password", "security"}, 60'000},
      {"passgen", "Generates passwords", {"password"}, 10'000},
      {"raylight", "Photorealistic raytracer", {"rendering"}, 40'000},
      {"x-rays", "Pictures of bones", {"medicine"}, 900},
      {"siteworks", "Static site generator with templates", {"web", "markdown"}, 30'000},
      {"lexgen", "Generates lexers and static tables for a site of yours", {"parser"}, 50'000},
      {"yamble", "YAML parsing and emitting", {"yaml"}, 100'000},
      {"yamble-lint", "Finds mistakes in YAML", {"yaml", "lint"}, 2'000},
      {"xmlbee", "Parser for XML documents", {"xml"}, 110'000},
      {"beehive", "Web framework", {"web", "framework"}, 250'000},
      {"beehive-auth", "Signing in, for the beehive web framework", {"web"}, 9'000},
      {"gantry", "Serves web pages; a small and fast web server", {"http", "server"}, 180'000},
      {"pagecount", "Counts the pages that a web server serves", {"statistics"}, 500},
      {"mosaic", "Shows pictures; an image viewer", {"viewer", "image"}, 65'000},
      {"docviewer",
       "Shows documents of all kinds",
       {"viewer", "documents"},
       190'000,
       "Not for one image alone."},
      {"spade", "Backs files up, encrypted and deduplicated", {"backup"}, 75'000},
      {"shovel", "Moves files in bulk", {"files"}, 210'000, "It is no backup."},
  };
  return all;
}

struct Expected {
  const char* query;
  std::size_t place;  // at the latest
  std::vector<std::string> names;
};

}  // namespace

class SearchQualityTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SearchQualityTest);
  CPPUNIT_TEST(finds_names);
  CPPUNIT_TEST(finds_what_meets_a_need);
  CPPUNIT_TEST(puts_every_package_first_by_its_own_name);
  CPPUNIT_TEST(tells_equal_texts_by_downloads);
  CPPUNIT_TEST(gains_nothing_by_repetition);
  CPPUNIT_TEST(keeps_the_best_of_very_many);
  CPPUNIT_TEST_SUITE_END();

  static void write(const Path& directory, const std::vector<Fixture>& all) {
    Xapian::WritableDatabase database((directory / "index-1").native(),
                                      Xapian::DB_CREATE | Xapian::DB_NO_SYNC | Xapian::DB_BACKEND_GLASS);
    store::JournalEvent event;
    for (const auto& one : all) {
      PackageState state;
      ++event.seq;
      event.action = "publish";
      event.version = "1.0.0";
      state.apply(event);
      PackageTexts texts;
      texts.name = one.name;
      texts.metadata.description = one.description;
      texts.metadata.keywords = one.keywords;
      texts.readme = one.readme;
      texts.downloads = one.downloads;
      texts.updated_at = 1'700'000'000'000;
      const auto document = document_of(state, texts);
      for (const auto& word : spellings_of(document)) database.add_spelling(word);
      database.add_document(document);
    }
    database.set_metadata("format", std::to_string(k_format));
    database.commit();
    database.close();
    std::filesystem::create_directory_symlink("index-1", directory / "current");
  }

  struct World {
    test::ScratchDirectory scratch;
    Searcher searcher{scratch.path()};
    explicit World(const std::vector<Fixture>& all = packages()) { write(scratch.path(), all); }
    std::vector<std::string> found(const std::string& text, std::uint64_t limit = 20) {
      Request request;
      request.text = text;
      request.limit = limit;
      std::vector<std::string> names;
      for (auto& hit : searcher.search(request).hits) names.push_back(std::move(hit.name));
      return names;
    }
    void expect(const std::vector<Expected>& all) {
      for (const auto& [query, place, wanted] : all) {
        const auto names = found(query);
        std::string answer = std::string(query) + ":";
        for (const auto& name : names) answer += " " + name;
        const auto first = std::ranges::find_first_of(names, wanted);
        CPPUNIT_ASSERT_MESSAGE(answer, static_cast<std::size_t>(first - names.begin()) < place);
      }
    }
  };

 public:
  void finds_names() {
    World().expect({{"tern", 1, {"tern"}},
                    {"kiln", 1, {"python3-kiln"}},
                    {"python kiln", 1, {"python3-kiln"}},
                    {"flint", 1, {"libflint"}},
                    {"libflint", 1, {"libflint"}},
                    {"bee hive", 1, {"beehive"}},
                    {"tern core", 1, {"tern-core"}},
                    {"terncore", 1, {"tern-core"}},
                    {"yamble lint", 1, {"yamble-lint"}},
                    {"harr", 1, {"harrow"}}});
  }
  void finds_what_meets_a_need() {
    World().expect({{"network port scanner", 1, {"harrow"}},
                    {"a tool to scan open ports", 1, {"harrow"}},
                    {"text editor", 2, {"quillpad"}},
                    {"edit text", 3, {"sedge", "quillpad"}},
                    {"key value store", 1, {"larder"}},
                    {"password manager", 1, {"locker"}},
                    {"ray tracer", 1, {"raylight"}},
                    {"static site generator", 1, {"siteworks"}},
                    {"yaml parser", 1, {"yamble"}},
                    {"parsing xml", 1, {"xmlbee"}},
                    {"web framework", 1, {"beehive"}},
                    {"a fast web server", 1, {"gantry"}},
                    {"image viewer", 1, {"mosaic"}},
                    {"how to download files over http", 1, {"tern"}},
                    {"encrypted backup of my files", 1, {"spade"}}});
  }
  void puts_every_package_first_by_its_own_name() {
    World world;
    for (const auto& one : packages())
      CPPUNIT_ASSERT_EQUAL(std::string(one.name), world.found(one.name).front());
  }
  void tells_equal_texts_by_downloads() {
    World world;
    const auto names = world.found("fetches files ftp", 3);
    CPPUNIT_ASSERT((std::vector<std::string>{"tern", "tern-core", "tern-lite"} == names));
  }
  void gains_nothing_by_repetition() {
    World world(
        {{"loud", "Moss, moss, moss and moss", {"moss"}, 10, "moss moss moss"}, {"plain", "Moss", {}, 11}});
    CPPUNIT_ASSERT_EQUAL(std::string("plain"), world.found("moss").front());
  }
  void keeps_the_best_of_very_many() {
    std::vector<std::string> names;
    for (int i = 0; i < 12'000; ++i) names.push_back("p" + std::to_string(i));
    std::vector<Fixture> all;
    for (std::size_t i = 0; i < names.size(); ++i)
      all.push_back(
          {names[i].c_str(), i == 700 ? "common, and rarest" : "common", {}, static_cast<std::int64_t>(i)});
    all.push_back({"common", "of that very name", {}, 0});
    World world(all);
    const auto found = world.found("common", 3);
    CPPUNIT_ASSERT_EQUAL(std::string("common"), found[0]);
    for (const auto i : {1u, 2u})  // half as many downloads as the most downloaded one has, at least
      CPPUNIT_ASSERT_MESSAGE(found[i], std::stoi(found[i].substr(1)) >= 6'000);
    CPPUNIT_ASSERT_EQUAL(std::string("p700"), world.found("common rarest").front());
    Request far;
    far.text = "common";
    far.offset = 10'000;
    CPPUNIT_ASSERT_EQUAL(std::size_t{20}, world.searcher.search(far).hits.size());
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SearchQualityTest);
