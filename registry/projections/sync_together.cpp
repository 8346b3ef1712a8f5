// SPDX-License-Identifier: MIT
#include "registry/projections/sync_together.hpp"

#include <fcntl.h>
#include <linux/aio_abi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "libwharf/base/error.hpp"

namespace wharf {

namespace {

constexpr std::size_t k_at_once = 64;

// The kernel's side of it. One for each thread and for as long as that runs: giving it back takes
// milliseconds.
struct Context {
  unsigned long id = 0;
  bool usable = ::syscall(SYS_io_setup, k_at_once, &id) == 0;
  ~Context() { give_back(); }
  void give_back() {
    if (usable) ::syscall(SYS_io_destroy, id);
    usable = false;
  }
};

Context& context() {
  static thread_local Context the_context;
  return the_context;
}

}  // namespace

void SyncTogether::add_directory(const Path& directory) {
  auto& fd = directories_.emplace_back(open_file(directory, O_RDONLY | O_DIRECTORY));
  add(fd.get(), directory);
}

// False where this way is not open; then nothing can be said of any file.
bool SyncTogether::wait_at_once() {
  for (std::size_t start = 0; start < files_.size(); start += k_at_once) {
    const std::size_t count = std::min(k_at_once, files_.size() - start);
    std::vector<iocb> requests(count);
    std::vector<iocb*> pointers(count);
    for (std::size_t i = 0; i < count; ++i) {
      requests[i].aio_lio_opcode = IOCB_CMD_FSYNC;
      requests[i].aio_fildes = static_cast<std::uint32_t>(files_[start + i].first);
      requests[i].aio_data = start + i;
      pointers[i] = &requests[i];
    }
    std::size_t submitted = 0;
    while (submitted < count) {
      const long taken =
          ::syscall(SYS_io_submit, context().id, count - submitted, pointers.data() + submitted);
      if (taken <= 0) break;
      submitted += static_cast<std::size_t>(taken);
    }
    std::size_t done = 0;
    int failed = 0;
    const Path* what = nullptr;
    std::vector<io_event> events(count);
    while (done < submitted) {
      const long got = ::syscall(SYS_io_getevents, context().id, 1L, static_cast<long>(submitted - done),
                                 events.data(), nullptr);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw system_error("waiting for files to be durable");
      for (long i = 0; i < got; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.res < 0 && failed == 0) {
          failed = static_cast<int>(-event.res);
          what = &files_[event.data].second;
        }
      }
      done += static_cast<std::size_t>(got);
    }
    if (failed != 0) {
      errno = failed;
      throw system_error("syncing", what->native());
    }
    if (submitted < count) return false;
  }
  return true;
}

void SyncTogether::wait() {
  struct Clear {
    SyncTogether& all;
    ~Clear() {
      all.files_.clear();
      all.directories_.clear();
    }
  } const clear{*this};
  if (context().usable && files_.size() > 1) {
    if (wait_at_once()) return;
    context().give_back();
  }
  for (const auto& [fd, path] : files_) sync_file(fd, path);
}

}  // namespace wharf
