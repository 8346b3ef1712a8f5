// SPDX-License-Identifier: MIT
#include "registry/blobs/staging.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/text.hpp"
#include "registry/blobs/disk_errors.hpp"

namespace wharf {

StagedFile::StagedFile(const Path& directory, std::uint64_t limit) : limit_(limit) {
  failpoint("publish.before_staging");
  std::string pattern = (directory / "upload.XXXXXX").native();
  fd_ = Fd(::mkostemp(pattern.data(), O_CLOEXEC));
  if (!fd_) throw storage_error("creating", directory);
  path_ = pattern;
  // The clerk reads it through its group when it adopts the blob.
  if (::fchmod(fd_.get(), 0640) != 0) {
    const Error error = system_error("setting the mode of", path_.native());
    ::unlink(path_.c_str());
    throw error;
  }
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::move(other.fd_)),
      hash_(std::move(other.hash_)),
      digest_(std::move(other.digest_)),
      size_(other.size_),
      limit_(other.limit_) {
  other.path_.clear();
}

StagedFile::~StagedFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

void StagedFile::write(std::string_view bytes) {
  if (bytes.size() > limit_ - size_)
    throw Error(Code::payload_too_large,
                "the archive is larger than " + std::to_string(limit_) +
                    " bytes, the most that this registry takes; publish a smaller one");
  hash_.update(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd_.get(), bytes.data(), bytes.size());
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      throw storage_error("writing", path_);
    }
  }
}

void StagedFile::finish() {
  digest_ = to_hex(hash_.finish());
  failpoint("publish.after_staging");
}

unsigned sweep_staging(const Path& directory, std::chrono::seconds age) {
  unsigned removed = 0;
  const auto oldest = std::filesystem::file_time_type::clock::now() - age;
  std::error_code error;
  std::filesystem::directory_iterator entries(directory, error);
  if (error) return 0;
  for (const auto& entry : entries) {
    std::error_code gone;
    if (!entry.is_regular_file(gone) || gone) continue;
    const auto written = entry.last_write_time(gone);
    if (gone || written > oldest) continue;
    if (remove_file(entry.path())) ++removed;
  }
  return removed;
}

}  // namespace wharf
