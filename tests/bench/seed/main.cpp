// SPDX-License-Identifier: MIT
// wharf-seed: fills a running registry with made-up packages, for benchmarks and demonstrations.
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <thread>

#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/services/services.hpp"
#include "tests/bench/seed/filling.hpp"

extern char** environ;

namespace {

using namespace wharf;
using Clock = std::chrono::steady_clock;

constexpr const char* k_help =
    R"(wharf-seed: fills a running registry with made-up packages, for benchmarks and demonstrations

Usage: wharf-seed --config FILE --packages N [OPTION]…

  --config FILE     the configuration of the registry
  --packages N      how many packages, up to a million
  --versions N      how many versions of all of them (default: five times as many)
  --seed N          another number gives other packages (default 1); the same one goes on where it was stopped
  --shared          one archive for all versions, which takes far less disk
  --threads N       connections to the database (default: 2)
  --no-wait         do not wait for the clerk
  --yes             even where the configuration says site.mode = production
)";

struct Options {
  std::string config;
  std::size_t packages = 0, versions = 0;
  std::uint64_t seed = 1;
  unsigned threads = 2;
  bool shared = false, wait = true, yes = false;
};

[[noreturn]] void wrong_usage(const std::string& what) {
  std::fprintf(stderr, "wharf-seed: error: %s (see `wharf-seed --help`)\n", what.c_str());
  std::exit(2);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto number = [&](std::uint64_t most) {
      const auto value = ++i < argc ? parse_number(argv[i]) : std::nullopt;
      if (!value || *value == 0 || *value > most)
        wrong_usage("'" + std::string(word) + "' needs a whole number from 1 to " + std::to_string(most));
      return *value;
    };
    if (word == "--help") {
      std::fputs(k_help, stdout);
      std::exit(0);
    } else if (word == "--config" && i + 1 < argc) {
      options.config = argv[++i];
    } else if (word == "--packages") {
      options.packages = number(1'000'000);
    } else if (word == "--versions") {
      options.versions = number(100'000'000);
    } else if (word == "--seed") {
      options.seed = number(UINT32_MAX);
    } else if (word == "--threads") {
      options.threads = static_cast<unsigned>(number(64));
    } else if (word == "--shared") {
      options.shared = true;
    } else if (word == "--no-wait") {
      options.wait = false;
    } else if (word == "--yes") {
      options.yes = true;
    } else {
      wrong_usage("unknown option '" + std::string(word) + "', or its value is missing");
    }
  }
  if (options.config.empty()) wrong_usage("--config is missing");
  if (options.packages == 0) wrong_usage("--packages is missing");
  if (options.versions == 0) options.versions = 5 * options.packages;
  if (options.versions < options.packages) wrong_usage("--versions must be at least as many as --packages");
  return options;
}

// Blobs must belong to the workers, or the clerk cannot read them.
void become_owner_of(const Path& staging) {
  struct stat about {};
  if (::stat(staging.c_str(), &about) != 0) throw system_error("looking at", staging.native());
  if (::geteuid() != 0 || about.st_uid == 0) return;
  const passwd* account = ::getpwuid(about.st_uid);
  if (account == nullptr || ::initgroups(account->pw_name, about.st_gid) != 0 ||
      ::setresgid(about.st_gid, about.st_gid, about.st_gid) != 0 ||
      ::setresuid(about.st_uid, about.st_uid, about.st_uid) != 0)
    throw system_error("becoming the owner of", staging.native());
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// One line that is written over at a terminal, a line every ten seconds elsewhere.
class Progress {
 public:
  void show(const std::string& text) {
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    if (!terminal && Clock::now() < next_) return;
    next_ = Clock::now() + std::chrono::seconds(10);
    std::fprintf(stderr, terminal ? "\r\033[K%s" : "%s\n", text.c_str());
    shown_ = terminal;
  }
  ~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }

 private:
  Clock::time_point next_{};
  bool shown_ = false;
};

// Seconds until the public tree shows everything; less than nothing where there is no clerk at work.
double wait_for_clerk(const Config& config, std::uint64_t number, Progress& progress) {
  VisibilityReader visibility(config.clerk.state, config.clerk.socket);
  const auto begin = Clock::now();
  for (;;) {
    const auto seen = visibility.look();
    if (seen && seen->visible_seq >= number) return seconds_since(begin);
    // A large batch keeps it from showing that it lives.
    if (!seen || seen->heartbeat_age > std::chrono::minutes(2)) return -1;
    progress.show("the clerk is at " + std::to_string(seen->visible_seq) + " of " + std::to_string(number));
    visibility.poke();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

int run(const Options& options) {
  const Config config = load_config(options.config, settings_of_environment(environ), {});
  log::start("wharf-seed", config.log.level);
  if (config.site.mode == Config::Mode::production && !options.yes)
    throw Error(Code::bad_request, "'" + options.config +
                                       "' is of a registry in production, which made-up packages do not "
                                       "belong into; --yes overrides this");
  // With the password, which only the operator may read.
  const auto settings = connection_settings(config, Config::Role::admin);
  become_owner_of(config.storage.staging);
  const seed::World world(
      {options.seed, options.packages, options.versions, std::chrono::floor<std::chrono::days>(now())});
  seed::Filling filling(world, config, settings, options.shared);
  Progress progress;
  const auto begin = Clock::now();
  std::exception_ptr failure;
  std::atomic<bool> done = false;
  std::thread work([&] {
    try {
      filling.run(options.threads);
    } catch (...) {
      failure = std::current_exception();
    }
    done = true;
  });
  while (!done) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const double rate = static_cast<double>(filling.versions()) / std::max(0.1, seconds_since(begin));
    char text[160];
    std::snprintf(text, sizeof text, "%zu of %zu packages, %zu of %zu versions, %.0f versions/s",
                  filling.packages() + filling.passed_over(), options.packages, filling.versions(),
                  options.versions, rate);
    progress.show(text);
  }
  work.join();
  if (failure) std::rethrow_exception(failure);
  const double took = seconds_since(begin);
  std::printf("seeded packages=%zu versions=%zu seconds=%.1f passed_over=%zu\n", filling.packages(),
              filling.versions(), took, filling.passed_over());
  std::fflush(stdout);
  if (!options.wait) return 0;
  const double waited = wait_for_clerk(config, filling.last_number(), progress);
  if (waited < 0) {
    std::fputs("wharf-seed: no clerk is at work; what was brought in is shown once it is\n", stderr);
  } else {
    std::printf("clerk seconds=%.1f number=%llu\n", waited,
                static_cast<unsigned long long>(filling.last_number()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(parse(argc, argv));
  } catch (const wharf::Error& error) {
    const std::string& detail = error.detail();
    std::fprintf(stderr, "wharf-seed: error: %s%s%s\n", error.public_message().c_str(),
                 detail.empty() ? "" : ": ", detail.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wharf-seed: error: %s\n", error.what());
  }
  return 1;
}
