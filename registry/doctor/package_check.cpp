// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "libwharf/base/error.hpp"
#include "libwharf/json/value.hpp"
#include "registry/doctor/examination.hpp"
#include "registry/services/package_change.hpp"
#include "registry/store/checks.hpp"

namespace wharf::doctor {

namespace {

constexpr unsigned k_batch = 50;
constexpr std::string_view k_restore =
    "compare with a backup; the journal is what mirrors and the public tree follow";

// What is wrong with a package, and whether making it anew from its rows mends it.
struct Fault {
  enum class Cure { anew, revision, operator_, none };
  std::string where, what, how;
  Cure cure = Cure::none;
  friend bool operator==(const Fault&, const Fault&) = default;
};

using Dependencies = std::map<std::string, std::pair<std::string, std::string>>;

Dependencies dependencies_of(const std::string& package, const std::optional<Manifest>& manifest) {
  Dependencies all;
  if (!manifest) return all;
  for (const auto& row : dependency_rows(*manifest)) {
    if (row.name == package) continue;
    const auto [place, added] = all.try_emplace(row.name, row.kind, row.requirement);
    if (!added && row.kind == "normal") place->second = {row.kind, row.requirement};
  }
  return all;
}

// What the rows give against what is kept of them.
void compare_with_rows(const store::WholePackage& package, std::vector<Fault>& faults) {
  const std::string& name = package.row.name;
  PackageDocument document{""};
  PackageHead head;
  for (const auto& version : package.versions)
    document.put(name, version, manifest_from_json(json::parse(version.manifest).root()));
  for (const auto& version : package.versions)
    if (version.version == document.speaking_version())
      head.manifest = manifest_from_json(json::parse(version.manifest).root());
  head.name = name;
  if (!package.row.quarantine) head.latest_version = document.latest_version();
  head.owners = package.owners;
  head.created_at = package.row.created_at;
  head.updated_at = package.row.updated_at;
  const auto wrong = [&](const char* what) {
    faults.push_back({name, what, "run with --repair", Fault::Cure::anew});
  };
  if (package.row.latest_version != head.latest_version)
    wrong("its latest version is another than its versions give");
  else if (package.row.document != document.render(head))
    wrong("its document is another than its rows give");
  else if (package.summary != render_summary(head))
    wrong("what lists show of it is another than its rows give");
  else if (package.dependencies !=
           dependencies_of(name, head.latest_version ? head.manifest : std::optional<Manifest>()))
    wrong("its dependencies are listed otherwise than its latest version gives");
  if (std::ranges::none_of(package.owners, [](const auto& owner) { return owner.role == "owner"; }))
    faults.push_back(
        {name, "it has no owner", "add one with 'wharf-package owner add'", Fault::Cure::operator_});
}

struct Told {
  std::string checksum;
  bool yanked = false;
};

std::map<std::string, Told> told_by(const std::vector<store::JournalEvent>& events) {
  std::map<std::string, Told> versions;
  for (const auto& event : events) {
    if (!event.version) continue;
    if (event.action == "publish") {
      const auto body = json::parse(event.body);
      versions[*event.version] = {std::string(body.root()["entry"]["checksum"].string().value_or("")), false};
    } else if (event.action == "remove") {
      versions.erase(*event.version);
    } else if (const auto found = versions.find(*event.version); found != versions.end()) {
      if (event.action == "yank") found->second.yanked = true;
      if (event.action == "unyank") found->second.yanked = false;
    }
  }
  return versions;
}

void compare_with_journal(const store::WholePackage& package, std::vector<Fault>& faults) {
  const std::string& name = package.row.name;
  const auto last = package.events.empty() ? 0 : package.events.back().seq;
  if (package.row.revision != last)
    faults.push_back({name,
                      "its revision is " + std::to_string(package.row.revision) +
                          ", its last journal number " + std::to_string(last),
                      "run with --repair", Fault::Cure::revision});
  auto told = told_by(package.events);
  for (const auto& version : package.versions) {
    const std::string where = name + " " + version.version;
    const auto found = told.find(version.version);
    if (found == told.end()) {
      faults.push_back({where, "it is in the database and not in the journal", std::string(k_restore)});
      continue;
    }
    if (found->second.checksum != version.digest)
      faults.push_back({where, "it has another checksum than the journal says", std::string(k_restore)});
    if (const bool yanked = version.state == store::VersionState::yanked; found->second.yanked != yanked)
      faults.push_back(
          {where, yanked ? "it is yanked, and not so in the journal" : "the journal says that it is yanked",
           "yank and unyank it with wharf-package, so that both say the same", Fault::Cure::operator_});
    told.erase(found);
  }
  for (const auto& [version, rest] : told)
    faults.push_back(
        {name + " " + version, "it is in the journal and not in the database", std::string(k_restore)});
}

std::vector<Fault> faults_of(const store::WholePackage& package) {
  std::vector<Fault> faults;
  try {
    compare_with_rows(package, faults);
    compare_with_journal(package, faults);
  } catch (const Error& error) {
    faults.push_back(
        {package.row.name, "what is stored of it cannot be read: " + error.detail(), std::string(k_restore)});
  }
  return faults;
}

void tell(Examination& examination, const std::string& name, const Fault& fault) {
  const auto loss = fault.cure == Fault::Cure::none;
  std::function<void()> mend;
  if (fault.cure == Fault::Cure::anew)
    mend = [&] {
      examination.database().transaction([&](store::Connection& c) {
        if (auto change = PackageChange::lock_anew(c, name)) change->save(change->row().updated_at);
      });
    };
  if (fault.cure == Fault::Cure::revision)
    mend = [&] {
      examination.database().transaction([&](store::Connection& c) {
        const auto row = store::lock_package(c, name);
        const auto package = store::whole_package(c, name);
        if (row && package && !package->events.empty() && package->events.back().seq != row->revision)
          store::set_revision(c, row->id, package->events.back().seq);
      });
    };
  examination.found(loss ? Severity::loss : Severity::repairable, fault.where, fault.what, fault.how, mend);
}

void look_at(Examination& examination, const store::WholePackage& package) {
  auto faults = faults_of(package);
  if (faults.empty()) return;
  // Rows of one package come in several queries, between which it may have changed.
  const bool still = examination.is_still([&] {
    const auto again = examination.database().read(
        [&](store::Connection& c) { return store::whole_package(c, package.row.name); });
    const auto now = again ? faults_of(*again) : std::vector<Fault>();
    std::erase_if(faults, [&](const Fault& fault) { return std::ranges::find(now, fault) == now.end(); });
    return !faults.empty();
  });
  if (still)
    for (const auto& fault : faults) tell(examination, package.row.name, fault);
}

}  // namespace

void check_packages(Examination& examination) {
  std::string after;
  std::uint64_t done = 0;
  for (;;) {
    const auto packages = examination.database().read(
        [&](store::Connection& c) { return store::whole_packages(c, after, k_batch); });
    if (packages.empty()) break;
    for (const auto& package : packages) {
      look_at(examination, package);
      examination.progress(++done);
    }
    after = packages.back().row.name;
  }
  constexpr unsigned k_shown = 100;
  for (const auto& name : examination.database().read(
           [&](store::Connection& c) { return store::packages_in_journal_alone(c, k_shown); }))
    examination.found(Severity::loss, name, "it is in the journal and not in the database",
                      std::string(k_restore));
}

}  // namespace wharf::doctor
