// SPDX-License-Identifier: MIT
#include "tests/unit/resolver/prose_reader.hpp"

#include <algorithm>
#include <functional>
#include <regex>
#include <stdexcept>

#include "libwharf/base/text.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::test {

using resolver::Candidate;
using resolver::Sentence;

// What is left to read of a clause.
struct ProseReader::Cursor {
  std::string_view text;

  bool eat(std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
  }
  bool at_versions() const {
    return !text.empty() && (is_digit(text[0]) || text.starts_with("up to ") || text.starts_with("from "));
  }
  std::string until(std::string_view ends) {
    const auto end = std::min(text.find_first_of(ends), text.size());
    std::string word(text.substr(0, end));
    text.remove_prefix(end);
    if (word.empty()) fail("a word is missing");
    return word;
  }
  std::string name() { return until(" ,()"); }
  std::string version() { return until(" ,()"); }
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error(why + " before '" + std::string(text) + "'");
  }
};

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

ProseReader::ProseReader(Story& story, const resolver::Argument& argument) : story_(story) {
  for (const auto& known : argument.packages) {
    auto& versions = counted_[known.name];
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known.counts[i]) versions.push_back(known.versions[i]);
    }
  }
}

ProseReader::Set ProseReader::all(const std::string& name) const {
  Set set;
  for (std::size_t i = 0; i < counted_.at(name).size(); ++i) set.push_back(static_cast<int>(i));
  return set;
}

ProseReader::Set ProseReader::matching(const std::string& name, const std::string& requirement) const {
  Set set;
  const auto wanted = parse_requirement(requirement);
  for (const int i : all(name)) {
    if (wanted.matches(counted_.at(name)[static_cast<std::size_t>(i)])) set.push_back(i);
  }
  return set;
}

ProseReader::Set ProseReader::without(const std::string& name, const Set& versions, bool with_none) const {
  Set set;
  if (with_none) set.push_back(-1);
  for (const int i : all(name)) {
    if (std::ranges::find(versions, i) == versions.end()) set.push_back(i);
  }
  return set;
}

int ProseReader::number(const std::string& name, std::string_view version) const {
  const auto& versions = counted_.at(name);
  const auto at = std::ranges::find(versions, parse_version(version));
  return at == versions.end() ? -1 : static_cast<int>(at - versions.begin());
}

ProseReader::Set ProseReader::read_list(Cursor& at, const std::string& name) const {
  Set set;
  const auto add = [&](int first, int last) {
    if (first < 0 || last < first) at.fail("no range of " + name);
    for (int i = first; i <= last; ++i) set.push_back(i);
  };
  for (bool more = true; more;) {
    if (at.eat("up to ")) {
      add(0, number(name, at.version()));
    } else if (at.eat("from ")) {
      add(number(name, at.version()), static_cast<int>(counted_.at(name).size()) - 1);
      if (!at.eat(" on")) at.fail("an end is missing");
    } else {
      const int first = number(name, at.version());
      add(first, at.eat(" to ") ? number(name, at.version()) : first);
    }
    more = false;
    for (const char* joint : {", ", " and ", " or "}) {
      Cursor next = at;
      if (more || !next.eat(joint) || !next.at_versions()) continue;
      at = next;
      more = true;
    }
  }
  return set;
}

ProseReader::Subject ProseReader::read_subject(Cursor& at) const {
  for (const char* word : {"every ", "any ", "some ", "no "}) {
    if (!at.eat(word)) continue;
    const bool releases = at.eat("release of ");
    if (!releases && !at.eat("version of ")) at.fail("neither version nor release");
    Subject subject{at.name(), {}, std::string_view(word) == "no "};
    if (!counted_.contains(subject.name)) at.fail("nothing is known of " + subject.name);
    subject.versions = all(subject.name);
    if (at.eat(" except ")) subject.versions = without(subject.name, read_list(at, subject.name), false);
    if (releases) {
      std::erase_if(subject.versions, [&](int i) {
        return counted_.at(subject.name)[static_cast<std::size_t>(i)].is_prerelease();
      });
    }
    return subject;
  }
  Subject subject{at.name(), {}, false};
  if (!counted_.contains(subject.name)) at.fail("nothing is known of " + subject.name);
  Cursor next = at;
  if (next.eat(" ") && next.at_versions()) {
    subject.versions = read_list(next, subject.name);
    at = next;
  } else {
    subject.versions = all(subject.name);
  }
  return subject;
}

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

