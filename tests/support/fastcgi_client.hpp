// SPDX-License-Identifier: MIT
// Speaks FastCGI 1.0 to a server as nginx does: one request on one connection, not kept. Written out by hand,
// so that tests can also say what nginx never would.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libwharf/base/file.hpp"

namespace wharf::test {

struct FastcgiAnswer {
  int status = 0;  // 0 where the server closed without an answer
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool ended = false;  // END_REQUEST came

  // Empty where it is not there; names in any case.
  std::string_view header(std::string_view name) const;
};

class FastcgiClient {
 public:
  // Connects to a unix socket; throws where nothing listens.
  explicit FastcgiClient(const std::string& socket_path);

  using Params = std::vector<std::pair<std::string, std::string>>;
  // Method, URI and CONTENT_LENGTH as nginx would put them.
  static Params params(std::string_view method, std::string_view uri, std::size_t content_length,
                       Params more = {});

  // The pieces of a conversation, each of them optional.
  void send_begin();
  void send_params(const Params& params);
  void send_body(std::string_view bytes);  // without the end of the body
  void end_body();
  void send_raw(std::string_view bytes);
  FastcgiAnswer receive();  // until the server closes

  int fd() const noexcept { return fd_.get(); }

 private:
  void send_record(std::uint8_t type, std::string_view content);
  Fd fd_;
};

// A whole request on a connection of its own.
FastcgiAnswer fastcgi_request(const std::string& socket_path, std::string_view method, std::string_view uri,
                              std::string_view body = {}, FastcgiClient::Params more = {});

// A listening unix socket at `path`.
Fd listen_on(const std::string& path);

}  // namespace wharf::test
