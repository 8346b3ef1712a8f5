// SPDX-License-Identifier: MIT
// A transaction whose outcome is always known: where the connection was lost during COMMIT, the database is
// asked whether it took place, so that a caller is never told of a failure that was none.
#pragma once

#include "libwharf/base/error.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

// `took_place(Connection&)` tells by what the transaction would have left. Error(unavailable) where it left
// nothing.
template <class Work, class TookPlace>
void settle(store::Database& database, Work&& work, TookPlace&& took_place) {
  try {
    database.transaction([&](store::Connection& connection) { work(connection); });
  } catch (const store::CommitUnknown& unknown) {
    if (!database.read([&](store::Connection& connection) -> bool { return took_place(connection); }))
      throw Error(Code::unavailable, "the registry lost its database for a moment; please try again",
                  unknown.what())
          .retry_in(1);
  }
}

}  // namespace wharf
