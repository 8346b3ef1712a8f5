// SPDX-License-Identifier: MIT
// Packages to install, made of nothing, and a home of their own for the profiles that need one.
#pragma once

#include <stdlib.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "client/install/install.hpp"
#include "client/install/verify.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/archive/writer.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/unit/client/manifest/projects.hpp"

namespace wharf::test {

// HOME for as long as this lives.
class Home {
 public:
  explicit Home(const Path& directory) {
    if (const char* before = ::getenv("HOME")) before_ = before;
    ::setenv("HOME", directory.c_str(), 1);
  }
  ~Home() { ::setenv("HOME", before_.c_str(), 1); }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

 private:
  std::string before_ = "/";
};

// A project in a scratch directory, with archives made on demand.
class Workshop {
 public:
  Workshop() : home_(scratch_.path() / "home") {
    std::filesystem::create_directories(root());
    std::filesystem::create_directories(archives());
  }
  Path root() const { return scratch_.path() / "project"; }
  Path home() const { return scratch_.path() / "home"; }
  Path archives() const { return scratch_.path() / "archives"; }

  // A package whose files say which version they are of; `extra` files besides.
  client::ToInstall package(const std::string& name, const std::string& version,
                            std::vector<ArchiveMember> extra = {}) const {
    extra.push_back({.path = "wharf.toml",
                     .content = "[package]\nname = \"" + name + "\"\nversion = \"" + version + "\"\n"});
    extra.push_back({.path = "src/lib.txt", .content = name + " " + version + "\n"});
    extra.push_back({.path = "bin/run", .content = "#!/bin/sh\n", .executable = true});
    const Path archive = archives() / (name + "-" + version + ".tar.gz");
    {
      const Fd fd = open_file(archive, O_WRONLY | O_CREAT | O_TRUNC);
      write_archive(fd.get(), extra);
    }
    return of_archive(name, version, archive);
  }
  client::ToInstall bytes(const std::string& name, const std::string& version,
                          std::string_view packed) const {
    const Path archive =
        archives() / (name + "-" + version + "-" + to_hex(sha256(packed)).substr(0, 8) + ".tar.gz");
    put(archive, packed);
    return of_archive(name, version, archive);
  }
  static client::ToInstall of_archive(const std::string& name, const std::string& version,
                                      const Path& archive) {
    client::ToInstall out;
    out.name = name;
    out.version = *Version::from(version);
    out.checksum = to_hex(sha256(*read_file(archive)));
    out.archive = archive;
    return out;
  }

 private:
  ScratchDirectory scratch_;
  Home home_;
};

// The content of a `synapse.json`.
inline std::string synapse_manifest(const std::string& name, const std::string& version) {
  return "{\"name\": \"" + name + "\", \"version\": \"" + version + "\", \"description\": \"d\"}";
}

// Every file below a directory, by its path, with what it holds; links say where they lead.
inline std::map<std::string, std::string> contents_of(const Path& directory) {
  std::map<std::string, std::string> out;
  if (!std::filesystem::exists(directory)) return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string path = entry.path().lexically_relative(directory).native();
    if (path.starts_with(".wharf")) continue;
    if (entry.is_symlink())
      out[path] = "-> " + std::filesystem::read_symlink(entry.path()).native();
    else if (entry.is_regular_file())
      out[path] = *read_file(entry.path());
  }
  return out;
}

inline client::Lock lock_of(const std::vector<client::ToInstall>& packages) {
  client::Lock lock;
  for (const auto& package : packages)
    if (!package.in_place)
      lock.packages.push_back(
          {package.name, package.version, package.checksum, "https://example.org", {}, {}, false});
  return lock;
}

inline std::string sentences(const std::vector<client::Fault>& faults) {
  std::string out;
  for (const auto& fault : faults) out += fault.sentence + "\n";
  return out;
}

}  // namespace wharf::test
