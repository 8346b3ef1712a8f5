// SPDX-License-Identifier: MIT
#include "libwharf/resolver/ways_out.hpp"

#include <algorithm>
#include <optional>

#include "libwharf/base/error.hpp"
#include "libwharf/package/requirement.hpp"
#include "libwharf/resolver/argument.hpp"
#include "libwharf/resolver/version_words.hpp"

namespace wharf::resolver {
namespace {

constexpr std::size_t k_suspects = 10;
constexpr std::size_t k_similar_names = 3;
constexpr const char* k_any = ">=0.0.0";

// One want of the project, and what stands in the way of it.
struct Suspect {
  std::size_t want = 0;  // place in Problem::wants
  Reason reason = Reason::none;
};

struct Change {
  std::size_t want = 0;
  std::string name, requirement;
};

std::string triple_text(const Triple& triple) {
  return std::to_string(triple.major) + '.' + std::to_string(triple.minor) + '.' +
         std::to_string(triple.patch);
}

// How good a proposal is.
enum class Rank { newer, older };

struct Way {
  std::string text;
  Rank rank = Rank::newer;
};

Triple triple_of(const Version& version) {
  return {version.major(), version.minor(), version.patch()};
}

class Search {
 public:
  Search(Universe& universe, const Problem& problem, const Failure& failure, const Effort& effort)
      : universe_(universe), problem_(problem), failure_(failure), effort_(effort) {
    find_suspects();
  }

  std::vector<std::string> run() {
    for (const auto& suspect : suspects_) {
      if (!spent()) change_one(suspect);
    }
    for (std::size_t i = 0; ways_.empty() && i < suspects_.size(); ++i) {
      for (std::size_t j = i + 1; !spent() && ways_.empty() && j < suspects_.size(); ++j) change_two(i, j);
    }
    if (ways_.empty()) leave_out();
    std::ranges::stable_sort(ways_, {}, &Way::rank);
    if (ways_.size() > effort_.ways) ways_.resize(effort_.ways);
    std::vector<std::string> texts;
    for (auto& way : ways_) texts.push_back(std::move(way.text));
    return texts;
  }

 private:
  bool spent() const { return solves_ >= effort_.solves || is_late(); }
  bool is_late() const { return std::chrono::steady_clock::now() - begun_ >= effort_.time; }

  // What stands twice in a file, for use and for tests, is one thing to change.
  static bool is_same(const Want& a, const Want& b) {
    return a.name == b.name && a.requirement == b.requirement && a.where == b.where;
  }

  // The project's wants that the failure rests on, in the order of the problem.
  void find_suspects() {
    for (std::size_t i = 0; i < problem_.wants.size() && suspects_.size() < k_suspects; ++i) {
      const auto& want = problem_.wants[i];
      const auto fact = std::ranges::find_if(failure_.all(), [&](const Incompatibility& one) {
        return one.kind != Kind::derived && !one.dependent && is_same(one.want, want);
      });
      const bool known = std::ranges::any_of(
          suspects_, [&](const Suspect& one) { return is_same(problem_.wants[one.want], want); });
      if (!known && fact != failure_.all().end()) suspects_.push_back({i, fact->reason});
    }
  }

  std::optional<Solution> solved(Problem problem) {
    if (solves_ >= effort_.solves || is_late()) return std::nullopt;
    ++solves_;
    problem.strategy = Strategy::highest;  // whether there is a solution does not depend on it
    try {
      auto answer = solve(universe_, problem);
      if (auto* solution = std::get_if<Solution>(&answer)) return std::move(*solution);
    } catch (const Error&) {
      // What cannot be fetched now cannot be proposed; the failure itself has still to be told.
    }
    return std::nullopt;
  }

  Problem changed(const std::vector<Change>& changes) const {
    Problem problem = problem_;
    for (const auto& change : changes) {
      const auto& old = problem_.wants[change.want];
      for (auto& want : problem.wants) {
        if (is_same(want, old)) want = {change.name, change.requirement, change.requirement, want.where};
      }
    }
    return problem;
  }

  const Want& want(const Suspect& suspect) const { return problem_.wants[suspect.want]; }

  static std::string in(const Want& want) { return want.where.empty() ? "" : " in " + want.where; }

  static std::string told(const Want& want) { return want.text().empty() ? "any version" : want.text(); }

  void change_one(const Suspect& suspect) {
    if (suspect.reason == Reason::unknown) {
      similar_name(suspect);
      return;
    }
    if (suspect.reason == Reason::only_prereleases && prerelease(suspect)) return;
    std::vector<std::string> looser;
    const auto requirement = Requirement::from(want(suspect).requirement);
    if (requirement && requirement->releases().first <= requirement->releases().last) {
      looser.push_back('^' + triple_text(requirement->releases().first));
    }
    for (const auto& text : looser) {
      if (text == want(suspect).requirement || !solved(changed({{suspect.want, want(suspect).name, text}})))
        continue;
      propose(suspect, text);
      return;
    }
    const auto free = solved(changed({{suspect.want, want(suspect).name, k_any}}));
    if (!free) return;
    const auto chosen = free->versions.find(want(suspect).name);
    if (chosen == free->versions.end()) return;
    const auto& version = chosen->second;
    const bool older = requirement && triple_of(version) < requirement->releases().first;
    // From before there was anything to use: nobody's way out.
    if (older && version.major() == 0 && version.minor() == 0) return;
    const std::string text = '^' + version.identity();
    if (solved(changed({{suspect.want, want(suspect).name, text}}))) {
      propose(suspect, text, why_it_fits(chosen->first, version), older ? Rank::older : Rank::newer);
    }
  }

