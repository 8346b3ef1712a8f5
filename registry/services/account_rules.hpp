// SPDX-License-Identifier: MIT
// What holds for an account however it is made or changed: by its owner over the network, or by the operator.
#pragma once

#include <string>
#include <string_view>

#include "libwharf/base/error.hpp"
#include "libwharf/crypto/hash_slots.hpp"
#include "registry/store/connection.hpp"
#include "registry/store/users.hpp"

namespace wharf {

// A slot of the machine's, or Error(unavailable) where none is free within a second.
HashSlots::Slot require_slot(HashSlots& slots);

// The hash of a password that somebody chose. Error(password_unacceptable), Error(unavailable).
std::string hash_new_password(HashSlots& slots, std::string_view password, std::string_view username);

// Locks the row of a signed-in account until the end of the transaction, so that nothing is made for one that
// is deleted or disabled at this moment. Error(unauthorized).
void lock_own_account(store::Connection& connection, std::int64_t id);

// Error(not_found): the sentence for a user who is not there.
Error no_such_user(std::string_view username);
// The row, locked until the end of the transaction, of the account with this folded name. Error(not_found).
store::User lock_account(store::Connection& connection, std::string_view username);

}  // namespace wharf
