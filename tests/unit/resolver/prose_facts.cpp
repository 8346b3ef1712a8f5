// SPDX-License-Identifier: MIT
// The clauses that state facts, and whether the story has them.
#include <algorithm>
#include <regex>

#include "libwharf/package/requirement.hpp"
#include "tests/unit/resolver/prose_cursor.hpp"

namespace wharf::test {

using resolver::Candidate;

namespace {

const Candidate* candidate_of(const Story& story, const std::string& name, const Version& version) {
  const auto found = story.packages.find(name);
  if (found == story.packages.end()) return nullptr;
  const auto at = std::ranges::find(found->second, version, &Candidate::version);
  return at == found->second.end() ? nullptr : &*at;
}

const resolver::Want* want_of(const Candidate* candidate, const std::string& name) {
  if (candidate == nullptr) return nullptr;
  const auto at = std::ranges::find(candidate->wants, name, &resolver::Want::name);
  return at == candidate->wants.end() ? nullptr : &*at;
}

bool means_any(const std::string& requirement) {
  return requirement == "*" || requirement == ">=0.0.0";
}

}  // namespace

// NAME, its requirement or versions, and what is said of them.
void ProseReader::read_object(Cursor& at, const std::string* who, const Set& versions, Clause& clause) const {
  Subject set;
  bool has_set = false, has_others = false;
  std::vector<std::string> texts;
  Cursor next = at;
  if (at.text.starts_with("some ")) {
    set = read_subject(at);
    has_set = true;
  } else {
    set.name = next.name();
    Cursor after = next;
    if (after.eat(" ") && after.at_versions()) {
      set.versions = read_list(after, set.name);
      has_set = true;
      next = after;
    } else if (after.eat(" ") || next.text.starts_with(" ")) {
      after = next;
      after.eat(" ");
      if (!after.text.empty() && std::string_view("^~=<>*").find(after.text[0]) != std::string_view::npos) {
        texts.push_back(after.until(" ,"));
        static const std::regex more("^(?:, ([^ ,]+))? or (?:([0-9]+) others|([^ ,]+))");
        std::match_results<std::string_view::const_iterator> match;
        if (std::regex_search(after.text.begin(), after.text.end(), match, more)) {
          if (match[1].matched) texts.push_back(match[1]);
          if (match[3].matched) texts.push_back(match[3]);
          has_others = match[2].matched;
          after.text.remove_prefix(static_cast<std::size_t>(match[0].length()));
        }
        next = after;
      }
    }
    at = next;
  }
  if (!has_set && texts.empty()) texts.push_back("*");

  Set accepted = has_set ? set.versions : Set{};
  for (const auto& text : texts) {
    if (!counted_.contains(set.name)) break;
    const auto more = matching(set.name, text);
    accepted.insert(accepted.end(), more.begin(), more.end());
  }
  // The fact itself.
  const auto says_so = [&](const resolver::Want* want) {
    if (want == nullptr || (has_others && !matching(set.name, want->requirement).empty())) return false;
    if (has_set) {
      return std::ranges::all_of(matching(set.name, want->requirement),
                                 [&](int i) { return std::ranges::find(accepted, i) != accepted.end(); });
    }
    // Nothing but the name is said where there are several requirements and nothing to find.
    const bool name_alone =
        texts == std::vector<std::string>{"*"} && at.text.starts_with(", which the registry");
    return has_others || name_alone || std::ranges::any_of(texts, [&](const std::string& text) {
             return want->text() == text || (means_any(text) && means_any(want->text()));
           });
  };
  if (who != nullptr) {
    for (const int i : versions) {
      const auto& version = counted_.at(*who)[static_cast<std::size_t>(i)];
      if (!says_so(want_of(candidate_of(story_, *who, version), set.name))) {
        clause.fault = *who + ' ' + version.text() + " does not depend on " + set.name + " so";
      }
    }
  } else if (std::ranges::none_of(story_.problem.wants, [&](const auto& want) {
               return want.name == set.name && says_so(&want);
             })) {
    clause.fault = "nobody asks for " + set.name + " so";
  }

  Forbidden forbidden;
  if (who != nullptr) forbidden[*who] = versions;
  if (at.eat(", which depends on ")) {
    forbidden[set.name] = without(set.name, accepted, true);
    clause.forbidden.push_back(forbidden);
    read_object(at, &set.name, accepted, clause);
    return;
  }
  Cursor more = at;
  if (more.eat(" and ")) {
    forbidden[set.name] = without(set.name, accepted, true);
    clause.forbidden.push_back(forbidden);
    at = more;
    read_object(at, who, versions, clause);
    return;
  }
  if (at.text.empty()) {
    forbidden[set.name] = without(set.name, accepted, true);
  } else {
    for (const auto& text : texts) {
      if (clause.fault.empty()) clause.fault = fault_in_trouble(at.text, set.name, text);
    }
    at.text = {};
  }
  clause.forbidden.push_back(forbidden);
}

std::string ProseReader::fault_in_trouble(std::string_view text, const std::string& name,
                                          const std::string& requirement) const {
  const auto wanted = parse_requirement(requirement);
  std::vector<std::string> choosable, yanked, prereleases, releases;
  bool exists = false;
  if (const auto found = story_.packages.find(name); found != story_.packages.end()) {
    exists = true;
    for (const auto& candidate : found->second) {
      const auto& version = candidate.version;
      if (wanted.matches(version)) (candidate.yanked ? yanked : choosable).push_back(version.text());
      if (candidate.yanked) continue;
      const Triple triple{version.major(), version.minor(), version.patch()};
      const auto& range = wanted.releases();
      if (version.is_prerelease() && range.first <= triple && triple <= range.last)
        prereleases.push_back(version.text());
      if (!version.is_prerelease()) releases.push_back(version.text());
    }
  }
  if (!choosable.empty()) return name + " has versions that match: " + choosable.front();
  if (text.starts_with(", which the registry does not have")) return exists ? name + " exists" : "";
  if (!exists) return name + " does not exist";
  const auto has_each = [&](const std::vector<std::string>& versions) {
    return std::ranges::all_of(versions,
                               [&](const auto& version) { return text.find(version) != text.npos; });
  };
  if (text.starts_with(", which only "))
    return !yanked.empty() && has_each(yanked) ? "" : "not these yanked ones of " + name;
  if (text.starts_with(", for which there ")) {
    return yanked.empty() && !prereleases.empty() && has_each(prereleases)
               ? ""
               : "not these prereleases of " + name;
  }
  if (!text.starts_with(", which no version matches (") || !yanked.empty() || !prereleases.empty()) {
    return "not this reason: " + std::string(text);
  }
  const auto says = [&](const std::string& words) { return text.find(words) != text.npos; };
  if (releases.empty()) return "";
  if (says("there is only ") || says("(the only release is ") || says("(there are ") ||
      says("(the releases are "))
    return has_each(releases) ? "" : "not all releases of " + name;
  if (says("the newest ")) return says(releases.back()) ? "" : "not the newest of " + name;
  if (says("the oldest ")) return says(releases.front()) ? "" : "not the oldest of " + name;
  // The nearest: each is a release, and what was asked for lies between them.
  static const std::regex nearest("nearest (?:releases )?are ([^ ]+) and ([^ )]+)\\)$");
  std::cmatch match;
  const std::string words(text);
  if (!std::regex_search(words.c_str(), match, nearest)) return "nothing is said of " + name;
  const auto low = std::ranges::find(releases, match[1].str());
  const auto high = std::ranges::find(releases, match[2].str());
  return low != releases.end() && high == low + 1 ? "" : "not the nearest of " + name;
}

ProseReader::Clause ProseReader::read_asking(std::string_view text) const {
  Clause clause;
  Cursor at{text.substr(text.find(" asks for ") + 10)};
  read_object(at, nullptr, {}, clause);
  return clause;
}

ProseReader::Clause ProseReader::read_dependency(std::string_view text) const {
  Clause clause;
  Cursor at{text};
  const auto subject = read_subject(at);
  for (const char* words :
       {" depends on another version of itself (", " depend on other versions of themselves ("}) {
    if (!at.eat(words)) continue;
    for (const int i : subject.versions) {
      const auto& version = counted_.at(subject.name)[static_cast<std::size_t>(i)];
      const auto* want = want_of(candidate_of(story_, subject.name, version), subject.name);
      if (want == nullptr || parse_requirement(want->requirement).matches(version))
        clause.fault = version.text() + " fits itself";
    }
    clause.forbidden.push_back({{subject.name, subject.versions}});
    return clause;
  }
  for (const char* words : {" depends on the ", " each depend on the "}) {
    if (!at.eat(words)) continue;
    const auto target = at.name();
    for (const int i : subject.versions) {
      const auto& version = counted_.at(subject.name)[static_cast<std::size_t>(i)];
      const auto* want = want_of(candidate_of(story_, subject.name, version), target);
      const Set same{number(target, version.text())};
      if (want == nullptr || matching(target, want->requirement) != same)
        clause.fault = version.text() + " is not in step";
      clause.forbidden.push_back({{subject.name, {i}}, {target, without(target, same, true)}});
    }
    return clause;
  }
  if (!at.eat(" depends on ") && !at.eat(" depend on ")) at.fail("no verb");
  read_object(at, &subject.name, subject.versions, clause);
  return clause;
}

}  // namespace wharf::test
