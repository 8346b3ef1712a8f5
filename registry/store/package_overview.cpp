// SPDX-License-Identifier: MIT
#include "registry/store/package_overview.hpp"

#include <unordered_map>

#include "registry/store/row_lists.hpp"

namespace wharf::store {

namespace {

// What is shown of the packages of a page, which is found first: the counts are made for these alone.
constexpr std::string_view k_shown =
    "SELECT p.id, p.name, p.revision, p.latest_version, p.quarantined_at, p.quarantine_reason, p.created_at,"
    " p.updated_at,"
    " (SELECT COUNT(*) FROM versions v WHERE v.package_id = p.id AND v.state <> 'removed'),"
    " (SELECT COUNT(*) FROM versions v WHERE v.package_id = p.id AND v.state = 'yanked'),"
    " (SELECT COUNT(*) FROM versions v WHERE v.package_id = p.id AND v.state = 'removed'),"
    " COALESCE(t.total, 0)";

PackageOverview overview_of(const Rows& row) {
  PackageOverview package;
  package.id = row.integer(0);
  package.name = row.text(1);
  package.revision = static_cast<std::uint64_t>(row.integer(2));
  package.latest_version = row.maybe_text(3);
  package.quarantine = quarantine_of(row, 4);
  package.created_at = row.time(6);
  package.updated_at = row.time(7);
  package.versions = row.integer(8);
  package.yanked = row.integer(9);
  package.removed = row.integer(10);
  package.downloads = row.integer(11);
  return package;
}

// By themselves: a server cuts what GROUP_CONCAT makes.
void add_owners(Connection& connection, std::vector<PackageOverview>& packages) {
  std::unordered_map<std::int64_t, std::string*> owners_of;
  RowList ids;
  for (auto& package : packages) {
    owners_of.emplace(package.id, &package.owners);
    ids.push_back({parameter(package.id)});
  }
  query_for_rows(connection,
                 "SELECT o.package_id, u.username FROM package_owners o JOIN users u ON u.id = o.user_id"
                 " WHERE o.role = 'owner' AND o.package_id IN (",
                 "?", ", ", ") ORDER BY u.username", ids, [&](const Rows& row) {
                   auto& owners = *owners_of.at(row.integer(0));
                   owners.append(owners.empty() ? "" : " ").append(row.text(1));
                 });
}

}  // namespace

std::vector<PackageOverview> package_overviews(Connection& connection, const OverviewFilter& filter) {
  using Order = OverviewFilter::Order;
  std::vector<Parameter> parameters;
  std::string page =
      "SELECT q.id FROM packages q LEFT JOIN download_totals d ON d.package_id = q.id WHERE TRUE";
  if (filter.query) {
    page += " AND INSTR(q.name, ?) > 0";
    parameters.push_back(parameter(*filter.query));
  }
  if (filter.owner) {
    page +=
        " AND EXISTS (SELECT 1 FROM package_owners o JOIN users u ON u.id = o.user_id"
        " WHERE o.package_id = q.id AND u.username = ?)";
    parameters.push_back(parameter(*filter.owner));
  }
  if (filter.quarantined) page += " AND q.quarantined_at IS NOT NULL";
  if (filter.yanked)
    page += " AND EXISTS (SELECT 1 FROM versions v WHERE v.package_id = q.id AND v.state = 'yanked')";
  const auto ordered = [&](const std::string& packages, const std::string& totals) {
    if (filter.order == Order::recent)
      return " ORDER BY " + packages + ".updated_at DESC, " + packages + ".id DESC";
    if (filter.order == Order::downloads)
      return " ORDER BY COALESCE(" + totals + ".total, 0) DESC, " + packages + ".name";
    return " ORDER BY " + packages + ".name";
  };
  page += ordered("q", "d") + " LIMIT ? OFFSET ?";
  parameters.insert(parameters.end(), {parameter(filter.limit), parameter(filter.offset)});
  std::vector<PackageOverview> all;
  auto rows = connection.run_query(std::string(k_shown) + " FROM (" + page +
                                       ") page JOIN packages p ON p.id = page.id"
                                       " LEFT JOIN download_totals t ON t.package_id = p.id" +
                                       ordered("p", "t"),
                                   parameters);
  while (rows.next()) all.push_back(overview_of(rows));
  add_owners(connection, all);
  return all;
}

std::optional<PackageOverview> package_overview(Connection& connection, std::string_view name) {
  static const std::string sql =
      std::string(k_shown) +
      " FROM packages p LEFT JOIN download_totals t ON t.package_id = p.id WHERE p.name = ?";
  auto rows = connection.query(sql, name);
  if (!rows.next()) return std::nullopt;
  std::vector<PackageOverview> found = {overview_of(rows)};
  add_owners(connection, found);
  return std::move(found.front());
}

std::vector<std::string> package_names(Connection& connection, std::string_view after, unsigned limit) {
  std::vector<std::string> names;
  auto rows = connection.query(
      "SELECT p.name FROM packages p WHERE p.name > ? AND EXISTS (SELECT 1 FROM versions v WHERE "
      "v.package_id = p.id)"
      " ORDER BY p.name LIMIT ?",
      after, limit);
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

}  // namespace wharf::store
