// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>
#include <set>

#include "client/commands/commands.hpp"
#include "client/program/exit.hpp"
#include "client/solve/project_graph.hpp"
#include "client/solve/workplace.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::client {

namespace {

// Walks the graph in one direction. Each package's own branch is shown once, where it is met first; a package
// that is on the way to itself ends there.
class Drawing {
 public:
  Drawing(const ProjectGraph& graph, std::string root_name, bool inverted, std::size_t levels)
      : graph_(graph), root_name_(std::move(root_name)), inverted_(inverted), levels_(levels) {}

  void print(const Node& node) {
    command::say(title(node));
    print_below(node, "", levels_);
  }

  void write(json::Writer& writer, const Node& node, const Edge* by = nullptr) {
    write(writer, node, by, levels_);
  }

 private:
  const std::vector<Edge>& edges(const Node& node) const { return inverted_ ? node.needed_by : node.needs; }
  const Node& end(const Edge& edge) const {
    const auto& name = inverted_ ? edge.from : edge.to;
    return name.empty() ? graph_.root() : *graph_.find(name);
  }
  std::string name_of(const Node& node) const { return node.name.empty() ? root_name_ : node.name; }

  std::string title(const Node& node) const {
    std::string text = name_of(node);
    if (node.version) text += " v" + node.version->text();
    if (node.in_place) text += " (" + node.in_place->native() + ")";
    return command::printable(text);
  }

  // What becomes of a branch that is not drawn again.
  std::string ending(const Node& node) const {
    if (std::ranges::find(way_, &node) != way_.end()) return "cycle";
    return drawn_.contains(&node) && !edges(node).empty() ? "repeated" : "";
  }

  void print_below(const Node& node, const std::string& indent, std::size_t levels) {
    if (levels == 0) return;
    way_.push_back(&node);
    drawn_.insert(&node);
    const auto& all = edges(node);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool last = i + 1 == all.size();
      const Node& next = end(all[i]);
      const auto how = ending(next);
      std::string line = indent + (last ? "└── " : "├── ") + title(next);
      if (inverted_) line += command::printable(" (wants " + all[i].requirement + ")");
      if (all[i].dev) line += " (dev)";
      if (!how.empty()) line += how == "cycle" ? " (cycle)" : " (*)";
      command::say(line);
      if (how.empty()) print_below(next, indent + (last ? "    " : "│   "), levels - 1);
    }
    way_.pop_back();
  }

  void write(json::Writer& writer, const Node& node, const Edge* by, std::size_t levels) {
    const auto how = ending(node);
    writer.begin_object().member("name", name_of(node));
    writer.key("version");
    if (node.version)
      writer.value(node.version->text());
    else
      writer.null();
    if (by) writer.member("requirement", by->requirement).member("dev", by->dev);
    if (node.in_place) writer.member("path", node.in_place->native());
    if (!how.empty()) writer.member(how, true);
    writer.key(inverted_ ? "needed_by" : "dependencies").begin_array();
    if (how.empty() && levels > 0) {
      way_.push_back(&node);
      drawn_.insert(&node);
      for (const auto& edge : edges(node)) write(writer, end(edge), &edge, levels - 1);
      way_.pop_back();
    }
    writer.end_array().end_object();
  }

  const ProjectGraph& graph_;
  const std::string root_name_;
  const bool inverted_;
  const std::size_t levels_;
  std::vector<const Node*> way_;
  std::set<const Node*> drawn_;
};

const Node& start_of(const ProjectGraph& graph, const command::Arguments& arguments) {
  const auto inverted = arguments.maybe("--invert");
  if (!inverted) return graph.root();
  if (const auto* node = graph.find(*inverted)) return *node;
  std::vector<std::string_view> known;
  for (const auto& [name, node] : graph.nodes())
    if (!name.empty()) known.push_back(name);
  throw Error(Code::not_found, wharf::quoted(*inverted) + " is not among the project's packages" +
                                   command::suggestion(*inverted, known));
}

int tree(const command::Arguments& arguments) {
  const auto depth = arguments.number("--depth", 0, 1'000'000);
  const Workplace workplace(open_session(arguments), Workplace::Use::read, arguments.has("--global"));
  workplace.require_lock();
  const auto asked = asked_by(workplace.session.profile, workplace.project);
  const ProjectGraph graph(asked, *workplace.lock);
  const std::string root_name =
      workplace.project.name.empty() ? workplace.root().filename().native() : workplace.project.name;
  Drawing drawing(graph, root_name, arguments.has("--invert"),
                  depth ? static_cast<std::size_t>(*depth) : std::numeric_limits<std::size_t>::max());
  const auto& start = start_of(graph, arguments);
  if (!workplace.session.json) {
    drawing.print(start);
    return k_ok;
  }
  json::Writer writer;
  drawing.write(writer, start);
  command::finish(writer);
  return k_ok;
}

}  // namespace

command::Command tree_command() {
  return {.words = "tree",
          .positional = "",
          .help = "show who needs whom, as it is locked",
          .run = tree,
          .json = true,
          .description =
              "What is needed more than once has its own branch where it comes first, and `(*)` after that; "
              "`(cycle)` is a package that is on the way to itself.",
          .options = {{"--depth", "NUMBER", "so many levels below the first line"},
                      {"--invert", "NAME", "why a package is here: who needs it, up to the project"},
                      {"--global", "", "of the user's own packages directory", {}, false, false, 'g'}},
          .examples = {{"wharf tree", "all of it"},
                       {"wharf tree --depth 1", "what the manifest asks for"},
                       {"wharf tree --invert tide-core", "why is tide-core here?"}}};
}

}  // namespace wharf::client
