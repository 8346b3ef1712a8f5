// SPDX-License-Identifier: MIT
#include "client/install/pending.hpp"

#include <algorithm>
#include <optional>

#include "client/manifest/project.hpp"
#include "client/profile/profile.hpp"
#include "client/program/whole_file.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
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

std::optional<json::Document> read_pending(const Path& file, const Say& say) {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  try {
    return json::parse(*text);
  } catch (const Error&) {  // a power cut: it was not waited for until it was on the disk
    if (say) say("an interrupted command left a record that cannot be read; run `install` again");
    return std::nullopt;
  }
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
  put_whole_file(file, writer.take(), 0644, Durable::no);
}

void put_pending_in_place(const Path& file, const Profile& profile, const Path& project_root,
                          const Say& say) {
  const auto document = read_pending(file, say);
  if (!document) return;
  document->root()["files"].each([&](json::Value value) {
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

Path pending_in_project(const Path& project_root) {
  return project_root / ".wharf-pending.json";
}

void change_files(const Profile& profile, const Path& project_root, std::span<const FileChange> files,
                  const Say& say) {
  if (files.size() < 2) {
    for (const auto& change : files) replace_text(change.file, change.text);
    return;
  }
  const Path pending = pending_in_project(project_root);
  write_pending(pending, project_root, files);
  failpoint("install-files-written-down");
  put_pending_in_place(pending, profile, project_root, say);
  failpoint("install-files-in-place");
  remove_file(pending);
}

}  // namespace wharf::client
