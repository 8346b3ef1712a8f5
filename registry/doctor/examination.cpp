// SPDX-License-Identifier: MIT
#include "registry/doctor/examination.hpp"

#include <chrono>
#include <thread>

#include "libwharf/base/error.hpp"
#include "registry/store/audit.hpp"

namespace wharf::doctor {

namespace {

constexpr unsigned k_patience = 20;
constexpr int k_looks = 4;
constexpr std::chrono::milliseconds k_between_looks{300};

}  // namespace

std::string_view severity_name(Severity severity) {
  constexpr std::string_view k_names[] = {"note", "repairable", "loss"};
  return k_names[static_cast<int>(severity)];
}

Examination::Examination(const Config& config, store::Database& database, Settings settings,
                         const Principal& who, const Origin& origin)
    : config_(config),
      database_(database),
      blobs_(config.storage.blobs),
      settings_(std::move(settings)),
      who_(who),
      origin_(origin) {}

bool Examination::is_still(const std::function<bool()>& looks_wrong) {
  if (patience_ == 0) return looks_wrong();
  for (int look = 0; look < k_looks; ++look) {
    if (look > 0) std::this_thread::sleep_for(k_between_looks);
    if (!looks_wrong()) return false;
  }
  --patience_;
  return true;
}

void Examination::found(Severity severity, std::string where, std::string what, std::string how,
                        const std::function<void()>& mend) {
  Finding finding{check_, severity, std::move(where), std::move(what), std::move(how), false, {}};
  if (settings_.repair && mend) {
    try {
      mend();
      database_.transaction([&](store::Connection& connection) {
        store::record_audit(connection,
                            {.action = "repair",
                             .actor = who_.username,
                             .subject = finding.where,
                             .address = origin_.address,
                             .reason = origin_.reason,
                             .request_id = origin_.request_id,
                             .detail = finding.what},
                            now());
      });
      finding.mended = true;
    } catch (const Error& error) {
      finding.failure = error.public_message();
      if (!error.detail().empty()) finding.failure += " (" + error.detail() + ")";
    } catch (const std::exception& error) {
      finding.failure = error.what();
    }
  }
  if (finding.mended)
    ++mended_;
  else
    ++counts_[static_cast<std::size_t>(severity)];
  settings_.listener(finding);
}

void run_check(Examination& examination, const Check& check) {
  examination.check_ = check.name;
  examination.patience_ = k_patience;
  check.run(examination);
}

const std::vector<Check>& checks() {
  static const std::vector<Check> all = {
      {"journal", "the journal's numbers, hashes and bodies", check_journal},
      {"blobs", "each version's archive: its row, its file, with --deep its bytes", check_blobs},
      {"packages", "packages against their versions, their owners, their dependents and the journal",
       check_packages},
      {"totals", "how many packages and versions there are", check_totals},
      {"downloads", "download counts against those that they are the sums of", check_downloads},
      {"accounts", "accounts, sessions and tokens", check_accounts},
      {"tree", "what nginx serves against the journal and the archives", check_tree},
      {"search", "the search index against the journal and the packages", check_search},
      {"garbage", "what crashes and removals left behind", check_garbage},
  };
  return all;
}

}  // namespace wharf::doctor
