// SPDX-License-Identifier: MIT
// The order of telling is that of Dart's pub: its solver.md, "Error reporting".
#include "libwharf/resolver/narration.hpp"

#include <map>

#include "libwharf/resolver/clauses.hpp"

namespace wharf::resolver {
namespace {

class Narrator {
 public:
  Narrator(const Argument& argument, std::size_t pieces)
      : argument_(argument), clauses_(argument, pieces), uses_(argument.claims.size()) {
    for (const auto& claim : argument.claims) {
      if (claim.ground == Ground::derived) {
        ++uses_[claim.first];
        ++uses_[claim.second];
      } else if (claim.ground == Ground::leads_to) {
        ++uses_[claim.first];
      }
    }
  }

  std::vector<Sentence> tell() {
    const std::size_t last = argument_.claims.size() - 1;
    if (is_told(last)) {
      visit(last);
    } else {
      sentences_.push_back({0, false, 0, clauses_.together({&claim(last)}, {}), "there is no solution"});
    }
    return std::move(sentences_);
  }

 private:
  const Claim& claim(std::size_t at) const { return argument_.claims[at]; }
  // It has sentences of its own.
  bool is_told(std::size_t at) const {
    return claim(at).ground == Ground::derived || claim(at).ground == Ground::leads_to;
  }
  bool is_numbered(std::size_t at) const { return numbers_.contains(at); }
  bool is_from_facts(std::size_t at) const {
    return claim(at).ground == Ground::derived && !is_told(claim(at).first) && !is_told(claim(at).second);
  }

  // `before`: what was just said and leads here; `causes`: what is to be said, or was and has a number.
  void say(std::size_t at, const std::vector<std::size_t>& before, const std::vector<std::size_t>& causes) {
    Sentence sentence;
    sentence.goes_on = !before.empty();
    std::vector<const Claim*> plain, around{&claim(at)};
    for (const auto told : before) around.push_back(&claim(told));
    for (const auto cause : causes) around.push_back(&claim(cause));
    for (const auto cause : causes) {
      if (!is_numbered(cause)) plain.push_back(&claim(cause));
    }
    sentence.because = clauses_.together(plain, around);
    for (const auto cause : causes) {
      if (is_numbered(cause)) {
        sentence.because.push_back(clauses_.of(claim(cause)) + " (" + std::to_string(numbers_.at(cause)) +
                                   ")");
      }
    }
    if (claim(at).ground == Ground::leads_to) sentence.steps = claim(at).steps;
    sentence.therefore = clauses_.of(claim(at));
    sentences_.push_back(std::move(sentence));
    if (uses_[at] > 1) give_number(at);
  }

  // The sentence that was said last is that of `at`.
  void give_number(std::size_t at) {
    if (is_numbered(at)) return;
    numbers_[at] = sentences_.back().number = numbers_.size() + 1;
  }

  void visit(std::size_t at) {
    const auto& here = claim(at);
    if (here.ground == Ground::leads_to) {
      if (!is_numbered(here.first)) visit(here.first);
      say(at, {here.first}, {});
      return;
    }
    const bool first = is_told(here.first);
    const bool second = is_told(here.second);
    if (first && second) {
      visit_two(at, here.first, here.second);
    } else if (first || second) {
      visit_one(at, first ? here.first : here.second, first ? here.second : here.first);
    } else {
      say(at, {}, {here.first, here.second});
    }
  }

  void visit_two(std::size_t at, std::size_t first, std::size_t second) {
    if (is_numbered(first) && is_numbered(second)) {
      say(at, {}, {first, second});
    } else if (is_numbered(first) || is_numbered(second)) {
      const bool left = is_numbered(first);
      visit(left ? second : first);
      say(at, {left ? second : first}, {left ? first : second});
    } else if (is_from_facts(first) || is_from_facts(second)) {
      const bool simple = is_from_facts(second);
      visit(simple ? first : second);
      visit(simple ? second : first);
      say(at, {first, second}, {});
    } else {
      visit(first);
      give_number(first);
      if (!is_numbered(second)) {
        visit(second);
        say(at, {second}, {first});
      } else {
        say(at, {}, {first, second});
      }
    }
  }

  void visit_one(std::size_t at, std::size_t told, std::size_t fact) {
    if (is_numbered(told)) {
      say(at, {}, {fact, told});
      return;
    }
    // A step that nothing else uses and that rests on one other step is told together with the next one.
    const auto& before = claim(told);
    if (before.ground == Ground::derived && uses_[told] == 1 &&
        is_told(before.first) != is_told(before.second)) {
      const std::size_t prior = is_told(before.first) ? before.first : before.second;
      const std::size_t prior_fact = is_told(before.first) ? before.second : before.first;
      if (!is_numbered(prior)) {
        visit(prior);
        say(at, {prior}, {prior_fact, fact});
        return;
      }
    }
    visit(told);
    say(at, {told}, {fact});
  }

  const Argument& argument_;
  Clauses clauses_;
  std::vector<std::size_t> uses_;
  std::map<std::size_t, std::size_t> numbers_;
  std::vector<Sentence> sentences_;
};

}  // namespace

std::string Sentence::text() const {
  if (because.empty()) {
    if (steps != 0) {
      return "From this follows, in " + std::to_string(steps) +
             (steps == 1 ? " more step, " : " more steps, ") + "that " + therefore + ".";
    }
    return "Thus " + therefore + ".";
  }
  std::string reasons = because.front();
  for (std::size_t i = 1; i < because.size(); ++i) {
    reasons += (because[i - 1].find(", ") == std::string::npos ? " and " : ", and ") + because[i];
  }
  return (goes_on ? "And because " : "Because ") + reasons + ", " + therefore + ".";
}

std::vector<Sentence> narrated(const Argument& argument, std::size_t pieces) {
  return Narrator(argument, pieces).tell();
}

}  // namespace wharf::resolver
