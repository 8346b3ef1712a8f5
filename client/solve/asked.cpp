// SPDX-License-Identifier: MIT
#include "client/solve/asked.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::client {

namespace {

// Where a person finds the manifest: seen from the root's folder.
std::string shown_manifest(const Project& root, const Project& project) {
  return project.manifest().lexically_proximate(root.root).generic_string();
}

resolver::Want want_of(const Asked& asked, const DirectDependency& dependency, const std::string& where) {
  resolver::Want want{.name = dependency.name,
                      .requirement = dependency.requirement,
                      .written = dependency.written,
                      .where = where};
  if (dependency.path) {
    const auto found = std::ranges::find_if(asked.in_place,
                                            [&](const Project& one) { return one.root == *dependency.path; });
    // Whatever is written beside the path was held against the version when the project was read.
    if (found != asked.in_place.end()) want.requirement = "=" + version_of(*found).identity();
    want.written = "at " + dependency.path->lexically_proximate(asked.project.root).generic_string();
  } else if (dependency.requirement.empty()) {
    throw Error(Code::manifest_invalid,
                wharf::quoted(where) + ": the dependency " + wharf::quoted(dependency.name) +
                    (dependency.git ? " is given by git alone, which cannot be installed; give it a version "
                                      "too, or check it out and give its path"
                                    : " has no version; give it one"));
  }
  return want;
}

}  // namespace

Asked asked_by(const Profile& profile, const Project& project) {
  Asked asked{.project = project, .in_place = projects_in_place(profile, project), .wants = {}};
  const auto gather = [&](const Project& from, bool dev_too) {
    for (const auto& dependency : from.dependencies)
      if (!dependency.optional && (dev_too || !dependency.dev))
        asked.wants.push_back(want_of(asked, dependency, shown_manifest(project, from)));
  };
  gather(project, true);
  for (const auto& one : asked.in_place) gather(one, false);
  return asked;
}

void write_in_place(json::Writer& writer, const Asked& asked) {
  for (const auto& project : asked.in_place)
    writer.begin_object()
        .member("name", project.name)
        .member("version", version_of(project).text())
        .member("path", project.root.native())
        .end_object();
}

Version version_of(const Project& project) {
  return project.version.value_or(Version());
}

Named named(std::string_view word, Bare bare) {
  const auto at = word.find('@');
  Named named{.name = std::string(word.substr(0, at)),
              .written = at == word.npos ? std::string() : std::string(trim(word.substr(at + 1)))};
  require_package_name(named.name);
  if (at != word.npos && named.written.empty())
    throw Error(Code::requirement_invalid, wharf::quoted(word) +
                                               " ends in '@'; write a requirement after it, as in " +
                                               wharf::quoted(named.name + "@^1.2") + ", or leave it out");
  if (named.written == "latest") named.written.clear();
  if (!named.written.empty()) parse_requirement(named.written, bare);
  return named;
}

void ask_also(Asked& asked, const Named& named, Bare bare, std::string_view where) {
  std::erase_if(asked.wants, [&](const auto& want) {
    return want.name == named.name && want.where == asked.project.manifest_file;
  });
  const bool any = named.written.empty();
  asked.wants.push_back(
      {.name = named.name,
       .requirement = any ? std::string(">=0.0.0") : parse_requirement(named.written, bare).portable_text(),
       .written = any ? "*" : named.written,
       .where = std::string(where)});
}

}  // namespace wharf::client
