// SPDX-License-Identifier: MIT
#include "client/commands/adding.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "client/manifest/edit.hpp"
#include "client/registry/access.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

const DirectDependency* dependency_of(const Project& project, const std::string& name, bool dev) {
  const auto found = std::ranges::find_if(
      project.dependencies, [&](const auto& one) { return one.name == name && one.dev == dev; });
  return found == project.dependencies.end() ? nullptr : &*found;
}

// Each name once, and never the project itself.
std::vector<Named> read_names(const Workplace& workplace, const std::vector<std::string>& words) {
  std::vector<Named> names;
  std::set<std::string> seen;
  for (const auto& word : words) {
    names.push_back(named(word, workplace.session.profile.bare));
    if (!seen.insert(names.back().name).second)
      throw Error(Code::bad_request, wharf::quoted(names.back().name) + " is named twice");
    if (workplace.has_manifest && names.back().name == workplace.project.name)
      throw Error(Code::bad_request, wharf::quoted(names.back().name) + " is the project itself");
  }
  return names;
}

// The newest is taken, unless what else is asked for leaves room for an older one alone: then that. Where
// nothing fits at all, the newest is what the explanation is about.
void choose_requirements(const Workplace& workplace, Index& index, std::vector<Named>& names) {
  const auto& profile = workplace.session.profile;
  auto asked = asked_by(profile, workplace.project);
  Wish wish;
  for (const auto& one : names) {
    ask_also(asked, one.written.empty() ? Named{one.name, "*"} : one, profile.bare, k_your_command);
    if (one.written.empty()) wish.freed.insert(one.name);
  }
  std::map<std::string, Version> chosen;
  try {
    const auto trial = plan(index, workplace.session.registry, asked, workplace.lock_or_empty(), wish);
    for (const auto& package : trial.packages) chosen.emplace(package.name, package.version);
  } catch (const Unsolved&) {
    return;
  }
  for (auto& one : names)
    if (const auto found = chosen.find(one.name); one.written.empty() && found != chosen.end())
      one.written = "^" + found->second.identity();
}

// Those that were named without a requirement get the one that they have, or the newest. The index that was
// asked, if it was.
std::shared_ptr<Index> fill_in_requirements(const Workplace& workplace, std::vector<Named>& names, bool dev) {
  std::vector<std::string> unknown;
  for (auto& one : names) {
    if (!one.written.empty()) continue;
    const auto* known = dependency_of(workplace.project, one.name, dev);
    if (known && !known->written.empty())
      one.written = known->written;
    else
      unknown.push_back(one.name);
  }
  if (unknown.empty()) return nullptr;
  auto index = std::make_shared<Index>(access_of(workplace.session));
  index->refresh(unknown);
  const bool all_known = std::ranges::all_of(
      unknown, [&](const std::string& name) { return newest_requirement(*index, name).has_value(); });
  if (all_known) choose_requirements(workplace, *index, names);
  for (auto& one : names)
    if (one.written.empty()) one.written = newest_requirement(*index, one.name).value_or("");
  return index;
}

DirectDependency asked_for(const Named& named, Bare bare) {
  DirectDependency dependency;
  dependency.name = named.name;
  dependency.written = named.written;
  dependency.requirement = parse_requirement(named.written, bare).portable_text();
  return dependency;
}

}  // namespace

int add_packages(const Workplace& workplace, const std::vector<std::string>& words, const Adding& adding,
                 Undertaking undertaking) {
  workplace.require_same_registry();
  const auto& profile = workplace.session.profile;
  auto names = read_names(workplace, words);
  undertaking.index = fill_in_requirements(workplace, names, adding.dev);

  Project project = workplace.project;
  const std::string where = adding.save ? project.manifest_file : std::string(k_your_command);
  std::vector<Named> besides;  // what the manifest does not say
  for (const auto& one : names) {
    // No version of it will do, which resolving explains better than anything here could.
    if (one.written.empty() || (!adding.save && workplace.has_manifest)) {
      besides.push_back(one);
    } else if (adding.save) {
      project = project_with(profile, project,
                             with_dependency(project, profile, one.name, one.written, adding.dev));
    } else {
      std::erase_if(project.dependencies, [&](const auto& known) { return known.name == one.name; });
      project.dependencies.push_back(asked_for(one, profile.bare));
    }
  }
  if (adding.save) undertaking.manifest = project.text;
  for (const auto& one : names) undertaking.wish.named.insert(one.name);
  // What is new comes in its newest version, whatever that moves.
  for (const auto& one : names)
    if (!workplace.lock || !workplace.lock->find(one.name)) undertaking.wish.freed.insert(one.name);
  undertaking.asked = asked_by(profile, project);
  for (const auto& one : besides) ask_also(undertaking.asked, one, profile.bare, where);
  if (!besides.empty() || !workplace.has_manifest) {
    if (undertaking.locked)
      throw Error(Code::bad_request, "--locked installs what the lock has, and no packages besides");
    undertaking.fresh = true;
  }
  return undertake(workplace, undertaking);
}

}  // namespace wharf::client
