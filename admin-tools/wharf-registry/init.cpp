// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/init.hpp"

#include <filesystem>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/random.hpp"

namespace wharf::admin {

bool init_config_file(const Path& file) {
  if (file.empty() || std::filesystem::exists(file)) return false;
  const Path path = std::filesystem::absolute(file);
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::string text = describe_config();
  const std::string empty_key = "\njwt_key_file = \n";
  text.replace(text.find(empty_key), empty_key.size(),
               "\njwt_key_file = " + (path.parent_path() / "session.key").native() + "\n");
  write_file_durably(path, text);
  return true;
}

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
