// SPDX-License-Identifier: MIT
#include "registry/services/quotas.hpp"

#include <algorithm>

#include "libwharf/base/counted.hpp"
#include "libwharf/base/text.hpp"
#include "registry/services/account_names.hpp"
#include "registry/services/settle.hpp"
#include "registry/store/audit.hpp"
#include "registry/store/users.hpp"
#include "registry/store/versions.hpp"

namespace wharf {

namespace {

using std::chrono::milliseconds;

// Together they stay below what a moment in the database can say.
constexpr std::int64_t k_largest_burst = 1'000'000;
constexpr std::int64_t k_longest_seconds = 30 * 24 * 3600;

std::string in_words(milliseconds time) {
  const auto count = time.count();
  if (count % 1000 != 0) return std::to_string(count) + " milliseconds";
  return count == 1000 ? "second" : std::to_string(count / 1000) + " seconds";
}

std::string amount(Quota quota, std::int64_t most) {
  constexpr std::string_view k_nouns[] = {"new package", "version", "yank"};
  if (quota == Quota::storage) return std::to_string(most) + " MiB of archives";
  return counted(most, k_nouns[static_cast<int>(quota)]);
}

int whole_seconds(milliseconds wait) {
  return static_cast<int>(std::max<std::int64_t>(1, (wait.count() + 999) / 1000));
}

std::string exceeded_message(std::string_view username, const QuotaState& state, milliseconds wait) {
  const int seconds = whole_seconds(wait);
  return wharf::quoted(username) + " has used up the quota of " + amount(state.quota, state.figure.most) +
         "; one more is admitted every " + in_words(state.figure.interval) + ", the next in " +
         std::to_string(seconds) + (seconds == 1 ? " second" : " seconds");
}

QuotaFigure figure_of(const store::QuotaRow& row) {
  return {row.most, milliseconds(row.seconds * 1000)};
}

milliseconds wait_for_one(const QuotaState& state) {
  return state.full_in - (state.figure.most - 1) * state.figure.interval;
}

std::int64_t require_user(store::Connection& connection, const std::string& username) {
  const auto user = store::user_by_name(connection, username);
  if (!user)
    throw Error(Code::not_found, "there is no user " + wharf::quoted(username) + " here; check the name");
  return user->id;
}

void record(store::Connection& connection, std::string action, const std::string& username,
            std::string detail, const Principal& principal, const Origin& origin, Time at) {
  store::record_audit(connection,
                      {.action = std::move(action),
                       .actor = principal.username,
                       .subject = username,
                       .address = origin.address,
                       .reason = origin.reason,
                       .request_id = origin.request_id,
                       .detail = std::move(detail)},
                      at);
}

}  // namespace

std::string_view quota_name(Quota quota) {
  constexpr std::string_view k_names[] = {"new-packages", "versions", "yanks", "storage"};
  return k_names[static_cast<int>(quota)];
}

Quota quota_from(std::string_view name) {
  for (const Quota quota : k_quotas)
    if (quota_name(quota) == name) return quota;
  throw Error(Code::bad_request, "the quota " + wharf::quoted(name) +
                                     " is not known; choose from new-packages, versions, yanks and storage");
}

const QuotaFigure& QuotaRules::of(Quota quota) const {
  const QuotaFigure* figures[] = {&new_packages, &versions, &yanks, &storage};
  return *figures[static_cast<int>(quota)];
}

QuotaFigure& QuotaRules::of(Quota quota) {
  return const_cast<QuotaFigure&>(std::as_const(*this).of(quota));
}

QuotaRules quota_rules(const Config& config) {
  const auto& limits = config.limits;
  // A figure of the configuration is multiplied by its factor already; an interval is divided here.
  const auto bucket = [&](int most, int seconds) {
    const auto whole = std::min<std::int64_t>(seconds, k_longest_seconds) * 1000;
    return QuotaFigure{std::min<std::int64_t>(most, k_largest_burst),
                       milliseconds(seconds == 0 ? 0 : std::max<std::int64_t>(1, whole / limits.factor))};
  };
  return {.new_packages = bucket(limits.user_new_packages, limits.user_new_package_seconds),
          .versions = bucket(limits.user_versions, limits.user_version_seconds),
          .yanks = bucket(limits.user_yanks, limits.user_yank_seconds),
          .storage = {limits.user_storage_mib, milliseconds(0)}};
}

QuotaState state_of(Quota quota, const QuotaFigure& figure, Time full_at, Time at) {
  const milliseconds capacity = figure.most * figure.interval;
  const milliseconds full_in = std::clamp(full_at - at, milliseconds(0), capacity);
  return {quota, figure, (capacity - full_in) / figure.interval, full_in};
}

QuotaExceeded::QuotaExceeded(std::string_view username, const QuotaState& state, milliseconds wait)
    : Error(Code::rate_limit_exceeded, exceeded_message(username, state, wait)), state_(state) {
  with("quota", std::string(quota_name(state.quota)));
  with("limit", std::to_string(state.figure.most));
  with("interval_ms", std::to_string(state.figure.interval.count()));
  retry_in(whole_seconds(wait));
}

QuotaUse::QuotaUse(store::Connection& connection, const QuotaRules& rules, const Principal& principal)
    : connection_(connection),
      user_id_(principal.user_id),
      username_(principal.username),
      rules_(principal.is_operator() ? QuotaRules() : rules) {}

void QuotaUse::lock(std::initializer_list<Quota> wanted) {
  if (user_id_ == 0) return;  // the operator
  for (const auto& row : store::quotas_of(connection_, user_id_))
    rules_.of(quota_from(row.kind)) = figure_of(row);
  if (std::ranges::any_of(wanted, [&](Quota quota) { return rules_.of(quota).is_limit(quota); }))
    buckets_ = store::lock_buckets(connection_, user_id_);
}

void QuotaUse::take(Quota quota) {
  use(quota, true);
}

void QuotaUse::try_take(Quota quota) {
  use(quota, false);
}

void QuotaUse::use(Quota quota, bool takes) {
  const QuotaFigure& figure = rules_.of(quota);
  if (!figure.is_limit(quota)) return;
  // Asked only now: the lock may have been waited for.
  const Time at = now();
  const auto bucket = std::ranges::find(buckets_, quota_name(quota), &store::BucketRow::kind);
  QuotaState state = state_of(quota, figure, bucket == buckets_.end() ? at : bucket->full_at, at);
  if (state.remaining < 1) throw QuotaExceeded(username_, state, wait_for_one(state));
  if (takes) {
    state.full_in += figure.interval;
    --state.remaining;
    store::set_bucket(connection_, user_id_, {std::string(quota_name(quota)), at + state.full_in});
  }
  states_.push_back(state);
}

void QuotaUse::require_room(std::uint64_t bytes) {
  if (!rules_.storage.is_limit(Quota::storage)) return;
  const auto most = static_cast<std::uint64_t>(rules_.storage.most);
  if (static_cast<std::uint64_t>(store::bytes_stored_by(connection_, user_id_)) + bytes > most << 20)
    throw Error(Code::forbidden, "this archive would bring what " + wharf::quoted(username_) +
                                     " keeps here above " + std::to_string(most) +
                                     " MiB, which is the most; ask the operator for more");
}

std::vector<Quotas::Standing> Quotas::show(std::string_view username) {
  const std::string name = require_username(username);
  return database_.read([&](store::Connection& connection) {
    const std::int64_t user = require_user(connection, name);
    const auto own = store::quotas_of(connection, user);
    const auto buckets = store::buckets_of(connection, user);
    const Time at = now();
    std::vector<Standing> standings;
    for (const Quota quota : k_quotas) {
      Standing standing{quota, rules_.of(quota), std::nullopt};
      if (const auto found = std::ranges::find(own, quota_name(quota), &store::QuotaRow::kind);
          found != own.end())
        standing.own = figure_of(*found);
      if (quota == Quota::storage) {
        standing.used_bytes = store::bytes_stored_by(connection, user);
        standing.remaining = std::max<std::int64_t>(0, standing.figure().most - (standing.used_bytes >> 20));
      } else if (standing.figure().is_limit(quota)) {
        const auto bucket = std::ranges::find(buckets, quota_name(quota), &store::BucketRow::kind);
        const auto state =
            state_of(quota, standing.figure(), bucket == buckets.end() ? at : bucket->full_at, at);
        standing.remaining = state.remaining;
        standing.full_in = state.full_in;
      }
      standings.push_back(standing);
    }
    return standings;
  });
}

void Quotas::set(std::string_view username, Quota quota, std::uint64_t most,
                 std::optional<std::uint64_t> seconds, const Principal& principal, const Origin& origin) {
  require_operator(principal);
  const std::string name = require_username(username);
  if (most > k_largest_burst)
    throw Error(Code::bad_request, "a quota of " + std::to_string(most) + " is too large; expected at most " +
                                       std::to_string(k_largest_burst) + ", or 0 for no limit");
  std::string detail = std::string(quota_name(quota)) + ": ";
  store::QuotaRow row{std::string(quota_name(quota)), static_cast<std::int64_t>(most), 0, now()};
  if (most == 0) {
    detail += "no limit";
  } else if (quota == Quota::storage) {
    detail += std::to_string(most) + " MiB";
  } else {
    const auto usual = static_cast<std::uint64_t>(rules_.of(quota).interval.count() + 999) / 1000;
    const std::uint64_t every = seconds.value_or(usual);
    if (every < 1 || every > k_longest_seconds)
      throw Error(Code::bad_request, "one more every " + std::to_string(every) +
                                         " seconds is not possible; give 1 to " +
                                         std::to_string(k_longest_seconds) + " seconds");
    row.seconds = static_cast<std::int64_t>(every);
    detail += std::to_string(most) + ", one more every " + in_words(milliseconds(row.seconds * 1000));
  }
  settle(
      database_,
      [&](store::Connection& connection) {
        const std::int64_t user = require_user(connection, name);
        store::set_quota(connection, user, row);
        record(connection, "quota-set", name, detail, principal, origin, row.set_at);
      },
      [&](store::Connection& connection) {
        const auto rows = store::quotas_of(connection, require_user(connection, name));
        return std::ranges::any_of(rows, [&](const store::QuotaRow& one) {
          return one.kind == row.kind && one.set_at == row.set_at;
        });
      });
}

bool Quotas::clear(std::string_view username, Quota quota, const Principal& principal, const Origin& origin) {
  require_operator(principal);
  const std::string name = require_username(username);
  bool cleared = false;
  settle(
      database_,
      [&](store::Connection& connection) {
        const std::int64_t user = require_user(connection, name);
        cleared = store::delete_quota(connection, user, quota_name(quota));
        if (cleared)
          record(connection, "quota-clear", name, std::string(quota_name(quota)), principal, origin, now());
      },
      // Where a row was seen and deleted under its lock, that it is gone means that the deletion stands.
      [&](store::Connection& connection) {
        const auto rows = store::quotas_of(connection, require_user(connection, name));
        return std::ranges::none_of(
            rows, [&](const store::QuotaRow& one) { return one.kind == quota_name(quota); });
      });
  return cleared;
}

}  // namespace wharf
