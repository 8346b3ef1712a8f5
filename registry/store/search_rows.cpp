// SPDX-License-Identifier: MIT
#include "registry/store/search_rows.hpp"

namespace wharf::store {

namespace {

// `(?, ?, ?)`.
std::string places(std::size_t count, std::string_view one = "?") {
  std::string text = "(";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + std::string(one);
  return text + ")";
}

// Filled up to a power of two with the last one, so that few statements are ever prepared.
template <class T>
std::vector<T> filled_up(std::vector<T> values) {
  std::size_t length = 1;
  while (length < values.size()) length *= 2;
  if (!values.empty()) values.resize(length, values.back());
  return values;
}

template <class T>
std::vector<Parameter> parameters_of(const std::vector<T>& values) {
  std::vector<Parameter> parameters;
  parameters.reserve(values.size() + 2);
  for (const auto& value : values) parameters.push_back(parameter(value));
  return parameters;
}

}  // namespace

std::map<std::string, std::int64_t> package_ids(Connection& connection,
                                                const std::vector<std::string>& names) {
  std::map<std::string, std::int64_t> ids;
  if (names.empty()) return ids;
  const auto list = filled_up(names);
  auto rows = connection.run_query("SELECT name, id FROM packages WHERE name IN " + places(list.size()),
                                   parameters_of(list));
  while (rows.next()) ids.emplace(rows.text(0), rows.integer(1));
  return ids;
}

std::map<std::int64_t, std::string> readmes_of(
    Connection& connection, const std::vector<std::pair<std::int64_t, std::string>>& versions) {
  std::map<std::int64_t, std::string> readmes;
  if (versions.empty()) return readmes;
  const auto list = filled_up(versions);
  std::vector<Parameter> parameters;
  for (const auto& [package, identity] : list) {
    parameters.push_back(parameter(package));
    parameters.push_back(parameter(identity));
  }
  auto rows = connection.run_query(
      "SELECT v.package_id, r.content FROM versions v JOIN readmes r ON r.version_id = v.id"
      " WHERE (v.package_id, v.identity) IN " +
          places(list.size(), "(?, ?)"),
      parameters);
  while (rows.next()) readmes.emplace(rows.integer(0), rows.text(1));
  return readmes;
}

std::map<std::int64_t, std::int64_t> download_totals_of(Connection& connection,
                                                        const std::vector<std::int64_t>& package_ids) {
  std::map<std::int64_t, std::int64_t> totals;
  if (package_ids.empty()) return totals;
  const auto list = filled_up(package_ids);
  auto rows = connection.run_query(
      "SELECT package_id, total FROM download_totals WHERE package_id IN " + places(list.size()),
      parameters_of(list));
  while (rows.next()) totals.emplace(rows.integer(0), rows.integer(1));
  return totals;
}

std::vector<DownloadedPackage> packages_downloaded_since(Connection& connection, const std::string& since,
                                                         std::int64_t after, unsigned limit) {
  std::vector<DownloadedPackage> packages;
  auto rows = connection.query(
      "SELECT p.id, p.name, t.total FROM"
      " (SELECT DISTINCT package_id FROM package_downloads WHERE day >= ? AND package_id > ?"
      "  ORDER BY package_id LIMIT ?) d"
      " JOIN packages p ON p.id = d.package_id JOIN download_totals t ON t.package_id = d.package_id"
      " ORDER BY p.id",
      since, after, limit);
  while (rows.next()) packages.push_back({rows.integer(0), rows.text(1), rows.integer(2)});
  return packages;
}

std::map<std::string, SummaryRow> summaries_of(Connection& connection,
                                               const std::vector<std::string>& names) {
  std::map<std::string, SummaryRow> summaries;
  if (names.empty()) return summaries;
  const auto list = filled_up(names);
  auto rows = connection.run_query(
      "SELECT p.name, p.summary, COALESCE(t.total, 0) FROM packages p"
      " LEFT JOIN download_totals t ON t.package_id = p.id WHERE p.quarantined_at IS NULL AND "
      "p.name IN " +
          places(list.size()),
      parameters_of(list));
  while (rows.next()) summaries.emplace(rows.text(0), SummaryRow{rows.text(1), rows.integer(2)});
  return summaries;
}

std::vector<PackageEvents> packages_first_seen(Connection& connection, std::uint64_t after,
                                               std::uint64_t up_to, std::uint64_t end) {
  std::vector<PackageEvents> packages;
  auto rows = connection.query(
      "SELECT f.package, (SELECT COUNT(*) FROM journal c WHERE c.package = f.package AND c.seq <= ?) FROM"
      " (SELECT j.package, MIN(j.seq) AS first FROM journal j WHERE j.seq > ? AND j.seq <= ? AND NOT EXISTS"
      "  (SELECT 1 FROM journal e WHERE e.package = j.package AND e.seq <= ?) GROUP BY j.package) f"
      " ORDER BY f.first",
      end, after, up_to, after);
  while (rows.next()) packages.push_back({rows.text(0), static_cast<std::uint64_t>(rows.integer(1))});
  return packages;
}

std::vector<JournalEvent> histories_of(Connection& connection, const std::vector<std::string>& packages,
                                       std::uint64_t up_to) {
  std::vector<JournalEvent> events;
  if (packages.empty()) return events;
  const auto filled = filled_up(packages);
  std::vector<Parameter> parameters = parameters_of(filled);
  const std::string list = places(filled.size());
  parameters.push_back(parameter(up_to));
  const auto once = parameters;
  parameters.insert(parameters.end(), once.begin(), once.end());
  auto rows = connection.run_query(
      "SELECT j.seq, j.at, j.action, j.package, j.version, j.actor, IF(j.seq = l.last, j.body, '') FROM "
      "journal j"
      " JOIN (SELECT package, MAX(seq) AS last FROM journal WHERE package IN " +
          list + " AND seq <= ? GROUP BY package) l ON l.package = j.package WHERE j.package IN " + list +
          " AND j.seq <= ? ORDER BY j.package, j.seq",
      parameters);
  while (rows.next()) {
    JournalEvent event;
    event.seq = static_cast<std::uint64_t>(rows.integer(0));
    event.at = rows.time(1);
    event.action = rows.text(2);
    event.package = rows.text(3);
    event.version = rows.maybe_text(4);
    event.actor = rows.text(5);
    event.body = rows.text(6);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace wharf::store
