// SPDX-License-Identifier: MIT
// Reads a plain text dump as `pg_dump` writes it (with COPY blocks, or with --inserts or --column-inserts)
// into tables of an SQLite database, each column as text.
//
// Strict and small: statements are told apart by PostgreSQL's rules of quoting, and of them only CREATE
// TABLE, COPY … FROM stdin and INSERT of the tables that are asked for are read; whatever else a dump holds
// is passed over. What is not of the form is Error(bad_request) with the line's number: another format of
// pg_dump, another encoding than UTF-8, a dump that was cut off, a row with more or fewer values than
// columns.
#pragma once

#include <set>
#include <string>

#include "libwharf/base/file.hpp"
#include "registry/importing/sqlite.hpp"

namespace wharf::importing {

// Of `tables`, those that the dump does not hold stay out of `into`.
void load_pg_dump(const Path& file, const std::set<std::string>& tables, Sqlite& into);

}  // namespace wharf::importing
