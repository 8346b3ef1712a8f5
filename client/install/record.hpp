// SPDX-License-Identifier: MIT
// What was recorded of a package when it was unpacked: its files, by which it is told later whether they are
// still what they were. docs/formats/installed-tree.md.
//
// All files of a package are given one time, in whole seconds. Whatever changes a file afterwards changes its
// time too, so a look at times and sizes finds what was edited without reading a byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/archive/extract.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

struct PackageRecord {
  std::string name;
  Version version;
  std::string checksum;                  // of the archive
  std::int64_t time = 0;                 // seconds since 1970, of every file
  std::vector<ExtractedFile> files;      // below the package's directory
  std::vector<std::string> directories;  // parents before children
  std::optional<std::string> in_place;   // what the link says; then there are no files
  std::string key() const;               // "NAME@VERSION", "NAME@in-place"
};

std::string key_of(std::string_view name, const Version& version);
inline constexpr std::string_view k_in_place_version = "in-place";

std::string render_record(const PackageRecord& record);
// Nothing where the file is missing, or is no record, or names a path that no archive may hold.
std::optional<PackageRecord> read_record(const Path& file);

// Every file is there, with its size, its time and its right to be executed; no link in a file's place.
bool is_intact(const Path& directory, const PackageRecord& record);
// One of them.
bool is_intact(int directory, const PackageRecord& record, const ExtractedFile& file);

// Records of a packages directory: `.wharf/packages/KEY.json`.
Path records_directory(const Path& packages);
Path record_file(const Path& packages, std::string_view key);
// The keys that are there, sorted.
std::vector<std::string> record_keys(const Path& packages);

}  // namespace wharf::client
