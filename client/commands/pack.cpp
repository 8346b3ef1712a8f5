// SPDX-License-Identifier: MIT
#include <fcntl.h>

#include <filesystem>
#include <span>
#include <vector>

#include "client/commands/commands.hpp"
#include "client/commands/package.hpp"
#include "client/program/exit.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

void write_list(json::Writer& writer, const PackList& list) {
  writer.key("files").begin_array();
  for (const auto& file : list.files) {
    writer.begin_object().member("path", file.path).member("size", file.size);
    writer.member("executable", file.executable).end_object();
  }
  writer.end_array().key("secrets").begin_array();
  for (const auto& secret : list.secrets)
    writer.begin_object().member("path", secret.path).member("reason", secret.reason).end_object();
  writer.end_array();
}

int list_only(const Session& session, const PackList& list) {
  if (session.json) {
    json::Writer writer;
    writer.begin_object();
    write_list(writer, list);
    writer.end_object();
    finish(writer);
    return k_ok;
  }
  for (const auto& file : list.files) say(printable(file.path));
  for (const auto& secret : list.secrets)
    warn(wharf::quoted(secret.path) + " " + secret.reason + "; it is packed only with '--allow'");
  return k_ok;
}

// Whole or not at all, beside its place first.
void copy_to(const Path& target, const PackedArchive& packed) {
  AtomicFile file(target);
  seek_to(packed.file.fd(), 0);
  std::vector<char> buffer(64u << 10);
  while (const auto count = read_some(packed.file.fd(), std::as_writable_bytes(std::span(buffer))))
    file.write({buffer.data(), count});
  file.commit();
}

int pack(const Arguments& arguments) {
  const auto session = session_for_path(arguments);
  const auto project = project_to_pack(session);
  const auto list = list_package_files(project, session.profile, arguments.values("--allow"));
  if (arguments.has("--list")) return list_only(session, list);
  require_no_secrets(list);
  const auto packed = pack_project(project, session.profile, list);
  const auto output = arguments.maybe("--output");
  const Path target = output ? std::filesystem::absolute(*output).lexically_normal() : Path();
  if (output) copy_to(target, packed);
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("name", packed.package.manifest.name);
    writer.member("version", packed.package.manifest.version);
    write_list(writer, list);
    writer.member("unpacked_size", list.bytes()).member("size", packed.size);
    writer.member("checksum", packed.checksum);
    writer.member("output", output ? std::optional(target.string()) : std::nullopt).end_object();
    finish(writer);
    return k_ok;
  }
  print_files(list);
  Facts()
      .add("package", packed.package.manifest.name + " " + packed.package.manifest.version)
      .add("files",
           counted(static_cast<std::int64_t>(list.files.size()), "file") + ", " + size_text(list.bytes()))
      .add("archive", size_text(packed.size))
      .add("sha256", packed.checksum)
      .print();
  if (output) note("wrote " + target.string());
  give_hints(project, list, packed);
  return k_ok;
}

}  // namespace

Command pack_command() {
  return {
      .words = "pack",
      .positional = "[PATH]",
      .help = "show what the package's archive holds, or write it",
      .run = pack,
      .description =
          "The same tree makes the same archive, byte for byte. Left out are folders of version control, "
          "hidden "
          "files, folders of builds and of installed packages, and what `.wharfignore` says, or where the "
          "package has none what `.gitignore` says; `.wharfignore` can also take back what would be left "
          "out. "
          "Some languages' profiles list what is packed; READMEs, licences and change logs beside the "
          "manifest "
          "always are.\n\n"
          "What looks like a secret (`.env`, private keys, files and texts of tokens) is an error, unless "
          "`--allow` names it. Links are followed within the package alone.",
      .options = {{"--list", "", "the paths alone, and no archive"},
                  {"--output", "FILE", "write the archive there"},
                  {.name = "--allow",
                   .value = "PATH",
                   .help = "pack this file or folder though it is hidden, left out or looks like a secret",
                   .repeatable = true}},
      .examples = {{"wharf pack", "what would be published?"},
                   {"wharf pack --output tide-tables-1.0.0.tar.gz", "the archive itself"}}};
}

}  // namespace wharf::client
