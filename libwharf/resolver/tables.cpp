// SPDX-License-Identifier: MIT
#include "libwharf/resolver/tables.hpp"

#include <algorithm>

#include "libwharf/base/error.hpp"

namespace wharf::resolver {

namespace {

std::uint64_t key_of(PackageId package, TextId text) {
  return std::uint64_t{package} << 32 | text;
}

std::vector<const Want*> sorted_wants(const Candidate& candidate) {
  std::vector<const Want*> wants;
  wants.reserve(candidate.wants.size());
  for (const auto& want : candidate.wants) wants.push_back(&want);
  std::ranges::stable_sort(wants, [](const Want* a, const Want* b) {
    return a->name != b->name ? a->name < b->name : a->requirement < b->requirement;
  });
  return wants;
}

bool is_same(const Want& a, const Want& b) {
  return a.name == b.name && a.requirement == b.requirement;
}

void set_bit(std::uint64_t* words, std::size_t bit) {
  words[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

// A set that is still being made.
std::uint64_t* words_to_fill(Bits& bits, std::size_t words) {
  return words == 1 ? &bits.word : const_cast<std::uint64_t*>(bits.many);
}

Bits empty_set(Arena& arena, std::size_t words) {
  if (words == 1) return {.word = 0};
  std::uint64_t* out = arena.take(words);
  std::fill_n(out, words, 0);
  return {.many = out};
}

}  // namespace

VersionSet version_set(Bits bits, std::size_t versions) {
  const std::uint64_t* from = words_of(bits, versions / 64 + 1);
  if (versions < 64) {
    const std::uint64_t word = *from >> 1;
    return VersionSet::of_words(versions, &word);
  }
  std::vector<std::uint64_t> shifted((versions + 63) / 64);
  for (std::size_t i = 0; i < shifted.size(); ++i)
    shifted[i] = from[i] >> 1 | (i < versions / 64 ? from[i + 1] << 63 : 0);
  return VersionSet::of_words(versions, shifted.data());
}

PackageId Tables::intern(std::string_view name) {
  if (const auto found = ids.find(name); found != ids.end()) return found->second;
  const auto id = static_cast<PackageId>(packages.size());
  const std::string& kept = names.emplace_back(name);
  packages.emplace_back().name = kept;
  State& state = states.emplace_back();
  state.domain = state.initial = {.word = k_absent};
  ids.emplace(kept, id);
  return id;
}

TextId Tables::intern_text(std::string_view text) {
  if (const auto found = text_ids.find(text); found != text_ids.end()) return found->second;
  const auto id = static_cast<TextId>(requirements.size());
  requirements.push_back(Requirement::from(text));
  text_ids.emplace(texts.emplace_back(text), id);
  return id;
}

Bits Tables::matching(PackageId package, TextId text) {
  load(package);
  const auto [place, is_new] = matches.try_emplace(key_of(package, text), Bits{.word = 0});
  if (!is_new) return place->second;
  const std::size_t words = states[package].words;
  Bits set = empty_set(arena, words);
  std::uint64_t* out = words_to_fill(set, words);
  if (const auto& requirement = requirements[text]) {
    const auto candidates = packages[package].candidates;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (requirement->matches(candidates[i].version)) set_bit(out, i + 1);
  }
  return place->second = set;
}

void Tables::load(PackageId package) {
  if (packages[package].loaded) return;
  const auto answer = source.package(packages[package].name);
  std::span<const Candidate> candidates;
  if (answer.absence == Absence::present && answer.candidates) candidates = *answer.candidates;
  for (std::size_t i = 1; i < candidates.size(); ++i)
    if (!std::is_lt(compare_precedence(candidates[i - 1].version, candidates[i].version)))
      throw internal_error("versions of '" + std::string(packages[package].name) +
                           "' are not ascending at '" + candidates[i].version.text() + "'");
  const std::size_t words = candidates.size() / 64 + 1;
  if (words > UINT16_MAX)
    throw internal_error("'" + std::string(packages[package].name) + "' has too many versions");

  Bits usable = empty_set(arena, words);
  set_bit(words_to_fill(usable, words), 0);
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (!candidates[i].yanked) set_bit(words_to_fill(usable, words), i + 1);

  Package& record = packages[package];
  record.absence = answer.absence;
  record.candidates = candidates;
  record.not_yanked = usable;
  State& state = states[package];
  state.words = static_cast<std::uint16_t>(words);
  state.domain = state.initial = usable;
  state.first_version = static_cast<std::uint32_t>(version_begin.size());
  versions += candidates.size();
  record.loaded = true;
  merge_dependencies(package);
}

void Tables::merge_dependencies(PackageId package) {
  const auto candidates = packages[package].candidates;
  const std::size_t words = states[package].words;
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  // Most versions want what the one before them wants: those need no look into a hash table.
  std::vector<const Want*> before;
  std::vector<std::uint32_t> before_ids;
  for (std::size_t version = 0; version < candidates.size(); ++version) {
    const auto wants = sorted_wants(candidates[version]);
    std::vector<std::uint32_t> ids_now;
    ids_now.reserve(wants.size());
    version_begin.push_back(static_cast<std::uint32_t>(uses.size()));
    std::size_t at = 0;
    for (const Want* want : wants) {
      while (at < before.size() && before[at]->name < want->name) ++at;
      std::uint32_t id;
      if (at < before.size() && is_same(*before[at], *want)) {
        id = before_ids[at];
      } else {
        const PackageId wanted = intern(want->name);
        const TextId text = intern_text(want->requirement);
        const auto [place, is_new] =
            known.try_emplace(key_of(wanted, text), static_cast<std::uint32_t>(dependencies.size()));
        id = place->second;
        if (is_new)
          dependencies.push_back({package, wanted, empty_set(arena, words), {.word = 0}, text, false});
      }
      ids_now.push_back(id);
      Dependency& dependency = dependencies[id];
      // A version that wants itself as it is, wants nothing; one that wants itself as it is not, cannot be.
      if (dependency.wanted == package) {
        const auto& requirement = requirements[dependency.text];
        if (requirement && requirement->matches(candidates[version].version)) continue;
        dependency.matching = empty_set(arena, words);
        dependency.ready = true;
      }
      set_bit(words_to_fill(dependency.dependents, words), version + 1);
      if (std::find(uses.begin() + version_begin.back(), uses.end(), id) == uses.end()) uses.push_back(id);
    }
    before = wants;
    before_ids = std::move(ids_now);
  }
  version_begin.push_back(static_cast<std::uint32_t>(uses.size()));
}

const Want& Tables::want_of(const Dependency& dependency) const {
  const std::size_t lowest = lowest_bit(dependency.dependents, states[dependency.dependent].words) - 1;
  for (const auto& want : packages[dependency.dependent].candidates[lowest].wants)
    if (want.name == names[dependency.wanted] && want.requirement == texts[dependency.text]) return want;
  throw internal_error("a dependency of '" + std::string(packages[dependency.dependent].name) +
                       "' has no want");
}

}  // namespace wharf::resolver
