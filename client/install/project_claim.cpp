// SPDX-License-Identifier: MIT
#include "client/install/project_claim.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <utility>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

using Identity = std::pair<dev_t, ino_t>;

// The claims that this process holds. Directories are known by what they are, not by how they are written.
std::mutex g_mutex;
std::map<Identity, std::weak_ptr<Fd>> g_held;

bool lock(int fd, int operation) {
  while (::flock(fd, operation) != 0) {
    if (errno == EINTR) continue;
    return false;
  }
  return true;
}

std::shared_ptr<Fd> claim(const Path& directory, const std::function<void(const std::string&)>& say,
                          bool wait) {
  auto fd = std::make_shared<Fd>(open_file(directory, O_RDONLY | O_DIRECTORY));
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0) throw system_error("examining", directory.native());
  const std::lock_guard guard(g_mutex);
  auto& held = g_held[{status.st_dev, status.st_ino}];
  if (auto ours = held.lock()) return ours;
  if (!lock(fd->get(), LOCK_EX | LOCK_NB)) {
    if (errno == EWOULDBLOCK) {
      if (!wait) return nullptr;
      if (say) say("waiting for another program that changes " + wharf::quoted(directory.native()));
      if (!lock(fd->get(), LOCK_EX)) throw system_error("locking", directory.native());
    } else if (say) {
      say("the file system of " + wharf::quoted(directory.native()) +
          " has no locks; do not run two installs in it at once");
    }
  }
  held = fd;
  return fd;
}

}  // namespace

ProjectClaim::ProjectClaim(const Path& directory, const std::function<void(const std::string&)>& say)
    : held_(claim(directory, say, true)) {}

std::optional<ProjectClaim> ProjectClaim::if_free(const Path& directory) {
  auto held = claim(directory, {}, false);
  if (!held) return std::nullopt;
  ProjectClaim out;
  out.held_ = std::move(held);
  return out;
}

}  // namespace wharf::client
