// SPDX-License-Identifier: MIT
// Where the members of a JSON text's objects stand. The text has been read by the strict reader before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/manifest/span.hpp"

namespace wharf::client {

struct JsonMember {
  std::vector<std::string> path;  // keys from the root
  Span key, value;                // both with their quotes
};

struct JsonMap {
  Span root;                        // the outermost object
  std::vector<JsonMember> members;  // in the text's order; not those of objects within arrays
  const JsonMember* find(const std::vector<std::string>& path) const;
  // The members of the object at `path`, in order.
  std::vector<const JsonMember*> inside(const std::vector<std::string>& path) const;
};

JsonMap map_json(std::string_view text);

}  // namespace wharf::client
