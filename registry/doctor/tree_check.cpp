// SPDX-License-Identifier: MIT
// The public tree, which is a function of the journal and the archives: its journal files against the
// journal, then package by package its document and its links against what the package's events give.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/json/value.hpp"
#include "registry/doctor/examination.hpp"
#include "registry/projections/gzip.hpp"
#include "registry/projections/journal_files.hpp"
#include "registry/projections/package_fold.hpp"
#include "registry/projections/public_tree.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/store/checks.hpp"

namespace wharf::doctor {

namespace {

constexpr unsigned k_events = 1000, k_packages = 50;
constexpr std::size_t k_names = 500;
constexpr std::string_view k_tarball = ".tar.gz", k_document = ".json";
constexpr std::string_view k_rebuild =
    "run with --repair while the clerk is stopped, or 'wharf-registry rebuild'";

bool is_same_file(const Path& a, const Path& b) {
  struct stat first {
  }, second{};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_ino == second.st_ino &&
         first.st_dev == second.st_dev;
}

// A blob that takes no more links is served as a copy.
bool is_copy(const Path& path, const std::string& digest) {
  const auto fd = open_existing(path, O_RDONLY);
  if (!fd) return false;
  Sha256 hash;
  std::vector<std::byte> buffer(256u << 10);
  while (const auto got = read_some(fd->get(), buffer))
    hash.update({reinterpret_cast<const char*>(buffer.data()), got});
  return to_hex(hash.finish()) == digest;
}

// The revision that a document's time is made of; nothing where there is none.
std::optional<std::uint64_t> revision_of(const Path& document) {
  struct stat about {};
  if (::stat(document.c_str(), &about) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, about.st_mtime - PublicTree::k_mtime_base));
}

class TreeCheck {
 public:
  explicit TreeCheck(Examination& examination)
      : examination_(examination), root_(examination.config().storage.public_tree) {}

  void run() {
    if (!read_stamp()) return;
    compare_journal_files();
    compare_packages();
    look_for_strays("index", k_document);
    look_for_strays("tarballs", "");
  }

 private:
  void found(std::string where, std::string what) {
    examination_.found(Severity::repairable, std::move(where), std::move(what), std::string(k_rebuild),
                       [this] {
                         if (!rebuilt_) examination_.rebuild_tree();
                         rebuilt_ = true;
                       });
  }

  bool read_stamp() {
    const auto stamp = read_file(root_ / ".clerk");
    if (!stamp) {
      const auto end =
          examination_.database().read([](store::Connection& c) { return store::journal_end(c); });
      if (end.seq == 0) return false;  // nothing is to be shown yet
      found("public tree", "it is not finished: there is no stamp");
      return false;
    }
    try {
      const auto document = json::parse(*stamp);
      document.root()["withheld"].each(
          [&](json::Value name) { withheld_.emplace(name.string().value_or("")); });
    } catch (const Error&) {
      found("public tree", "its stamp is damaged");
      return false;
    }
    return true;
  }

  bool clerk_runs() const {
    VisibilityReader reader(examination_.config().clerk.state, examination_.config().clerk.socket);
    const auto seen = reader.look();
    return seen && seen->heartbeat_age < std::chrono::seconds(2);
  }

  std::vector<store::JournalEvent> events_after(std::uint64_t seq) {
    return examination_.database().read(
        [&](store::Connection& c) { return store::raw_events_after(c, seq, k_events); });
  }

  // Leaves in position_ how far the files go.
  void compare_journal_files() {
    std::ifstream file;
    std::uint64_t opened = 0, said = 0;
    bool more = true;
    while (more) {
      const auto events = events_after(position_);
      if (events.empty()) break;
      for (const auto& event : events) {
        const auto first =
            (event.seq - 1) / JournalFiles::k_events_per_file * JournalFiles::k_events_per_file + 1;
        if (first != opened) {
          file = std::ifstream(root_ / "journal" / (std::to_string(first) + ".jsonl"), std::ios::binary);
          opened = first;
        }
        std::string line;
        // A line without its end is on its way.
        if (!std::getline(file, line) || file.eof()) {
          more = false;
          break;
        }
        if (line + "\n" != JournalFiles::line_of(event) && said != first) {
          found("journal/" + std::to_string(first) + ".jsonl",
                "its line of number " + std::to_string(event.seq) + " is another than the journal's");
          said = first;
        }
        position_ = event.seq;
      }
    }
    const auto end = examination_.database().read([](store::Connection& c) { return store::journal_end(c); });
    if (position_ >= end.seq) return;
    const bool later = std::filesystem::exists(
        root_ / "journal" / (std::to_string(position_ + JournalFiles::k_events_per_file) + ".jsonl"));
    if (later) {
      found("journal", "it ends at number " + std::to_string(position_) + ", but a later file is there");
    } else if (!clerk_runs()) {
      examination_.found(Severity::note, "public tree",
                         "it stands at journal number " + std::to_string(position_) + " of " +
                             std::to_string(end.seq) + ", and no clerk runs here",
                         "start the clerk");
    }
  }

