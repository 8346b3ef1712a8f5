// SPDX-License-Identifier: MIT
#include "fcgi-app/handlers/publish.hpp"

#include "fcgi-app/handlers/authentication.hpp"
#include "fcgi-app/handlers/freshness.hpp"
#include "fcgi-app/handlers/package_shapes.hpp"
#include "fcgi-app/handlers/paths.hpp"
#include "fcgi-app/handlers/rate_limits.hpp"
#include "fcgi-app/handlers/upload.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "registry/services/package_document.hpp"

namespace wharf::handlers {

namespace {

void refuse_force(const http::Request& request) {
  const auto force = request.header("X-Force");
  if (!force || equal_folded(*force, "false") || *force == "0" || force->empty()) return;
  throw Error(Code::overwrite_refused,
              "a published version never changes, so 'X-Force' is refused; publish without it, under a "
              "higher version");
}

http::Response answer(App& app, const http::Request& request, const Publication& publication, bool dry_run) {
  const auto& [package_id, version_id, name, version, checksum, size, at, manifest, seq, visible, quotas] =
      publication;
  const std::string path = version_path(request, name, version);
  const std::string published_at = to_rfc3339(at);
  json::Writer writer;
  writer.begin_object().member("success", true);
  if (dry_run) writer.member("dry_run", true);
  writer.key("package").begin_object();
  // Nothing was given a number that is not there to stay.
  if (dry_run) {
    writer.member_null("id");
  } else {
    writer.member("id", package_id);
  }
  writer.member("name", name).member("version", version).member("published_at", published_at);
  writer.member("url", path).member("checksum", checksum).member("size", size).end_object();
  if (dry_run) {
    writer.member_null("package_id");
  } else {
    writer.member("package_id", std::to_string(package_id));
  }
  writer.member("name", name).member("version", version).member("published_at", published_at);
  writer.member("download_url", absolute(app, path + "/download"));
  writer.member("checksum", checksum).member("size", size);
  if (dry_run) {
    writer.member("description", manifest.description).member("license", manifest.license);
    write_dependency_maps(writer, manifest);
  }
  writer.end_object();
  if (dry_run)
    return with_rate_limits(http::Response::json(200, std::move(writer)).set("Cache-Control", "no-store"),
                            quotas);
  auto response = http::Response::json(request.rules().publish_status, std::move(writer));
  response.set("Location", path);
  return with_rate_limits(with_visibility(std::move(response), visible), quotas);
}

http::Response publish(App& app, http::Request& request, Upload&& upload) {
  const bool dry_run = request.query_flag("dry_run");
  return within_quotas(request, [&] {
    const auto publication = app.services.publishing.publish(upload.archive, upload.claimed, app.who(),
                                                             origin_of(request), dry_run);
    return answer(app, request, publication, dry_run);
  });
}

std::optional<std::string> reason_of(http::Request& request) {
  const auto body = request.read_optional_json();
  if (!body) return std::nullopt;
  const auto reason = body->root()["reason"];
  if (!reason || reason.is_null()) return std::nullopt;
  if (!reason.is_string()) throw Error(Code::bad_request, "'reason' must be text");
  return std::string(*reason.string());
}

http::Response yanked_answer(App& app, const http::Request& request, YankOutcome&& outcome) {
  Catalogue::VersionView view{std::move(outcome.version), {}, 0};
  view.manifest = manifest_from_json(json::parse(view.row.manifest).root());
  json::Writer writer;
  write_version(writer, app, request, view);
  return with_rate_limits(with_visibility(http::Response::json(200, std::move(writer)), outcome.visible),
                          outcome.quotas);
}

http::Response yanked_by_removal(const Named& named, const YankOutcome& outcome) {
  if (!outcome.changed)
    throw Error(Code::bad_request,
                named.name + " " + named.version + " is yanked already; there is nothing to do");
  json::Writer writer;
  writer.begin_object();
  writer.member("message",
                named.name + " " + named.version + " is yanked: it stays for those who use it already");
  writer.member("package", named.name).member("name", named.name).member("version", named.version);
  writer.member("yanked", true).member("yanked_at", to_rfc3339(now())).end_object();
  return with_rate_limits(with_visibility(http::Response::json(200, std::move(writer)), outcome.visible),
                          outcome.quotas);
}

}  // namespace

http::Response publish_raw(App& app, http::Request& request) {
  refuse_force(request);
  const auto named = named_for_writing(request);
  Upload upload = receive_raw(app, request);
  upload.claimed.name = named.name;
  upload.claimed.version = named.version;
  return publish(app, request, std::move(upload));
}

http::Response publish_form(App& app, http::Request& request) {
  refuse_force(request);
  return publish(app, request, receive_form_or_json(app, request));
}

http::Response delete_version(App& app, http::Request& request) {
  const auto named = named_for_writing(request);
  const auto origin = origin_of(request);
  if (!request.rules().delete_yanks) {
    const bool visible = app.services.removal.remove(named.name, named.version, app.who(), origin);
    return with_visibility(http::Response::empty(), visible);
  }
  return within_quotas(request, [&] {
    return yanked_by_removal(
        named, app.services.yanking.yank(named.name, named.version, std::nullopt, app.who(), origin));
  });
}

http::Response yank_version(App& app, http::Request& request) {
  const auto named = named_for_writing(request);
  const auto reason = reason_of(request);
  return within_quotas(request, [&] {
    return yanked_answer(
        app, request,
        app.services.yanking.yank(named.name, named.version, reason, app.who(), origin_of(request)));
  });
}

http::Response unyank_version(App& app, http::Request& request) {
  const auto named = named_for_writing(request);
  Origin origin = origin_of(request);
  origin.reason = reason_of(request);
  return yanked_answer(app, request,
                       app.services.yanking.unyank(named.name, named.version, app.who(), origin));
}

}  // namespace wharf::handlers
