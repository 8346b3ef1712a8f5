// SPDX-License-Identifier: MIT
// How the client ends: its exit codes, and the two errors that have one of their own. Every other Error ends
// it with k_failed, a command::UsageError with k_usage.
#pragma once

#include <exception>
#include <string>

#include "libwharf/base/error.hpp"

namespace wharf::client {

enum Exit {
  k_ok = 0,
  k_failed = 1,
  k_usage = 2,
  k_no_solution = 3,  // no set of versions satisfies what is asked for
  k_integrity = 4     // what was received or stored is not what it must be
};

// Names what was expected, what was found, and where it is.
struct IntegrityError : Error {
  explicit IntegrityError(std::string message, std::string detail = {})
      : Error(Code::checksum_mismatch, std::move(message), std::move(detail)) {}
};

// The sentence is the explanation; it may have several lines.
struct NoSolution : Error {
  explicit NoSolution(std::string message, std::string detail = {})
      : Error(Code::conflict, std::move(message), std::move(detail)) {}
};

int exit_code_of(const std::exception& error);

}  // namespace wharf::client
