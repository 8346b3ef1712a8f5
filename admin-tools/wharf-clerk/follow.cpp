// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-clerk/follow.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "admin-tools/common/database.hpp"
#include "admin-tools/wharf-clerk/counting.hpp"
#include "admin-tools/wharf-clerk/housekeeping.hpp"
#include "admin-tools/wharf-clerk/trouble.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "registry/projections/clerk.hpp"
#include "registry/projections/clerk_lock.hpp"
#include "registry/projections/poke_socket.hpp"

namespace wharf {

namespace {

using std::chrono::milliseconds;

// Where no poke comes (another machine published), the journal is looked at this often.
constexpr milliseconds k_poll{200};
constexpr milliseconds k_least_pause{100}, k_longest_pause{5000};

// SIGTERM and SIGINT as something to wait for. Blocked here, so in every thread that is started later.
class Signals {
 public:
  Signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    fd_ = Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_) throw system_error("making a signal descriptor");
  }
  int fd() const { return fd_.get(); }
  bool came() const {
    pollfd one{fd_.get(), POLLIN, 0};
    return ::poll(&one, 1, 0) > 0;
  }

 private:
  Fd fd_;
};

}  // namespace

int follow(const Config& config, bool once) {
  ::umask(022);  // nginx is another user and must be able to read what is written here
  const Signals signals;
  const ClerkLock lock(config.storage.run / "clerk.lock");
  PokeSocket socket(config.clerk.socket);
  store::Database database(admin::connection_settings(config, Config::Role::clerk));
  auto settings = clerk_settings(config);
  settings.search = {.directory = config.storage.search,
                     .database = admin::connection_settings(config, Config::Role::clerk)};
  Clerk clerk(std::move(settings), database, [&] { return signals.came(); });
  std::optional<Housekeeping> housekeeping;
  if (!once) housekeeping.emplace(admin::connection_settings(config, Config::Role::clerk));
  Trouble trouble("the clerk cannot go on and tries again", "the clerk goes on");
  std::optional<CountingThread> counting;
  if (!once) counting.emplace(config);
  milliseconds pause = k_least_pause;
  while (!signals.came()) {
    try {
      if (clerk.must_open()) clerk.open();
      const bool more = clerk.step();
      clerk.heartbeat();
      trouble.over();
      pause = k_least_pause;
      if (more) continue;
      if (once) {
        clerk.settle();
        count_once(config);
        keep_house(database, [&] { return signals.came(); });
        return 0;
      }
      socket.wait(k_poll, signals.fd());
    } catch (const Clerk::Stopped&) {
      break;
    } catch (const std::exception& error) {
      trouble.report(error);
      if (once) return 1;
      socket.wait(pause, signals.fd());
      pause = std::min(pause * 2, k_longest_pause);
    }
  }
  log::info("stopping", {{"at", std::to_string(clerk.position())}});
  return 0;
}

}  // namespace wharf