  void propose(const Suspect& suspect, const std::string& text, const std::string& why = {},
               Rank rank = Rank::newer) {
    ways_.push_back({"ask for " + want(suspect).name + ' ' + text + " instead of " + told(want(suspect)) +
                         in(want(suspect)) + why,
                     rank});
  }

  // What is different in a version that fits: a dependency that the failure names.
  std::string why_it_fits(const std::string& name, const Version& version) {
    const auto package = universe_.find(name);
    if (!package || !universe_.is_loaded(*package)) return "";
    const auto candidates = universe_.candidates(*package);
    const auto fits =
        std::ranges::find_if(candidates, [&](const Candidate& one) { return one.version == version; });
    if (fits == candidates.end()) return "";
    for (const auto& fact : failure_.all()) {
      if (fact.kind == Kind::derived || fact.dependent != package || fact.wanted == *package) continue;
      const auto other = std::ranges::find(fits->wants, fact.want.name, &Want::name);
      if (other == fits->wants.end()) {
        return " (" + name + ' ' + version.text() + " does not depend on " + fact.want.name + ")";
      }
      if (other->requirement == fact.want.requirement) continue;
      return " (" + name + ' ' + version.text() + " depends on " + other->name + ' ' + other->text() + ")";
    }
    return "";
  }

  void similar_name(const Suspect& suspect) {
    auto names = near_names(universe_.source(), want(suspect).name);
    if (names.size() > k_similar_names) names.resize(k_similar_names);
    for (const auto& name : names) {
      if (spent()) return;
      if (solved(changed({{suspect.want, name, want(suspect).requirement}}))) {
        ways_.push_back(
            {"ask for " + name + " instead of " + want(suspect).name + in(want(suspect)), Rank::newer});
        continue;
      }
      const auto free = solved(changed({{suspect.want, name, k_any}}));
      if (!free) continue;
      const std::string text = '^' + free->versions.at(name).identity();
      if (solved(changed({{suspect.want, name, text}}))) {
        ways_.push_back(
            {"ask for " + name + ' ' + text + " instead of " + want(suspect).name + in(want(suspect)),
             Rank::newer});
      }
    }
  }

  // The highest prerelease of what was asked for that fits.
  bool prerelease(const Suspect& suspect) {
    const auto package = universe_.find(want(suspect).name);
    const auto requirement = Requirement::from(want(suspect).requirement);
    if (!package || !requirement) return false;
    const auto candidates = universe_.candidates(*package);
    for (std::size_t i = candidates.size(); i-- > 0 && !spent();) {
      const auto& version = candidates[i].version;
      const Triple triple = triple_of(version);
      if (!version.is_prerelease() || candidates[i].yanked) continue;
      if (triple < requirement->releases().first || requirement->releases().last < triple) continue;
      const std::string text = '^' + version.identity();
      if (!solved(changed({{suspect.want, want(suspect).name, text}}))) continue;
      ways_.push_back({"allow the prerelease: ask for " + want(suspect).name + ' ' + text + " instead of " +
                           told(want(suspect)) + in(want(suspect)),
                       Rank::newer});
      return true;
    }
    return false;
  }

  void change_two(std::size_t i, std::size_t j) {
    const auto& a = suspects_[i];
    const auto& b = suspects_[j];
    if (a.reason == Reason::unknown || b.reason == Reason::unknown) return;
    const auto free = solved(changed({{a.want, want(a).name, k_any}, {b.want, want(b).name, k_any}}));
    if (!free || !free->versions.contains(want(a).name) || !free->versions.contains(want(b).name)) return;
    const std::string first = '^' + free->versions.at(want(a).name).identity();
    const std::string second = '^' + free->versions.at(want(b).name).identity();
    if (!solved(changed({{a.want, want(a).name, first}, {b.want, want(b).name, second}}))) return;
    const bool one_place = want(a).where == want(b).where;
    ways_.push_back({"ask for " + want(a).name + ' ' + first + " instead of " + told(want(a)) +
                         (one_place ? "" : in(want(a))) + " and for " + want(b).name + ' ' + second +
                         " instead of " + told(want(b)) + in(want(b)),
                     Rank::newer});
  }

  // Where a name was mistyped or there is no network, doing without is nobody's way out.
  void leave_out() {
    std::vector<std::string> names;
    for (const auto& suspect : suspects_) {
      if (suspect.reason == Reason::unknown || suspect.reason == Reason::not_cached) continue;
      Problem problem = problem_;
      std::erase_if(problem.wants, [&](const Want& one) { return is_same(one, want(suspect)); });
      if (problem.wants.empty() || names.size() == effort_.ways || !solved(std::move(problem))) continue;
      names.push_back(want(suspect).name);
    }
    if (names.empty()) return;
    ways_.push_back(
        {"do without " + listed(names, " or without ") + ": all else that is asked for fits together",
         Rank::newer});
  }

  Universe& universe_;
  const Problem& problem_;
  const Failure& failure_;
  const Effort& effort_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::size_t solves_ = 0;
  std::vector<Suspect> suspects_;
  std::vector<Way> ways_;
};

}  // namespace

std::vector<std::string> ways_out(Universe& universe, const Problem& problem, const Failure& failure,
                                  const Effort& effort) {
  return Search(universe, problem, failure, effort).run();
}

}  // namespace wharf::resolver
