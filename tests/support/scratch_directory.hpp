// SPDX-License-Identifier: MIT
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"

namespace wharf::test {

// A directory that goes with the object.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = "/tmp/wharf-test.XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw system_error("making a directory", pattern);
    path_ = pattern;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const Path& path() const { return path_; }

 private:
  Path path_;
};

}  // namespace wharf::test
