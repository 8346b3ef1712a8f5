// SPDX-License-Identifier: MIT
// Serves FastCGI on a listening socket, one request at a time, until it is told to stop.
//
// SIGTERM, SIGUSR1 and SIGINT end it after the request that is being served; no connection that was accepted
// is dropped. A request whose client has gone is finished and forgotten. Nothing that a handler throws ends
// the server. Memory that a large request took goes back to the system. The only file that uses libfcgi is
// its .cpp.
#pragma once

#include <functional>

#include "fcgi-app/http/request.hpp"
#include "fcgi-app/http/response.hpp"

namespace wharf::http {

struct ServerOptions {
  int listening = 0;                  // file descriptor; FastCGI programs find theirs on 0
  Dialect at_root = Dialect::native;  // site.dialect
  int idle_seconds = 60;              // a peer that neither sends nor takes for so long has lost its request
};

// Returns when it was told to stop. Throws system_error where the descriptor is not a listening socket.
void serve(const std::function<Response(Request&)>& application, const ServerOptions& options = {});

}  // namespace wharf::http
