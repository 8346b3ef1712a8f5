// SPDX-License-Identifier: MIT
#include "tests/support/fastcgi_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::test {

namespace {

constexpr std::uint8_t k_begin = 1, k_end = 3, k_params = 4, k_stdin = 5, k_stdout = 6;
constexpr std::size_t k_largest_record = 65'528;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw std::runtime_error("the socket path is too long: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Fd unix_socket() {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw system_error("making a socket");
  return fd;
}

void append_length(std::string& text, std::size_t length) {
  if (length < 128) {
    text += static_cast<char>(length);
    return;
  }
  for (const int shift : {24, 16, 8, 0})
    text += static_cast<char>((length >> shift) | (shift == 24 ? 0x80 : 0));
}

void parse_answer(std::string_view text, FastcgiAnswer& answer) {
  const auto blank = text.find("\r\n\r\n");
  if (blank == text.npos) return;
  std::string_view head = text.substr(0, blank + 2);
  answer.body = text.substr(blank + 4);
  answer.status = 200;
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon), value = trim(line.substr(colon + 1));
    if (name == "Status")
      answer.status = std::stoi(std::string(value));
    else
      answer.headers.emplace_back(name, value);
  }
}

}  // namespace

std::string_view FastcgiAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (equal_folded(key, name)) return value;
  return {};
}

FastcgiClient::FastcgiClient(const std::string& socket_path) : fd_(unix_socket()) {
  const auto address = address_of(socket_path);
  if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    throw system_error("connecting to", socket_path);
}

FastcgiClient::Params FastcgiClient::params(std::string_view method, std::string_view uri,
                                            std::size_t content_length, Params more) {
  more.emplace_back("REQUEST_METHOD", method);
  more.emplace_back("REQUEST_URI", uri);
  more.emplace_back("CONTENT_LENGTH", content_length ? std::to_string(content_length) : "");
  more.emplace_back("REMOTE_ADDR", "192.0.2.1");
  return more;
}

void FastcgiClient::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;  // the answer may already be there
    if (sent < 0) throw system_error("sending to the FastCGI server");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void FastcgiClient::send_record(std::uint8_t type, std::string_view content) {
  std::string record = {1,
                        static_cast<char>(type),
                        0,
                        1,
                        static_cast<char>(content.size() >> 8),
                        static_cast<char>(content.size()),
                        0,
                        0};
  record += content;
  send_raw(record);
}

void FastcgiClient::send_begin() {
  send_record(k_begin, std::string_view("\0\1\0\0\0\0\0\0", 8));
}

void FastcgiClient::send_params(const Params& params) {
  std::string text;
  for (const auto& [name, value] : params) {
    append_length(text, name.size());
    append_length(text, value.size());
    text += name + value;
  }
  for (std::size_t at = 0; at < text.size(); at += k_largest_record)
    send_record(k_params, std::string_view(text).substr(at, k_largest_record));
  send_record(k_params, {});
}

void FastcgiClient::send_body(std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), k_largest_record)))
    send_record(k_stdin, bytes.substr(0, k_largest_record));
}

void FastcgiClient::end_body() {
  send_record(k_stdin, {});
}

FastcgiAnswer FastcgiClient::receive() {
  std::string received;
  std::array<std::byte, 65'536> buffer;
  for (;;) {
    const auto count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    received.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(count));
  }
  FastcgiAnswer answer;
  std::string output;
  const auto byte_at = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(received[at]));
  };
  for (std::size_t at = 0; at + 8 <= received.size();) {
    const std::size_t length = byte_at(at + 4) << 8 | byte_at(at + 5), padding = byte_at(at + 6);
    if (byte_at(at + 1) == k_stdout) output.append(received, at + 8, length);
    if (byte_at(at + 1) == k_end) answer.ended = true;
    at += 8 + length + padding;
  }
  parse_answer(output, answer);
  return answer;
}

FastcgiAnswer fastcgi_request(const std::string& socket_path, std::string_view method, std::string_view uri,
                              std::string_view body, FastcgiClient::Params more) {
  FastcgiClient client(socket_path);
  client.send_begin();
  client.send_params(FastcgiClient::params(method, uri, body.size(), std::move(more)));
  client.send_body(body);
  client.end_body();
  return client.receive();
}

Fd listen_on(const std::string& path) {
  Fd fd = unix_socket();
  const auto address = address_of(path);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ||
      ::listen(fd.get(), 64) < 0)
    throw system_error("listening on", path);
  return fd;
}

}  // namespace wharf::test
