// SPDX-License-Identifier: MIT
#include "admin-tools/common/operator.hpp"
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/command/output.hpp"
#include "registry/blobs/blob_store.hpp"
#include "registry/services/blob_gc.hpp"
#include "registry/services/services.hpp"

namespace wharf::admin {

namespace {

int gc(const Arguments& arguments) {
  const auto config = config_of(arguments);
  const auto origin = origin_of(arguments);
  store::Database database(connection_settings(config, Config::Role::admin));
  LocalBlobStore blobs(config.storage.blobs);
  const auto garbage = collect_garbage(database, blobs, config.storage.staging);
  const std::string done = counted(garbage.blobs, "archive") + " that no version has, and " +
                           counted(garbage.staged, "unfinished upload");
  database.transaction([&](store::Connection& connection) {
    note_in_audit(connection, "gc", "blobs", "removed " + done, origin);
  });
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("archives", garbage.blobs).member("uploads", garbage.staged).end_object();
    finish(writer);
  } else {
    say("removed " + done);
  }
  return 0;
}

}  // namespace

Command gc_command() {
  return {.words = "gc",
          .positional = "",
          .help = "remove what crashes and removals left behind",
          .run = gc,
          .effect = Effect::changes,
          .json = true,
          .description =
              "Archives that no version has, and uploads that were begun a day ago and never finished. "
              "Publishing goes on meanwhile.",
          .examples = {{"wharf-registry gc", "every night, from cron"}}};
}

}  // namespace wharf::admin
