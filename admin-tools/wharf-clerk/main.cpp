// SPDX-License-Identifier: MIT
// wharf-clerk: follows the journal and keeps what nginx serves.
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-clerk/follow.hpp"
#include "libwharf/base/log.hpp"

namespace {

using namespace wharf::admin;

int run(const Arguments& arguments) {
  const auto config = config_of(arguments);
  wharf::log::start("wharf-clerk", config.log.level);
  return wharf::follow(config, arguments.has("--once"));
}

}  // namespace

int main(int argc, char** argv) {
  const Program program{
      .name = "wharf-clerk",
      .help = "follow the journal and keep the files that nginx serves",
      .description =
          "Follows the registry's journal and keeps the public tree: the links to archives, the index "
          "documents and the "
          "journal files. It alone writes there. Beside that it counts downloads from nginx's log, and from "
          "those "
          "that rotation put aside. One clerk runs on a machine, in the foreground; messages go "
          "to "
          "standard error. A second one refuses to start.\n\n"
          "It looks at the journal when a worker pokes it and five times a second besides. It waits for a "
          "database "
          "that is away, and goes on by itself after a crash, with exactly the files that a rebuild would "
          "make. Where "
          "its tree is missing, unfinished, of another form or made from another journal than the "
          "database's, it makes "
          "the tree anew while the old one is served, and then puts it in that one's place.",
      .commands = {{.words = "",
                    .positional = "",
                    .help = "",
                    .run = run,
                    .effect = Effect::maintains,
                    .options = {{"--once", "",
                                 "end when the tree holds all of the journal, and the downloads are counted; "
                                 "for cron; trouble then ends "
                                 "it with exit code 1 instead of being waited for"}},
                    .examples = {{"wharf-clerk --config /etc/wharf/wharf.conf", "as a service runs it"},
                                 {"wharf-clerk --once", "from cron, where no clerk runs as a service"}}}},
      .sections =
          {{"SIGNALS", "`SIGTERM` and `SIGINT` end it after the batch that it is at."},
           {"THE TREE",
            "The public tree (`storage.public`) belongs to the clerk's user. Without the file `.clerk` in "
            "it, it "
            "counts as unfinished and is made anew. Below `storage.run` are `clerk.sock`, where workers poke "
            "the clerk; `clerk.state`, shared memory in which workers read what is visible; and "
            "`clerk.lock`, "
            "held while a clerk runs."}},
      .see_also = {"wharf.conf(5)", "wharf(7)", "wharf-fcgi(8)", "wharf-registry(8)"},
  };
  return run_tool(program, argc, argv);
}
