// SPDX-License-Identifier: MIT
#include "client/solve/changes.hpp"

#include <algorithm>
#include <map>

#include "client/solve/lock_graph.hpp"
#include "libwharf/package/requirement.hpp"

namespace wharf::client {

namespace {

bool fits(const std::string& requirement, const Version& version) {
  const auto read = Requirement::from(requirement);
  return !read || read->matches(version);
}

class Reasons {
 public:
  Reasons(const Lock& before, const Lock& after, const std::vector<resolver::Want>& wants,
          const std::set<std::string>& freed, const std::set<std::string>& yanked)
      : before_(before), after_(after), wants_(wants), freed_(freed), yanked_(yanked) {}

  std::string of_new(const std::string& name) const {
    for (const auto& want : wants_)
      if (want.name == name) return asked_by_root(want);
    for (const auto& need : after_.needed_by(name)) return wanted_by(need);
    return {};
  }

  std::string of_moved(const std::string& name, const Version& from) const {
    for (const auto& want : wants_)
      if (want.name == name && !fits(want.requirement, from)) return asked_by_root(want);
    for (const auto& need : after_.needed_by(name))
      if (!fits(need.requirement, from)) return wanted_by(need);
    if (yanked_.contains(name)) return from.text() + " was yanked";
    if (freed_.contains(name)) return "the furthest that fits";
    if (const auto* old = before_.find(name))
      for (const auto& [needed, requirement] : old->dependencies) {
        const auto* now = after_.find(needed);
        if (now && !fits(requirement, now->version))
          return from.text() + " wants " + needed + " " + requirement + ", which is now " +
                 now->version.text();
      }
    return from.text() + " is not to be had any more, or does not fit the others";
  }

 private:
  static std::string asked_by_root(const resolver::Want& want) {
    const std::string& text = want.written.empty() ? want.requirement : want.written;
    return (want.where.empty() ? std::string("the project") : want.where) + " wants " + text;
  }

  std::string wanted_by(const Need& need) const {
    const auto* package = after_.find(need.by);
    return need.by + (package ? " " + package->version.text() : "") + " wants " + need.requirement;
  }

  LockGraph before_, after_;
  const std::vector<resolver::Want>& wants_;
  const std::set<std::string>& freed_;
  const std::set<std::string>& yanked_;
};

}  // namespace

std::vector<Change> changes_between(const Lock& before, const Lock& after,
                                    const std::vector<resolver::Want>& wants,
                                    const std::set<std::string>& freed,
                                    const std::set<std::string>& yanked) {
  const Reasons reasons(before, after, wants, freed, yanked);
  std::map<std::string, Change> changes;
  for (const auto& package : before.packages)
    changes[package.name] = {package.name, package.version, std::nullopt, "nothing needs it any more"};
  for (const auto& package : after.packages) {
    auto& change = changes[package.name];
    change.name = package.name;
    change.to = package.version;
    if (!change.from)
      change.why = reasons.of_new(package.name);
    else if (*change.from != package.version)
      change.why = reasons.of_moved(package.name, *change.from);
  }
  std::vector<Change> real;
  for (auto& [name, change] : changes)
    if (change.from != change.to) real.push_back(std::move(change));
  return real;
}

std::string shown(const Change& change) {
  std::string line = change.name;
  if (change.from && change.to)
    line += " " + change.from->text() + " -> " + change.to->text();
  else if (change.to)
    line = "+ " + line + " " + change.to->text();
  else
    line = "- " + line + " " + change.from->text();
  return change.why.empty() ? line : line + " (" + change.why + ")";
}

void write_changes(json::Writer& writer, const std::vector<Change>& changes) {
  writer.begin_array();
  for (const auto& change : changes) {
    writer.begin_object().member("name", change.name);
    const auto version = [&](std::string_view key, const std::optional<Version>& version_of) {
      if (version_of)
        writer.member(key, version_of->text());
      else
        writer.member_null(key);
    };
    version("from", change.from);
    version("to", change.to);
    writer.member("why", change.why).end_object();
  }
  writer.end_array();
}

}  // namespace wharf::client
