// SPDX-License-Identifier: MIT
#include "libwharf/base/failpoint.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <set>
#include <string>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"

namespace wharf {

namespace {

const char* const g_armed = std::getenv("WHARF_FAILPOINT");
const char* const g_log = std::getenv("WHARF_FAILPOINT_LOG");

void note(std::string_view name) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> noted;
  const std::lock_guard lock(mutex);
  if (!noted.emplace(name).second) return;
  const Fd fd(::open(g_log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (fd) write_all(fd.get(), std::string(name) + "\n");
}

}  // namespace

void failpoint(std::string_view name) {
  if (g_log != nullptr) note(name);
  if (g_armed == nullptr) return;
  const std::string_view armed(g_armed);
  if (armed == name) ::kill(::getpid(), SIGKILL);
  if (armed.starts_with(name) && armed.substr(name.size()) == ":error")
    throw internal_error("failpoint " + std::string(name));
}

}  // namespace wharf
