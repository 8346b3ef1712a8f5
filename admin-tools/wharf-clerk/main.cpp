// SPDX-License-Identifier: MIT
// wharf-clerk: follows the journal and keeps what nginx serves.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "admin-tools/wharf-clerk/follow.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"

namespace {

constexpr std::string_view k_default_config = "/etc/wharf/wharf.conf";

constexpr const char* k_help =
    R"(wharf-clerk: follows the journal and keeps the tree of files that nginx serves

Usage: wharf-clerk [OPTION]…

  --config FILE        the configuration (default /etc/wharf/wharf.conf)
  --set KEY=VALUE      override a key, as in --set log.level=debug
  --once               end when everything that the journal holds is in the tree, for cron
  --help               this text
  --version            the program's version

One clerk runs on a machine, in the foreground; messages go to standard error. It goes on by itself after a crash,
waits for a database that is away, and ends on SIGTERM or SIGINT. The exit code is 0, 1 for an error, 2 for wrong usage.

Examples:
  wharf-clerk --config /etc/wharf/wharf.conf
  wharf-clerk --once --set storage.public=/srv/mirror/public
)";

int wrong_usage(const std::string& message) {
  std::fprintf(stderr, "wharf-clerk: error: %s (see `wharf-clerk --help`)\n", message.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace wharf;
  Path file;
  Settings overrides;
  bool once = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--help") return std::fputs(k_help, stdout) < 0;
    if (word == "--version") return std::printf("wharf-clerk %s\n", WHARF_VERSION) < 0;
    if (word == "--once") {
      once = true;
      continue;
    }
    if (word != "--config" && word != "--set") return wrong_usage("unknown option '" + word + "'");
    if (++i == argc) return wrong_usage("'" + word + "' needs a value");
    const std::string value = argv[i];
    if (word == "--config") {
      file = value;
    } else if (const auto equals = value.find('='); equals != value.npos) {
      overrides[value.substr(0, equals)] = value.substr(equals + 1);
    } else {
      return wrong_usage("--set takes KEY=VALUE, not '" + value + "'");
    }
  }
  try {
    if (file.empty() && ::access(k_default_config.data(), F_OK) == 0) file = k_default_config;
    const auto config = load_config(file, settings_of_environment(environ), overrides);
    log::start("wharf-clerk", config.log.level);
    return follow(config, once);
  } catch (const Error& error) {
    std::fprintf(stderr, "wharf-clerk: error: %s\n", error.public_message().c_str());
    if (!error.detail().empty()) std::fprintf(stderr, "  %s\n", error.detail().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wharf-clerk: error: %s\n", error.what());
  }
  return 1;
}
