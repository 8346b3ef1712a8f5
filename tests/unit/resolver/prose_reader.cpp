// SPDX-License-Identifier: MIT
#include "tests/unit/resolver/prose_reader.hpp"

#include <algorithm>
#include <functional>
#include <regex>

#include "libwharf/package/requirement.hpp"
#include "tests/unit/resolver/prose_cursor.hpp"

namespace wharf::test {

using resolver::Sentence;

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
