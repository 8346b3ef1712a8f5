// SPDX-License-Identifier: MIT
#include "tests/support/golden.hpp"

#include <cppunit/TestAssert.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <regex>
#include <sstream>
#include <vector>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/base64.hpp"
#include "libwharf/crypto/digest.hpp"
#include "tests/support/registry.hpp"

namespace wharf::test {

namespace {

constexpr const char* k_rich =
    "description = \"everything\"\nlicense = \"MIT\"\nauthors = [\"Ada\", \"Bob\"]\nkeywords = [\"geo\", "
    "\"maps\"]\n"
    "categories = [\"math\"]\nhomepage = \"https://example.org/\"\nrepository = \"https://example.org/r\"\n"
    "documentation = \"https://example.org/d\"\n[dependencies]\nnum = \"^1.2\"\n"
    "fast = {version = \"2\", optional = true, features = [\"simd\"], target = "
    "\"x86\"}\n[dev-dependencies]\ncheck = \"~1\"\n"
    "[features]\ndefault = [\"fast\"]\n";

struct Exchange {
  std::string title;
  std::vector<std::string> remarks, sql;
  std::string request;  // as it stands in the file
  std::string answer;
};

std::vector<Exchange> parse(const std::string& text) {
  std::vector<Exchange> exchanges;
  std::istringstream lines(text);
  std::string* into = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("### ")) {
      exchanges.push_back({line, {}, {}, {}, {}});
      into = &exchanges.back().request;
    } else if (exchanges.empty() || (line.starts_with("#") && exchanges.back().request.empty())) {
      if (exchanges.empty()) exchanges.push_back({});
      exchanges.back().remarks.push_back(line);
    } else if (line.starts_with("! ")) {
      exchanges.back().sql.push_back(line);
    } else {
      if (line.starts_with("=> ")) into = &exchanges.back().answer;
      if (into != nullptr) *into += line + "\n";
    }
  }
  for (auto& exchange : exchanges)
    while (exchange.answer.ends_with("\n\n")) exchange.answer.pop_back();
  return exchanges;
}

std::string written(const std::vector<Exchange>& exchanges) {
  std::string text;
  for (const auto& exchange : exchanges) {
    if (!exchange.title.empty()) text += exchange.title + "\n";
    for (const auto& line : exchange.remarks) text += line + "\n";
    for (const auto& line : exchange.sql) text += line + "\n";
    text += exchange.request + exchange.answer;
    if (&exchange != &exchanges.back() && !exchange.title.empty()) text += "\n";
  }
  return text;
}

// The names that stand for what differs from run to run.
class Names {
 public:
  std::string named(const std::string& text) {
    static const std::regex k_varying(
        R"(eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|wharf_[0-9A-Za-z]{49}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
        R"(|[0-9a-f]{64}|"\d+-\d{13}(?:-\d+)+-[a-z]+"|"[0-9a-f]{32}"|"\d{4}-\d\d-\d\d")");
    std::string result;
    auto from = text.cbegin();
    for (std::sregex_iterator match(text.begin(), text.end(), k_varying), end; match != end; ++match) {
      result.append(from, (*match)[0].first);
      result += name_of(match->str());
      from = (*match)[0].second;
    }
    return result.append(from, text.cend());
  }

  std::string real(std::string text) {
    // What stands for an archive's digest is known before the archive was ever sent.
    static const std::regex k_digest(R"(<digest ([a-z0-9-]+) ([0-9A-Za-z.+-]+)( rich)?>)");
    for (std::sregex_iterator match(text.begin(), text.end(), k_digest), end; match != end; ++match)
      know(to_hex(sha256(archive_of(*match))), match->str());
    for (const auto& [value, name] : known_)
      for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
  }

  // A body with `<archive kit 1.0.0>` and `<base64 kit 1.0.0>` made into what they stand for. "rich" has
  // everything that a manifest may say.
  std::string with_archives(const std::string& body) {
    static const std::regex k_archive(R"(<(?:archive|base64) ([a-z0-9-]+) ([0-9A-Za-z.+-]+)( rich)?>)");
    std::string result;
    auto from = body.cbegin();
    for (std::sregex_iterator match(body.begin(), body.end(), k_archive), end; match != end; ++match) {
      const std::string bytes = archive_of(*match);
      know(to_hex(sha256(bytes)), "<digest " + match->str().substr(match->str().find(' ') + 1));
      result.append(from, (*match)[0].first);
      result += match->str().starts_with("<archive") ? bytes : to_base64(bytes);
      from = (*match)[0].second;
    }
    return result.append(from, body.cend());
  }

