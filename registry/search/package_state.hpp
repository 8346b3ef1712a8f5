// SPDX-License-Identifier: MIT
// What the search index keeps of a package's history, so that one event is enough to go on: the versions with
// their standing, whether the package is quarantined, and the number of the last event. Kept as the
// document's data; what is searched for comes with every event.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "libwharf/json/value.hpp"
#include "libwharf/package/index_document.hpp"
#include "registry/store/journal.hpp"

namespace wharf::search {

class PackageState {
 public:
  PackageState() = default;
  // Reads back what text() wrote.
  explicit PackageState(std::string_view text);
  std::string text() const;

  // False where the event was applied before. `event.body` is not looked at.
  bool apply(const store::JournalEvent& event);

  std::uint64_t revision() const { return revision_; }
  // Nobody is to find it: quarantined as a whole, or without a version that may be seen.
  bool hidden() const;
  bool all_yanked() const;
  // Whose README speaks for the package.
  std::optional<Version> speaker() const;

 private:
  struct Standing {
    bool yanked = false, quarantined = false;
  };
  std::uint64_t revision_ = 0;
  bool quarantined_ = false;
  std::map<std::string, Standing, std::less<>> versions_;
};

// What is searched for.
struct PackageTexts {
  std::string name;
  PackageMetadata metadata;
  std::vector<std::string> owners;
  std::string readme;
  std::int64_t updated_at = 0;  // Unix milliseconds: of the last event
  std::int64_t downloads = 0;
};
// Of the package's last event, `readme` and `downloads` left empty.
PackageTexts texts_of(const store::JournalEvent& event);

}  // namespace wharf::search
