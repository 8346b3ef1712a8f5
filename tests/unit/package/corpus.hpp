// SPDX-License-Identifier: MIT
// Reads the shared rows about versions and requirements that no one here wrote.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "libwharf/json/value.hpp"

namespace wharf::test {

// The folder, or nothing after having skipped the running test.
std::optional<std::filesystem::path> semver_corpus();

json::Document json_rows(const std::filesystem::path& file);
std::vector<std::string> text_lines(const std::filesystem::path& file);
std::vector<std::string> gzip_lines(const std::filesystem::path& file);

// The column of a row as text; fails the test where it is not one.
std::string column(json::Value row, std::size_t number);

}  // namespace wharf::test
