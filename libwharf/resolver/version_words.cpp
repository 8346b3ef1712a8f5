// SPDX-License-Identifier: MIT
#include "libwharf/resolver/version_words.hpp"

#include <algorithm>
#include <optional>

#include "libwharf/package/requirement.hpp"

namespace wharf::resolver {
namespace {

struct Range {
  std::size_t first, last;  // among the versions that count
};

// The versions that are to be told: those of the set that some requirement allows and, where it allows none,
// all that count, else simply all.
States told(const KnownVersions& known, const States& states) {
  States allowed(known.size()), counting(known.size()), all(known.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!states.has(i)) continue;
    all.add(i);
    if (known.counts[i]) counting.add(i);
    if (known.allowed.has(i)) allowed.add(i);
  }
  return !allowed.empty() ? allowed : !counting.empty() ? counting : all;
}

std::string range_text(const KnownVersions& known, const std::vector<std::size_t>& line, const Range& range,
                       Join join) {
  const auto text = [&](std::size_t at) { return known.versions[line[at]].text(); };
  if (range.first == range.last) return text(range.first);
  if (range.last == range.first + 1)
    return text(range.first) + (join == Join::each ? " and " : " or ") + text(range.last);
  if (range.first == 0) return "up to " + text(range.last);
  if (range.last + 1 == line.size()) return "from " + text(range.first) + " on";
  return text(range.first) + " to " + text(range.last);
}

std::vector<Range> ranges_of(const std::vector<std::size_t>& line, const States& states) {
  std::vector<Range> ranges;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!states.has(line[at])) continue;
    if (!ranges.empty() && ranges.back().last + 1 == at) {
      ranges.back().last = at;
    } else {
      ranges.push_back({at, at});
    }
  }
  return ranges;
}

// A pair of neighbours stands as two versions in a list.
std::vector<std::string> range_texts(const KnownVersions& known, const std::vector<std::size_t>& line,
                                     const std::vector<Range>& ranges, Join join) {
  std::vector<std::string> texts;
  for (const auto& range : ranges) {
    if (range.last == range.first + 1 && ranges.size() > 1) {
      texts.push_back(known.versions[line[range.first]].text());
      texts.push_back(known.versions[line[range.last]].text());
    } else {
      texts.push_back(range_text(known, line, range, join));
    }
  }
  return texts;
}

// "version" where all that exist are in the set, "release" where all releases are but not all prereleases,
// and there are several that count; else nothing.
const char* every_word(const KnownVersions& known, const States& states) {
  bool every_version = true, every_release = true, every_counting = true;
  std::size_t counting = 0;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known.counts[i]) ++counting;
    if (states.has(i)) continue;
    every_version = false;
    if (known.counts[i]) every_counting = false;
    if (!known.versions[i].is_prerelease()) every_release = false;
  }
  if (every_version) return "version";
  return every_release && every_counting && counting > 1 ? "release" : nullptr;
}

bool has_prereleases(const KnownVersions& known) {
  return std::ranges::any_of(known.versions, [](const Version& version) { return version.is_prerelease(); });
}

}  // namespace

std::string listed(const std::vector<std::string>& items, const char* last) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) text += i + 1 == items.size() ? last : ", ";
    text += items[i];
  }
  return text;
}

bool is_told_whole(const KnownVersions& known, const States& states) {
  return known.allowed.contains(states) || every_word(known, states) != nullptr;
}

VersionWords version_words(const KnownVersions& known, const States& states, Join join, std::size_t pieces,
                           bool whole) {
  const States chosen = told(known, states);
  const std::string which = join == Join::each ? "every " : "some ";
  if (const char* word = every_word(known, whole ? states : chosen)) {
    return {which + word + " of " + known.name, false, true};
  }
  std::vector<std::size_t> line;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known.counts[i] || chosen.has(i)) line.push_back(i);
  }

  const auto ranges = ranges_of(line, chosen);
  const char* last = join == Join::each ? " and " : " or ";
  const bool plural = line.size() > 1 && (ranges.size() > 1 || ranges.front().last > ranges.front().first);
  if (ranges.size() <= pieces)
    return {known.name + " " + listed(range_texts(known, line, ranges, join), last), plural, false};

  const auto others = ranges_of(line, ~chosen);
  if (others.size() <= std::min<std::size_t>(pieces, 2) && line.size() > 3) {
    const bool releases =
        std::ranges::none_of(line, [&](auto i) { return known.versions[i].is_prerelease(); });
    return {which + (releases && has_prereleases(known) ? "release of " : "version of ") + known.name +
                " except " + listed(range_texts(known, line, others, Join::each)),
            false, false};
  }
  const auto count =
      static_cast<std::size_t>(std::ranges::count_if(line, [&](auto i) { return chosen.has(i); }));
  return {std::to_string(count) + " of the " + std::to_string(line.size()) + " versions of " + known.name +
              " (between " + known.versions[line[ranges.front().first]].text() + " and " +
              known.versions[line[ranges.back().last]].text() + ")",
          true, false};
}

std::string existing_words(const KnownVersions& known, const std::string& requirement) {
  std::vector<const Version*> exist;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!known.versions[i].is_prerelease()) exist.push_back(&known.versions[i]);
  }
  std::vector<const Version*> every;
  for (const auto& version : known.versions) every.push_back(&version);
  if (every.empty()) return known.some_yanked ? "all its versions are yanked" : "it has no versions";
  if (exist.empty()) exist = every;
  const bool beside = exist.size() < every.size();  // prereleases, too
  if (exist.size() == 1) return (beside ? "the only release is " : "there is only ") + exist.front()->text();
  if (exist.size() <= 3) {
    std::vector<std::string> texts;
    for (const auto* version : exist) texts.push_back(version->text());
    return (beside ? "the releases are " : "there are ") + listed(texts);
  }
  const std::string release = beside ? " release is " : " is ";
  const auto wanted = Requirement::from(requirement);
  const auto triple = [](const Version& v) { return Triple{v.major(), v.minor(), v.patch()}; };
  const Version* below = nullptr;
  const Version* above = nullptr;
  for (const auto* version : exist) {
    if (wanted && triple(*version) < wanted->releases().first) below = version;
    if (wanted && above == nullptr && wanted->releases().last < triple(*version)) above = version;
  }
  if (below != nullptr && above != nullptr && *below < *above) {
    return (beside ? "the nearest releases are " : "the nearest are ") + below->text() + " and " +
           above->text();
  }
  if (above == nullptr) return "the newest" + release + exist.back()->text();
  return "the oldest" + release + exist.front()->text();
}

}  // namespace wharf::resolver
