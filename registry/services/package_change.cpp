// SPDX-License-Identifier: MIT
#include "registry/services/package_change.hpp"

#include "libwharf/base/text.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"
#include "registry/store/dependents.hpp"
#include "registry/store/journal.hpp"

namespace wharf {

std::string event_body(const PackageEvent& event, const PackageHead& head) {
  json::Writer writer;
  writer.begin_object();
  writer.member("action", event.action).member("actor", event.actor).member("at", to_rfc3339(event.at));
  writer.member("package", head.name).member("version", event.version);
  writer.key("metadata").begin_object();
  write_metadata_members(writer, head.manifest ? metadata_of(*head.manifest) : PackageMetadata());
  writer.member("created_at", to_rfc3339(head.created_at)).end_object();
  writer.key("owners").begin_array();
  for (const auto& owner : head.owners) {
    writer.begin_object();
    writer.member("role", owner.role).member("username", owner.username);
    writer.end_object();
  }
  writer.end_array();
  if (event.entry) {
    writer.key("entry");
    write_index_entry(writer, *event.entry);
  }
  if (event.action == "yank" || event.action == "quarantine") writer.member("reason", event.reason);
  writer.end_object();
  return json::canonical(json::parse(writer.text()).root());
}

std::vector<store::DependencyRow> dependency_rows(const Manifest& manifest) {
  std::vector<store::DependencyRow> rows;
  for (const auto& dependency : manifest.dependencies)
    rows.push_back({dependency.name, dependency.kind == Dependency::Kind::dev ? "dev" : "normal",
                    dependency.requirement});
  return rows;
}

PackageChange::PackageChange(store::Connection& connection, store::PackageRow row, bool is_new)
    : connection_(&connection),
      row_(std::move(row)),
      stored_(std::make_shared<const std::string>(std::move(row_.document))),
      document_(*stored_) {
  row_.document.clear();
  if (!is_new) counted_ = share();
}

store::Totals PackageChange::share() const {
  if (row_.quarantine) return {};
  return {1, static_cast<std::int64_t>(document_.size()), row_.latest_version ? 1 : 0};
}

std::optional<PackageChange> PackageChange::lock(store::Connection& connection, std::string_view name) {
  auto row = store::lock_package(connection, name);
  if (!row) return std::nullopt;
  return PackageChange(connection, std::move(*row), false);
}

std::optional<PackageChange> PackageChange::lock_anew(store::Connection& connection, std::string_view name) {
  auto row = store::lock_package(connection, name);
  if (!row) return std::nullopt;
  row->document.clear();
  PackageChange change(connection, std::move(*row), false);
  for (const auto& version : store::versions_of(connection, change.row_.id))
    change.document_.put(name, version, manifest_from_json(json::parse(version.manifest).root()));
  return change;
}

PackageChange PackageChange::of_new(store::Connection& connection, store::PackageRow row) {
  return PackageChange(connection, std::move(row), true);
}

const std::vector<store::OwnerRow>& PackageChange::owners() {
  if (!owners_) owners_ = store::owners_of(*connection_, row_.id);
  return *owners_;
}

std::optional<std::string> PackageChange::role_of(std::int64_t user_id) {
  for (const auto& owner : owners())
    if (owner.user_id == user_id) return owner.role;
  return std::nullopt;
}

void PackageChange::set_quarantine(std::optional<store::Quarantine> quarantine) {
  store::set_quarantine(*connection_, row_.id, quarantine);
  row_.quarantine = std::move(quarantine);
}

void PackageChange::save(Time at, std::string_view known_version, const Manifest* known) {
  head_ = {};
  head_.name = row_.name;
  if (!row_.quarantine) head_.latest_version = document_.latest_version();
  head_.owners = owners();
  head_.created_at = row_.created_at;
  head_.updated_at = at;
  if (const auto speaking = document_.speaking_version()) {
    if (known != nullptr && *speaking == known_version) {
      head_.manifest = *known;
    } else {
      const auto row = store::find_version(*connection_, row_.name, *speaking);
      if (!row)
        throw internal_error("version " + *speaking + " of '" + row_.name + "' is in its document alone");
      head_.manifest = manifest_from_json(json::parse(row->manifest).root());
    }
  }
  row_.latest_version = head_.latest_version;
  row_.updated_at = at;
  row_.document = document_.render(head_);
  store::update_package(*connection_, row_, render_summary(head_));
  store::set_package_dependencies(*connection_, row_.name,
                                  head_.latest_version && head_.manifest
                                      ? dependency_rows(*head_.manifest)
                                      : std::vector<store::DependencyRow>());
}

std::uint64_t PackageChange::append(const PackageEvent& event) {
  store::JournalEvent row;
  row.at = event.at;
  row.action = event.action;
  row.package = row_.name;
  row.version = event.version;
  row.actor = event.actor;
  row.body = event_body(event, head_);
  store::append_event(*connection_, row);
  store::set_revision(*connection_, row_.id, row.seq);
  row_.revision = row.seq;
  const auto fresh = share();
  store::change_totals(*connection_, {fresh.packages - counted_.packages, fresh.versions - counted_.versions,
                                      fresh.listed - counted_.listed});
  counted_ = fresh;
  return row.seq;
}

void require_role(PackageChange& change, const Principal& principal, Needs needs, std::string_view what) {
  if (principal.is_operator()) return;
  if (change.row().quarantine) throw quarantined_package(change.row().name, *change.row().quarantine);
  const auto role = change.role_of(principal.user_id);
  if (role && (*role == "owner" || needs == Needs::maintainer)) return;
  const std::string name = wharf::quoted(change.row().name);
  if (role)
    throw Error(Code::forbidden, "only an owner may " + std::string(what) + " package " + name + ", and " +
                                     wharf::quoted(principal.username) +
                                     " is a maintainer; ask one of its owners");
  throw Error(Code::forbidden, wharf::quoted(principal.username) + " may not " + std::string(what) +
                                   " package " + name + "; ask one of its owners to be added");
}

Error quarantined_package(std::string_view name, const store::Quarantine& quarantine) {
  return Error(Code::quarantined, "package " + wharf::quoted(name) + " is quarantined and is not served: " +
                                      quarantine.reason + "; ask the operator of this registry")
      .with("package", std::string(name))
      .with("reason", quarantine.reason)
      .with("since", to_rfc3339(quarantine.at));
}

Error no_such_package(std::string_view name) {
  return Error(Code::not_found, "there is no package " + wharf::quoted(name) + " here; check the name");
}

Error no_such_version(std::string_view name, std::string_view version) {
  return Error(Code::not_found, "package " + wharf::quoted(name) + " has no version " +
                                    wharf::quoted(version) + "; see its list of versions");
}

}  // namespace wharf
