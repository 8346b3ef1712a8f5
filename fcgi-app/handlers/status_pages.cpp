// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/status_pages.hpp"

#include "libwharf/base/time.hpp"
#include "registry/services/health.hpp"

namespace wharf::handlers {

http::Response show_health(App& app, http::Request& request) {
  const auto& rules = request.rules();
  const Health health = look_at_health(app.services.database, app.config.storage, app.services.visibility);
  const int status = health.all() ? 200 : 503;
  if (request.at_root() && !rules.root_health_is_json) {
    auto plain = http::Response::text(status, health.all() ? "OK" : "unavailable");
    if (status == 503) plain.set("Retry-After", "5");
    return std::move(plain).set("Cache-Control", "no-store");
  }

  const auto word = [](bool well) { return well ? "ok" : "unavailable"; };
  const char* well = rules.dialect == http::Dialect::synapse ? "healthy" : "ok";
  json::Writer writer;
  writer.begin_object();
  writer.member("status", health.all() ? well : "unavailable");
  writer.member("timestamp", to_rfc3339(now())).member("version", WHARF_VERSION);
  writer.key("checks").begin_object();
  writer.member("database", word(health.database)).member("storage", word(health.storage));
  writer.key("clerk").begin_object();
  writer.member("status", word(health.clerk))
      .member("lag_events", health.lag_events)
      .member("lag_ms", health.lag_ms);
  writer.end_object().end_object().end_object();
  auto response = http::Response::json(status, std::move(writer));
  if (status == 503) response.set("Retry-After", "5");
  return std::move(response).set("Cache-Control", "no-store");
}

}  // namespace wharf::handlers
