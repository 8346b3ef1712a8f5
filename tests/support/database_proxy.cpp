// SPDX-License-Identifier: MIT
#include "tests/support/database_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <string_view>

#include "libwharf/base/error.hpp"

namespace wharf::test {

namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

Fd connect_to(const std::string& path) {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = address_of(path);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw system_error("connecting to", path);
  return fd;
}

std::string receive(int fd) {
  std::string buffer(65536, '\0');
  const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
  buffer.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return buffer;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

DatabaseProxy::DatabaseProxy(const store::ConnectionSettings& server) : server_(server) {
  const auto address = address_of((directory_.path() / "proxy.sock").native());
  listening_ = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_.get(), 16) != 0)
    throw system_error("listening on", address.sun_path);
  accepting_ = std::thread([this] { accept_all(); });
}

DatabaseProxy::~DatabaseProxy() {
  ::shutdown(listening_.get(), SHUT_RDWR);
  accepting_.join();
  for (auto& thread : threads_) thread.join();
}

store::ConnectionSettings DatabaseProxy::settings() const {
  auto settings = server_;
  settings.socket = (directory_.path() / "proxy.sock").native();
  return settings;
}

void DatabaseProxy::accept_all() {
  for (;;) {
    Fd client(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    threads_.emplace_back([this, number = client.release()] { forward(Fd(number)); });
  }
}

void DatabaseProxy::forward(Fd client) {
  // A text command: length in three bytes, sequence number, 3, and the statement.
  constexpr std::string_view k_commit(
      "\x07\0\0\0\x03"
      "COMMIT",
      11);
  const Fd server = connect_to(server_.socket);
  for (;;) {
    pollfd both[] = {{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}};
    if (::poll(both, 2, -1) < 0) return;
    if (both[0].revents != 0) {
      const std::string bytes = receive(client.get());
      if (bytes.empty()) return;
      Cut cut = Cut::never;
      if (bytes == k_commit) cut = cut_.exchange(Cut::never);
      if (cut != Cut::never) ++cuts_;
      if (cut == Cut::before_commit) return;
      if (!send_all(server.get(), bytes)) return;
      if (cut == Cut::after_commit) {
        receive(server.get());
        return;
      }
    }
    if (both[1].revents != 0) {
      const std::string bytes = receive(server.get());
      if (bytes.empty() || !send_all(client.get(), bytes)) return;
    }
  }
}

}  // namespace wharf::test