ProseReader::Clause ProseReader::read_derived(std::string_view text) const {
  Cursor at{text};
  Forbidden forbidden;
  if (text == "there is no solution") return {{forbidden}, ""};
  const auto need = [&] {
    const bool either = at.eat("either ");
    do {
      const auto subject = read_subject(at);
      forbidden[subject.name] = without(subject.name, subject.versions, true);
    } while (either && (at.eat(", or ") || at.eat(" or ") || at.eat(", ")));
  };
  if (text.ends_with(" is needed")) {
    need();
    if (!at.eat(" is needed")) at.fail("no verb");
    return {{forbidden}, ""};
  }
  bool denied = false;
  const bool several = at.eat("not all of ");
  do {
    const auto subject = read_subject(at);
    forbidden[subject.name] = subject.versions;
    denied = denied || subject.denied;
  } while (at.eat(", ") || at.eat(" and "));
  if (at.eat(" needs ") || at.eat(" need ") || at.eat(" together need ")) {
    need();
  } else if (at.eat(denied ? " can be used together with " : " cannot be used together with ")) {
    const auto subject = read_subject(at);
    forbidden[subject.name] = subject.versions;
  } else if (!at.eat(denied                  ? " can be used"
                     : several               ? " can be used together"
                     : forbidden.size() == 2 ? " cannot be used together"
                                             : " cannot be used")) {
    at.fail("no verb");
  }
  if (!at.text.empty()) at.fail("more than was expected");
  return {{forbidden}, ""};
}

ProseReader::Clause ProseReader::read(std::string_view clause) const {
  if (clause.find(" asks for ") != clause.npos) return read_asking(clause);
  if (clause.find(" depend") != clause.npos) return read_dependency(clause);
  return read_derived(clause);
}

bool ProseReader::follows(const std::vector<Forbidden>& reasons, const Forbidden& conclusion) const {
  std::map<std::string, int> state;
  for (const auto& reason : reasons) {
    for (const auto& [name, _] : reason) state[name] = -1;
  }
  for (const auto& [name, _] : conclusion) state[name] = -1;
  const auto is_in = [&](const Forbidden& forbidden) {
    return std::ranges::all_of(forbidden, [&](const auto& term) {
      return std::ranges::find(term.second, state.at(term.first)) != term.second.end();
    });
  };
  std::vector<std::string> names;
  for (const auto& [name, _] : state) names.push_back(name);
  const std::function<bool(std::size_t)> each = [&](std::size_t depth) -> bool {
    if (depth == names.size()) return !is_in(conclusion) || std::ranges::any_of(reasons, is_in);
    for (int i = -1; i < static_cast<int>(counted_.at(names[depth]).size()); ++i) {
      state[names[depth]] = i;
      if (!each(depth + 1)) return false;
    }
    return true;
  };
  return each(0);
}

std::string ProseReader::fault_in(const std::vector<Sentence>& sentences) const {
  static const std::regex reference(" \\(([0-9]+)\\)$");
  std::vector<Forbidden> said;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const auto& sentence = sentences[i];
    try {
      std::vector<Forbidden> reasons;
      for (const auto& text : sentence.because) {
        std::smatch match;
        if (std::regex_search(text, match, reference)) {
          const auto number = std::stoul(match[1]);
          const auto at = std::ranges::find(sentences, number, &Sentence::number);
          if (at - sentences.begin() >= static_cast<std::ptrdiff_t>(i) ||
              at->therefore != match.prefix().str()) {
            return "this was not said there: " + text;
          }
          reasons.push_back(said[static_cast<std::size_t>(at - sentences.begin())]);
          continue;
        }
        if (text.find(" depend") == text.npos && text.find(" asks for ") == text.npos)
          return "this was not said: " + text;
        const auto clause = read(text);
        if (!clause.fault.empty()) return clause.fault + ": " + text;
        reasons.insert(reasons.end(), clause.forbidden.begin(), clause.forbidden.end());
      }
      if (sentence.goes_on) reasons.push_back(said.at(i - 1));
      if (sentence.because.empty()) reasons.push_back(said.at(i - 2));
      said.push_back(read_derived(sentence.therefore).forbidden.front());
      if (!follows(reasons, said.back())) return "this does not follow: " + sentence.text();
    } catch (const std::exception& error) {
      return std::string(error.what()) + " in: " + sentence.text();
    }
  }
  return "";
}

std::string ProseReader::fault_in_facts(const std::vector<Sentence>& sentences) const {
  for (const auto& sentence : sentences) {
    for (const auto& text : sentence.because) {
      if (text.find(" depend") == text.npos && text.find(" asks for ") == text.npos) continue;
      try {
        const auto clause = read(text);
        if (!clause.fault.empty()) return clause.fault + ": " + text;
      } catch (const std::exception& error) {
        return std::string(error.what()) + " in: " + text;
      }
    }
  }
  return "";
}

}  // namespace wharf::test
