// SPDX-License-Identifier: MIT
#include "client/cache/archive_places.hpp"

#include "client/profile/profile.hpp"
#include "client/program/exit.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

bool is_checksum(std::string_view text) {
  return text.size() == 64 && from_hex(text).has_value();
}

ArchivePlaces archive_places(const Profile& profile, const Path& cache, const std::string& name,
                             const Version& version, const std::string& checksum) {
  if (!is_package_name(name))
    throw IntegrityError(wharf::quoted(name) +
                         " is no package name; expected letters, digits, '-', '_' and '.'");
  if (!is_checksum(checksum))
    throw IntegrityError("the checksum of '" + name + "' " + version.text() + " is " +
                         wharf::quoted(checksum) + "; expected the 64 small hex digits of a SHA-256");
  const std::string number = version.text();
  if (profile.layout == Layout::cache_extracted) {
    const Path directory = cache / "cache" / name;
    return {directory / number / "archive.tar.gz", {directory / (number + ".tar.gz")}};
  }
  ArchivePlaces places{cache / "archives" / (checksum + ".tar.gz"), {}};
  if (profile.layout == Layout::name_version_nested)
    places.others.push_back(cache / (name + "-" + number + ".json"));
  return places;
}

Path partial_directory(const Path& cache) {
  return cache / "partial";
}

Path aside_directory(const Path& cache) {
  return cache / "aside";
}

}  // namespace wharf::client
