// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/nginx_config.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/nginx_limits.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "registry/config/cross_origin.hpp"

namespace wharf::admin {

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

// /api/v1, /synapse/api/v1, /raven/api/v1, /vais, /vais/api/v1, and the root.
constexpr std::string_view k_base = "(?:(?:/(?:synapse|raven|vais))?/api/v1|/vais)?";
constexpr std::string_view k_base_vais = "/vais(?:/api/v1)?";
constexpr std::string_view k_base_others = "(?:/(?:synapse|raven))?/api/v1";

// Nothing that nginx's language gives a meaning may come out of a value.
const std::string& plain(std::string_view key, const std::string& value) {
  const auto is_fine = [](char c) {
    return is_alphanumeric(c) || std::string_view("/._-:[]*@+,~ ").find(c) != std::string_view::npos;
  };
  if (!std::all_of(value.begin(), value.end(), is_fine))
    throw Error(
        Code::bad_request,
        std::string(key) + " is " + wharf::quoted(value) +
            ", which cannot stand in nginx's configuration; expected letters, digits and ._-:/[]*@+,~");
  return value;
}

std::string plain_path(std::string_view key, const Path& path) {
  if (path.native().find(' ') != std::string::npos)
    throw Error(Code::bad_request, std::string(key) + " is " + wharf::quoted(path.native()) +
                                       ", which cannot stand in nginx's configuration: it holds a space");
  return plain(key, path.native());
}

std::string listen(const Config& config, int port, std::string_view options) {
  std::string lines;
  for (const auto& address : config.nginx.addresses)
    lines += (lines.empty() ? "" : "\n    ") + std::string("listen ") + plain("nginx.addresses", address) +
             ":" + std::to_string(port) + std::string(options) + " default_server;";
  return lines;
}

std::string cors_lines(const Config& config) {
  if (lets_any_origin_in(config.site.cors_origins)) return "    \"~.\" \"*\";\n";
  std::string lines;
  for (const auto& origin : config.site.cors_origins) {
    plain("site.cors_origins", origin);
    lines += "    \"" + origin + "\" \"" + origin + "\";\n";
  }
  return lines;
}

}  // namespace

Values nginx_values(const Config& config, const Path& output) {
  const auto& nginx = config.nginx;
  const bool vais_at_root = config.site.dialect == "vais";
  const bool has_cors = !config.site.cors_origins.empty();
  const int archive_mib = config.publish.max_archive_mib;
  Values values = {
      {"OUTPUT", plain_path("--output", output)},
      {"USER", nginx.user.empty() ? "" : "user " + plain("nginx.user", nginx.user) + ";"},
      {"WORKERS", nginx.workers == 0 ? "auto" : std::to_string(nginx.workers)},
      {"PID", plain_path("nginx.pid", nginx.pid)},
      {"ERROR_LOG", plain_path("nginx.error_log", nginx.error_log)},
      {"ACCESS_LOG", plain_path("nginx.access_log", nginx.access_log)},
      {"DOWNLOAD_LOG",
       config.downloads.counting
           ? "access_log " + plain_path("nginx.download_log", nginx.download_log) + " wharf_download;"
           : ""},
      {"TEMPORARY", plain_path("nginx.temporary", nginx.temporary)},
      {"READ_SOCKET", plain_path("nginx.read_socket", nginx.read_socket)},
      {"WRITE_SOCKET", plain_path("nginx.write_socket", nginx.write_socket)},
      {"CERTIFICATE", plain_path("nginx.certificate", nginx.certificate)},
      {"CERTIFICATE_KEY", plain_path("nginx.certificate_key", nginx.certificate_key)},
      {"SERVER_NAME", plain("nginx.server_name", nginx.server_name)},
      {"PUBLIC", plain_path("storage.public", config.storage.public_tree)},
      {"ROOT_DIALECT", config.site.dialect},
      {"BASE", std::string(k_base)},
      {"BASE_VAIS", vais_at_root ? "(?:" + std::string(k_base_vais) + ")?" : std::string(k_base_vais)},
      {"BASE_OTHERS", vais_at_root ? std::string(k_base_others) : "(?:" + std::string(k_base_others) + ")?"},
      // Where there is no whole index, no file has this name and the worker says so.
      {"INDEX", config.site.whole_index ? "/index.json" : "/.none"},
      {"INDEX_VAIS", config.site.whole_index ? "/index-vais.json" : "/.none"},
      {"CORS", cors_lines(config)},
      {"CORS_VARY", has_cors && !lets_any_origin_in(config.site.cors_origins) ? "Origin" : ""},
      {"CORS_EXPOSED", std::string(k_exposed_headers)},
      {"ARCHIVE_MIB", std::to_string(archive_mib)},
      {"BODY_RAW", std::to_string(archive_mib + 1) + "m"},
      {"BODY_FORM", std::to_string(archive_mib + (archive_mib * 2 + 4) / 5) + "m"},
      {"LISTEN_HTTP", listen(config, nginx.http_port, "")},
      {"LISTEN_HTTPS", listen(config, nginx.https_port, " ssl http2")},
      {"HTTPS_SUFFIX", nginx.https_port == 443 ? "" : ":" + std::to_string(nginx.https_port)},
  };
  const bool redirects = config.site.mode == Config::Mode::production && nginx.https_port != 0;
  std::string servers;
  if (nginx.http_port != 0)
    servers +=
        "include " + output.native() + (redirects ? "/server-redirect.conf;\n" : "/server-http.conf;\n");
  if (nginx.https_port != 0) servers += "include " + output.native() + "/server-https.conf;\n";
  if (servers.empty())
    throw Error(Code::bad_request,
                "nginx.http_port and nginx.https_port are both 0; one of them must be a port");
  values["SERVERS"] = servers;
  add_limit_values(config.limits, values["BASE"], values);
  return values;
}

