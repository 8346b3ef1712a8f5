// SPDX-License-Identifier: MIT
// Rules as they stand in a `.gitignore`, and what they say of a path.
//
// As gitignore(5) has it: `#` comments, `!` takes back, a `/` at the beginning or in the middle binds a
// pattern to its folder, one at the end makes it speak of folders alone; `*`, `?` and `[…]` stay within one
// name, `**` crosses names. The last rule that fits decides. What lies in a folder that is left out cannot be
// taken back: whoever walks the tree does not go into it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wharf::client {

class IgnoreRules {
 public:
  enum class Verdict { none, out, in };  // in: taken back by a `!`

  // The lines of a file that lies in the folder `base`: "", or "docs/". They come after those that are there.
  void add(std::string_view text, std::string_view base = {});
  // The path alone, without its parents: "docs/a.md", no slash at its end.
  Verdict of(std::string_view path, bool directory) const;
  // The same for the path or a folder that it lies in.
  bool covers(std::string_view path, bool directory) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::string base;                // what it speaks of begins so
    std::vector<std::string> parts;  // of the pattern; one "**" before it where it is not bound
    bool negated = false, directories_only = false;
  };
  static bool fits(const Rule& rule, std::string_view path, bool directory);
  std::vector<Rule> rules_;
};

// Whether one name fits one part of a pattern: `*`, `?`, `[a-z]`, `[!x]`, `[[:digit:]]` and `\` before a
// character.
bool name_fits(std::string_view pattern, std::string_view name);

}  // namespace wharf::client
