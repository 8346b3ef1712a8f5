// SPDX-License-Identifier: MIT
#include "libwharf/resolver/universe.hpp"

#include "libwharf/resolver/tables.hpp"

namespace wharf::resolver {

Universe::Universe(Source& source) : tables_(std::make_unique<Tables>(source)) {}

Universe::~Universe() = default;

PackageId Universe::intern(std::string_view name) {
  return tables_->intern(name);
}

std::optional<PackageId> Universe::find(std::string_view name) const {
  const auto found = tables_->ids.find(name);
  if (found == tables_->ids.end()) return std::nullopt;
  return found->second;
}

const std::string& Universe::name(PackageId package) const {
  return tables_->names.at(package);
}

void Universe::load(PackageId package) {
  tables_->load(package);
}

bool Universe::is_loaded(PackageId package) const {
  return tables_->packages.at(package).loaded;
}

Absence Universe::absence(PackageId package) const {
  return tables_->packages.at(package).absence;
}

std::span<const Candidate> Universe::candidates(PackageId package) const {
  return tables_->packages.at(package).candidates;
}

VersionSet Universe::not_yanked(PackageId package) const {
  const Package& record = tables_->packages.at(package);
  return version_set(record.not_yanked, record.candidates.size());
}

VersionSet Universe::matching(PackageId package, std::string_view requirement) {
  const Bits bits = tables_->matching(package, tables_->intern_text(requirement));
  return version_set(bits, tables_->packages[package].candidates.size());
}

Source& Universe::source() noexcept {
  return tables_->source;
}

Universe::Size Universe::size() const {
  const Tables& t = *tables_;
  const auto bytes_of = [](const auto& vector) { return vector.capacity() * sizeof(vector[0]); };
  // A node of a hash table: its value, a link and (for texts) the hash.
  constexpr std::size_t k_node = 2 * sizeof(void*);
  std::size_t bytes = bytes_of(t.packages) + bytes_of(t.states) + bytes_of(t.version_begin) +
                      bytes_of(t.uses) + bytes_of(t.dependencies) + bytes_of(t.requirements) +
                      t.arena.bytes();
  for (const auto& name : t.names) bytes += sizeof(name) + (name.size() > 15 ? name.size() + 1 : 0);
  for (const auto& text : t.texts) bytes += sizeof(text) + (text.size() > 15 ? text.size() + 1 : 0);
  for (const auto& requirement : t.requirements)
    if (requirement) bytes += requirement->comparators().capacity() * sizeof(Comparator);
  bytes += t.ids.size() * (sizeof(*t.ids.begin()) + k_node) + t.ids.bucket_count() * sizeof(void*);
  bytes +=
      t.text_ids.size() * (sizeof(*t.text_ids.begin()) + k_node) + t.text_ids.bucket_count() * sizeof(void*);
  bytes +=
      t.matches.size() * (sizeof(*t.matches.begin()) + k_node) + t.matches.bucket_count() * sizeof(void*);
  std::size_t packages = 0;
  for (const auto& package : t.packages) packages += package.loaded;
  return {bytes, packages, t.versions, t.uses.size(), t.dependencies.size(), t.requirements.size()};
}

}  // namespace wharf::resolver
