// SPDX-License-Identifier: MIT
#include "registry/blobs/disk_errors.hpp"

#include <cerrno>
#include <cstring>

namespace wharf {

Error storage_error(std::string_view what, const Path& path) {
  const int number = errno;
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
    case EROFS:
      return Error(Code::unavailable,
                   "the registry cannot store uploads at the moment; please try again later",
                   std::string(what) + " '" + path.native() + "': " + std::strerror(number))
          .retry_in(60);
    default:
      break;
  }
  errno = number;
  return system_error(what, path.native());
}

}  // namespace wharf
