// SPDX-License-Identifier: MIT
// The rows of `user_buckets` and `user_quotas`: how much each user has used up, and what an operator allowed
// them instead of the configuration's figures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/store/connection.hpp"

namespace wharf::store {

struct QuotaRow {
  std::string kind;
  std::int64_t most = 0;     // 0: no limit
  std::int64_t seconds = 0;  // in which one more is admitted
  Time set_at;
};

// By kind; no locks are taken.
std::vector<QuotaRow> quotas_of(Connection& connection, std::int64_t user_id);
void set_quota(Connection& connection, std::int64_t user_id, const QuotaRow& row);
// False where there was none.
bool delete_quota(Connection& connection, std::int64_t user_id, std::string_view kind);

struct BucketRow {
  std::string kind;
  Time full_at;
};

// Locks the user's row until the end of the transaction, so that what one user does is counted one after the
// other, and returns their buckets.
std::vector<BucketRow> lock_buckets(Connection& connection, std::int64_t user_id);
// The same without a lock.
std::vector<BucketRow> buckets_of(Connection& connection, std::int64_t user_id);
// The user's row must be locked.
void set_bucket(Connection& connection, std::int64_t user_id, const BucketRow& row);

}  // namespace wharf::store
