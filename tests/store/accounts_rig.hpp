// SPDX-License-Identifier: MIT
// The account services over an empty database, as one worker has them; two of these on one database are two
// workers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libwharf/base/error.hpp"
#include "libwharf/crypto/hash_slots.hpp"
#include "registry/services/accounts.hpp"
#include "registry/services/authenticator.hpp"
#include "registry/services/tokens.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/scratch_directory.hpp"

namespace wharf::test {

inline const Origin k_origin{"192.0.2.7", "req-1"};
inline const std::string k_password = "correct horse battery";

struct Worker {
  Worker(const store::ConnectionSettings& settings, const Path& slot_directory, unsigned slot_count = 4,
         Accounts::Settings account_settings = {})
      : database(settings),
        slots(slot_directory, slot_count),
        accounts(database, keys, slots, account_settings),
        tokens(database),
        authenticator(database, keys) {}

  SignedIn register_user(const std::string& name, std::optional<std::string> email = std::nullopt) {
    return accounts.register_account({name, k_password, std::move(email)}, k_origin);
  }

  store::Database database;
  JwtKeys keys{{std::string(32, 'k')}};
  HashSlots slots;
  Accounts accounts;
  Tokens tokens;
  Authenticator authenticator;
};

struct AccountsRig {
  ScratchDatabase scratch;
  ScratchDirectory directory;
  Worker worker{scratch.settings(), directory.path()};
  store::Connection sql{scratch.settings()};

  std::unique_ptr<Worker> another_worker(unsigned slot_count = 4, Accounts::Settings settings = {}) {
    return std::make_unique<Worker>(scratch.settings(), directory.path(), slot_count, settings);
  }
  std::int64_t number(std::string_view query) {
    auto rows = sql.query(query);
    rows.next();
    return rows.integer(0);
  }
  std::string text(std::string_view query) {
    auto rows = sql.query(query);
    rows.next();
    return rows.maybe_text(0).value_or("(null)");
  }
};

// The code of the Error that `work` throws; "none" where it throws none.
template <class Work>
std::string refusal(Work&& work) {
  try {
    work();
    return "none";
  } catch (const Error& error) {
    return std::string(code_name(error.code()));
  }
}

}  // namespace wharf::test
