// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/rebuild.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "admin-tools/common/database.hpp"
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

}  // namespace

void rebuild_public_tree(const Config& config) {
  const auto settings = connection_settings(config, Config::Role::clerk);
  become_owner_of(config.storage.public_tree);
  ::umask(022);  // nginx is another user and must be able to read what is written here
  const ClerkLock lock(config.storage.run / "clerk.lock");
  store::Database database(settings);
  Clerk clerk(clerk_settings(config), database);
  clerk.rebuild();
  clerk.settle();
  std::printf(
      "made the public tree anew, up to journal number %llu; %zu packages have an archive that is missing or "
      "damaged\n",
      static_cast<unsigned long long>(clerk.position()), clerk.withheld().size());
}

}  // namespace wharf::admin
