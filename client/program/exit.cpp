// SPDX-License-Identifier: MIT
#include "client/program/exit.hpp"

namespace wharf::client {

int exit_code_of(const std::exception& error) {
  if (dynamic_cast<const IntegrityError*>(&error)) return k_integrity;
  if (dynamic_cast<const NoSolution*>(&error)) return k_no_solution;
  return k_failed;
}

}  // namespace wharf::client
