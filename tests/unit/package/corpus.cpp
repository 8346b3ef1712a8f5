// SPDX-License-Identifier: MIT
#include "tests/unit/package/corpus.hpp"

#include <cppunit/TestAssert.h>
#include <zlib.h>

#include "libwharf/base/file.hpp"
#include "libwharf/base/handle.hpp"
#include "libwharf/base/text.hpp"
#include "tests/support/skip.hpp"

namespace wharf::test {

namespace {

// Our reader refuses \u0000, which stands in two rows: a private character takes its place on the way.
constexpr std::string_view k_nul_escape = "\\u0000", k_nul_mark = "\xee\x80\x80";

std::vector<std::string> lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::vector<std::string> lines;
  for (const auto line : split(text, '\n')) lines.emplace_back(line);
  return lines;
}

std::string content(const std::filesystem::path& file) {
  auto text = read_file(file);
  CPPUNIT_ASSERT_MESSAGE(file.string() + " is missing", text);
  return std::move(*text);
}

}  // namespace

std::optional<std::filesystem::path> semver_corpus() {
  const auto folder = corpora();
  if (!folder) {
    skip("the shared test data is not here; set WHARF_CORPORA");
    return std::nullopt;
  }
  return *folder / "semver";
}

json::Document json_rows(const std::filesystem::path& file) {
  std::string text = content(file);
  for (auto at = text.find(k_nul_escape); at != text.npos; at = text.find(k_nul_escape))
    text.replace(at, 6, k_nul_mark);
  return json::parse(text);
}

std::vector<std::string> text_lines(const std::filesystem::path& file) {
  return lines_of(content(file));
}

std::vector<std::string> gzip_lines(const std::filesystem::path& file) {
  const Handle<gzFile_s, gzclose> stream(gzopen(file.c_str(), "rb"));
  CPPUNIT_ASSERT_MESSAGE(file.string(), stream);
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (int got; (got = gzread(stream.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) != 0;) {
    CPPUNIT_ASSERT_MESSAGE(file.string(), got > 0);
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return lines_of(text);
}

std::string column(json::Value row, std::size_t number) {
  std::optional<std::string> found;
  std::size_t at = 0;
  row.each([&](json::Value value) {
    if (at++ == number && value.string()) found = std::string(*value.string());
  });
  CPPUNIT_ASSERT_MESSAGE("a row without text in column " + std::to_string(number), found);
  for (auto mark = found->find(k_nul_mark); mark != found->npos; mark = found->find(k_nul_mark))
    found->replace(mark, k_nul_mark.size(), 1, '\0');
  return *found;
}

}  // namespace wharf::test
