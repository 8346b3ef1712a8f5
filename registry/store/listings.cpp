// SPDX-License-Identifier: MIT
#include "registry/store/listings.hpp"

namespace wharf::store {

namespace {

// Every statement finds its page in an index first: the rows of packages are large, and reading those that
// are skipped would cost more than all the rest.
std::vector<ListedPackage> page_of(Connection& connection, std::string_view sql, std::uint64_t limit,
                                   std::uint64_t offset) {
  std::vector<ListedPackage> page;
  auto rows = connection.query(sql, limit, offset);
  while (rows.next()) page.push_back({rows.integer(0), rows.text(1), rows.integer(2)});
  return page;
}

}  // namespace

std::vector<ListedPackage> packages_by_name(Connection& connection, std::uint64_t limit,
                                            std::uint64_t offset) {
  return page_of(connection,
                 "SELECT p.id, p.summary, COALESCE(t.total, 0) FROM"
                 " (SELECT id, name FROM packages WHERE latest_version IS NOT NULL"
                 "  ORDER BY name LIMIT ? OFFSET ?) page"
                 " JOIN packages p ON p.id = page.id LEFT JOIN download_totals t ON t.package_id = page.id"
                 " ORDER BY page.name",
                 limit, offset);
}

std::vector<ListedPackage> packages_by_change(Connection& connection, std::uint64_t limit,
                                              std::uint64_t offset) {
  return page_of(connection,
                 "SELECT p.id, p.summary, COALESCE(t.total, 0) FROM"
                 " (SELECT id, updated_at FROM packages WHERE latest_version IS NOT NULL"
                 "  ORDER BY updated_at DESC, id DESC LIMIT ? OFFSET ?) page"
                 " JOIN packages p ON p.id = page.id LEFT JOIN download_totals t ON t.package_id = page.id"
                 " ORDER BY page.updated_at DESC, page.id DESC",
                 limit, offset);
}

std::vector<ListedPackage> packages_by_downloads(Connection& connection, std::uint64_t limit,
                                                 std::uint64_t offset) {
  return page_of(connection,
                 "SELECT p.id, p.summary, page.total FROM"
                 " (SELECT STRAIGHT_JOIN t.package_id, t.total FROM download_totals t"
                 "  JOIN packages listed ON listed.id = t.package_id WHERE listed.latest_version IS NOT NULL"
                 "  ORDER BY t.total DESC, t.package_id DESC LIMIT ? OFFSET ?) page"
                 " JOIN packages p ON p.id = page.package_id"
                 " ORDER BY page.total DESC, page.package_id DESC",
                 limit, offset);
}

std::int64_t count_downloaded_packages(Connection& connection) {
  auto rows = connection.query(
      "SELECT COUNT(*) FROM download_totals t JOIN packages p ON p.id = t.package_id"
      " WHERE p.latest_version IS NOT NULL");
  rows.next();
  return rows.integer(0);
}

std::vector<ListedPackage> packages_never_downloaded(Connection& connection, std::uint64_t limit,
                                                     std::uint64_t offset) {
  return page_of(connection,
                 "SELECT p.id, p.summary, 0 FROM"
                 " (SELECT listed.id, listed.name FROM packages listed"
                 "  LEFT JOIN download_totals t ON t.package_id = listed.id"
                 "  WHERE listed.latest_version IS NOT NULL AND t.package_id IS NULL"
                 "  ORDER BY listed.name LIMIT ? OFFSET ?) page"
                 " JOIN packages p ON p.id = page.id ORDER BY page.name",
                 limit, offset);
}

}  // namespace wharf::store
