// SPDX-License-Identifier: MIT
#include <algorithm>

#include "client/commands/calls.hpp"
#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

using namespace command;

constexpr std::size_t k_least_description = 20;

std::string words_of(const std::vector<std::string>& words) {
  std::string query;
  for (const auto& word : words) query.append(query.empty() ? "" : " ").append(word);
  return query;
}

// What the table leaves of a line for its last column.
std::size_t rest_of(std::size_t width, json::Value results) {
  std::size_t name = 4, version = 6, downloads = 9;
  results.each([&](json::Value one) {
    name = std::max(name, width_of(text_of(one, "name")));
    version = std::max(version, width_of(text_of(one, "latest_version")));
    downloads = std::max(downloads, std::to_string(one["total_downloads"].integer().value_or(0)).size());
  });
  const std::size_t used = name + version + downloads + 6;
  return width > used + k_least_description ? width - used : k_least_description;
}

void print(json::Value answer) {
  const auto results = answer["results"];
  const auto width = output_width();
  const std::size_t room = width ? rest_of(*width, results) : std::string::npos;
  Table table({"NAME", "LATEST", "DOWNLOADS", "DESCRIPTION"});
  results.each([&](json::Value one) {
    const auto latest = text_of(one, "latest_version");  // none where every version is yanked
    table.add({Cell(Colour::green, text_of(one, "name")), latest.empty() ? "-" : latest,
               one["total_downloads"].integer().value_or(0),
               cut_to(printable(text_of(one, "description")), room)});
  });
  table.finish();
}

void say_nothing_found(Api& api, const std::string& query, json::Value answer) {
  std::string sentence = "nothing was found";
  if (!query.empty()) sentence += " for " + wharf::quoted(query);
  if (const auto other = text_of(answer, "suggestion"); !other.empty())
    return note(sentence + "; did you mean " + wharf::quoted(other) + "?");
  std::string names;
  if (!query.empty() && query.find(' ') == query.npos)
    api.get("/suggest", {{"q", query.substr(0, 3)}, {"limit", "5"}})
        .root()["suggestions"]
        .each([&](json::Value name) {
          if (const auto text = name.is_string() ? std::string(*name.string()) : text_of(name, "name");
              !text.empty())
            names += (names.empty() ? "" : ", ") + text;
        });
  note(names.empty() ? sentence : sentence + "; there are: " + printable(names));
}

int search(const Arguments& arguments) {
  const auto session = open_session(arguments);
  const auto query = words_of(arguments.all("QUERY"));
  const auto limit = arguments.number("--limit", 1, 100).value_or(20);
  const auto offset = arguments.number("--offset", 0, 10000).value_or(0);
  Parameters parameters;
  if (!query.empty()) parameters.emplace_back("q", query);
  for (const std::string_view filter : {"category", "keyword", "author", "license", "sort"})
    if (const auto value = arguments.maybe("--" + std::string(filter)))
      parameters.emplace_back(filter, *value);
  if (query.empty() && parameters.empty())
    throw UsageError("search for what? give words, or '--category' or '--keyword'");
  parameters.emplace_back("limit", std::to_string(limit));
  if (offset > 0) parameters.emplace_back("offset", std::to_string(offset));

  auto api = anonymous_api(session);
  const auto answer = api.get("/search", parameters);
  if (session.json) {
    say(answer.response.body);
    return k_ok;
  }
  const auto shown = static_cast<std::int64_t>(answer.root()["results"].size());
  if (shown == 0 && offset == 0) {
    say_nothing_found(api, query, answer.root());
    return k_ok;
  }
  print(answer.root());
  const auto total = answer.root()["total"].integer().value_or(shown);
  if (offset + shown < total)
    note(std::to_string(shown) + " of " +
         (answer.root()["total_is_estimate"].boolean().value_or(false) ? "about " : "") +
         std::to_string(total) + "; '--offset " + std::to_string(offset + shown) + "' shows more");
  return k_ok;
}

}  // namespace

Command search_command() {
  return {
      .words = "search",
      .positional = "[QUERY...]",
      .help = "find packages in the registry",
      .run = search,
      .description =
          "Words are found in any form of theirs, in names, keywords, descriptions and READMEs. \"Quoted\" "
          "words stand next to each other, `OR`, `NOT` and `-word` do what they say, `pars*` finds what "
          "begins so, and `name:`, `author:`, `category:`, `keyword:` and `license:` bind a word to one "
          "place.",
      .options = {{"--limit", "N", "how many are shown, 1 to 100; 20 unless told"},
                  {"--offset", "N", "how many are passed over"},
                  {.name = "--sort",
                   .value = "ORDER",
                   .help = "`relevance` unless told",
                   .choices = "relevance downloads recent name"},
                  {"--category", "SLUG", "of this category alone"},
                  {"--keyword", "WORD", "with this keyword alone"},
                  {"--author", "NAME", "by this author or owner alone"},
                  {"--license", "NAME", "under this license alone"}},
      .examples = {{"wharf search json parser", "packages that parse JSON"},
                   {"wharf search --category science --sort downloads", "what do others use?"}}};
}

}  // namespace wharf::client
