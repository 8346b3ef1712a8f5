// SPDX-License-Identifier: MIT
// Which documents will be wanted next: of every package that is wanted, the newest version that fits is the
// likeliest to be chosen, so what that version needs is wanted, too.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libwharf/package/index_document.hpp"

namespace wharf::client {

class Foresight {
 public:
  // Somebody wants the package; an empty requirement is any version.
  void want(std::string_view name, std::string_view requirement = {});
  // A document, which must live as long as this, or until the package's next one.
  void learn(std::string_view name, const IndexDocument& document);
  // The names that have become likely since the last call, each once.
  std::vector<std::string> take();

  static constexpr std::size_t k_most = 5000;  // names; a guess beyond is no guess any more

 private:
  struct Package {
    const IndexDocument* document = nullptr;
    std::set<std::string, std::less<>> requirements;
    std::set<std::size_t> followed;  // versions, by their place in the document
  };
  using Place = std::map<std::string, Package, std::less<>>::iterator;
  void follow(Package& package, std::string_view requirement);
  void work_off();

  std::map<std::string, Package, std::less<>> packages_;
  std::vector<std::string> fresh_;
  std::vector<std::pair<std::string, std::string>> due_;  // name, requirement
};

}  // namespace wharf::client
