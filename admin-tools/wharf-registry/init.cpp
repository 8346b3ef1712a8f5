// SPDX-License-Identifier: MIT
#include <filesystem>
#include <string>
#include <vector>

#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/crypto/random.hpp"

namespace wharf::admin {

namespace {

// A configuration of defaults, each key with its description; its session key will stand beside it.
bool make_config_file(const Path& file) {
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

int init(const Arguments& arguments) {
  std::vector<std::string> made;
  const auto tell = [&](const std::string& what, const Path& path) {
    made.push_back(path.native());
    if (!arguments.json()) say("made the " + what + " " + path.native());
  };
  if (make_config_file(config_file_of(arguments))) tell("configuration", config_file_of(arguments));
  const auto config = config_of(arguments);
  const auto& storage = config.storage;
  for (const auto& folder : {storage.root, storage.blobs, storage.staging, storage.public_tree,
                             storage.search, storage.run, config.nginx.temporary})
    if (std::filesystem::create_directories(folder)) tell("folder", folder);
  const auto& key = config.auth.jwt_key_file;
  if (!key.empty() && !std::filesystem::exists(key)) {
    write_file_durably(key, to_hex(random_bytes(32)) + "\n", 0600);
    tell("session key", key);
  }
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("made", made).end_object();
    finish(writer);
  }
  return 0;
}

}  // namespace

Command init_command() {
  return {.words = "init",
          .positional = "",
          .help = "make what is missing: the configuration, the folders, the session key",
          .run = init,
          .effect = Effect::maintains,
          .json = true,
          .description =
              "The configuration is made where `--config` names a file that is not there, with all keys "
              "and their defaults; the key that signs sessions has mode 0600 and stands beside it. What "
              "is there is not changed.",
          .examples = {{"wharf-registry init --config /etc/wharf/wharf.conf", "prepare a new host"}}};
}

}  // namespace wharf::admin
