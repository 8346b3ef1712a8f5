// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <string>

#include "admin-tools/common/arguments.hpp"
#include "admin-tools/common/database.hpp"
#include "admin-tools/common/identity.hpp"
#include "admin-tools/common/output.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "registry/projections/clerk.hpp"
#include "registry/projections/clerk_lock.hpp"

namespace wharf::admin {

namespace {

int rebuild(const Arguments& arguments) {
  const auto config = arguments.config();
  const auto settings = connection_settings(config, Config::Role::clerk);
  become_owner_of(config.storage.public_tree, "the public tree");
  ::umask(022);  // nginx is another user and must be able to read what is written here
  const ClerkLock lock(config.storage.run / "clerk.lock");
  store::Database database(settings);
  Clerk clerk(clerk_settings(config), database);
  clerk.rebuild();
  clerk.settle();
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("journal", clerk.position()).member("withheld", clerk.withheld().size());
    writer.end_object();
    finish(writer);
    return 0;
  }
  say("made the public tree anew, up to journal number " + std::to_string(clerk.position()) + "; " +
      std::to_string(clerk.withheld().size()) + " packages have an archive that is missing or damaged");
  return 0;
}

}  // namespace

Command rebuild_command() {
  return {.words = "rebuild",
          .positional = "",
          .help = "make the public tree anew; the clerk must be stopped",
          .run = rebuild,
          .effect = Effect::maintains,
          .json = true,
          .description =
              "From the journal and the blobs alone; what is there is served meanwhile. Run by root, it "
              "becomes the user whom the tree belongs to. It may be ended at any moment: the clerk's "
              "next start finishes.",
          .examples = {{"wharf-registry rebuild", "after the public tree was lost"}}};
}

}  // namespace wharf::admin
