// SPDX-License-Identifier: MIT
#include <limits>

#include "client/commands/commands.hpp"
#include "client/install/install.hpp"
#include "client/program/exit.hpp"
#include "client/solve/project_graph.hpp"
#include "client/solve/workplace.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

struct Row {
  const Node* node;
  bool direct, dev, installed;
  std::string wanted;
  Path path;
};

std::vector<Row> rows_of(const Workplace& workplace, const ProjectGraph& graph, std::size_t levels) {
  const auto distances = graph.distances();
  std::vector<Row> rows;
  for (const auto& [name, node] : graph.nodes()) {
    const auto distance = distances.find(name);
    // What nothing leads to is listed too: it lies in the lock.
    if (name.empty() || (distance != distances.end() && distance->second - 1 > levels)) continue;
    Row row{.node = &node,
            .direct = false,
            .dev = node.locked && node.locked->dev,
            .installed = true,
            .wanted = {},
            .path = {}};
    for (const auto& edge : node.needed_by)
      if (edge.from.empty()) {
        row.direct = true;
        row.wanted = edge.requirement;
      }
    row.path = node.in_place.value_or(
        installed_path(workplace.session.profile, workplace.root(), name, *node.version));
    std::error_code none;
    row.installed = std::filesystem::is_directory(row.path, none);
    rows.push_back(std::move(row));
  }
  return rows;
}

void print_json(const Workplace& workplace, const std::vector<Row>& rows) {
  json::Writer writer;
  writer.begin_object().member("project", workplace.root().native()).key("packages").begin_array();
  for (const auto& row : rows) {
    writer.begin_object().member("name", row.node->name).member("version", row.node->version->text());
    writer.member("direct", row.direct).member("dev", row.dev).member("installed", row.installed);
    writer.member("in_place", row.node->in_place.has_value()).member("wanted", row.wanted);
    writer.member("checksum", row.node->locked ? row.node->locked->checksum : std::string());
    writer.member("registry", row.node->locked ? row.node->locked->registry : std::string());
    writer.member("path", row.path.native()).end_object();
  }
  writer.end_array().end_object();
  command::finish(writer);
}

std::string remarks(const Row& row) {
  std::string text;
  const auto add = [&](std::string_view remark) { text.append(text.empty() ? "" : ", ").append(remark); };
  if (row.dev) add("dev");
  if (row.node->in_place) add("in place: " + row.path.native());
  if (!row.installed) add("not installed");
  return text;
}

int list(const command::Arguments& arguments) {
  const auto depth = arguments.number("--depth", 0, 1'000'000);
  const Workplace workplace(open_session(arguments), Workplace::Use::read, arguments.has("--global"));
  const Lock lock = workplace.lock_or_empty();
  const auto asked = asked_by(workplace.session.profile, workplace.project);
  const ProjectGraph graph(asked, lock);
  const auto rows = rows_of(
      workplace, graph, depth ? static_cast<std::size_t>(*depth) : std::numeric_limits<std::size_t>::max());
  if (workplace.session.json) {
    print_json(workplace, rows);
    return k_ok;
  }
  if (rows.empty()) command::note("No packages installed");
  command::Table table({"NAME", "VERSION", "WANTED", ""});
  for (const auto& row : rows)
    table.add({row.node->name, row.node->version->text(), command::printable(row.wanted),
               command::printable(remarks(row))});
  table.finish();
  return k_ok;
}

}  // namespace

command::Command list_command() {
  return {
      .words = "list",
      .positional = "",
      .help = "list the project's packages, as they are locked",
      .run = list,
      .json = true,
      .description = "WANTED is what the manifest asks for; it is empty for what only other packages need.",
      .options = {{"--depth", "NUMBER", "0: what the manifest asks for; 1: and what that needs; and so on"},
                  {"--global", "", "of the user's own packages directory", {}, false, false, 'g'}},
      .examples = {{"wharf list", "every package and its version"},
                   {"wharf list --depth 0", "only what the manifest asks for"}}};
}

}  // namespace wharf::client
