// SPDX-License-Identifier: MIT
// Runs a change of a package that may run again, and settles a COMMIT whose answer was lost: the change runs
// once more and finds out by itself, since every such change does nothing where the package is so already.
#pragma once

#include "libwharf/base/error.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

template <class Work>
auto settled(store::Database& database, Work&& work) {
  for (int tries = 0;; ++tries) {
    try {
      return database.transaction(work);
    } catch (const store::CommitUnknown& unknown) {
      if (tries == 2)
        throw Error(Code::unavailable, "the registry's database is not answering; please try again shortly",
                    unknown.what())
            .retry_in(5);
    }
  }
}

}  // namespace wharf
