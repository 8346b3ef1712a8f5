// SPDX-License-Identifier: MIT
#include "registry/projections/poke_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf {

PokeSocket::PokeSocket(const Path& path) : path_(path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path)
    throw Error(Code::bad_request, "the socket path " + wharf::quoted(path.native()) + " is longer than " +
                                       std::to_string(sizeof address.sun_path - 1) +
                                       " bytes; set clerk.socket to a shorter one");
  std::memcpy(address.sun_path, path.c_str(), path.native().size() + 1);
  fd_ = Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd_) throw system_error("making a socket");
  remove_file(path);
  if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw system_error("binding", path.native());
  // Workers are other users; all that a poke can do is make the clerk look.
  if (::chmod(path.c_str(), 0666) != 0) throw system_error("setting the mode of", path.native());
}

PokeSocket::~PokeSocket() {
  ::unlink(path_.c_str());
}

void PokeSocket::wait(std::chrono::milliseconds longest, int wake) {
  pollfd waiting[] = {{fd_.get(), POLLIN, 0}, {wake, POLLIN, 0}};
  ::poll(waiting, 2, static_cast<int>(longest.count()));
  char ignored[16];
  while (::recv(fd_.get(), ignored, sizeof ignored, 0) >= 0) {
  }
}

}  // namespace wharf
