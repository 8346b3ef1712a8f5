// SPDX-License-Identifier: MIT
#include "libwharf/base/error.hpp"
#include "libwharf/json/value.hpp"
#include "registry/doctor/examination.hpp"
#include "registry/store/journal.hpp"

namespace wharf::doctor {

namespace {

constexpr unsigned k_batch = 1000;
constexpr std::string_view k_restore =
    "restore the database from a backup; public/journal holds every event as it was shown";

// What the body says against what stands beside it; empty where the two agree.
std::string disagreement(const store::JournalEvent& event) {
  try {
    const auto body = json::parse(event.body);
    const auto root = body.root();
    if (root["action"].string() != event.action) return "its body is of another action";
    if (root["package"].string() != event.package) return "its body is of another package";
    if (root["version"].string() != event.version) return "its body is of another version";
    return {};
  } catch (const Error&) {
    return "its body is no JSON";
  }
}

}  // namespace

void check_journal(Examination& examination) {
  store::JournalPosition last;
  const auto where = [](std::uint64_t seq) { return "journal " + std::to_string(seq); };
  for (;;) {
    const auto events = examination.database().read(
        [&](store::Connection& c) { return store::raw_events_after(c, last.seq, k_batch); });
    if (events.empty()) break;
    for (const auto& event : events) {
      if (event.seq != last.seq + 1) {
        const bool missing = examination.is_still([&] {
          const auto again = examination.database().read(
              [&](store::Connection& c) { return store::raw_events_after(c, last.seq, 1); });
          return !again.empty() && again.front().seq != last.seq + 1;
        });
        if (!missing) break;  // a snapshot may miss one and show the next; read on from there
        examination.found(Severity::loss, where(last.seq + 1),
                          "numbers " + std::to_string(last.seq + 1) + " to " + std::to_string(event.seq - 1) +
                              " are missing",
                          std::string(k_restore));
      } else if (event.hash != store::chain_hash(last.hash, event.body)) {
        examination.found(Severity::loss, where(event.seq),
                          "its hash does not follow from its body and the one before it",
                          std::string(k_restore));
      } else if (const auto why = disagreement(event); !why.empty()) {
        examination.found(Severity::loss, where(event.seq), why, std::string(k_restore));
      }
      last = {event.seq, event.hash};
    }
    examination.progress(last.seq);
  }
}

}  // namespace wharf::doctor
