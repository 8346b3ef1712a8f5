// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "client/commands/calls.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/package.hpp"
#include "client/program/exit.hpp"
#include "client/registry/credentials.hpp"
#include "client/registry/publishing.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/command/transfers.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

namespace {

using namespace command;
using std::chrono::milliseconds;

constexpr milliseconds k_patience{5000};  // for an archive that was published to become visible

// What is uploaded, and where it comes from: a project that was packed, or an archive that was there.
struct Ready {
  std::optional<PackedArchive> packed;
  Upload upload;
};

std::string sha256_of(int fd) {
  Sha256 digest;
  std::vector<char> buffer(64u << 10);
  seek_to(fd, 0);
  while (const auto count = read_some(fd, std::as_writable_bytes(std::span(buffer))))
    digest.update({buffer.data(), count});
  return to_hex(digest.finish());
}

Ready ready_archive(const Path& file) {
  const Fd fd = open_file(file, O_RDONLY);
  const auto package = read_package_archive(fd.get(), {});
  return {{},
          {package.manifest.name, package.manifest.version, file, sha256_of(fd.get()), package.packed_bytes}};
}

Ready ready_project(const Session& session) {
  const auto project = project_to_pack(session);
  const auto list = list_package_files(project, session.profile, session.arguments.values("--allow"));
  require_no_secrets(list);
  auto packed = pack_project(project, session.profile, list);
  if (session.arguments.has("--dry-run") && !session.json) print_files(list);
  give_hints(project, list, packed);
  const auto& manifest = packed.package.manifest;
  Upload upload{manifest.name, manifest.version, packed.file.path(), packed.checksum, packed.size};
  return {std::move(packed), std::move(upload)};
}

class Progress {
 public:
  Progress(const Upload& upload, std::string done)
      : transfers_(std::move(done)), id_(transfers_.begin(upload.name + " " + upload.version, upload.size)) {}
  Http::OnProgress watch() {
    return [this](std::uint64_t done, std::uint64_t) { transfers_.at(id_, done); };
  }
  void say(std::string_view text) { transfers_.say(text); }
  void end(std::string_view outcome = {}) { transfers_.end(id_, outcome); }

 private:
  Transfers transfers_;
  std::size_t id_;
};

// "verified"; else why not, after a warning. A mismatch is thrown, but where the profile's language only
// warns.
std::string verify(const Session& session, Api& api, const Upload& upload) {
  try {
    read_back(api, upload, k_patience);
    return "verified";
  } catch (const IntegrityError& error) {
    if (!session.profile.bare_publish_check_warns) throw;
    warn(error.public_message());
    return "mismatch";
  } catch (const Error& error) {
    warn("it is published, but was not read back: " + error.public_message());
    return "unverified";
  }
}

// The bars are off the terminal when they return, so that nothing is written between them.
ApiAnswer try_with_progress(Api& api, const Upload& wanted) {
  Progress progress(wanted, "sent to be checked");
  auto answer = try_upload(api, wanted, progress.watch());
  progress.end();
  return answer;
}

Uploaded upload_with_progress(Api& api, const Upload& wanted) {
  Progress progress(wanted, "uploaded");
  const auto outcome =
      upload(api, wanted, progress.watch(), [&](std::string_view text) { progress.say(text); });
  progress.end(outcome.was_there ? "was there already" : "");
  return outcome;
}

int dry_run(const Session& session, Api& api, const Upload& upload) {
  const bool asked = !session.offline && !api.token().empty();
  const bool was_there = asked && !try_with_progress(api, upload).root().is_object();
  if (session.json) {
    json::Writer writer;
    writer.begin_object()
        .member("dry_run", true)
        .member("name", upload.name)
        .member("version", upload.version);
    writer.member("checksum", upload.checksum).member("size", upload.size);
    writer.member("registry", session.registry).member("asked", asked);
    writer.member("already_published", was_there).end_object();
    finish(writer);
    return k_ok;
  }
  Facts()
      .add("package", upload.name + " " + upload.version)
      .add("archive", size_text(upload.size))
      .add("sha256", upload.checksum)
      .add("registry", session.registry)
      .print();
  if (!asked)
    say("the archive is sound; the registry was not asked, since you are " +
        std::string(session.offline ? "offline" : "not signed in"));
  else
    say(was_there ? "already published, the same bytes: there would be nothing to do"
                  : "the registry would take it; nothing was published (--dry-run)");
  return k_ok;
}

int answer(const Session& session, const Upload& upload, const Uploaded& outcome, const std::string& check) {
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("name", upload.name).member("version", upload.version);
    writer.member("checksum", upload.checksum).member("size", upload.size);
    writer.member("registry", session.registry).member("already_published", outcome.was_there);
    writer.member("visible", outcome.is_visible).member("read_back", check).end_object();
    finish(writer);
    return k_ok;
  }
  const auto what = upload.name + " " + upload.version;
  if (outcome.was_there)
    say(what + " is already published at " + session.registry + ", the same bytes");
  else
    say("published " + what + " to " + session.registry);
  if (!outcome.is_visible) note("it stands, and is not visible to everyone yet; it will be in a moment");
  detail("sha256 " + upload.checksum);
  return k_ok;
}

int publish(const Arguments& arguments) {
  const Path path = arguments["PATH"];
  const Path whole = arguments.has("--directory") ? Path(arguments.value("--directory")) / path : path;
  const bool is_archive = !path.empty() && std::filesystem::is_regular_file(whole);
  const auto session = is_archive ? open_session(arguments) : session_for_path(arguments);
  const bool is_trial = arguments.has("--dry-run");
  // Who is not signed in learns it before the work, not after; a trial does without.
  const bool nobody =
      is_trial && !arguments.has("--token") && token_for(session.profile, session.require_registry()).empty();
  Api api = nobody ? anonymous_api(session) : signed_in_api(session);
  const auto ready = is_archive ? ready_archive(whole) : ready_project(session);
  warn_of_plain_http(session);
  if (is_trial) return dry_run(session, api, ready.upload);

  const auto outcome = upload_with_progress(api, ready.upload);
  return answer(session, ready.upload, outcome, verify(session, api, ready.upload));
}

}  // namespace

Command publish_command() {
  return {
      .words = "publish",
      .positional = "[PATH]",
      .help = "put the package into the registry",
      .run = publish,
      .description =
          "Packs the folder that `PATH` names, the current one unless told, as `pack` shows it; or takes an "
          "archive as it is. The registry's own reader checks it before it is sent. Afterwards the version "
          "and its "
          "archive are read back, and must be what was sent.\n\n"
          "A published version never changes. Publishing the same bytes once more does no harm: so after an "
          "answer that was lost, publish again.",
      .options = {{"--dry-run", "",
                   "show the files, have the registry check everything, and publish nothing"},
                  {.name = "--allow",
                   .value = "PATH",
                   .help = "pack this file or folder though it is hidden, left out or looks like a secret",
                   .repeatable = true},
                  {"--token", "TOKEN", "the API token; better in WHARF_TOKEN"}},
      .examples = {{"wharf publish --dry-run", "would it be taken?"},
                   {"wharf publish", "the package of the current folder"},
                   {"wharf publish tide-tables-1.0.0.tar.gz", "an archive that `pack` wrote"}}};
}

}  // namespace wharf::client
