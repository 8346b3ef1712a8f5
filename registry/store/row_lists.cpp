// SPDX-License-Identifier: MIT
#include "registry/store/row_lists.hpp"

#include <string>

namespace wharf::store {

namespace {

template <class Run>
void in_pieces(std::string_view head, std::string_view row, std::string_view between, std::string_view tail,
               const RowList& rows, Run&& run) {
  std::size_t done = 0;
  for (const std::size_t size : {std::size_t{256}, std::size_t{32}, std::size_t{4}, std::size_t{1}}) {
    if (rows.size() - done < size) continue;
    std::string sql(head);
    for (std::size_t i = 0; i < size; ++i) (i ? sql += between : sql) += row;
    sql += tail;
    for (; rows.size() - done >= size; done += size) {
      std::vector<Parameter> parameters;
      for (std::size_t i = done; i < done + size; ++i)
        parameters.insert(parameters.end(), rows[i].begin(), rows[i].end());
      run(sql, parameters);
    }
  }
}

}  // namespace

std::uint64_t execute_for_rows(Connection& connection, std::string_view head, std::string_view row,
                               std::string_view between, std::string_view tail, const RowList& rows) {
  std::uint64_t changed = 0;
  in_pieces(head, row, between, tail, rows, [&](const std::string& sql, const auto& parameters) {
    changed += connection.run_update(sql, parameters);
  });
  return changed;
}

void query_for_rows(Connection& connection, std::string_view head, std::string_view row,
                    std::string_view between, std::string_view tail, const RowList& rows,
                    const std::function<void(const Rows&)>& take) {
  in_pieces(head, row, between, tail, rows, [&](const std::string& sql, const auto& parameters) {
    auto found = connection.run_query(sql, parameters);
    while (found.next()) take(found);
  });
}

}  // namespace wharf::store
