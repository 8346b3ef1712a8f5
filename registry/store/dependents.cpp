// SPDX-License-Identifier: MIT
#include "registry/store/dependents.hpp"

#include <map>

namespace wharf::store {

void set_package_dependencies(Connection& connection, std::string_view package,
                              const std::vector<DependencyRow>& wanted) {
  std::map<std::string, const DependencyRow*, std::less<>> missing;
  for (const auto& row : wanted) {
    if (row.name == package) continue;
    const auto [place, added] = missing.emplace(row.name, &row);
    if (!added && row.kind == "normal") place->second = &row;
  }

  std::string gone = "DELETE FROM package_dependencies WHERE package = ? AND name IN (";
  std::vector<Parameter> gone_parameters = {parameter(package)};
  auto rows =
      connection.query("SELECT name, kind, requirement FROM package_dependencies WHERE package = ?", package);
  while (rows.next()) {
    const auto found = missing.find(rows.text(0));
    if (found == missing.end()) {
      gone += gone_parameters.size() == 1 ? "?" : ", ?";
      gone_parameters.push_back(parameter(rows.text(0)));
    } else if (found->second->kind == rows.text(1) && found->second->requirement == rows.text(2)) {
      missing.erase(found);
    }
  }
  if (gone_parameters.size() > 1) connection.run_update(gone + ")", gone_parameters);
  if (missing.empty()) return;

  std::string sql = "INSERT INTO package_dependencies (name, package, kind, requirement) VALUES ";
  std::vector<Parameter> parameters;
  for (const auto& [name, row] : missing) {
    sql += parameters.empty() ? "(?, ?, ?, ?)" : ", (?, ?, ?, ?)";
    parameters.insert(parameters.end(), {parameter(name), parameter(package), parameter(row->kind),
                                         parameter(row->requirement)});
  }
  sql += " ON DUPLICATE KEY UPDATE kind = VALUES(kind), requirement = VALUES(requirement)";
  connection.run_update(sql, parameters);
}

std::vector<Dependent> dependents(Connection& connection, std::string_view name, std::uint64_t limit,
                                  std::uint64_t offset) {
  // The page is found in the primary key alone, before any package's own row is read.
  auto rows = connection.query(
      "SELECT page.package, p.latest_version, page.kind, page.requirement FROM"
      " (SELECT package, kind, requirement FROM package_dependencies WHERE name = ?"
      "  ORDER BY package LIMIT ? OFFSET ?) page"
      " JOIN packages p ON p.name = page.package ORDER BY page.package",
      name, limit, offset);
  std::vector<Dependent> page;
  while (rows.next())
    page.push_back({rows.text(0), rows.maybe_text(1).value_or(""), rows.text(2), rows.text(3)});
  return page;
}

std::int64_t count_dependents(Connection& connection, std::string_view name) {
  auto rows = connection.query("SELECT COUNT(*) FROM package_dependencies WHERE name = ?", name);
  rows.next();
  return rows.integer(0);
}

}  // namespace wharf::store
