// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>

#include <memory>

#include "admin-tools/common/identity.hpp"
#include "admin-tools/common/operator.hpp"
#include "admin-tools/common/tool.hpp"
#include "admin-tools/wharf-registry/verbs.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/command/output.hpp"
#include "registry/importing/importer.hpp"
#include "registry/services/services.hpp"

namespace wharf::admin {

namespace {

using namespace importing;

constexpr int k_something_refused = 1;

constexpr Kind k_kinds[] = {Kind::user, Kind::token, Kind::package, Kind::version};

void write_finding(json::Writer& writer, const Finding& finding) {
  writer.begin_object();
  writer.member("kind", kind_name(finding.kind)).member("name", finding.name);
  writer.member("outcome", finding.refused ? "refused" : "left out");
  writer.member("code", finding.code).member("reason", finding.reason);
  writer.end_object();
}

void write_counts(json::Writer& writer, const Report& report) {
  for (const Kind kind : k_kinds) {
    writer.key(std::string(kind_name(kind)) + "s").begin_object();
    writer.member("imported", report.of(kind, Outcome::imported));
    writer.member("known", report.of(kind, Outcome::known));
    writer.member("refused", report.of(kind, Outcome::refused)).end_object();
  }
  writer.member("downloads_added", report.downloads()).member("yanks_changed", report.yanks());
}

// Where findings go as they come: the file, and standard output.
class Findings {
 public:
  Findings(bool json, const std::string& file) : json_(json) {
    if (!file.empty()) file_ = open_file(file, O_WRONLY | O_CREAT | O_TRUNC, 0640);
    if (json_) writer_.begin_object().key("findings").begin_array();
  }

  void take(const Finding& finding) {
    if (file_) {
      json::Writer line;
      write_finding(line, finding);
      write_all(file_.get(), line.take() + "\n");
    }
    if (json_) {
      write_finding(writer_, finding);
      put(writer_);
    } else {
      say(std::string(finding.refused ? "refused  " : "left out ") + std::string(kind_name(finding.kind)) +
          " " + printable(finding.name) + ": " + printable(finding.reason) + " (" + finding.code + ")");
    }
  }

  void finish(const Report& report, bool dry_run) {
    if (json_) {
      writer_.end_array();
      writer_.member("dry_run", dry_run);
      write_counts(writer_, report);
      writer_.end_object();
      wharf::admin::finish(writer_);
      return;
    }
    Table table({"", dry_run ? "WOULD COME" : "CAME", "WERE HERE", "REFUSED"});
    for (const Kind kind : k_kinds)
      table.add({std::string(kind_name(kind)) + "s", report.of(kind, Outcome::imported),
                 report.of(kind, Outcome::known), report.of(kind, Outcome::refused)});
    table.finish();
    if (!dry_run)
      say("added " + counted(report.downloads(), "download") + ", carried over " +
          counted(report.yanks(), "yank"));
  }

 private:
  bool json_;
  Fd file_;
  json::Writer writer_;
};

std::optional<Fd> open_archive(const Path& path) {
  const RootAgain root;
  auto fd = open_existing(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  struct stat about {};
  if (fd && (::fstat(fd->get(), &about) != 0 || !S_ISREG(about.st_mode)))
    throw Error(Code::archive_form, "its archive '" + path.native() + "' is no file");
  return fd;
}

std::map<std::string, std::string> accounts_of(const Arguments& arguments) {
  std::map<std::string, std::string> accounts;
  for (const auto& pair : arguments.values("--account")) {
    const auto equals = pair.find('=');
    if (equals == pair.npos || equals == 0 || equals + 1 == pair.size())
      throw UsageError("'--account' is '" + pair + "'; expected THERE=HERE");
    accounts[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return accounts;
}

int run_import(Dialect dialect, const Arguments& arguments) {
  const auto config = config_of(arguments);
  auto origin = origin_of(arguments);
  if (!origin.reason) origin.reason = "import from " + std::string(dialect_name(dialect));
  const bool dry_run = arguments.has("--dry-run");
  const auto who = operator_principal();

  Importer::Settings settings;
  settings.dialect = dialect;
  settings.staging = config.storage.staging;
  settings.dry_run = dry_run;
  settings.accounts = accounts_of(arguments);
  settings.open_archive = open_archive;
  std::unique_ptr<Progress> progress;
  std::string shown;
  ForeignRegistry::Totals totals;
  settings.progress = [&](std::string_view what, std::uint64_t done) {
    if (shown != what) {
      progress.reset();
      progress = std::make_unique<Progress>(std::string(what), what == "accounts"   ? totals.users
                                                               : what == "versions" ? totals.versions
                                                                                    : totals.tokens);
      shown = what;
    }
    progress->at(done);
  };

  const auto from = ForeignRegistry::open(
      dialect, {arguments["DIR"], arguments.value("--database"), arguments.value("--storage")});
  totals = from->totals();
  Findings findings(arguments.json(), arguments.value("--report"));
  Report report([&](const Finding& finding) { findings.take(finding); });
  store::Database database(connection_settings(config, Config::Role::admin));
  database.connection();  // as root, where this is root: the database may know it by that
  VisibilityReader visibility(config.clerk.state, config.clerk.socket);
  {
    const ActAsOwnerOf workers(config.storage.staging);
    LocalBlobStore blobs(config.storage.blobs);
    Importer(database, blobs, visibility, publishing_rules(config), std::move(settings), who, origin)
        .run(*from, report);
  }
  progress.reset();
  findings.finish(report, dry_run);
  return report.refused() == 0 ? 0 : k_something_refused;
}

constexpr std::string_view k_description =
    "Carries over accounts with the hashes of their passwords, packages with their owners, versions with "
    "their dates, "
    "yanks and download counts, under the rules of this registry. What a rule refuses is printed with the "
    "reason, and the "
    "rest goes on. Exit code: 0 where everything came over or was here, 1 where something was refused or the "
    "import could not be done.\n\n"
    "It may be ended at any moment and run again: it goes on where it was, and does nothing twice. Run once "
    "more later, it "
    "brings what is new there.";

Command command(std::string_view words, std::string_view help, std::string_view example,
                int (*run)(const Arguments&)) {
  return {
      .words = words,
      .positional = "DIR",
      .help = help,
      .run = run,
      .effect = Effect::changes,
      .json = true,
      .description = k_description,
      .options = {{"--database", "FILE", "the database or dump, where it is not at its usual place in DIR"},
                  {"--storage", "DIR", "the folder of archives, where it is not at its usual place in DIR"},
                  {"--account",
                   "THERE=HERE",
                   "give what an account there had to one that is here already",
                   {},
                   false,
                   true},
                  {"--report", "FILE", "what was refused or left out, a JSON object a line"},
                  {"--dry-run", "", "check everything and change nothing"}},
      .examples = {{example, "what would be refused"}}};
}

}  // namespace

Command import_synapse_command() {
  return command("import synapse", "carry over a Synapse registry",
                 "wharf-registry import synapse /srv/synapse --dry-run",
                 [](const Arguments& arguments) { return run_import(Dialect::synapse, arguments); });
}

Command import_raven_command() {
  return command("import raven", "carry over a Raven registry",
                 "wharf-registry import raven /srv/raven --dry-run",
                 [](const Arguments& arguments) { return run_import(Dialect::raven, arguments); });
}

Command import_vais_command() {
  return command("import vais", "carry over a Vais registry",
                 "wharf-registry import vais /srv/vais --dry-run",
                 [](const Arguments& arguments) { return run_import(Dialect::vais, arguments); });
}

}  // namespace wharf::admin
