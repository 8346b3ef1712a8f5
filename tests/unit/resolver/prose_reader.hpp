// SPDX-License-Identifier: MIT
// Reads the sentences of an explanation as a person would, knowing nothing of how they were made: which
// choices each clause forbids, whether its facts stand in the story, and whether the conclusion follows from
// the reasons.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/resolver/argument.hpp"
#include "libwharf/resolver/narration.hpp"
#include "tests/unit/resolver/story.hpp"

namespace wharf::test {

class ProseReader {
 public:
  // The argument says only which versions count, that is whether a prerelease was asked for.
  ProseReader(Story& story, const resolver::Argument& argument);

  // What is wrong with them as a proof; empty: nothing.
  std::string fault_in(const std::vector<resolver::Sentence>& sentences) const;
  // What is wrong with the facts alone.
  std::string fault_in_facts(const std::vector<resolver::Sentence>& sentences) const;

 private:
  // A package's state is one of its versions that count, by number, or -1 for none.
  using Set = std::vector<int>;
  using Forbidden = std::map<std::string, Set>;  // all of these at once
  struct Subject {
    std::string name;
    Set versions;
    bool denied = false;  // "no version of"
  };
  struct Clause {
    std::vector<Forbidden> forbidden;
    std::string fault;  // of the facts in it
  };
  struct Cursor;

  Clause read(std::string_view clause) const;
  Clause read_derived(std::string_view clause) const;
  Clause read_asking(std::string_view clause) const;
  Clause read_dependency(std::string_view clause) const;
  void read_object(Cursor& at, const std::string* who, const Set& versions, Clause& clause) const;
  std::string fault_in_trouble(std::string_view text, const std::string& name,
                               const std::string& requirement) const;
  Subject read_subject(Cursor& at) const;
  Set read_list(Cursor& at, const std::string& name) const;
  Set all(const std::string& name) const;
  Set matching(const std::string& name, const std::string& requirement) const;
  Set without(const std::string& name, const Set& versions, bool with_none) const;
  int number(const std::string& name, std::string_view version) const;
  bool follows(const std::vector<Forbidden>& reasons, const Forbidden& conclusion) const;

  Story& story_;
  std::map<std::string, std::vector<Version>> counted_;
};

}  // namespace wharf::test
