// SPDX-License-Identifier: MIT
#include "client/pack/ignore_rules.hpp"

#include <array>
#include <cctype>
#include <optional>

#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

unsigned char byte_of(char c) {
  return static_cast<unsigned char>(c);
}

// Of the "C" locale, since programs call no setlocale(): the same everywhere.
bool in_named_class(std::string_view name, char c) {
  struct Named {
    std::string_view name;
    int (*test)(int);
  };
  constexpr std::array<Named, 12> k_classes = {{{"alnum", std::isalnum},
                                                {"alpha", std::isalpha},
                                                {"blank", std::isblank},
                                                {"cntrl", std::iscntrl},
                                                {"digit", std::isdigit},
                                                {"graph", std::isgraph},
                                                {"lower", std::islower},
                                                {"print", std::isprint},
                                                {"punct", std::ispunct},
                                                {"space", std::isspace},
                                                {"upper", std::isupper},
                                                {"xdigit", std::isxdigit}}};
  for (const auto& known : k_classes)
    if (known.name == name) return known.test(byte_of(c)) != 0;
  return false;
}

struct Bracket {
  bool fits;
  std::size_t end;  // behind the `]`
};

// The set that begins at `at`, a `[`; nothing where it has no end: then nothing fits it.
std::optional<Bracket> read_bracket(std::string_view pattern, std::size_t at, char c) {
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool found = false;
  for (bool first = true; i < pattern.size(); first = false) {
    if (pattern[i] == ']' && !first) return Bracket{found != negated, i + 1};
    if (pattern.substr(i).starts_with("[:")) {
      const auto end = pattern.find(":]", i + 2);
      if (end == std::string_view::npos) return std::nullopt;
      found = found || in_named_class(pattern.substr(i + 2, end - i - 2), c);
      i = end + 2;
      continue;
    }
    const auto take = [&] {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      return byte_of(pattern[i++]);
    };
    const unsigned char low = take();
    unsigned char high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      ++i;
      high = take();
    }
    found = found || (low <= byte_of(c) && byte_of(c) <= high);
  }
  return std::nullopt;
}

// How long the pattern's first element is, if it is there and fits `c`; 0 where it does not.
std::size_t element_that_fits(std::string_view pattern, char c) {
  if (pattern.empty()) return 0;
  if (pattern[0] == '?') return 1;
  if (pattern[0] == '[') {
    const auto bracket = read_bracket(pattern, 0, c);
    return bracket && bracket->fits ? bracket->end : 0;
  }
  if (pattern[0] == '\\' && pattern.size() > 1) return pattern[1] == c ? 2 : 0;
  return pattern[0] == c ? 1 : 0;
}

std::vector<std::string_view> parts_of(std::string_view path) {
  return split(path, '/');
}

// `**` stands for any number of names; at the pattern's end for one at least.
bool parts_fit(const std::vector<std::string>& pattern, std::size_t p,
               const std::vector<std::string_view>& path, std::size_t n) {
  if (p == pattern.size()) return n == path.size();
  if (pattern[p] == "**") {
    if (p + 1 == pattern.size()) return n < path.size();
    for (std::size_t from = n; from < path.size(); ++from)
      if (parts_fit(pattern, p + 1, path, from)) return true;
    return false;
  }
  return n < path.size() && name_fits(pattern[p], path[n]) && parts_fit(pattern, p + 1, path, n + 1);
}

// Without a line's end and the spaces before it, unless a `\` keeps one.
std::string_view without_end(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  while (line.ends_with(' ')) {
    std::size_t backslashes = 0;
    while (backslashes + 1 < line.size() && line[line.size() - 2 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 1) break;
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

bool name_fits(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0;
  std::optional<std::size_t> star, tried;  // behind the last `*`, and what it stood for up to now
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      tried = n;
    } else if (const auto length = element_that_fits(pattern.substr(p), name[n])) {
      p += length;
      ++n;
    } else if (star) {
      p = *star;
      n = ++*tried;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

void IgnoreRules::add(std::string_view text, std::string_view base) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (std::string_view line : split(text, '\n')) {
    line = without_end(line);
    if (line.empty() || line.starts_with('#')) continue;
    Rule rule{.base = std::string(base), .parts = {}};
    if (line.starts_with('!')) {
      rule.negated = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      rule.directories_only = true;
      line.remove_suffix(1);
    }
    const bool bound = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) continue;
    if (!bound) rule.parts.emplace_back("**");
    // A folder's rule `a/**/` speaks of what lies in it, as `a/**` does.
    for (const auto part : parts_of(line)) {
      if (part == "**" && !rule.parts.empty() && rule.parts.back() == "**") continue;
      rule.parts.emplace_back(part);
    }
    rules_.push_back(std::move(rule));
  }
}

bool IgnoreRules::fits(const Rule& rule, std::string_view path, bool directory) {
  if (rule.directories_only && !directory) return false;
  if (!path.starts_with(rule.base)) return false;
  return parts_fit(rule.parts, 0, parts_of(path.substr(rule.base.size())), 0);
}

IgnoreRules::Verdict IgnoreRules::of(std::string_view path, bool directory) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule)
    if (fits(*rule, path, directory)) return rule->negated ? Verdict::in : Verdict::out;
  return Verdict::none;
}

bool IgnoreRules::covers(std::string_view path, bool directory) const {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    if (of(path.substr(0, slash), true) == Verdict::out) return true;
  return of(path, directory) == Verdict::out;
}

}  // namespace wharf::client
