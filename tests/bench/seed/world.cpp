// SPDX-License-Identifier: MIT
#include "tests/bench/seed/world.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <stdexcept>
#include <unordered_set>

#include "libwharf/json/writer.hpp"
#include "libwharf/package/name.hpp"
#include "tests/bench/seed/chance.hpp"
#include "tests/bench/seed/words.hpp"

namespace wharf::seed {

namespace {

enum What : std::uint64_t { k_owner, k_versions, k_count, k_downloads, k_order };

constexpr std::uint16_t k_most_versions = 150;
constexpr int k_days = 42;  // of downloads

std::uint32_t pairs() {
  return static_cast<std::uint32_t>(subjects().size() * things().size());
}

struct Number {
  unsigned major = 0, minor = 1, patch = 0, candidate = 0;
  std::string text() const {
    std::string all = std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
    return candidate ? all + "-rc." + std::to_string(candidate) : all;
  }
  void step(Chance& chance) {
    if (candidate) {  // what was a candidate becomes the version itself
      candidate = 0;
      return;
    }
    const auto kind = chance.below(100);
    if (kind < 55) {
      ++patch;
    } else if (kind < 92) {
      ++minor;
      patch = 0;
    } else {
      ++major;
      minor = patch = 0;
    }
    if (chance.in_hundred(3)) candidate = 1;
  }
};

Number first_number(Chance& chance) {
  Number number;
  if (chance.in_hundred(45)) number = {1, 0, 0, 0};
  return number;
}

std::string capital(std::string_view word) {
  std::string text(word);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

World::World(Shape shape) : shape_(shape), users_(std::clamp<std::size_t>(shape.packages / 12, 3, 50'000)) {
  if (shape_.packages == 0 || shape_.versions < shape_.packages)
    throw std::invalid_argument("a world has at least one package, and each at least one version");
  choose_names();
  choose_counts();
}

// Names are numbers: first all pairs of words, then the same with a word in front. What would be too similar
// to an earlier one is passed over.
void World::choose_names() {
  const std::size_t all = pairs() * (manners().size() + 1);
  std::unordered_set<std::size_t> taken;
  taken.reserve(shape_.packages);
  names_.reserve(shape_.packages);
  Chance chance(shape_.seed, k_order, 0);
  const std::size_t start = chance.below(pairs());
  // Coprime to the number of pairs, so that every name comes once, in no visible order.
  std::size_t step = pairs() / 2 + 1 + chance.below(pairs() / 4);
  while (std::gcd(step, std::size_t{pairs()}) != 1) ++step;
  for (std::size_t i = 0; i < all && names_.size() < shape_.packages; ++i) {
    const std::size_t pair = (start + (i % pairs()) * step) % pairs();
    const auto name = static_cast<std::uint32_t>(pair + i / pairs() * pairs());
    if (taken.insert(std::hash<std::string>{}(confusion_key(text_of(name)))).second) names_.push_back(name);
  }
  if (names_.size() < shape_.packages)
    throw std::invalid_argument("there are words for " + std::to_string(names_.size()) + " packages only");
}

std::string World::text_of(std::uint32_t name) const {
  const auto pair = name % pairs();
  std::string text =
      std::string(subjects()[pair / things().size()]) + "-" + std::string(things()[pair % things().size()]);
  if (const auto manner = name / pairs(); manner > 0) text = std::string(manners()[manner - 1]) + "-" + text;
  return text;
}

void World::choose_counts() {
  counts_.resize(shape_.packages);
  std::size_t sum = 0;
  const double mean = static_cast<double>(shape_.versions) / static_cast<double>(shape_.packages);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const double many = Chance(shape_.seed, k_count, i).heavy(std::max(1.0, mean * 0.3), 1.35);
    counts_[i] = static_cast<std::uint16_t>(std::clamp(many, 1.0, double{k_most_versions}));
    sum += counts_[i];
  }
  // Exactly as many as were asked for: the rest is spread over all, or taken from those who have enough.
  for (std::size_t i = 0; sum != shape_.versions; i = (i + 1) % counts_.size()) {
    if (sum < shape_.versions) {
      ++counts_[i];
      ++sum;
    } else if (counts_[i] > 1) {
      --counts_[i];
      --sum;
    }
  }
}

std::string World::name(std::size_t package) const {
  return text_of(names_[package]);
}

std::string World::user(std::size_t number) const {
  return "seed" + std::to_string(shape_.seed) + "-" + std::string(subjects()[number % subjects().size()]) +
         "-" + std::to_string(number);
}

std::size_t World::owner_of(std::size_t package) const {
  const double fraction = Chance(shape_.seed, k_owner, package).fraction();
  return static_cast<std::size_t>(fraction * fraction * static_cast<double>(users_));
}

// What a requirement on a package may say without knowing its history: it starts with its first version.
std::string World::first_version(std::size_t package) const {
  Chance chance(shape_.seed, k_versions, package);
  return first_number(chance).text();
}

std::vector<MadeVersion> World::versions(std::size_t package) const {
  Chance chance(shape_.seed, k_versions, package);
  Number number = first_number(chance);
  const std::string own = name(package);
  const auto pair = names_[package] % pairs();
  const auto subject = subjects()[pair / things().size()], thing = things()[pair % things().size()];

  const std::string description = capital(thing) + " of the " + std::string(subject) + " family for " +
                                  std::string(chance.one_of(purposes())) +
                                  (chance.in_hundred(40) ? ", small and without dependencies" : "");
  std::vector<std::string> keywords = {std::string(thing)};
  for (std::size_t more = chance.below(5); more > 0; --more)
    keywords.emplace_back(chance.one_of(chance.in_hundred(70) ? things() : subjects()));
  std::vector<std::string> groups;
  for (std::size_t more = chance.below(3); more > 0; --more) groups.emplace_back(chance.one_of(categories()));

  // Few are needed by many: whoever came early is chosen far more often.
  std::map<std::string, std::string> needs, dev_needs;
  const std::size_t wanted = package == 0 || chance.in_hundred(30)
                                 ? 0
                                 : static_cast<std::size_t>(std::min(40.0, chance.heavy(1.6, 1.3)));
  const auto add = [&](std::map<std::string, std::string>& into) {
    const double fraction = chance.fraction();
    const auto other =
        static_cast<std::size_t>(fraction * fraction * fraction * static_cast<double>(package));
    into.emplace(name(other), (chance.in_hundred(80) ? "^" : ">=") + first_version(other));
  };
  for (std::size_t i = 0; i < wanted; ++i) add(needs);
  if (package > 0)
    for (std::size_t i = chance.below(4); i > 0; --i) add(dev_needs);
  for (const auto& [other, requirement] : needs) dev_needs.erase(other);

  const std::size_t count = counts_[package];
  // Up to five years ago; then a version every few weeks, but never beyond today.
  const auto age = std::chrono::hours(24 + chance.below(5 * 365 * 24));
  const auto pause = age / static_cast<int>(count + 1);
  std::vector<MadeVersion> all;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) number.step(chance);
    MadeVersion made;
    made.published_at = shape_.today - age + pause * static_cast<int>(i);
    made.yanked = i + 1 < count && chance.in_hundred(2);
    json::Writer writer;
    writer.begin_object();
    writer.member("name", own).member("version", number.text()).member("description", description);
    writer.member("license", package % 7 == 0 ? "Apache-2.0" : "MIT");
    writer.member("authors",
                  std::vector{capital(subject) + " <" + user(owner_of(package)) + "@example.org>"});
    if (package % 3 == 0) writer.member("repository", "https://example.org/" + own + ".git");
    writer.member("keywords", keywords).member("categories", groups);
    for (const auto& [key, map] :
         {std::pair("dependencies", &needs), std::pair("dev_dependencies", &dev_needs)}) {
      writer.key(key).begin_object();
      for (const auto& [other, requirement] : *map) writer.member(other, requirement);
      writer.end_object();
    }
    writer.end_object();
    made.manifest_text = writer.take();
    made.manifest = parse_manifest("wharf.json", made.manifest_text);
    made.readme = "# " + own + "\n\n" + description + ".\n\n## Using it\n\nAdd `" + own + "` at `^" +
                  number.text() + "` to your dependencies.\n";
    for (std::size_t lines = 2 + package % 9; lines > 0; --lines)
      made.readme += "\nIt is made for " + std::string(chance.one_of(purposes())) + ", and does it with a " +
                     std::string(chance.one_of(things())) + ".\n";
    all.push_back(std::move(made));
  }
  return all;
}

std::vector<DayDownloads> World::downloads(std::size_t package,
                                           const std::vector<MadeVersion>& versions) const {
  Chance chance(shape_.seed, k_downloads, package);
  // 1/rank, with a factor of chance; one in twenty is downloaded every day.
  const double daily =
      static_cast<double>(shape_.packages) / 20 / static_cast<double>(package + 1) * chance.heavy(0.4, 1.5);
  const bool popular = daily >= 1;
  std::vector<DayDownloads> all;
  const std::size_t newest = versions.size() - 1;
  // The popular ones have a figure for every day of six weeks, the others for a few days.
  const int days = popular ? k_days : 1 + static_cast<int>(chance.below(4));
  for (int i = 0; i < days; ++i) {
    const int ago = popular ? i : static_cast<int>(chance.below(k_days));
    const auto count = popular ? static_cast<std::int64_t>(daily * (0.5 + chance.fraction()) + 0.5) : 1;
    const std::string day = to_rfc3339(shape_.today - std::chrono::days(ago)).substr(0, 10);
    const auto older = newest == 0 ? 0 : chance.below(newest + 1);
    if (count >= 4 && older != newest) {
      all.push_back({newest, day, count - count / 4});
      all.push_back({older, day, count / 4});
    } else if (count > 0) {
      all.push_back({chance.in_hundred(70) ? newest : older, day, count});
    }
  }
  return all;
}

}  // namespace wharf::seed
