// SPDX-License-Identifier: MIT
#include "registry/projections/visibility.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstring>
#include <ctime>

#include "libwharf/base/error.hpp"

namespace wharf {

namespace {

constexpr std::uint64_t k_magic = 0x31766b6865616877;  // also the layout's version
constexpr std::size_t k_size = 4096;
constexpr std::chrono::milliseconds k_alive{1000};
constexpr std::chrono::milliseconds k_slice{
    50};  // how long a wait sleeps before it looks at the heartbeat again

// What stands in the shared file.
struct Shared {
  std::atomic<std::uint64_t> magic;
  std::atomic<std::uint64_t> visible_seq;
  std::atomic<std::int64_t> heartbeat;    // CLOCK_MONOTONIC, milliseconds
  std::atomic<std::uint32_t> generation;  // changes with every show(): what waiters sleep on
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
              std::atomic<std::uint32_t>::is_always_lock_free);
static_assert(sizeof(Shared) <= k_size);

std::int64_t monotonic_milliseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

class Mapping {
 public:
  Mapping() = default;
  Mapping(int fd, int protection) : address_(::mmap(nullptr, k_size, protection, MAP_SHARED, fd, 0)) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(Mapping&& other) noexcept {
    reset();
    std::swap(address_, other.address_);
    return *this;
  }
  ~Mapping() { reset(); }
  explicit operator bool() const { return address_ != MAP_FAILED; }
  Shared* operator->() const { return static_cast<Shared*>(address_); }
  void reset() {
    if (address_ != MAP_FAILED) ::munmap(std::exchange(address_, MAP_FAILED), k_size);
  }

 private:
  void* address_ = MAP_FAILED;
};

}  // namespace

struct VisibilityWriter::Map {
  Mapping shared;
};

// A new file each time, renamed over the old one: whoever still maps the old one sees its heartbeat stop.
VisibilityWriter::VisibilityWriter(const Path& file) : map_(std::make_unique<Map>()) {
  AtomicFile fresh(file);
  if (::ftruncate(fresh.fd(), k_size) != 0) throw system_error("sizing", file.native());
  map_->shared = Mapping(fresh.fd(), PROT_READ | PROT_WRITE);
  if (!map_->shared) throw system_error("mapping", file.native());
  map_->shared->heartbeat = monotonic_milliseconds();
  map_->shared->magic = k_magic;
  fresh.commit(AtomicFile::Directory::leave);
}

VisibilityWriter::~VisibilityWriter() {
  // Nobody needs to wait for a clerk that has gone.
  if (map_ && map_->shared) map_->shared->heartbeat = LLONG_MIN / 2;
}

void VisibilityWriter::show(std::uint64_t visible_seq) {
  auto& shared = map_->shared;
  shared->visible_seq.store(visible_seq, std::memory_order_release);
  heartbeat();
  shared->generation.fetch_add(1, std::memory_order_release);
  ::syscall(SYS_futex, &shared->generation, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void VisibilityWriter::heartbeat() {
  map_->shared->heartbeat.store(monotonic_milliseconds(), std::memory_order_release);
}

struct VisibilityReader::State {
  Path file, poke_socket;
  Mapping shared;
  ino_t inode = 0;
  dev_t device = 0;
  Fd socket;

  // Maps the file that stands at the path now, if it is another one than before.
  bool refresh() {
    struct stat now {};
    if (::stat(file.c_str(), &now) != 0 || now.st_size < static_cast<off_t>(k_size)) {
      shared.reset();
      return false;
    }
    if (shared && now.st_ino == inode && now.st_dev == device) return true;
    shared.reset();
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fstat(fd.get(), &now) != 0 || now.st_size < static_cast<off_t>(k_size)) return false;
    shared = Mapping(fd.get(), PROT_READ);
    if (!shared) return false;
    inode = now.st_ino;
    device = now.st_dev;
    if (shared->magic != k_magic) shared.reset();
    return static_cast<bool>(shared);
  }
};

VisibilityReader::VisibilityReader(Path file, Path poke_socket) : state_(std::make_unique<State>()) {
  state_->file = std::move(file);
  state_->poke_socket = std::move(poke_socket);
  state_->socket = Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

VisibilityReader::~VisibilityReader() = default;

std::optional<Visibility> VisibilityReader::look() {
  if (!state_->refresh()) return std::nullopt;
  Visibility seen;
  const std::int64_t beat = state_->shared->heartbeat.load(std::memory_order_acquire);
  seen.visible_seq = state_->shared->visible_seq.load(std::memory_order_acquire);
  // A heartbeat of the future is one from before the machine was started again.
  const std::int64_t age = monotonic_milliseconds() - beat;
  seen.heartbeat_age = std::chrono::milliseconds(age >= 0 ? age : LLONG_MAX / 2);
  return seen;
}

void VisibilityReader::poke() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& path = state_->poke_socket.native();
  if (!state_->socket || path.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  // A full queue has pokes enough in it, and without a clerk there is no one to wake.
  [[maybe_unused]] const auto ignored = ::sendto(state_->socket.get(), "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
                                                 reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

bool VisibilityReader::wait_until_visible(std::uint64_t seq, std::chrono::milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  for (bool poked = false;; poked = true) {
    std::uint32_t generation = 0;
    if (state_->refresh()) generation = state_->shared->generation.load(std::memory_order_acquire);
    const auto seen = look();
    if (!seen) return false;
    if (seen->visible_seq >= seq) return true;
    if (!poked) poke();
    if (seen->heartbeat_age > k_alive) return false;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    const timespec slice{0, static_cast<long>(std::min(left, k_slice).count()) * 1'000'000};
    ::syscall(SYS_futex, &state_->shared->generation, FUTEX_WAIT, generation, &slice, nullptr, 0);
  }
}

}  // namespace wharf
