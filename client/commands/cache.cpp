// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "client/cache/inventory.hpp"
#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "client/program/session.hpp"
#include "client/registry/access.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;
using Kind = CachedFile::Kind;

constexpr std::array k_kinds = {Kind::document, Kind::archive, Kind::unpacked, Kind::partial, Kind::aside};

// Those of the kind that was asked for, of all kinds where none was.
std::vector<CachedFile> files_for(const Session& session, const Path& cache) {
  auto files = cached_files(session.profile, cache);
  if (const auto kind = session.arguments.maybe("--kind"))
    std::erase_if(files, [&](const CachedFile& file) { return word_of(file.kind) != *kind; });
  return files;
}

std::uint64_t bytes_of(const std::vector<CachedFile>& files) {
  std::uint64_t bytes = 0;
  for (const auto& file : files) bytes += file.size;
  return bytes;
}

void write_totals(json::Writer& writer, const std::vector<CachedFile>& files) {
  writer.key("totals").begin_object();
  for (const Kind kind : k_kinds) {
    std::uint64_t count = 0, bytes = 0;
    for (const auto& file : files)
      if (file.kind == kind) ++count, bytes += file.size;
    writer.key(word_of(kind)).begin_object().member("files", count).member("bytes", bytes).end_object();
  }
  writer.end_object();
}

int directory(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const Path cache = cache_of(session);
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("directory", cache.native()).end_object();
    finish(writer);
  } else {
    say(cache.native());
  }
  return k_ok;
}

void list_as_json(const Path& cache, const std::vector<CachedFile>& files, bool totals_only) {
  json::Writer writer;
  writer.begin_object().member("directory", cache.native());
  write_totals(writer, files);
  if (!totals_only) {
    writer.key("files").begin_array();
    for (const auto& file : files) {
      writer.begin_object().member("kind", word_of(file.kind)).member("name", file.name);
      writer.member("version", file.version).member("registry", file.registry).member("size", file.size);
      writer.member("used", to_rfc3339(file.used)).member("path", file.path.native()).end_object();
    }
    writer.end_array();
  }
  writer.end_object();
  finish(writer);
}

void list_as_text(const Path& cache, const std::vector<CachedFile>& files, bool totals_only) {
  if (totals_only) {
    Facts facts;
    facts.add("directory", cache.native());
    for (const Kind kind : k_kinds) {
      std::vector<CachedFile> some;
      std::copy_if(files.begin(), files.end(), std::back_inserter(some),
                   [kind](const auto& file) { return file.kind == kind; });
      facts.add(word_of(kind), std::to_string(some.size()) + " (" + size_text(bytes_of(some)) + ")");
    }
    facts.print();
    return;
  }
  Table table{"KIND", "NAME", "VERSION", "SIZE", "USED", "REGISTRY"};
  for (const auto& file : files)
    table.add({word_of(file.kind), file.name.empty() ? std::string(file.path.filename()) : file.name,
               file.version, size_text(file.size), to_rfc3339(file.used), file.registry});
  table.finish();
  note(counted(files.size(), "file") + ", " + size_text(bytes_of(files)) + " in '" + cache.native() + "'");
}

int list(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const Path cache = cache_of(session);
  const auto files = files_for(session, cache);
  if (session.json)
    list_as_json(cache, files, arguments.has("--totals"));
  else
    list_as_text(cache, files, arguments.has("--totals"));
  return k_ok;
}

int clean(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const Path cache = cache_of(session);
  auto files = files_for(session, cache);
  if (const auto days = arguments.number("--older-than", 0, 36500)) {
    const Time since = now() - std::chrono::days(*days);
    std::erase_if(files, [since](const CachedFile& file) { return file.used > since; });
  }
  const bool only_say = arguments.has("--dry-run");
  std::vector<CachedFile> removed, left;
  for (auto& file : files) {
    const bool gone = only_say || remove_cached(file, cache);
    (gone ? removed : left).push_back(std::move(file));
  }
  if (session.json) {
    json::Writer writer;
    writer.begin_object().member("directory", cache.native()).member("dry_run", only_say);
    writer.member("removed", removed.size()).member("bytes", bytes_of(removed)).member("left", left.size());
    writer.end_object();
    finish(writer);
    return k_ok;
  }
  say((only_say ? "would remove " : "removed ") + counted(removed.size(), "file") + ", " +
      size_text(bytes_of(removed)));
  if (!left.empty()) note(counted(left.size(), "file") + " that is in use, or not yours to remove, stayed");
  return k_ok;
}

OptionSpec kind_option() {
  return {"--kind", "KIND", "only these", "document archive unpacked partial aside"};
}

}  // namespace

Command cache_dir_command() {
  return {
      .words = "cache dir",
      .positional = "",
      .help = "print where the cache is",
      .run = directory,
      .description =
          "Each profile says where its cache is. Everything in it can be fetched again, and nothing in it is "
          "used before its checksum was compared.",
      .examples = {{"du -sh \"$(wharf cache dir)\"", "how large it is"}}};
}

Command cache_list_command() {
  return {
      .words = "cache list",
      .positional = "",
      .help = "list what the cache holds",
      .run = list,
      .description =
          "Index documents, archives and what was unpacked of them, downloads that were broken off, and "
          "archives that were put aside "
          "because "
          "their checksum did not fit. `USED` is when a file was last fetched, confirmed or installed from.",
      .options = {kind_option(), {"--totals", "", "how many of each kind, and how large, alone"}},
      .examples = {{"wharf cache list --kind archive", "which packages can be installed without a network"},
                   {"wharf cache list --totals --json", "the same for a program"}}};
}

Command cache_clean_command() {
  return {
      .words = "cache clean",
      .positional = "",
      .help = "remove what the cache holds",
      .run = clean,
      .effect = Effect::maintains,
      .description =
          "Installed packages stay. A download that another program of this kind is making at the moment "
          "stays, "
          "too.",
      .options = {kind_option(),
                  {"--older-than", "DAYS", "only what was not used for so many days"},
                  {"--dry-run", "", "say what would be removed, and remove nothing"}},
      .examples = {{"wharf cache clean", "begin anew"},
                   {"wharf cache clean --older-than 30", "keep what is used"},
                   {"wharf cache clean --kind aside", "the archives that did not fit have been studied"}}};
}

}  // namespace wharf::client
