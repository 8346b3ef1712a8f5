// SPDX-License-Identifier: MIT
// A request that carries a token sees every change that came before it; all others may share what is a second
// old.
#pragma once

#include "fcgi-app/http/request.hpp"
#include "registry/services/catalogue.hpp"

namespace wharf::handlers {

inline Catalogue::Counts counts_for(const http::Request& request) {
  return request.header("Authorization") ? Catalogue::Counts::exact : Catalogue::Counts::a_second_old;
}

}  // namespace wharf::handlers
