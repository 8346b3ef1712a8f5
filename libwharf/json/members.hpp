// SPDX-License-Identifier: MIT
// The members of one JSON object, found in one pass and without a tree: for logs, of which there are many
// short lines. By the same strict rules as parse(); nested values are checked and passed over.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wharf::json {

class Members {
 public:
  // `text` must outlive it. Throws Error(bad_request) where it is not JSON, or not an object.
  explicit Members(std::string_view text);

  // Nothing where the member is missing or of another kind.
  std::optional<std::string> string(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;  // a number without fraction

 private:
  friend class Scanner;
  struct Member {
    std::string_view key;    // escapes undone
    std::string_view value;  // as it is written
  };
  std::string_view written(std::string_view key) const;  // empty where it is missing

  std::vector<Member> members_;
  std::deque<std::string> unescaped_;  // keys that held escapes
};

}  // namespace wharf::json
