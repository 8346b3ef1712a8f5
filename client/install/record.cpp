// SPDX-License-Identifier: MIT
#include "client/install/record.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "libwharf/archive/path_rules.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

namespace {

constexpr int k_format = 1;
constexpr std::string_view k_ending = ".json";

std::string required_path(json::Value value) {
  ArchiveLimits limits;
  limits.allow_non_ascii_paths = true;
  std::string path(value.string().value_or(""));
  if (path.empty()) throw internal_error("a record has a path that is no text");
  require_path(path, limits);
  return path;
}

PackageRecord read(json::Value root) {
  PackageRecord record;
  if (root["format"].integer() != k_format) throw internal_error("a record has another format");
  record.name = root["name"].string().value_or("");
  require_package_name(record.name);
  record.version = parse_version(root["version"].string().value_or(""));
  if (const auto in_place = root["in_place"].string()) {
    record.in_place = std::string(*in_place);
    return record;
  }
  record.checksum = root["checksum"].string().value_or("");
  record.time = root["time"].integer().value_or(0);
  root["directories"].each([&](json::Value value) { record.directories.push_back(required_path(value)); });
  root["files"].each([&](json::Value value) {
    ExtractedFile file;
    file.path = required_path(value["path"]);
    file.size = static_cast<std::uint64_t>(value["size"].integer().value_or(0));
    file.sha256 = value["sha256"].string().value_or("");
    file.executable = value["executable"].boolean().value_or(false);
    record.files.push_back(std::move(file));
  });
  return record;
}

}  // namespace

std::string key_of(std::string_view name, const Version& version) {
  return std::string(name) + "@" + version.text();
}

std::string PackageRecord::key() const {
  return in_place ? name + "@" + std::string(k_in_place_version) : key_of(name, version);
}

std::string render_record(const PackageRecord& record) {
  json::Writer writer;
  writer.begin_object().member("format", k_format).member("name", record.name);
  writer.member("version", record.version.text());
  if (record.in_place) {
    writer.member("in_place", *record.in_place).end_object();
    return writer.take() + "\n";
  }
  writer.member("checksum", record.checksum);
  writer.member("time", record.time).member("directories", record.directories);
  writer.key("files").begin_array();
  for (const auto& file : record.files) {
    writer.begin_object().member("path", file.path).member("size", file.size).member("sha256", file.sha256);
    if (file.executable) writer.member("executable", true);
    writer.end_object();
  }
  writer.end_array().end_object();
  return writer.take() + "\n";
}

std::optional<PackageRecord> read_record(const Path& file) {
  try {
    const auto text = read_file(file);
    if (!text) return std::nullopt;
    const auto document = json::parse(*text);
    return read(document.root());
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool is_intact(int directory, const PackageRecord& record, const ExtractedFile& file) {
  struct stat status {};
  if (::fstatat(directory, file.path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  return S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) == file.size &&
         status.st_mtim.tv_sec == record.time && status.st_mtim.tv_nsec == 0 &&
         ((status.st_mode & S_IXUSR) != 0) == file.executable;
}

bool is_intact(const Path& directory, const PackageRecord& record) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return false;
  struct stat status {};
  for (const auto& path : record.directories)
    if (::fstatat(fd.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(status.st_mode))
      return false;
  return std::all_of(record.files.begin(), record.files.end(),
                     [&](const ExtractedFile& file) { return is_intact(fd.get(), record, file); });
}

Path records_directory(const Path& packages) {
  return packages / ".wharf" / "packages";
}

Path record_file(const Path& packages, std::string_view key) {
  return records_directory(packages) / (std::string(key) + std::string(k_ending));
}

std::vector<std::string> record_keys(const Path& packages) {
  std::vector<std::string> keys;
  std::error_code missing;
  for (std::filesystem::directory_iterator entries(records_directory(packages), missing), end; entries != end;
       entries.increment(missing)) {
    const std::string name = entries->path().filename().native();
    if (name.ends_with(k_ending) && name.find('@') != name.npos)
      keys.push_back(name.substr(0, name.size() - k_ending.size()));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace wharf::client
