// SPDX-License-Identifier: MIT
#include "registry/services/package_document.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf {

namespace {

// Every version's line begins so. No other text in a document can: a quote inside of a string is escaped, and
// the only other objects whose keys are not ours map names to texts, not to numbers.
constexpr std::string_view k_line_start = R"({"downloads":0,)";
constexpr std::string_view k_no_downloads =
    R"("downloads":{"total":0,"week":0,"month":0},"downloads_total":0,"total_downloads":0,"downloads_last_month":0})";

void write_owner(json::Writer& writer, const std::vector<store::OwnerRow>& owners) {
  // The first of the owners; by name among those of one moment.
  const store::OwnerRow* first = nullptr;
  for (const auto& owner : owners)
    if (owner.role == "owner" && (first == nullptr || owner.added_at < first->added_at)) first = &owner;
  writer.key("owner").begin_object();
  writer.member("username", first ? first->username : std::string());
  writer.member("user_id", first ? std::to_string(first->user_id) : std::string());
  writer.end_object();
}

std::string render_line(std::string_view package, const store::VersionRow& row, const Manifest& manifest) {
  json::Writer writer;
  writer.begin_object();
  writer.member("downloads", 0).member("version", row.version);
  writer.member("yanked", row.state == store::VersionState::yanked).member("yank_reason", row.yank_reason);
  writer.member("published_at", to_rfc3339(row.published_at)).member("published_by", row.published_by);
  writer.member("checksum", row.digest).member("size", row.size).member("dialect", row.dialect);
  writer.member("tarball_url", "/api/v1/packages/" + std::string(package) + "/" + row.version + "/tarball");
  write_dependency_maps(writer, manifest);
  write_dependency_details(writer, manifest, Details::special);
  writer.end_object();
  return writer.take();
}

}  // namespace

std::optional<std::string> author_text(const std::vector<std::string>& authors) {
  if (authors.empty()) return std::nullopt;
  std::string text;
  for (const auto& author : authors) text += (text.empty() ? "" : ", ") + author;
  return text;
}

void write_dependency_maps(json::Writer& writer, const Manifest& manifest) {
  const auto map = [&](std::string_view key, Dependency::Kind kind) {
    writer.key(key).begin_object();
    for (const auto& dependency : manifest.dependencies)
      if (dependency.kind == kind) writer.member(dependency.name, dependency.requirement);
    writer.end_object();
  };
  map("dependencies", Dependency::Kind::normal);
  map("dev_dependencies", Dependency::Kind::dev);
}

void write_dependency_details(json::Writer& writer, const Manifest& manifest, Details which) {
  writer.key("dependency_details").begin_array();
  for (const auto& dependency : manifest.dependencies) {
    const bool special = dependency.optional || dependency.target || !dependency.features.empty();
    if (which == Details::special && !special) continue;
    writer.begin_object();
    writer.member("name", dependency.name).member("requirement", dependency.requirement);
    writer.member("kind", dependency.kind == Dependency::Kind::dev ? "dev" : "normal");
    writer.member("features", dependency.features).member("optional", dependency.optional);
    writer.member("target", dependency.target);
    writer.end_object();
  }
  writer.end_array();
}

PackageDocument::PackageDocument(std::string_view stored) {
  while (!stored.empty()) {
    const auto end = std::min(stored.find('\n'), stored.size());
    auto line = stored.substr(0, end);
    stored.remove_prefix(std::min(end + 1, stored.size()));
    if (!line.starts_with(k_line_start)) continue;
    if (line.ends_with(',')) line.remove_suffix(1);
    entries_.push_back(entry_of(line));
  }
}

PackageDocument::Entry PackageDocument::entry_of(std::string_view line) {
  constexpr std::string_view k_version = R"("version":")", k_yanked = R"(","yanked":true,)";
  const auto rest = line.substr(k_line_start.size());
  const auto end = rest.find('"', k_version.size());
  if (!rest.starts_with(k_version) || end == rest.npos)
    throw internal_error("a package's document is damaged");
  const auto version = Version::from(rest.substr(k_version.size(), end - k_version.size()));
  if (!version) throw internal_error("a package's document is damaged");
  return {{*version, rest.substr(end).starts_with(k_yanked)}, line};
}

