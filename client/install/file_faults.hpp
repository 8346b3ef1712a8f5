// SPDX-License-Identifier: MIT
// A package's files, each read and held against its record.
#pragma once

#include <string>
#include <vector>

#include "client/install/record.hpp"
#include "client/install/verify.hpp"

namespace wharf::client {

struct FileFault {
  Fault::Kind kind;
  Path path;  // below the package's directory; empty: that directory itself
  std::string problem;
};

std::vector<FileFault> faults_of_files(const Path& directory, const PackageRecord& record);

}  // namespace wharf::client
