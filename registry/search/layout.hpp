// SPDX-License-Identifier: MIT
// How a package is laid down in the Xapian database: what writers and readers must agree on. Inside of this
// room alone. docs/formats/search-index.md describes it; a change here is a new k_format.
//
// Every package that ever was has one document, found by its term Q. One that nobody is to find (no version
// left, or quarantined) has no other term.
#pragma once

#include <xapian.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace wharf::search {

inline constexpr int k_format = 2;

namespace term {

// A word as it stands has no prefix. How often it counts says where it is from; README words count once.
inline constexpr unsigned k_in_name = 8, k_beside_name = 5, k_in_keywords = 6, k_in_description = 6,
                          k_in_readme = 1;

inline std::string identity(std::string_view name) {
  return "Q" + std::string(name);
}
inline std::string stemmed(std::string_view stem) {
  return "Z" + std::string(stem);
}
inline std::string author(std::string_view word) {
  return "A" + std::string(word);
}
inline std::string keyword(std::string_view slug) {
  return "K" + std::string(slug);
}
inline std::string category(std::string_view slug) {
  return "XC" + std::string(slug);
}
inline std::string license(std::string_view word) {
  return "XL" + std::string(word);
}
inline std::string name_word(std::string_view word) {
  return "XW" + std::string(word);
}
inline std::string whole_name(std::string_view joined) {
  return "XN" + std::string(joined);
}
// The joined name begins so; up to k_longest_beginning characters.
inline std::string beginning(std::string_view joined) {
  return "XE" + std::string(joined);
}
inline constexpr std::size_t k_longest_beginning = 16;
inline constexpr const char* k_found = "XA";       // every package that may be found
inline constexpr const char* k_all_yanked = "XY";  // of those, the ones of which every version is yanked

// Bands cut the packages by downloads and by time, so that the most downloaded and the newest ones of many
// are found without looking at all.
inline constexpr int k_download_bands = 32;
inline std::string download_band(int band) {
  return "XD" + std::to_string(band);
}
inline std::string time_band(std::int64_t band) {
  return "XT" + std::to_string(band);
}

}  // namespace term

namespace slot {
inline constexpr Xapian::valueno k_downloads = 0, k_updated = 1, k_name = 2;
}

// By powers of two: none is band 0, one is band 1, a million is band 20.
inline int download_band_of(std::int64_t downloads) {
  if (downloads <= 0) return 0;
  return std::min(term::k_download_bands - 1,
                  1 + static_cast<int>(std::log2(static_cast<double>(downloads))));
}
// The fewest downloads that a band holds.
inline double least_downloads_of(int band) {
  return band == 0 ? 0 : std::exp2(band - 1);
}

// About twelve days each.
inline constexpr std::int64_t k_time_band_seconds = 1 << 20;
inline std::int64_t time_band_of(std::int64_t unix_seconds) {
  return std::max<std::int64_t>(0, unix_seconds) / k_time_band_seconds;
}

// Numbers as text that sorts as they do.
inline std::string number_value(std::int64_t number) {
  std::string text(8, '\0');
  for (int i = 0; i < 8; ++i) text[static_cast<std::size_t>(i)] = static_cast<char>(number >> (56 - 8 * i));
  return text;
}
inline std::int64_t number_of_value(std::string_view text) {
  std::int64_t number = 0;
  for (const char c : text) number = (number << 8) | static_cast<unsigned char>(c);
  return number;
}

}  // namespace wharf::search
