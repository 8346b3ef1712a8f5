// SPDX-License-Identifier: MIT
// What looks like a secret that nobody means to publish: by a file's name, and by what is in it. The answers
// are reasons for people and never hold a piece of the secret itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wharf::client {

// "is where passwords and keys of an environment are kept"; nothing for an innocent name. The path's last
// part alone counts.
std::optional<std::string> secret_by_name(std::string_view path);

// Reads the file from its start to its end, a piece at a time. Known are private keys in PEM, and tokens by a
// form that nothing else has: those of this kind of registry by their check sum, others by their prefix.
std::optional<std::string> secret_inside(int fd, std::string_view path);

}  // namespace wharf::client
