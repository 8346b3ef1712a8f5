// SPDX-License-Identifier: MIT
#include "tests/bench/seed/words.hpp"

namespace wharf::seed {

namespace {

using Word = std::string_view;

constexpr Word k_subjects[] = {
    "acorn",  "amber",  "anchor", "apple",   "arch",    "argon",  "arrow",   "ash",     "aspen",    "atlas",
    "aurora", "badge",  "baker",  "bamboo",  "banner",  "barge",  "basalt",  "beacon",  "beaver",   "birch",
    "bridge", "bronze", "brook",  "cable",   "cactus",  "camera", "canal",   "candle",  "canyon",   "carbon",
    "castle", "cedar",  "chalk",  "cherry",  "circle",  "cobalt", "comet",   "copper",  "coral",    "crane",
    "creek",  "crow",   "cube",   "dawn",    "delta",   "desert", "dragon",  "drum",    "dune",     "eagle",
    "earth",  "echo",   "ember",  "falcon",  "feather", "fern",   "field",   "finch",   "flame",    "forest",
    "fox",    "frost",  "galaxy", "garden",  "garnet",  "geo",    "ghost",   "glacier", "grain",    "granite",
    "grove",  "harbor", "hawk",   "hazel",   "heron",   "honey",  "horizon", "island",  "ivory",    "jade",
    "jasper", "jungle", "kelp",   "kernel",  "lagoon",  "lake",   "lamp",    "lark",    "laser",    "lava",
    "lemon",  "lotus",  "lunar",  "magnet",  "maple",   "marble", "meadow",  "mercury", "meteor",   "mint",
    "mirror", "moss",   "nebula", "needle",  "north",   "oak",    "ocean",   "olive",   "onyx",     "opal",
    "orbit",  "orchid", "otter",  "owl",     "pearl",   "pebble", "pepper",  "phoenix", "pine",     "planet",
    "plum",   "polar",  "pollen", "prism",   "quartz",  "quill",  "rain",    "raven",   "reef",     "river",
    "robin",  "rocket", "rose",   "ruby",    "saddle",  "sage",   "salmon",  "sand",    "sapphire", "shadow",
    "shell",  "silver", "smoke",  "snow",    "solar",   "spark",  "spruce",  "star",    "stone",    "storm",
    "summit", "swan",   "temple", "thunder", "tide",    "tiger",  "timber",  "topaz",   "trail",    "tulip",
    "tundra", "valley", "velvet", "violet",  "walnut",  "wave",   "willow",  "wind",    "winter",   "wolf"};

constexpr Word k_things[] = {
    "adapter", "agent",   "archive",  "array",    "backend", "batch",   "bench",    "binding",  "bitmap",
    "board",   "bot",     "boxes",    "bridges",  "browser", "buffer",  "builder",  "bundle",   "bus",
    "bytes",   "cache",   "calendar", "chart",    "check",   "cipher",  "client",   "clock",    "codec",
    "collect", "color",   "compiler", "config",   "console", "content", "convert",  "cookie",   "core",
    "counter", "crypto",  "cursor",   "daemon",   "data",    "date",    "debug",    "decoder",  "deploy",
    "diff",    "docs",    "driver",   "editor",   "encoder", "engine",  "env",      "errors",   "events",
    "export",  "feed",    "fetch",    "filter",   "finder",  "flags",   "flow",     "font",     "form",
    "format",  "gateway", "graph",    "grid",     "handler", "hash",    "helper",   "hooks",    "html",
    "http",    "icons",   "image",    "import",   "index",   "input",   "json",     "keys",     "label",
    "layout",  "ledger",  "lexer",    "link",     "linter",  "list",    "loader",   "locale",   "log",
    "macro",   "mail",    "map",      "markdown", "matrix",  "memo",    "menu",     "merge",    "message",
    "metrics", "mock",    "model",    "monitor",  "mutex",   "name",    "node",     "notes",    "number",
    "object",  "packet",  "page",     "palette",  "parser",  "path",    "pattern",  "pipe",     "player",
    "plot",    "pool",    "print",    "probe",    "process", "profile", "promise",  "proxy",    "query",
    "queue",   "random",  "range",    "reader",   "record",  "regex",   "render",   "report",   "request",
    "router",  "rpc",     "rules",    "runner",   "scanner", "schema",  "script",   "search",   "server",
    "session", "shape",   "signal",   "socket",   "sort",    "stack",   "state",    "store",    "stream",
    "string",  "style",   "sync",     "table",    "tags",    "task",    "template", "terminal", "test",
    "text",    "theme",   "thread",   "timer",    "token",   "trace",   "tree",     "types",    "unit",
    "upload",  "user",    "vector",   "view",     "watch",   "web",     "widget",   "worker",   "writer"};

constexpr Word k_manners[] = {"async", "auto",  "base", "cloud",  "compact", "cross", "deep",   "direct",
                              "easy",  "extra", "fast", "flex",   "free",    "full",  "hyper",  "joint",
                              "lazy",  "local", "main", "mega",   "micro",   "mini",  "multi",  "nano",
                              "next",  "omni",  "open", "over",   "plain",   "plus",  "power",  "pro",
                              "pure",  "quick", "safe", "shared", "smart",   "soft",  "strict", "super",
                              "swift", "tiny",  "true", "turbo",  "ultra",   "under", "wide",   "zero"};

constexpr Word k_purposes[] = {"reading large files without loading them",
                               "talking to services that answer slowly",
                               "drawing charts of measurements",
                               "testing programs that depend on time",
                               "keeping configuration in one place",
                               "finding the shortest way through a graph",
                               "writing logs that machines can read",
                               "parsing what people type by hand",
                               "sending mail that arrives",
                               "storing secrets outside of the source",
                               "comparing two trees of files",
                               "scheduling work over many machines",
                               "checking forms before they are sent",
                               "compressing streams of small messages",
                               "showing tables in a terminal",
                               "converting between units and currencies",
                               "following links without going in circles",
                               "limiting how often something is called",
                               "describing colours and mixing them",
                               "translating texts into many languages",
                               "generating documents from templates",
                               "counting things in fixed memory",
                               "routing requests by their path",
                               "making small pictures of large ones"};

constexpr Word k_categories[] = {"algorithms", "command-line", "compression", "cryptography", "data",
                                 "database",   "development",  "documents",   "education",    "embedded",
                                 "encoding",   "filesystem",   "games",       "geo",          "graphics",
                                 "http",       "internet",     "mail",        "mathematics",  "multimedia",
                                 "network",    "parsing",      "science",     "security",     "testing",
                                 "text",       "time",         "ui",          "utilities",    "web"};

}  // namespace

std::span<const Word> subjects() {
  return k_subjects;
}
std::span<const Word> things() {
  return k_things;
}
std::span<const Word> manners() {
  return k_manners;
}
std::span<const Word> purposes() {
  return k_purposes;
}
std::span<const Word> categories() {
  return k_categories;
}

}  // namespace wharf::seed