void PackageDocument::put(std::string_view package, const store::VersionRow& row, const Manifest& manifest) {
  erase(row.version);
  made_.push_back(render_line(package, row, manifest));
  const auto entry = entry_of(made_.back());
  const auto place = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& other) {
    return other.standing.version < entry.standing.version;
  });
  entries_.insert(place, entry);
}

void PackageDocument::erase(std::string_view version) {
  const auto parsed = Version::from(version);
  std::erase_if(entries_, [&](const Entry& entry) { return parsed && entry.standing.version == *parsed; });
}

std::vector<VersionStanding> PackageDocument::standings() const {
  std::vector<VersionStanding> all;
  all.reserve(entries_.size());
  for (const auto& entry : entries_) all.push_back(entry.standing);
  return all;
}

std::optional<std::string> PackageDocument::latest_version() const {
  const auto index = latest_of(standings());
  if (!index) return std::nullopt;
  return entries_[*index].standing.version.text();
}

std::optional<std::string> PackageDocument::speaking_version() const {
  const auto index = speaker_of(standings());
  if (!index) return std::nullopt;
  return entries_[*index].standing.version.text();
}

std::string PackageDocument::render(const PackageHead& head) const {
  const Manifest none;
  const Manifest& manifest = head.manifest ? *head.manifest : none;
  json::Writer writer;
  writer.begin_object();
  writer.member("name", head.name).member("description", manifest.description);
  writer.member("author", author_text(manifest.authors)).member("authors", manifest.authors);
  writer.member("license", manifest.license).member("homepage", manifest.homepage);
  writer.member("repository", manifest.repository).member("documentation", manifest.documentation);
  writer.member("keywords", manifest.keywords).member("categories", manifest.categories);
  write_owner(writer, head.owners);
  writer.key("owners").begin_array();
  for (const auto& owner : head.owners) {
    writer.begin_object();
    writer.member("username", owner.username).member("user_id", std::to_string(owner.user_id));
    writer.member("role", owner.role).member("added_at", to_rfc3339(owner.added_at));
    writer.end_object();
  }
  writer.end_array();
  writer.member("version", head.latest_version).member("latest_version", head.latest_version);
  writer.member("created_at", to_rfc3339(head.created_at)).member("updated_at", to_rfc3339(head.updated_at));

  std::string text = writer.take();
  std::size_t bytes = text.size() + k_no_downloads.size() + 32;
  for (const auto& entry : entries_) bytes += entry.line.size() + 2;
  text.reserve(bytes);
  text += ",\"versions\":[\n";
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    text += entries_[i].line;
    text += i + 1 < entries_.size() ? ",\n" : "\n";
  }
  text += "],";
  text += k_no_downloads;
  return text;
}

std::string render_summary(const PackageHead& head) {
  const Manifest none;
  const Manifest& manifest = head.manifest ? *head.manifest : none;
  json::Writer writer;
  writer.begin_object();
  writer.member("name", head.name).member("latest_version", head.latest_version);
  writer.member("description", manifest.description).member("author", author_text(manifest.authors));
  writer.member("license", manifest.license);
  writer.member("keywords", manifest.keywords).member("categories", manifest.categories);
  writer.member("created_at", to_rfc3339(head.created_at)).member("updated_at", to_rfc3339(head.updated_at));
  writer.end_object();
  return writer.take();
}

std::string with_downloads(std::string document, const DownloadCounts& counts) {
  if (counts.total == 0) return document;
  if (!document.ends_with(k_no_downloads)) throw internal_error("a package's document is damaged");
  document.resize(document.size() - k_no_downloads.size());
  std::string text;
  text.reserve(document.size() + 512);
  std::string_view rest = document;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1);
    auto line = rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
    if (line.starts_with(k_line_start)) {
      constexpr std::string_view k_version = R"("version":")";
      line.remove_prefix(k_line_start.size());
      const auto version = line.substr(k_version.size(), line.find('"', k_version.size()) - k_version.size());
      text += R"({"downloads":)" + std::to_string(counts.of(version)) + ",";
    }
    text += line;
  }
  json::Writer writer;
  writer.begin_object().key("downloads").begin_object();
  writer.member("total", counts.total).member("week", counts.week).member("month", counts.month);
  writer.end_object();
  writer.member("downloads_total", counts.total).member("total_downloads", counts.total);
  writer.member("downloads_last_month", counts.month).end_object();
  return text + writer.take().substr(1);
}

}  // namespace wharf