 private:
  static std::string archive_of(const std::smatch& match) {
    const std::string name = match[1].str(), version = match[2].str();
    return package_archive(name, version, match[3].matched ? k_rich : "description = \"of " + name + "\"");
  }
  void know(const std::string& value, const std::string& name) {
    if (std::ranges::find(known_, std::pair(value, name)) == known_.end()) known_.emplace_back(value, name);
  }
  std::string name_of(const std::string& value) {
    if (value.size() == std::strlen(R"("2026-01-31")")) return R"("<day>")";
    const bool etag = value.starts_with('"'), session = value.starts_with("eyJ"),
               token = value.starts_with("wharf_");
    for (const auto& [known, name] : known_)
      if (known == value) return name;
    if (!etag && !session && !token) return value.size() == 64 ? value : "<time>";
    const std::string name = etag      ? "<etag " + std::to_string(++etags_) + ">"
                             : session ? "<session " + std::to_string(++sessions_) + ">"
                                       : "<api token " + std::to_string(++tokens_) + ">";
    known_.emplace_back(value, name);
    return name;
  }
  std::vector<std::pair<std::string, std::string>> known_;  // value, name
  int sessions_ = 0, tokens_ = 0, etags_ = 0;
};

http::Request request_of(const std::string& text, Names& names) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const auto space = line.find(' ');
  http::CgiParams params = {{"REQUEST_METHOD", line.substr(0, space)},
                            {"REQUEST_URI", line.substr(space + 1)},
                            {"REMOTE_ADDR", "192.0.2.7"},
                            {"REQUEST_ID", "golden-request"}};
  while (std::getline(lines, line) && !line.empty()) {
    const auto colon = line.find(": ");
    CPPUNIT_ASSERT_MESSAGE("a header without ': ' in\n" + text, colon != line.npos);
    std::string name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(), [](char c) {
      return c == '-' ? '_' : is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    });
    params.emplace_back(name == "CONTENT_TYPE" ? name : "HTTP_" + name, line.substr(colon + 2));
  }
  const bool form = text.find("Content-Type: multipart/form-data") != text.npos;
  std::string body, rest;
  bool first = true;
  for (; std::getline(lines, rest); first = false) body += (first ? "" : form ? "\r\n" : "\n") + rest;
  body = names.with_archives(body);
  if (!body.empty()) params.emplace_back("CONTENT_LENGTH", std::to_string(body.size()));
  auto sent = std::make_shared<std::string>(std::move(body));
  return {std::move(params), [sent](std::span<std::byte> buffer) {
            const auto count = std::min(buffer.size(), sent->size());
            std::memcpy(buffer.data(), sent->data(), count);
            sent->erase(0, count);
            return count;
          }};
}

// Those that every answer has, and that say nothing of this one, are left out.
std::string text_of(const http::Response& response) {
  std::string text = "=> " + std::to_string(response.status) + "\n";
  for (const auto& [name, value] : response.headers)
    if (name != "X-Request-Id" && name != "X-Content-Type-Options" && name != "Content-Length")
      text += name + ": " + value + "\n";
  if (!response.body.empty()) text += "\n" + response.body + "\n";
  while (text.ends_with("\n\n")) text.pop_back();  // as the files are read
  return text;
}

}  // namespace

void play_golden(const Path& file, const GoldenWorld& world) {
  const auto content = read_file(file);
  CPPUNIT_ASSERT_MESSAGE(file.native() + " is missing", content.has_value());
  auto exchanges = parse(*content);
  const char* mode = std::getenv("WHARF_GOLDEN");
  const bool rewriting = mode != nullptr && std::strcmp(mode, "rewrite") == 0;
  Names names;
  int played = 0;
  for (auto& exchange : exchanges) {
    if (exchange.request.empty()) continue;
    for (const auto& sql : exchange.sql) world.run_sql(sql.substr(2));
    auto request = request_of(names.real(exchange.request), names);
    const std::string answer = names.named(text_of(world.answer(request)));
    if (rewriting) exchange.answer = answer;
    CPPUNIT_ASSERT_EQUAL_MESSAGE(file.filename().native() + ": " + exchange.title, exchange.answer, answer);
    ++played;
  }
  CPPUNIT_ASSERT_MESSAGE(file.native() + " holds no exchange", played > 0);
  if (rewriting) write_file_durably(file, written(exchanges));
}

}  // namespace wharf::test