  void compare_packages() {
    std::string after;
    std::uint64_t done = 0;
    for (;;) {
      std::map<std::string, std::vector<store::JournalEvent>> by_name;
      const auto names = examination_.database().read([&](store::Connection& c) {
        const auto end = store::journal_end(c).seq;
        auto found = store::packages_in_journal(c, after, end, k_packages);
        for (auto& event : store::events_of(c, found)) by_name[event.package].push_back(std::move(event));
        return found;
      });
      if (names.empty()) return;
      for (const auto& name : names) {
        compare(name, by_name[name]);
        examination_.progress(++done);
      }
      after = names.back();
    }
  }

  void compare(const std::string& name, const std::vector<store::JournalEvent>& events) {
    auto fault = fault_of(name, events);
    if (fault.empty()) return;
    const bool still = examination_.is_still([&] {
      const auto again =
          examination_.database().read([&](store::Connection& c) { return store::events_of(c, {name}); });
      fault = fault_of(name, again);
      return !fault.empty();
    });
    if (still) found(name, fault);
  }

  std::string fault_of(const std::string& name, const std::vector<store::JournalEvent>& events) const {
    if (withheld_.contains(name)) return {};  // its archives are another check's
    const Path document = root_ / "index" / (name + std::string(k_document));
    const auto shown = revision_of(document);
    std::uint64_t due = 0;
    for (const auto& event : events)
      if (event.seq <= position_) due = event.seq;
    if (!shown) return due == 0 ? std::string() : "its index document is missing";
    auto fault = fault_of_document(name, events, document, std::max(due, *shown), *shown);
    // What changed while it was looked at is of two moments, and says nothing.
    return revision_of(document) == shown ? fault : std::string();
  }

  std::string fault_of_document(const std::string& name, const std::vector<store::JournalEvent>& events,
                                const Path& document, std::uint64_t up_to, std::uint64_t shown) const {
    PackageFold fold(name, std::nullopt);
    for (const auto& event : events)
      if (event.seq <= up_to) fold.apply(event);
    if (fold.last_seq() != shown) return "its index document is of another revision than the journal's";
    const std::string text = fold.document().render(examination_.config().site.public_url);
    if (read_file(document, 1u << 30) != text) return "its index document is another than the journal gives";
    const Path packed = document.native() + ".gz";
    if (read_file(packed, 1u << 30) != gzip(text) || revision_of(packed) != shown)
      return "its packed index document is another than the journal gives";
    return fault_of_links(name, fold.published());
  }

  std::string fault_of_links(const std::string& name,
                             const std::map<std::string, std::string>& published) const {
    const Path folder = root_ / "tarballs" / name;
    for (const auto& [version, digest] : published) {
      const Path blob = LocalBlobStore(examination_.config().storage.blobs).path_of(digest);
      const Path served = folder / (version + std::string(k_tarball));
      if (std::filesystem::exists(blob) && !is_same_file(served, blob) && !is_copy(served, digest))
        return "what is served of version " + version + " is not its archive";
    }
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
      std::string file = entry.path().filename();
      if (file.ends_with(k_tarball)) file.resize(file.size() - k_tarball.size());
      if (!published.contains(file)) return "an archive of '" + file + "' is served, which is not there";
    }
    return {};
  }

  // Files and folders of packages that the journal does not know.
  void look_for_strays(const char* part, std::string_view suffix) {
    std::vector<std::string> names;
    const auto look_up = [&] {
      auto known = examination_.database().read(
          [&](store::Connection& c) { return store::names_in_journal(c, names); });
      std::ranges::sort(known);
      for (const auto& name : names)
        if (!std::ranges::binary_search(known, name))
          found(std::string(part) + "/" + name, "it is served, and no such package is in the journal");
      names.clear();
    };
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(root_ / part, absent)) {
      std::string name = entry.path().filename();
      if (!name.ends_with(suffix) || name.starts_with('.')) continue;
      name.resize(name.size() - suffix.size());
      names.push_back(std::move(name));
      if (names.size() == k_names) look_up();
    }
    look_up();
  }

  Examination& examination_;
  const Path root_;
  std::set<std::string> withheld_;
  std::uint64_t position_ = 0;
  bool rebuilt_ = false;
};

}  // namespace

void check_tree(Examination& examination) {
  TreeCheck(examination).run();
}

}  // namespace wharf::doctor
