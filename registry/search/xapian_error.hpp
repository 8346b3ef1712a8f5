// SPDX-License-Identifier: MIT
// What Xapian throws, as errors of ours. Inside of this room alone.
#pragma once

#include <xapian.h>

#include <utility>

#include "libwharf/base/error.hpp"

namespace wharf::search {

template <class Work>
auto translated(Work&& work) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const Xapian::Error& error) {
    throw internal_error("the search index: " + error.get_description());
  }
}

}  // namespace wharf::search
