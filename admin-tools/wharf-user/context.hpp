// SPDX-License-Identifier: MIT
// What every command of wharf-user works with: the services of the workers, as the operator, through the
// database's admin user.
#pragma once

#include <string>

#include "admin-tools/common/tool.hpp"
#include "libwharf/crypto/hash_slots.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/services/principal.hpp"
#include "registry/services/quotas.hpp"
#include "registry/services/tokens.hpp"
#include "registry/services/user_administration.hpp"
#include "registry/store/connection.hpp"

namespace wharf::admin {

struct Context {
  explicit Context(const Arguments& arguments);

  Config config;
  Principal who;
  store::Database database;
  HashSlots slots;
  VisibilityReader visibility;
  UserAdministration users;
  Tokens tokens;
  Quotas quotas;
};

// A new password as --generate or a person says; `generated` where nobody knows it yet and it is to be shown
// once.
struct ChosenPassword {
  std::string text;
  bool generated = false;
};
ChosenPassword choose_password(const Arguments& arguments, std::string_view username);
OptionSpec generate_option();

// Said on standard error where the public tree does not show a change yet.
void note_if_pending(bool visible);

// "enabled", "disabled", "deleted".
std::string_view state_of(const ListedUser& user);

}  // namespace wharf::admin
