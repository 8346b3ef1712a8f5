// SPDX-License-Identifier: MIT
#include "client/install/pending.hpp"

#include <fcntl.h>

#include <algorithm>

#include "client/manifest/project.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::client {

namespace {

std::string digest_of(const Path& file) {
  const auto text = read_file(file);
  return text ? to_hex(sha256(*text)) : std::string();
}

// Nothing else is ever part of a change, whatever the file says.
bool is_project_file(const Profile& profile, std::string_view name) {
  const auto& others = profile.other_manifests;
  return name == profile.manifest_file || name == profile.lock_file ||
         std::find(others.begin(), others.end(), name) != others.end();
}

}  // namespace

void write_pending(const Path& file, const Path& project_root, std::span<const FileChange> files) {
  json::Writer writer;
  writer.begin_object().member("format", 1).key("files").begin_array();
  for (const auto& change : files)
    writer.begin_object()
        .member("to", change.file.lexically_relative(project_root).native())
        .member("was", digest_of(change.file))
        .member("text", change.text)
        .end_object();
  writer.end_array().end_object();
  const Fd fd = open_file(file, O_WRONLY | O_CREAT | O_EXCL);
  write_all(fd.get(), writer.take());
}

void put_pending_in_place(const Path& file, const Profile& profile, const Path& project_root,
                          const Say& say) {
  const auto text = read_file(file);
  if (!text) return;
  const auto document = json::parse(*text);
  document.root()["files"].each([&](json::Value value) {
    const std::string name(value["to"].string().value_or(""));
    const std::string wanted(value["text"].string().value_or(""));
    if (!is_project_file(profile, name)) return;
    const Path target = project_root / name;
    const std::string now = digest_of(target);
    if (now == to_hex(sha256(wanted))) return;
    if (now == value["was"].string())
      replace_text(target, wanted);
    else if (say)
      say(wharf::quoted(name) + " was changed while packages were put in place, and is left as it is");
  });
}

}  // namespace wharf::client
