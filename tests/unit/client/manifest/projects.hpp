// SPDX-License-Identifier: MIT
// Projects in a scratch directory, for the tests of what reads and changes them.
#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "client/manifest/edit.hpp"
#include "client/manifest/project.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace wharf::test {

inline void put(const Path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

// The sentence that `call` is refused with; empty where it is not.
template <class Call>
std::string refusal_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.public_message();
  }
  return {};
}

// A project that has no directory: for what reads nothing but its manifest.
inline client::Project project_of(const std::string& profile, std::string text, std::string file = {}) {
  const client::Profile found = client::find_profile(profile);
  client::Project project;
  project.root = "/nowhere";
  project.manifest_file = file.empty() ? found.manifest_file : std::move(file);
  return client::project_with(found, project, std::move(text));
}

}  // namespace wharf::test
