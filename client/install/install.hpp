// SPDX-License-Identifier: MIT
// Putting packages in place.
//
// A project's own packages directory is made whole beside the old one and exchanged with it in one step, and
// the lock file (and the manifest, where it changes) belongs to the same change: their texts lie in the new
// tree and are put in place right after the exchange, or, if the program was killed in between, by the next
// command (finish_interrupted). So whatever ends it leaves the old state or the new one.
//
// Directories that projects share (`~/…`, an absolute path) only gain versions, each by one rename.
//
// Files come from archives, once: they are unpacked by the strict reader into the cache, and from there
// cloned (FICLONE), linked or copied, whichever the file systems can do first; a linked file is read-only, so
// that an edit cannot reach the cache. What somebody else put into a packages directory is kept, and said.
// docs/formats/installed-tree.md describes what lies where.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "client/install/project_claim.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

struct Profile;

struct ToInstall {
  std::string name;
  Version version;
  std::string checksum;          // 64 hex digits
  Path archive;                  // its bytes have that checksum; may be empty where is_at_hand() says so
  std::optional<Path> in_place;  // absolute; a link to it is all there is. Shared directories get none
};

struct FileChange {
  Path file;  // in the project's root
  std::string text;
};

struct InstallOptions {
  std::vector<FileChange> files;                // manifest, lock: part of the same change
  std::function<void(const std::string&)> say;  // sentences for people: what is waited for, kept, set aside
  std::function<void(std::size_t done, std::size_t of)> progress;
  bool remove_others = true;  // packages that are installed and not asked for leave the project's directory
};

struct InstallReport {
  // `name@version`, sorted.
  std::vector<std::string> installed, removed, unchanged;
};

// Two registries may have different packages of one name and version. Throws IntegrityError where a folder
// that projects share has another one: what others were given is not taken from under them. To be asked
// before archives are fetched, since their places may be shared, too; archives need not be there yet.
void require_places(const Profile& profile, const Path& project_root, std::span<const ToInstall> packages);

// Throws IntegrityError where an archive is not what it must be, or has no place; then nothing has changed.
InstallReport put_in_place(const Profile& profile, const Path& project_root,
                           std::span<const ToInstall> packages, const InstallOptions& options = {});

// Ends what a killed put_in_place began: cheap where there is nothing to end. Every command that reads
// manifest or lock calls it first. True where something was ended.
bool finish_interrupted(const Profile& profile, const Path& project_root,
                        const std::function<void(const std::string&)>& say = {});

// Whether the package can be put in place without its archive: it is installed there, or unpacked in the
// cache.
bool is_at_hand(const Profile& profile, const Path& project_root, const ToInstall& package);

// The directory of a package's content: `raven_packages/NAME`, `…/NAME/VERSION/NAME-VERSION`,
// `…/NAME/VERSION/extracted`.
Path installed_path(const Profile& profile, const Path& project_root, std::string_view name,
                    const Version& version);

// Whether the profile's packages directory is shared by projects.
bool is_shared(const Profile& profile);

// Where unpacked packages are kept, a directory each named after the checksum of its archive. Whoever cleans
// the cache may remove any of them at any time.
Path unpacked_directory(const Profile& profile);

}  // namespace wharf::client
