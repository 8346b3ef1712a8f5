// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-user/context.hpp"

#include "libwharf/command/output.hpp"
#include "libwharf/crypto/random.hpp"
#include "registry/services/services.hpp"

namespace wharf::admin {

namespace {

constexpr std::size_t k_generated_length = 24;  // of 62 characters each: 142 bits

}  // namespace

Context::Context(const Arguments& arguments)
    : config(config_of(arguments)),
      who(operator_principal()),
      database(connection_settings(config, Config::Role::admin)),
      slots(hash_slot_directory(config), static_cast<unsigned>(config.auth.password_hash_slots)),
      visibility(config.clerk.state, config.clerk.socket),
      users(database, slots, visibility, std::chrono::milliseconds(config.clerk.wait_ms)),
      tokens(database),
      quotas(database, quota_rules(config)) {}

ChosenPassword choose_password(const Arguments& arguments, std::string_view username) {
  if (arguments.has("--generate")) return {random_base62(k_generated_length), true};
  return {new_password("New password of " + std::string(username)), false};
}

OptionSpec generate_option() {
  return {"--generate", "", "make up a password, and print it this once"};
}

void note_if_pending(bool visible) {
  if (!visible) note("the public tree does not show it yet; it follows when the clerk runs");
}

std::string_view state_of(const ListedUser& user) {
  return user.deleted_at ? "deleted" : user.disabled_at ? "disabled" : "enabled";
}

}  // namespace wharf::admin
