// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/init.hpp"

#include <filesystem>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/random.hpp"

namespace wharf::admin {

std::vector<std::string> init_installation(const Config& config) {
  std::vector<std::string> made;
  const auto& storage = config.storage;
  for (const auto& folder : {storage.root, storage.blobs, storage.staging, storage.public_tree, storage.run,
                             config.nginx.temporary})
    if (std::filesystem::create_directories(folder)) made.push_back("made the folder " + folder.native());
  const auto& key = config.auth.jwt_key_file;
  if (!key.empty() && !std::filesystem::exists(key)) {
    write_file_durably(key, to_hex(random_bytes(32)) + "\n", 0600);
    made.push_back("made the session key " + key.native());
  }
  return made;
}

}  // namespace wharf::admin