std::string render_template(std::string_view text, const Values& values) {
  std::string result;
  while (true) {
    const auto begin = text.find('@');
    result += text.substr(0, begin);
    if (begin == text.npos) return result;
    text.remove_prefix(begin + 1);
    const auto is_name = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto end = std::find_if_not(text.begin(), text.end(), is_name);
    const std::string_view name(text.begin(), end);
    if (name.empty() || end == text.end() || *end != '@') {
      result += '@';  // a named location
      continue;
    }
    const auto found = values.find(name);
    if (found == values.end())
      throw std::logic_error("the template names @" + std::string(name) + "@, which no one knows");
    result += found->second;
    text.remove_prefix(name.size() + 1);
  }
}

// Where the program's own templates are is told from where the program is, so that no path is built in: the
// tree can be moved, and installed below any prefix.
Path templates_of_program() {
  std::error_code error;
  const Path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const Path installed = (folder / "../share/wharf/nginx").lexically_normal();  // PREFIX/sbin
  const Path in_the_tree = (folder / "../../../nginx").lexically_normal();      // build/<mode>/bin
  for (const auto& place : {installed, in_the_tree})
    if (std::filesystem::exists(place / "site.conf.in", error)) return place;
  throw Error(Code::bad_request, "nginx's templates are not beside the program (" +
                                     wharf::quoted(installed.native()) +
                                     "); set nginx.templates to the folder with site.conf.in");
}

void render_nginx(const Config& config, const Path& output) {
  const Path folder = config.nginx.templates.empty() ? templates_of_program() : config.nginx.templates;
  std::vector<Path> templates;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".in") templates.push_back(entry.path());
  if (error || templates.empty())
    throw Error(Code::bad_request, "nginx.templates is " + wharf::quoted(folder.native()) +
                                       ", where no template is; expected the folder with site.conf.in");
  const auto values = nginx_values(config, output);
  std::filesystem::create_directories(output);
  for (const auto& path : templates)
    write_file_durably(output / path.stem(), render_template(*read_file(path), values));
}

namespace {

int nginx_config(const Arguments& arguments) {
  render_nginx(config_of(arguments),
               std::filesystem::absolute(arguments.value("--output")).lexically_normal());
  return 0;
}

}  // namespace

Command nginx_config_command() {
  return {.words = "nginx-config",
          .positional = "",
          .help = "render nginx's configuration",
          .run = nginx_config,
          .effect = Effect::maintains,
          .description =
              "From the templates that came with the program or those in `nginx.templates`. `nginx.conf` "
              "there is a "
              "whole configuration; `http.conf` is what a machine whose nginx serves other sites too "
              "includes at the "
              "http level.",
          .options = {{.name = "--output", .value = "DIR", .help = "where to write it", .required = true}},
          .examples = {
              {"wharf-registry nginx-config --output /etc/wharf/nginx", "after a change of the limits"}}};
}

}  // namespace wharf::admin
