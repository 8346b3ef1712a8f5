// SPDX-License-Identifier: MIT
#include "libwharf/resolver/clauses.hpp"

#include <algorithm>

namespace wharf::resolver {
namespace {

constexpr std::size_t k_listed_versions = 4;

// Nobody needs to read that any version will do.
bool is_any(const std::string& requirement) {
  return requirement.empty() || requirement == "*" || requirement == ">=0.0.0";
}

std::string asking(const Part& part) {
  return part.want.where.empty() ? "you ask for " : part.want.where + " asks for ";
}

std::string named(const Want& want) {
  return is_any(want.text()) ? want.name : want.name + " " + want.text();
}

std::string some_of(const std::vector<std::string>& versions) {
  if (versions.size() <= k_listed_versions) return listed(versions);
  std::vector<std::string> shown(versions.begin(), versions.begin() + k_listed_versions - 1);
  shown.push_back(std::to_string(versions.size() - shown.size()) + " more");
  return listed(shown);
}

// "every version of foo" as the subject of a sentence that denies something.
bool starts_with_every(const VersionWords& words) {
  return words.text.starts_with("every ");
}
std::string after_every(const VersionWords& words) {
  return words.text.substr(6);
}

}  // namespace

States Clauses::who(const Claim& fact) {
  States all = fact.parts.front().who;
  for (const auto& part : fact.parts) all = all | part.who;
  return all;
}

States Clauses::wanted(const Claim& fact) {
  States all = fact.parts.front().wanted;
  for (const auto& part : fact.parts) all = all | part.wanted;
  return all;
}

bool Clauses::is_lockstep(const Claim& claim) const {
  if (claim.parts.size() < 2) return false;
  const auto& package = argument_.packages[claim.package];
  const auto& target = argument_.packages[claim.target];
  return std::ranges::all_of(claim.parts, [&](const Part& part) {
    std::vector<const Version*> who, wanted;
    for (std::size_t i = 0; i < package.size(); ++i) {
      if (part.who.has(i)) who.push_back(&package.versions[i]);
    }
    for (std::size_t i = 0; i < target.size(); ++i) {
      if (part.wanted.has(i)) wanted.push_back(&target.versions[i]);
    }
    return who.size() == 1 && wanted.size() == 1 && *who.front() == *wanted.front();
  });
}

std::string Clauses::requirements(const Claim& claim) const {
  std::vector<std::string> texts;
  for (const auto& part : claim.parts) {
    const std::string text = is_any(part.want.text()) ? "*" : part.want.text();
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
  }
  if (texts.size() == 1) return named(claim.parts.front().want);
  const bool is_not_there = claim.reason == Reason::unknown || claim.reason == Reason::not_cached ||
                            claim.reason == Reason::quarantined || claim.reason == Reason::no_versions;
  if (is_not_there) return name(claim.target);
  if (texts.size() == 2) return name(claim.target) + " " + listed(texts, " or ");
  if (claim.reason == Reason::none) return words(claim.target, wanted(claim), Join::any).text;
  if (texts.size() > 3) {
    texts[2] = std::to_string(texts.size() - 2) + " others";
    texts.resize(3);
  }
  return name(claim.target) + " " + listed(texts, " or ");
}

std::string Clauses::trouble(const Claim& claim) const {
  std::vector<std::string> almost;
  for (const auto& part : claim.parts) {
    for (const auto& version : part.almost) {
      if (std::ranges::find(almost, version) == almost.end()) almost.push_back(version);
    }
  }
  const auto& known = argument_.packages[claim.target];
  switch (claim.reason) {
    case Reason::none:
      return "";
    case Reason::unknown: {
      auto nearest = argument_.nearest[claim.target];
      if (nearest.size() > 3) nearest.resize(3);
      return ", which the registry does not have" +
             (nearest.empty() ? "" : " (did you mean " + listed(nearest, " or ") + "?)");
    }
    case Reason::not_cached:
      return ", which is not in the offline cache";
    case Reason::quarantined:
      return ", which the registry keeps in quarantine";
    case Reason::no_versions:
      return ", which has no versions";
    case Reason::no_match:
      return ", which no version matches (" +
             existing_words(known, claim.parts.size() == 1 ? claim.parts.front().want.requirement : "") + ")";
    case Reason::only_yanked:
      return ", which only " +
             std::string(almost.size() == 1 ? "a yanked version matches" : "yanked versions match") + " (" +
             some_of(almost) + ")";
    case Reason::only_prereleases:
      return ", for which there " +
             std::string(almost.size() == 1 ? "is only a prerelease" : "are only prereleases") + " (" +
             some_of(almost) + ")";
    case Reason::own_version:
      return " (" + argument_.root + " is this project, " +
             (argument_.root_version.empty() ? "which has no version)"
                                             : "in version " + argument_.root_version + ")");
    case Reason::not_readable:
      return ", which is not a requirement";
  }
  return "";
}

std::string Clauses::object(const Claim& claim) const {
  return requirements(claim) + trouble(claim);
}

std::string Clauses::fact(const Claim& claim) const {
  if (claim.ground == Ground::asked) return asking(claim.parts.front()) + object(claim);
  if (claim.package == claim.target) {
    const auto who = words(claim.package, claim.terms.front().second, Join::each);
    std::vector<std::string> texts;
    for (const auto& part : claim.parts) {
      if (std::ranges::find(texts, part.want.text()) == texts.end()) texts.push_back(part.want.text());
    }
    return who.text +
           (who.plural ? " depend on other versions of themselves ("
                       : " depends on another version of itself (") +
           some_of(texts) + ")";
  }
  const auto who = words(claim.package, Clauses::who(claim), Join::each);
  if (is_lockstep(claim)) {
    return who.text + (who.plural ? " each depend on the " : " depends on the ") + name(claim.target) +
           " of the same version";
  }
  return who.text + (who.plural ? " depend on " : " depends on ") + object(claim);
}

std::string Clauses::any_of(const Used& used) const {
  const auto some = words(used, Join::any).text;
  if (some == "some version of " + name(used.package)) return name(used.package);
  return some.starts_with("some ") ? "any " + some.substr(5) : some;
}

std::string Clauses::cannot_be_used(const std::vector<Used>& whose) const {
  if (whose.empty()) return "there is no solution";
  const auto first = words(whose[0], Join::each);
  if (whose.size() == 1) {
    if (starts_with_every(first)) return "no " + after_every(first) + " can be used";
    return first.text + " cannot be used";
  }
  if (whose.size() == 2) {
    const auto second = words(whose[1], Join::any);
    if (starts_with_every(first) && !second.text.starts_with("some "))
      return cannot_be_used({whose[1], whose[0]});
    if (first.every && second.every && first.text == "every version of " + name(whose[0].package) &&
        second.text == "some version of " + name(whose[1].package)) {
      return name(whose[0].package) + " and " + name(whose[1].package) + " cannot be used together";
    }
    const std::string other = second.text.starts_with("some ") ? "any " + second.text.substr(5) : second.text;
    if (starts_with_every(first)) return "no " + after_every(first) + " can be used together with " + other;
    return first.text + " cannot be used together with " + other;
  }
  std::vector<std::string> all;
  for (const auto& term : whose) all.push_back(any_of(term));
  return "not all of " + listed(all) + " can be used together";
}

std::string Clauses::conclusion(const Claim& claim) const {
  std::vector<Used> used;
  std::vector<std::string> needed, with;
  for (std::size_t i = 0; i < claim.terms.size(); ++i) {
    const auto& term = claim.terms[i];
    if (!term.second.has_none()) {
      used.push_back({term.first, &term.second, claim.whole[i]});
      continue;
    }
    needed.push_back(words(term.first, ~term.second, Join::any).text);
  }
  if (needed.empty()) return cannot_be_used(used);
  const bool plain =
      std::ranges::none_of(needed, [](const auto& one) { return one.find(" or ") != one.npos; });
  const std::string what =
      needed.size() == 1 ? needed.front() : "either " + listed(needed, plain ? " or " : ", or ");
  if (used.empty()) return what + " is needed";
  const auto first = words(used[0], Join::each);
  if (used.size() == 1) return first.text + (first.plural ? " need " : " needs ") + what;
  for (const auto& term : used) with.push_back(any_of(term));
  return listed(with) + " together need " + what;
}

bool Clauses::is_about_itself(const Claim& fact) {
  return fact.ground == Ground::depends && fact.package == fact.target;
}

bool Clauses::leads_on(const Claim& claim, const Claim& next, const std::vector<const Claim*>& around) const {
  if (!claim.is_fact() || next.ground != Ground::depends || claim.reason != Reason::none) return false;
  if (claim.target != next.package || next.package == next.target || is_about_itself(claim) ||
      is_lockstep(claim) || is_lockstep(next))
    return false;
  // "Which" leaves out what `next` says of other versions: there must be none, or nothing else must speak of
  // them.
  const auto& allowed = argument_.packages[next.package].allowed;
  const auto speaks_of_it = [&](const Claim* other) {
    return other != &claim && other != &next && other->find(next.package) != nullptr;
  };
  if (!wanted(claim).contains(who(next) & allowed) && std::ranges::any_of(around, speaks_of_it)) return false;
  // Versions of one requirement, so that "which" stands for all that it allows.
  const bool one = std::ranges::all_of(
      claim.parts, [&](const Part& part) { return part.want.text() == claim.parts.front().want.text(); });
  return one && who(next).contains(wanted(claim));
}

// Two objects of one verb: what the first one is must not be said with a comma.
bool Clauses::has_the_same_subject(const Claim& claim, const Claim& other) const {
  if (claim.ground != other.ground || claim.reason != Reason::none || !claim.is_fact()) return false;
  if (claim.ground == Ground::asked) return claim.parts.front().want.where == other.parts.front().want.where;
  if (claim.package != other.package || claim.target == claim.package || other.target == other.package)
    return false;
  return !is_lockstep(claim) && !is_lockstep(other) && who(claim) == who(other);
}

std::vector<std::string> Clauses::together(const std::vector<const Claim*>& claims,
                                           std::vector<const Claim*> around) const {
  around.insert(around.end(), claims.begin(), claims.end());
  std::vector<const Claim*> left = claims;
  if (std::ranges::all_of(left, [](const Claim* claim) { return claim->ground == Ground::asked; })) {
    std::ranges::stable_sort(left, {}, [](const Claim* claim) { return claim->target; });
  }
  std::vector<std::string> clauses;
  while (!left.empty()) {
    const Claim* claim = left.front();
    left.erase(left.begin());
    // What leads to this one is told first.
    const auto before =
        std::ranges::find_if(left, [&](const Claim* other) { return leads_on(*other, *claim, around); });
    if (before != left.end() &&
        !std::ranges::any_of(left, [&](const Claim* other) { return leads_on(*claim, *other, around); })) {
      const Claim* other = *before;
      left.erase(before);
      clauses.push_back(fact(*other) + ", which depends on " + object(*claim));
      continue;
    }
    const auto after =
        std::ranges::find_if(left, [&](const Claim* other) { return leads_on(*claim, *other, around); });
    if (after != left.end()) {
      clauses.push_back(fact(*claim) + ", which depends on " + object(**after));
      left.erase(after);
      continue;
    }
    const auto same =
        std::ranges::find_if(left, [&](const Claim* other) { return has_the_same_subject(*claim, *other); });
    if (same != left.end()) {
      clauses.push_back(fact(*claim) + " and " + object(**same));
      left.erase(same);
      continue;
    }
    clauses.push_back(of(*claim));
  }
  return clauses;
}

}  // namespace wharf::resolver
