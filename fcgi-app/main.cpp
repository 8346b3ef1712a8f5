// SPDX-License-Identifier: MIT
// wharf-fcgi: one worker of the interface. Serves FastCGI on file descriptor 0 until it is told to stop.
//
// While the database is away it answers 503 and goes on; it ends by itself only for a configuration that
// cannot be used.
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "fcgi-app/handlers/authentication.hpp"
#include "fcgi-app/handlers/context.hpp"
#include "fcgi-app/handlers/routes.hpp"
#include "fcgi-app/http/application.hpp"
#include "fcgi-app/http/cors.hpp"
#include "fcgi-app/http/fcgi_server.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "registry/config/config.hpp"
#include "registry/services/services.hpp"

extern char** environ;

namespace {

using namespace wharf;

constexpr const char* k_usage =
    "usage: wharf-fcgi [--config FILE] [--set section.key=value …]\n"
    "Serves the registry's HTTP interface as FastCGI on file descriptor 0, one request at a time;\n"
    "start it under spawn-fcgi, multiwatch or a systemd socket.\n"
    "  --config FILE            the configuration (default: /etc/wharf/wharf.conf, where there is one)\n"
    "  --set section.key=value  overrides one key\n"
    "  --version, --help\n";

struct WrongUsage {
  std::string sentence;
};

struct Options {
  Path config;
  Settings overrides;
  bool help = false, version = false;
};

Options parse_options(int argc, char** argv) {
  Options options;
  const auto value_of = [&](int& i) -> std::string_view {
    if (i + 1 == argc) throw WrongUsage{std::string(argv[i]) + " needs a value"};
    return argv[++i];
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--help") {
      options.help = true;
    } else if (word == "--version") {
      options.version = true;
    } else if (word == "--config") {
      options.config = value_of(i);
    } else if (word == "--set") {
      const auto setting = value_of(i);
      const auto equals = setting.find('=');
      if (equals == setting.npos)
        throw WrongUsage{"--set needs section.key=value, not '" + std::string(setting) + "'"};
      options.overrides.insert_or_assign(std::string(setting.substr(0, equals)),
                                         std::string(setting.substr(equals + 1)));
    } else {
      throw WrongUsage{"'" + std::string(word) + "' is no option"};
    }
  }
  if (options.config.empty() && std::filesystem::exists("/etc/wharf/wharf.conf"))
    options.config = "/etc/wharf/wharf.conf";
  return options;
}

void serve(const Config& config) {
  Services services(config);
  handlers::App app(config, services);
  http::Application<handlers::App> application(handlers::routes(), app, handlers::authenticate);
  const http::Cors cors(config.site.cors_origins);
  http::ServerOptions options;
  options.at_root = dialect_from(config.site.dialect).value_or(Dialect::native);
  log::info("ready");
  http::serve(
      [&](http::Request& request) {
        auto response = application(request);
        cors.add(request, response);
        return response;
      },
      options);
  log::info("stopped");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse_options(argc, argv);
    if (options.help) {
      std::fputs(k_usage, stdout);
      return 0;
    }
    if (options.version) {
      std::puts("wharf-fcgi " WHARF_VERSION);
      return 0;
    }
    const Config config = load_config(options.config, settings_of_environment(environ), options.overrides);
    log::start("wharf-fcgi", config.log.level);
    serve(config);
    return 0;
  } catch (const WrongUsage& usage) {
    std::fprintf(stderr, "wharf-fcgi: error: %s\n%s", usage.sentence.c_str(), k_usage);
    return 2;
  } catch (const Error& error) {
    const std::string& detail = error.detail();
    std::fprintf(stderr, "wharf-fcgi: error: %s%s%s\n", error.public_message().c_str(),
                 detail.empty() ? "" : ": ", detail.c_str());
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wharf-fcgi: error: %s\n", error.what());
    return 1;
  }
}
