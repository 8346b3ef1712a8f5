// SPDX-License-Identifier: MIT
// Edits of generated manifests: whatever they look like, one dependency changes and nothing else.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <random>

#include "libwharf/base/text.hpp"
#include "tests/unit/client/manifest/projects.hpp"

using namespace wharf;
using namespace wharf::client;
using namespace wharf::test;

namespace {

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }
  bool maybe() { return below(2) == 0; }
  template <std::size_t n>
  std::string one_of(const char* const (&texts)[n]) {
    return texts[below(n)];
  }

  std::string name() {
    static const char* const k_names[] = {"a",       "b-b",     "c.c",     "d_d",  "e1",
                                          "geo-kit", "plot.js", "version", "path", "zz"};
    return one_of(k_names);
  }
  std::string requirement() {
    static const char* const k_texts[] = {"1", "^1.2", "=2.0.0", ">=1, <3", "~0.4.1", "*", "1.0.0-rc.1"};
    return one_of(k_texts);
  }
  std::string spaces() { return std::string(below(3), ' '); }

  // --- TOML ---

  std::string toml() {
    end_ = maybe() ? "\n" : "\r\n";
    std::string out;
    if (maybe()) out += "# at the top" + end_;
    std::vector<std::string> sections;
    if (below(5) == 0)
      out += top_level();
    else
      for (const char* table : {"dependencies", "dev-dependencies"})
        for (auto& section : toml_sections(table)) sections.push_back(std::move(section));
    sections.push_back("[package]" + end_ + "name = \"x\"" + end_ + junk());
    sections.push_back("[[odd.table]]" + end_ + "dependencies = { a = \"not one\" }" + end_);
    sections.push_back("[features]" + end_ + "default = [\"a\", # b" + end_ + " 'c]']" + end_);
    std::shuffle(sections.begin(), sections.end(), random_);
    for (const auto& section : sections) out += section + (maybe() ? end_ : "");
    if (maybe())
      while (out.ends_with('\n') || out.ends_with('\r')) out.pop_back();
    return out;
  }

  // --- JSON ---

  std::string json() {
    const bool lines = below(3) > 0;
    end_ = lines ? (maybe() ? "\n" : "\r\n") : "";
    unit_ = lines ? (maybe() ? "  " : "\t") : "";
    colon_ = maybe() ? ": " : ":";
    comma_ = lines || maybe() ? "," : ", ";
    std::vector<std::string> members = {quoted_member("name", "\"x\""),
                                        quoted_member("odd", "[{\"dependencies\": {\"a\": \"}\"}}, 1]")};
    for (const char* table : {"dependencies", "devDependencies"}) {
      if (below(4) == 0) continue;
      std::vector<std::string> inside;
      for (const auto& name : names()) inside.push_back(quoted_member(name, "\"" + requirement() + "\""));
      members.push_back(quoted_member(table, object(inside, unit_)));
    }
    std::shuffle(members.begin(), members.end(), random_);
    return object(members, "") + (maybe() ? "\n" : "");
  }

 private:
  std::vector<std::string> names() {
    std::vector<std::string> out;
    for (std::size_t i = below(5); i > 0; --i)
      if (const auto next = name(); std::find(out.begin(), out.end(), next) == out.end()) out.push_back(next);
    if (maybe()) std::sort(out.begin(), out.end());
    return out;
  }
  std::string key(const std::string& name) {
    const bool bare = name.find('.') == name.npos;
    return bare && maybe() ? name : maybe() ? "\"" + name + "\"" : "'" + name + "'";
  }
  std::string text(const std::string& content) {
    return maybe() ? "\"" + content + "\"" : "'" + content + "'";
  }
  std::string junk() {
    static const char* const k_junk[] = {"", "description = \"\"\"\n[dependencies]\na = '1'\"\"\"\n",
                                         "when = 1979-05-27 07:32:00 # x\n", "list = [ 1, # ]\n 2 ]\n"};
    std::string out = one_of(k_junk);
    return out;
  }
  std::string inline_table() {
    std::vector<std::string> members = {"version =" + spaces() + text(requirement())};
    if (maybe()) members.push_back("features = [\"a\", 'b']");
    if (maybe()) members.push_back("optional=true");
    if (maybe()) members.push_back("path = '../x'");
    std::shuffle(members.begin(), members.end(), random_);
    std::string out = "{" + spaces();
    for (std::size_t i = 0; i < members.size(); ++i) out += (i > 0 ? "," + spaces() : "") + members[i];
    return out + spaces() + "}";
  }
  std::vector<std::string> toml_sections(const std::string& table) {
    std::vector<std::string> out;
    if (below(5) == 0) return out;
    std::string section =
        "[" + spaces() + key(table) + spaces() + "]" + (maybe() ? " # the table" : "") + end_;
    for (const auto& name : names()) {
      if (below(4) == 0) section += "# about " + name + end_;
      const std::string indent = spaces();
      switch (below(5)) {
        case 0:
          section += indent + key(name) + "." + key("version") + spaces() + "=" + spaces() +
                     text(requirement()) + end_ + indent + key(name) + ".optional = false" + end_;
          break;
        case 1:
          section += indent + key(name) + " = " + inline_table() + " # x" + end_;
          break;
        case 2:
          out.push_back("[" + key(table) + "." + key(name) + "]" + end_ + "optional = true" + end_ +
                        "version = " + text(requirement()) + end_);
          break;
        default:
          section += indent + key(name) + spaces() + "=" + spaces() + text(requirement()) +
                     (maybe() ? " # why" : "") + end_;
      }
    }
    out.insert(out.begin(), section);
    return out;
  }
  std::string top_level() {
    std::string out;
    if (maybe()) {
      std::vector<std::string> members;
      for (const auto& name : names())
        members.push_back(key(name) + " = " + (maybe() ? inline_table() : text(requirement())));
      out = "dependencies = {";
      for (std::size_t i = 0; i < members.size(); ++i) out += (i > 0 ? ", " : " ") + members[i];
      return out + " }" + end_;
    }
    for (const auto& name : names()) out += "dependencies." + key(name) + " = " + text(requirement()) + end_;
    return out;
  }

  std::string quoted_member(const std::string& name, const std::string& value) {
    return "\"" + name + "\"" + colon_ + value;
  }
  std::string object(const std::vector<std::string>& members, const std::string& indent) {
    if (members.empty()) return "{}";
    std::string out = "{";
    for (std::size_t i = 0; i < members.size(); ++i)
      out += (i > 0 ? comma_ : "") + end_ + (end_.empty() ? "" : indent + unit_) + members[i];
    return out + end_ + (end_.empty() ? "" : indent) + "}";
  }

  std::mt19937 random_;
  std::string end_, unit_, colon_, comma_;
};

}  // namespace

class ClientEditPropertyTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientEditPropertyTest);
  CPPUNIT_TEST(toml_changes_in_one_dependency_alone);
  CPPUNIT_TEST(json_changes_in_one_dependency_alone);
  CPPUNIT_TEST_SUITE_END();

  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    for (auto line : split(text, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      out.emplace_back(line);
    }
    return out;
  }
  // Lines of `a` that `b` has not, in order; a line that became another counts.
  static std::size_t lost(const std::string& a, const std::string& b) {
    auto left = lines_of(b);
    std::size_t count = 0;
    for (const auto& line : lines_of(a)) {
      const auto found = std::find(left.begin(), left.end(), line);
      if (found == left.end())
        ++count;
      else
        left.erase(found);
    }
    return count;
  }
  // An empty inline table loses the space in it.
  static std::string tight(std::string text) {
    for (auto at = text.find("{ "); at != text.npos; at = text.find("{ ", at + 1))
      if (const auto end = text.find_first_not_of(' ', at + 1); end != text.npos && text[end] == '}')
        text.erase(at + 1, end - at - 1);
    return text;
  }
  static bool has(const Project& project, const std::string& name, bool dev) {
    return std::any_of(project.dependencies.begin(), project.dependencies.end(),
                       [&](const auto& one) { return one.name == name && one.dev == dev; });
  }

  static void try_one(const Profile& profile, const Project& before, Generator& generator, bool toml) {
    const std::string name = generator.name(), requirement = generator.requirement();
    const bool dev = generator.maybe(), known = has(before, name, dev);
    const std::string context = name + " " + requirement + (dev ? " dev" : "") + " in:\n" + before.text;
    std::string text;
    // with_dependency itself proves that nothing but this dependency says anything else.
    CPPUNIT_ASSERT_NO_THROW_MESSAGE(context, text = with_dependency(before, profile, name, requirement, dev));
    const Project with = project_with(profile, before, text);
    CPPUNIT_ASSERT_MESSAGE(context, has(with, name, dev));
    CPPUNIT_ASSERT_MESSAGE(context + "\nbecame:\n" + text, lost(before.text, text) <= (toml ? 1u : 2u));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(context, text, with_dependency(with, profile, name, requirement, dev));
    const bool carriage = before.text.find("\r\n") != std::string::npos;
    if (carriage)
      for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '\n' && before.text.find("\"\"\"") == std::string::npos &&
            before.text.find("list = [") == std::string::npos &&
            before.text.find(" # x\n") == std::string::npos && i + 1 < text.size())
          CPPUNIT_ASSERT_MESSAGE(context + "\nbecame:\n" + text, i > 0 && text[i - 1] == '\r');

    std::string without;
    CPPUNIT_ASSERT_NO_THROW_MESSAGE(context, without = without_dependency(with, profile, name, dev));
    const Project after = project_with(profile, before, without);
    CPPUNIT_ASSERT_MESSAGE(context, !has(after, name, dev));
    for (const auto& one : before.dependencies)
      if (one.name != name || one.dev != dev)
        CPPUNIT_ASSERT_MESSAGE(context, std::find(after.dependencies.begin(), after.dependencies.end(),
                                                  one) != after.dependencies.end());
    // What was added goes without a trace, unless a table was made for it.
    if (!known && lines_of(without).size() == lines_of(before.text).size() && toml)
      CPPUNIT_ASSERT_EQUAL_MESSAGE(context, tight(before.text), tight(without));
    // Every remark outside of what was removed is still there.
    if (!known)
      for (const auto& line : lines_of(before.text))
        if (line.starts_with('#')) CPPUNIT_ASSERT_MESSAGE(context, without.find(line) != std::string::npos);
  }

 public:
  void toml_changes_in_one_dependency_alone() {
    const Profile profile = find_profile("vais");
    for (unsigned seed = 1; seed <= 1500; ++seed) {
      Generator generator(seed);
      try_one(profile, project_of("vais", generator.toml()), generator, true);
    }
  }

  void json_changes_in_one_dependency_alone() {
    const Profile profile = find_profile("synapse");
    for (unsigned seed = 1; seed <= 1500; ++seed) {
      Generator generator(seed);
      try_one(profile, project_of("synapse", generator.json()), generator, false);
    }
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientEditPropertyTest);
