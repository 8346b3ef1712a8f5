// SPDX-License-Identifier: MIT
#include "client/pack/archive.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <span>
#include <vector>

#include "libwharf/archive/writer.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

TemporaryFile::TemporaryFile() {
  std::string pattern = (std::filesystem::temp_directory_path() / "wharf-pack.XXXXXX").string();
  fd_ = Fd(::mkostemp(pattern.data(), O_CLOEXEC));
  if (!fd_) throw system_error("making a temporary file", pattern);
  if (::unlink(pattern.c_str()) != 0) throw system_error("removing the name of", pattern);
}

PackedArchive pack_files(const PackList& list, std::string_view top) {
  std::vector<ArchiveMember> members;
  for (const auto& file : list.files) {
    ArchiveMember member;
    member.path = top.empty() ? file.path : std::string(top) + "/" + file.path;
    member.executable = file.executable;
    if (file.content)
      member.content = *file.content;
    else
      member.file = file.source;
    members.push_back(std::move(member));
  }
  PackedArchive packed{.file = {}, .package = {}, .checksum = {}};
  write_archive(packed.file.fd(), members);
  packed.package = read_package_archive(packed.file.fd(), {});
  packed.size = packed.package.packed_bytes;
  seek_to(packed.file.fd(), 0);
  Sha256 digest;
  std::vector<char> buffer(64u << 10);
  while (const auto count = read_some(packed.file.fd(), std::as_writable_bytes(std::span(buffer))))
    digest.update({buffer.data(), count});
  packed.checksum = to_hex(digest.finish());
  return packed;
}

}  // namespace wharf::client
