// SPDX-License-Identifier: MIT
#include "admin-tools/common/identity.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::admin {

namespace {

struct stat about(const Path& folder) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) throw system_error("looking at", folder.native());
  return found;
}

}  // namespace

void become_owner_of(const Path& folder, std::string_view what) {
  const auto found = about(folder);
  if (found.st_uid == ::geteuid()) return;
  const passwd* owner = ::getpwuid(found.st_uid);
  const std::string name = owner ? owner->pw_name : std::to_string(found.st_uid);
  if (::geteuid() != 0 || !owner)
    throw Error(Code::forbidden, std::string(what) + " " + wharf::quoted(folder.native()) +
                                     " belongs to the user " + wharf::quoted(name) +
                                     "; run this as that user");
  if (::initgroups(owner->pw_name, owner->pw_gid) != 0 ||
      ::setresgid(owner->pw_gid, owner->pw_gid, owner->pw_gid) != 0 ||
      ::setresuid(owner->pw_uid, owner->pw_uid, owner->pw_uid) != 0)
    throw system_error("becoming the user", name);
}

ActAsOwnerOf::ActAsOwnerOf(const Path& folder) {
  const auto found = about(folder);
  const passwd* owner = ::getpwuid(found.st_uid);
  if (::geteuid() != 0 || found.st_uid == 0 || !owner) return;
  const std::string name = owner->pw_name;
  group_ = ::getegid();
  groups_.resize(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  if (::getgroups(static_cast<int>(groups_.size()), groups_.data()) < 0)
    throw system_error("asking for groups");
  if (::initgroups(name.c_str(), owner->pw_gid) != 0 || ::setegid(owner->pw_gid) != 0 ||
      ::seteuid(found.st_uid) != 0)
    throw system_error("acting as the user", name);
  acts_ = true;
}

ActAsOwnerOf::~ActAsOwnerOf() {
  if (!acts_) return;
  if (::seteuid(0) != 0 || ::setegid(group_) != 0 || ::setgroups(groups_.size(), groups_.data()) != 0)
    std::abort();
}

RootAgain::RootAgain() : before_(::geteuid()) {
  if (::getuid() == 0 && before_ != 0 && ::seteuid(0) != 0) throw system_error("being root again");
}

RootAgain::~RootAgain() {
  if (::geteuid() != before_ && ::seteuid(before_) != 0) std::abort();
}

}  // namespace wharf::admin
