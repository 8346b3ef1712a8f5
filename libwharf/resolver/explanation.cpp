// SPDX-License-Identifier: MIT
#include "libwharf/resolver/explanation.hpp"

#include <algorithm>

#include "libwharf/resolver/abridge.hpp"
#include "libwharf/resolver/narration.hpp"
#include "libwharf/resolver/shorten.hpp"

namespace wharf::resolver {
namespace {

// Ranges of versions in one clause before they are only counted.
constexpr std::size_t k_pieces_short = 3;
constexpr std::size_t k_pieces_whole = 12;

std::vector<std::string> lines_of(const std::vector<Sentence>& sentences) {
  std::size_t highest = 0;
  for (const auto& sentence : sentences) highest = std::max(highest, sentence.number);
  const std::size_t width = highest == 0 ? 0 : std::to_string(highest).size() + 3;
  std::vector<std::string> lines;
  for (const auto& sentence : sentences) {
    std::string number = sentence.number == 0 ? "" : "(" + std::to_string(sentence.number) + ")";
    number.resize(width, ' ');
    lines.push_back(number + sentence.text());
  }
  return lines;
}

}  // namespace

Explanation explanation_of(Universe& universe, const Failure& failure, bool whole) {
  const auto argument = shortened(argument_of(universe, failure));
  const auto steps = static_cast<std::size_t>(
      std::ranges::count(argument.claims, Ground::derived, [](const Claim& claim) { return claim.ground; }));
  if (whole) return {lines_of(narrated(argument, k_pieces_whole)), steps, 0};
  const auto told = narrated(argument, k_pieces_short);
  if (told.size() <= k_short_lines) return {lines_of(told), steps, 0};
  const auto part = abridged(argument, k_short_lines - 1, k_pieces_short);
  Explanation explanation{lines_of(narrated(part.argument, k_pieces_short)), steps, part.left_out};
  const bool one = part.left_out == 1;
  explanation.lines.push_back("(" + std::to_string(part.left_out) + " of the " + std::to_string(steps) +
                              (one ? " steps is" : " steps are") + " left out; --explain tells " +
                              (one ? "it" : "them all") + ".)");
  return explanation;
}

std::string explain(Universe& universe, const Failure& failure, bool whole) {
  std::string text;
  for (const auto& line : explanation_of(universe, failure, whole).lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

}  // namespace wharf::resolver
