// SPDX-License-Identifier: MIT
#include "registry/services/verification.hpp"

#include "admin-tools/wharf-package/verbs.hpp"
#include "admin-tools/wharf-package/workbench.hpp"
#include "libwharf/base/counted.hpp"
#include "libwharf/command/output.hpp"
#include "registry/services/services.hpp"

namespace wharf::admin {

namespace {

std::string line_of(const Finding& finding) {
  return finding.package + (finding.version ? " " + *finding.version : std::string()) + ": " +
         printable(finding.problem);
}

void print_json(const Verified& verified) {
  json::Writer writer;
  writer.begin_object().member("well", verified.findings.empty()).member("packages", verified.packages);
  writer.member("versions", verified.versions).key("findings").begin_array();
  for (const auto& finding : verified.findings) {
    writer.begin_object().member("package", finding.package).member("version", finding.version);
    writer.member("problem", finding.problem).end_object();
  }
  writer.end_array().end_object();
  finish(writer);
}

int verify(const Arguments& arguments) {
  const std::string name = package_of(arguments);
  const std::string& version = arguments["VERSION"];
  Workbench bench(arguments);
  const LocalBlobStore blobs(bench.config.storage.blobs);
  Verification verification(bench.database, blobs, bench.visibility, bench.config.storage.public_tree,
                            publishing_rules(bench.config).archive);
  Verified verified;
  if (name.empty()) {
    Progress progress("verifying packages");
    verified = verification.all([&](std::uint64_t packages, const std::vector<Finding>& findings) {
      progress.at(packages);
      if (!arguments.json())
        for (const auto& finding : findings) say(line_of(finding));
    });
  } else {
    verified = verification.package(name, version.empty() ? std::nullopt : std::optional(version));
    if (!arguments.json())
      for (const auto& finding : verified.findings) say(line_of(finding));
  }
  if (arguments.json()) {
    print_json(verified);
  } else {
    say("verified " + counted(verified.versions, "version") + " of " + counted(verified.packages, "package") +
        ": " + (verified.findings.empty() ? "all is well" : counted(verified.findings.size(), "finding")));
  }
  return verified.findings.empty() ? 0 : 1;
}

}  // namespace

Command verify_command() {
  return {
      .words = "verify",
      .positional = "[PACKAGE] [VERSION]",
      .help = "compare what is stored of a package with what was published",
      .run = verify,
      .json = true,
      .description =
          "Without a package, all of them. Of each version: its archive is there, has its size and SHA-256, "
          "can be read, and its manifest is "
          "what the database and the index document say; and it is served, or, of a quarantined package, is "
          "not. Every archive is read, at the disk's speed. One line for each finding; the exit status is 1 "
          "where there is one.",
      .examples = {{"wharf-package verify tide-tables", "one package"},
                   {"wharf-package verify --json", "all of them, from cron"}}};
}

}  // namespace wharf::admin
