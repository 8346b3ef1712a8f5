// SPDX-License-Identifier: MIT
#include "admin-tools/wharf-registry/projections.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "admin-tools/common/database.hpp"
#include "admin-tools/common/identity.hpp"
#include "admin-tools/common/operator.hpp"
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"
#include "registry/projections/clerk.hpp"
#include "registry/projections/clerk_lock.hpp"
#include "registry/search/index_writer.hpp"
#include "registry/search/searcher.hpp"

namespace wharf::admin {

namespace {

// Where the directory was taken away, whoever owns the public tree gets a new one.
void make_search_directory(const Config& config) {
  if (!std::filesystem::create_directories(config.storage.search) || ::geteuid() != 0) return;
  struct stat tree {};
  if (::stat(config.storage.public_tree.c_str(), &tree) != 0 ||
      ::chown(config.storage.search.c_str(), tree.st_uid, tree.st_gid) != 0)
    throw system_error("giving away", config.storage.search.native());
}

}  // namespace

RebuiltTree rebuild_tree(const Config& config) {
  const auto mask = ::umask(022);  // nginx is another user and must be able to read what is written here
  const ClerkLock lock(config.storage.run / "clerk.lock");
  store::Database database(connection_settings(config, Config::Role::clerk));
  Clerk clerk(clerk_settings(config), database);
  clerk.rebuild();
  clerk.settle();
  ::umask(mask);
  return {clerk.position(), clerk.withheld().size()};
}

RebuiltSearch rebuild_search(const Config& config) {
  const auto mask = ::umask(022);  // workers are another user and must be able to read what is written here
  const ClerkLock lock(config.storage.run / "clerk.lock");
  store::Database database(connection_settings(config, Config::Role::clerk));
  auto& connection = database.connection();
  // Makes durable what the index is going to show.
  const auto end = store::journal_end(connection);
  store::store_clerk_position(connection, config.clerk.machine, end);
  search::IndexWriter writer(config.storage.search);
  writer.rebuild(connection, end, [] { return false; });
  writer.close();
  ::umask(mask);
  const auto standing = search::Searcher(config.storage.search).standing();
  return {standing.seq, standing.packages};
}

namespace {

// As the clerk, whose place this process has taken.
void note_rebuild(const Config& config, const std::string& what, std::uint64_t journal, const Origin& origin,
                  const Principal& who) {
  store::Database database(connection_settings(config, Config::Role::clerk));
  database.transaction([&](store::Connection& connection) {
    note_in_audit(connection, "rebuild", what, "up to journal number " + std::to_string(journal), origin,
                  who);
  });
}

int make_search(const Arguments& arguments) {
  const auto config = config_of(arguments);
  const auto origin = origin_of(arguments);
  const auto who = operator_principal();  // before this process becomes another user
  make_search_directory(config);
  become_owner_of(config.storage.search, "the search index");
  const auto made = rebuild_search(config);
  note_rebuild(config, "search index", made.journal, origin, who);
  if (arguments.json()) {
    json::Writer json;
    json.begin_object().member("journal", made.journal).member("packages", made.packages);
    json.end_object();
    finish(json);
    return 0;
  }
  say("made the search index anew, up to journal number " + std::to_string(made.journal) + "; " +
      counted(made.packages, "package") + " may be found");
  return 0;
}

int rebuild(const Arguments& arguments) {
  if (arguments.has("--search")) return make_search(arguments);
  const auto config = config_of(arguments);
  const auto origin = origin_of(arguments);
  const auto who = operator_principal();  // before this process becomes another user
  become_owner_of(config.storage.public_tree, "the public tree");
  const auto made = rebuild_tree(config);
  note_rebuild(config, "public tree", made.journal, origin, who);
  if (arguments.json()) {
    json::Writer writer;
    writer.begin_object().member("journal", made.journal).member("withheld", made.withheld);
    writer.end_object();
    finish(writer);
    return 0;
  }
  say("made the public tree anew, up to journal number " + std::to_string(made.journal) + "; " +
      counted(made.withheld, "package") + " with an archive that is missing or damaged");
  return 0;
}

}  // namespace

Command rebuild_command() {
  return {
      .words = "rebuild",
      .positional = "",
      .help = "make the public tree, or the search index, anew; the clerk must be stopped",
      .run = rebuild,
      .effect = Effect::changes,
      .json = true,
      .description =
          "From the journal and the blobs alone; what is there is served meanwhile. Run by root, it "
          "becomes the user whom the tree belongs to. It may be ended at any moment: the clerk's "
          "next start finishes.\n\n"
          "With `--search` the search index alone, from the journal and the READMEs in the database; the old "
          "one answers meanwhile.",
      .options = {{"--search", "", "the search index alone, not the public tree"}},
      .examples = {{"wharf-registry rebuild", "after the public tree was lost"},
                   {"wharf-registry rebuild --search", "where search finds what it should not"}}};
}

}  // namespace wharf::admin
