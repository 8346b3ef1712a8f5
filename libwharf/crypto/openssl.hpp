// SPDX-License-Identifier: MIT
// The one reading of OpenSSL's return codes: openssl::check(EVP_…(…), "hashing"). OpenSSL's own words go to
// the log.
#pragma once

#include <string_view>

namespace wharf::openssl {

// 1 is success; all else throws internal_error with OpenSSL's queue of reasons as detail.
void check(int result, std::string_view what);

}  // namespace wharf::openssl
