// SPDX-License-Identifier: MIT
// The clerk's end of the pokes: a unix datagram socket whose messages say no more than "look".
#pragma once

#include <chrono>

#include "libwharf/base/file.hpp"

namespace wharf {

class PokeSocket {
 public:
  // Takes the path over from a clerk that is gone. Throws Error(bad_request) where it is too long for a
  // socket.
  explicit PokeSocket(const Path& path);
  ~PokeSocket();
  // Waits for a poke, or for `wake` to become readable, at most `longest`; takes every poke that has come.
  void wait(std::chrono::milliseconds longest, int wake = -1);

 private:
  Path path_;
  Fd fd_;
};

}  // namespace wharf
