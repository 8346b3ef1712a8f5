// SPDX-License-Identifier: MIT
#include "registry/services/account_rules.hpp"

#include <chrono>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/password.hpp"

namespace wharf {

namespace {

constexpr std::chrono::milliseconds k_patience{1000};  // for a free slot; then it is better to say so

}  // namespace

HashSlots::Slot require_slot(HashSlots& slots) {
  auto slot = slots.try_acquire(k_patience);
  if (!slot)
    throw Error(Code::unavailable, "too many people are signing in at this moment; please try again shortly")
        .retry_in(1);
  return std::move(*slot);
}

std::string hash_new_password(HashSlots& slots, std::string_view password, std::string_view username) {
  require_acceptable_password(password, username);
  const auto slot = require_slot(slots);
  return hash_password(password);
}

void lock_own_account(store::Connection& connection, std::int64_t id) {
  const auto user = store::lock_user(connection, id);
  if (!user || user->disabled_at)
    throw Error(Code::unauthorized, "this account is gone or disabled; ask the registry's operator");
}

Error no_such_user(std::string_view username) {
  return Error(Code::not_found, "there is no user " + quoted(username) + " here; check the name");
}

store::User lock_account(store::Connection& connection, std::string_view username) {
  const auto found = store::user_by_name(connection, username);
  auto user = found ? store::lock_user(connection, found->id) : std::nullopt;
  if (!user) throw no_such_user(username);
  return std::move(*user);
}

}  // namespace wharf
