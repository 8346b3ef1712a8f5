// SPDX-License-Identifier: MIT
#include "client/commands/package.hpp"

#include <algorithm>
#include <filesystem>

#include "client/commands/version_control.hpp"
#include "client/manifest/for_registry.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"
#include "libwharf/package/manifest.hpp"

namespace wharf::client {

namespace {

using command::note;

constexpr std::uint64_t k_large_archive = 10'000'000;
constexpr std::size_t k_largest_shown = 3;

void replace_word(std::string& text, std::string_view word, const std::string& by) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
}

std::vector<std::string> tidy_rules(std::vector<std::string> rules) {
  for (auto& rule : rules)
    if (rule.starts_with("./")) rule.erase(0, 1);
  return rules;
}

void add_manifest(PackList& list, const Project& project, const ManifestForRegistry& known) {
  std::erase_if(list.files, [&](const PackFile& file) { return file.path == known.file; });
  const PackFile file{.path = known.file,
                      .source = project.manifest(),
                      .size = known.text.size(),
                      .executable = false,
                      .content = known.text};
  list.files.insert(std::ranges::lower_bound(list.files, known.file, {}, &PackFile::path), file);
}

std::string largest_of(const PackList& list) {
  auto files = list.files;
  const auto count = std::min(files.size(), k_largest_shown);
  std::partial_sort(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(count), files.end(),
                    [](const auto& a, const auto& b) { return a.size > b.size; });
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text +=
        (i ? ", " : "") + command::printable(files[i].path) + " (" + command::size_text(files[i].size) + ")";
  return text;
}

}  // namespace

Session session_for_path(const command::Arguments& arguments) {
  const auto& path = arguments["PATH"];
  return open_session(arguments, path);
}

Project project_to_pack(const Session& session) {
  const bool named = !session.arguments["PATH"].empty();
  auto project = named ? project_in(session.profile, session.directory)
                       : find_project(session.profile, session.directory);
  if (!project)
    throw Error(Code::not_found, "there is no " + wharf::quoted(session.profile.manifest_file) + " in " +
                                     wharf::quoted(session.directory.string()) +
                                     (named ? "" : " or above it") + "; `wharf init` makes one");
  return std::move(*project);
}

PackList list_package_files(const Project& project, const Profile& profile,
                            const std::vector<std::string>& allow) {
  PackRules rules{.manifest_file = project.manifest_file,
                  .pack = tidy_rules(profile.pack),
                  .leave_out = tidy_rules(profile.leave_out),
                  .allow = allow};
  if (!profile.shares_packages()) rules.leave_out.push_back("/" + profile.packages_directory + "/");
  // What `pack --output` wrote there before.
  if (!project.name.empty()) rules.leave_out.push_back("/" + project.name + "-*.tar.gz");
  auto list = list_files(project.root, rules);
  if (const auto known = manifest_for_registry(profile, project)) add_manifest(list, project, *known);
  return list;
}

void require_no_secrets(const PackList& list) {
  if (list.secrets.empty()) return;
  std::string sentence = "nothing was packed, since the archive would hold what looks like a secret:";
  for (const auto& secret : list.secrets)
    sentence += "\n  " + command::printable(secret.path) + ": " + secret.reason;
  sentence += "\nleave it out with a line in '.wharfignore', or pack it with '--allow " +
              command::printable(list.secrets.front().path) + "' if it may be public";
  throw Error(Code::forbidden, sentence);
}

std::string archive_top(const Project& project, const Profile& profile) {
  std::string top = profile.archive_top;
  replace_word(top, "{name}", project.name);
  replace_word(top, "{version}", project.version ? project.version->text() : "");
  return top;
}

PackedArchive pack_project(const Project& project, const Profile& profile, const PackList& list) {
  // Its refusals are about one's own words, and come before anything is packed.
  if (dialect_of_file(project.manifest_file)) parse_manifest(project.manifest_file, project.text);
  return pack_files(list, archive_top(project, profile));
}

void print_files(const PackList& list) {
  command::Table table({"SIZE", "FILE"});
  for (const auto& file : list.files) {
    command::Cell size(command::size_text(file.size));
    size.is_number = true;
    table.add({std::move(size), file.path});
  }
  table.finish();
}

void give_hints(const Project& project, const PackList& list, const PackedArchive& packed) {
  const auto& manifest = packed.package.manifest;
  const auto is_license = [](const PackFile& file) {
    const auto name = fold(file.path);
    return name.starts_with("license") || name.starts_with("licence") || name.starts_with("copying");
  };
  if (!packed.package.readme) note("hint: there is no README.md; it is what people see first");
  if (!manifest.license && std::ranges::none_of(list.files, is_license))
    note("hint: nothing says under which licence the package may be used; add 'license' to " +
         wharf::quoted(project.manifest_file));
  if (!manifest.description) note("hint: there is no description, by which it would be found");
  if (packed.size > k_large_archive)
    note("hint: the archive has " + command::size_text(packed.size) + "; the largest files are " +
         largest_of(list));
  if (const auto count = uncommitted_files(project.root); count && *count > 0)
    note("hint: " + counted(static_cast<std::int64_t>(*count), "file") + " here " +
         (*count == 1 ? "is" : "are") + " not committed to git");
}

}  // namespace wharf::client
