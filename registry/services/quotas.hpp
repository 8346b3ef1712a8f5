// SPDX-License-Identifier: MIT
// How much one user may do, kept in the database and so the same for all machines.
//
// New packages, new versions and yanks are taken from buckets (GCRA): a full one holds `burst`, each use
// takes one, and every `interval` one comes back. A bucket is spent in the transaction of the change that it
// is spent for: what is refused, fails or is only tried takes nothing, and two changes of one user are
// counted one after the other. Storage is the sum of the archives that a user has published and nobody has
// removed.
//
// The figures are the configuration's, unless an operator has set others for the user. The operator has no
// quota.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "libwharf/base/error.hpp"
#include "registry/config/config.hpp"
#include "registry/services/principal.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/quotas.hpp"

namespace wharf {

enum class Quota { new_packages, versions, yanks, storage };
inline constexpr Quota k_quotas[] = {Quota::new_packages, Quota::versions, Quota::yanks, Quota::storage};
std::string_view quota_name(Quota quota);  // "new-packages", "versions", "yanks", "storage"
// Error(bad_request) for another word.
Quota quota_from(std::string_view name);

struct QuotaFigure {
  std::int64_t most = 0;                  // the burst, or MiB of storage; 0 is no limit
  std::chrono::milliseconds interval{0};  // after which one more is admitted; no meaning for storage
  bool is_limit(Quota quota) const { return most > 0 && (quota == Quota::storage || interval.count() > 0); }
};

struct QuotaRules {
  QuotaFigure new_packages, versions, yanks, storage;
  const QuotaFigure& of(Quota quota) const;
  QuotaFigure& of(Quota quota);
};
QuotaRules quota_rules(const Config& config);

// What is left of a bucket.
struct QuotaState {
  Quota quota;
  QuotaFigure figure;
  std::int64_t remaining = 0;
  std::chrono::milliseconds full_in{0};
};

// A bucket at a moment, `full_at` being when it is or was full again. A bucket is never emptier than empty,
// so that after a change of its figures nobody waits longer than for one.
QuotaState state_of(Quota quota, const QuotaFigure& figure, Time full_at, Time at);

// Error(rate_limit_exceeded) with the seconds after which the same is admitted, and the bucket that refused.
class QuotaExceeded : public Error {
 public:
  QuotaExceeded(std::string_view username, const QuotaState& state, std::chrono::milliseconds wait);
  const QuotaState& state() const noexcept { return state_; }

 private:
  QuotaState state_;
};

// What a transaction uses of a user's quotas.
class QuotaUse {
 public:
  QuotaUse(store::Connection& connection, const QuotaRules& rules, const Principal& principal);

  // Locks the user's row, unless nothing of `wanted` is limited for this user. Belongs behind the package's
  // lock and before any row that refers to the user: such a row locks the user's for reading, and two changes
  // that both did so would each wait for the other.
  void lock(std::initializer_list<Quota> wanted);

  // Takes one, or throws QuotaExceeded. The row must be locked for it.
  void take(Quota quota);
  // Throws QuotaExceeded where take() would, and takes nothing.
  void try_take(Quota quota);
  // Throws Error(forbidden) where the user would keep more than they may with this many bytes more.
  void require_room(std::uint64_t bytes);

  // Of what was taken or tried, where it is limited.
  const std::vector<QuotaState>& states() const { return states_; }

 private:
  void use(Quota quota, bool takes);
  store::Connection& connection_;
  std::int64_t user_id_;
  std::string username_;
  QuotaRules rules_;
  std::vector<store::BucketRow> buckets_;
  std::vector<QuotaState> states_;
};

// For the operator: what holds for one user, and other figures for them.
class Quotas {
 public:
  Quotas(store::Database& database, QuotaRules rules) : database_(database), rules_(rules) {}

  struct Standing {
    Quota quota;
    QuotaFigure usual;               // the configuration's
    std::optional<QuotaFigure> own;  // set for this user
    std::int64_t remaining = 0;      // of a bucket, or MiB; no meaning without a limit
    std::chrono::milliseconds full_in{0};
    std::int64_t used_bytes = 0;  // storage
    const QuotaFigure& figure() const { return own ? *own : usual; }
  };
  // One for each quota, in the order of k_quotas. Error(not_found), Error(username_invalid).
  std::vector<Standing> show(std::string_view username);

  // Replaces the configuration's figures for this user: `most` (0 lifts the limit, at most 1 000 000), and
  // the seconds after which one more is admitted (1 to 2 592 000), where not given as the configuration has
  // it now. Written to the audit log as quota-set. Throws Error: not_found, username_invalid, bad_request,
  // and forbidden for all but the operator.
  void set(std::string_view username, Quota quota, std::uint64_t most, std::optional<std::uint64_t> seconds,
           const Principal& principal, const Origin& origin);
  // The configuration's figures hold again; false where they did already. Written as quota-clear. Throws as
  // set().
  bool clear(std::string_view username, Quota quota, const Principal& principal, const Origin& origin);

 private:
  store::Database& database_;
  QuotaRules rules_;
};

}  // namespace wharf
