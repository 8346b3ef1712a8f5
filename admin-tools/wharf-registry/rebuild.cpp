// SPDX-License-Identifier: MIT
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "admin-tools/common/arguments.hpp"
#include "admin-tools/common/database.hpp"
#include "admin-tools/common/output.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "registry/projections/clerk.hpp"
#include "registry/projections/clerk_lock.hpp"

namespace wharf::admin {

namespace {

// What root would write here, the clerk could not change afterwards.
void become_owner_of(const Path& tree) {
  struct stat about {};
  if (::stat(tree.c_str(), &about) != 0) throw system_error("looking at", tree.native());
  if (about.st_uid == ::geteuid()) return;
  const passwd* owner = ::getpwuid(about.st_uid);
  const std::string name = owner ? owner->pw_name : std::to_string(about.st_uid);
  if (::geteuid() != 0 || !owner)
    throw Error(Code::forbidden, "the public tree " + wharf::quoted(tree.native()) + " belongs to the user " +
                                     wharf::quoted(name) + "; run this as that user");
  if (::initgroups(owner->pw_name, owner->pw_gid) != 0 ||
      ::setresgid(owner->pw_gid, owner->pw_gid, owner->pw_gid) != 0 ||
      ::setresuid(owner->pw_uid, owner->pw_uid, owner->pw_uid) != 0)
    throw system_error("becoming the user", name);
}

int rebuild(const Arguments& arguments) {
  const auto config = arguments.config();
  const auto settings = connection_settings(config, Config::Role::clerk);
  become_owner_of(config.storage.public_tree);
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
