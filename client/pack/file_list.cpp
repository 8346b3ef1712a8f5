// SPDX-License-Identifier: MIT
#include "client/pack/file_list.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "client/pack/ignore_rules.hpp"
#include "client/pack/secrets.hpp"
#include "libwharf/archive/limits.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

namespace fs = std::filesystem;
using Verdict = IgnoreRules::Verdict;

constexpr std::array<std::string_view, 8> k_version_control = {".git", ".hg",    ".svn", ".bzr",
                                                               "CVS",  "_darcs", ".jj",  ".pijul"};
// Left out of every package, unless a `.wharfignore` takes it back.
constexpr std::string_view k_built =
    "node_modules/\ntarget/\n__pycache__/\n/build/\n*.pyc\n*~\nThumbs.db\ndesktop.ini\n";
// Packed beside the manifest even where the profile lists what is: what a reader of the package looks for.
constexpr std::string_view k_beside =
    "/README\n/README.*\n/LICENSE*\n/LICENCE*\n/COPYING*\n/NOTICE*\n/CHANGELOG*\n";
constexpr std::string_view k_ignore_file = ".wharfignore", k_git_ignore_file = ".gitignore";
constexpr std::size_t k_ignore_bytes = 1u << 20;

bool is_version_control(std::string_view name) {
  return std::ranges::find(k_version_control, name) != k_version_control.end();
}

Error refuse(std::string sentence) {
  return Error(Code::bad_request, std::move(sentence));
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text.append(line).append("\n");
  return text;
}

std::string_view last_part(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

class Lister {
 public:
  Lister(const Path& root, const PackRules& rules)
      : root_(fs::canonical(root)), rules_(rules), uses_own_(fs::exists(root_ / k_ignore_file)) {
    pack_.add(joined(rules.pack));
    beside_.add(k_beside);
    defaults_.add(k_built);
    defaults_.add(joined(rules.leave_out));
    for (auto path : rules.allow) {
      if (path.starts_with("./")) path.erase(0, 2);
      while (path.ends_with('/')) path.pop_back();
      if (path.empty() || path.starts_with('/') || !fs::exists(root_ / path))
        throw refuse("there is no " + wharf::quoted(path) +
                     " in the package, which '--allow' names; write its path from the manifest's folder");
      allowed_.push_back(std::move(path));
    }
  }

  PackList run() && {
    if (!uses_own_) read_rules_above();
    // A repository that leaves the whole folder out (one of somebody's home, say) has nothing to say of it.
    if (std::ranges::any_of(above_, [](const Above& one) {
          return one.rules.covers(one.prefix.substr(0, one.prefix.size() - 1), true);
        }))
      above_.clear();
    walk(root_, "", false);
    std::ranges::sort(list_.files, {}, &PackFile::path);
    std::ranges::sort(list_.secrets, {}, &Secret::path);
    return std::move(list_);
  }

 private:
  struct Above {
    std::string prefix;  // of the package's paths, from that folder
    IgnoreRules rules;
  };

  struct Standing {
    bool is_in = false;      // it is packed, or gone into
    bool is_hidden = false;  // it is out only because it is hidden
  };

  void read_rules(const Path& folder, std::string_view base) {
    const auto text = read_file(folder / (uses_own_ ? k_ignore_file : k_git_ignore_file), k_ignore_bytes);
    if (text) ignored_.add(*text, base);
  }

  // The `.gitignore` files of a repository that the package is a part of. Their rules speak of paths from
  // their own folder, so they are tried with the path from there.
  void read_rules_above() {
    std::vector<Path> folders;
    std::error_code unseen;  // a folder that may not be looked into is no repository of ours
    for (Path folder = root_; !fs::exists(folder / ".git", unseen); folder = folder.parent_path()) {
      if (folder == folder.root_path()) return;
      folders.push_back(folder.parent_path());
    }
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
      const auto text = read_file(*folder / k_git_ignore_file, k_ignore_bytes);
      if (!text) continue;
      Above above{.prefix = root_.lexically_relative(*folder).generic_string() + "/", .rules = {}};
      above.rules.add(*text);
      above_.push_back(std::move(above));
    }
  }

  Verdict ignore_verdict(const std::string& path, bool directory) const {
    if (const auto verdict = ignored_.of(path, directory); verdict != Verdict::none) return verdict;
    for (auto above = above_.rbegin(); above != above_.rend(); ++above)
      if (const auto verdict = above->rules.of(above->prefix + path, directory); verdict != Verdict::none)
        return verdict;
    return Verdict::none;
  }

  bool is_allowed(std::string_view path) const {
    return std::ranges::any_of(allowed_, [&](const std::string& allowed) {
      return path == allowed || (path.starts_with(allowed) && path[allowed.size()] == '/');
    });
  }
  bool leads_to_allowed(std::string_view folder) const {
    return std::ranges::any_of(allowed_, [&](const std::string& allowed) {
      return allowed.size() > folder.size() && allowed.starts_with(folder) && allowed[folder.size()] == '/';
    });
  }
  bool is_listed(const std::string& path, bool directory) const {
    return pack_.empty() || directory || pack_.covers(path, false) || beside_.of(path, false) == Verdict::out;
  }

  // What the rules say, `allow` aside.
  Standing standing_of(const std::string& path, bool directory) const {
    if (path == rules_.manifest_file) return {true};
    const auto verdict = ignore_verdict(path, directory);
    if (verdict == Verdict::out) return {};
    const bool taken_back = uses_own_ && verdict == Verdict::in;
    if (!taken_back && defaults_.of(path, directory) == Verdict::out) return {};
    if (!taken_back && !is_listed(path, directory)) return {};
    if (!taken_back && last_part(path).starts_with('.')) return {false, true};
    return {true};
  }

  // `only_allowed`: the folder is left out but for what `allow` names in it.
  void walk(const Path& folder, const std::string& base, bool only_allowed) {
    const auto real = fs::canonical(folder);
    if (std::ranges::find(open_, real) != open_.end())
      throw refuse("the link " + wharf::quoted(base.substr(0, base.size() - 1)) +
                   " leads back to a folder that it lies in; leave it out");
    open_.push_back(real);
    read_rules(folder, base);
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    for (const auto& name : names) visit(folder / name, base + name, only_allowed);
    open_.pop_back();
  }

  void visit(const Path& source, const std::string& path, bool only_allowed) {
    if (is_version_control(last_part(path))) return;
    std::error_code failure;
    const auto status = fs::status(source, failure);
    const bool directory = fs::is_directory(status), named = is_allowed(path);
    const Standing standing = only_allowed ? Standing{} : standing_of(path, directory);
    if (!standing.is_in && !named && !(directory && leads_to_allowed(path))) {
      if (standing.is_hidden && !directory) note_hidden_secret(path);
      return;
    }
    const Path real = fs::is_symlink(source) ? target_of(source, path) : source;
    if (directory) return walk(real, path + "/", !standing.is_in && !named);
    if (!fs::is_regular_file(status))
      throw refuse(wharf::quoted(path) +
                   " is neither a file, a folder nor a link; an archive cannot hold it, leave it out");
    take(path, real);
  }

  void note_hidden_secret(const std::string& path) {
    if (auto reason = secret_by_name(path)) list_.secrets.push_back({path, *reason});
  }

  Path target_of(const Path& link, const std::string& path) const {
    std::error_code failure;
    const auto real = fs::canonical(link, failure);
    if (failure) throw refuse("the link " + wharf::quoted(path) + " leads nowhere; mend it, or leave it out");
    const auto below = real.lexically_relative(root_).generic_string();
    if (below.empty() || below == ".." || below.starts_with("../"))
      throw refuse("the link " + wharf::quoted(path) + " leads out of the package, to " +
                   wharf::quoted(real.string()) + "; put a copy in its place, or leave it out");
    for (const auto part : split(below, '/'))
      if (is_version_control(part))
        throw refuse("the link " + wharf::quoted(path) + " leads to " + wharf::quoted(below) +
                     ", which is never packed; leave it out");
    return real;
  }

  void take(const std::string& path, const Path& real) {
    const Fd fd = open_file(real, O_RDONLY | O_NOFOLLOW);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) throw system_error("asking for the size of", real.string());
    if (!is_allowed(path)) {
      auto reason = secret_by_name(path);
      if (!reason) reason = secret_by_name(real.string());
      if (!reason) reason = secret_inside(fd.get(), path);
      if (reason) return list_.secrets.push_back({path, *reason});
    }
    const auto most = ArchiveLimits().entries;
    if (list_.files.size() == most)
      throw Error(Code::archive_size,
                  "the package has more than " + std::to_string(most) +
                      " files, which is the most that an archive may hold; leave some out "
                      "with lines in '.wharfignore'");
    list_.files.push_back(
        {path, real, static_cast<std::uint64_t>(status.st_size), (status.st_mode & S_IXUSR) != 0});
  }

  Path root_;
  const PackRules& rules_;
  bool uses_own_;
  IgnoreRules pack_, beside_, defaults_, ignored_;
  std::vector<Above> above_;  // the farthest first
  std::vector<std::string> allowed_;
  std::vector<Path> open_;  // the folders that are being walked
  PackList list_;
};

}  // namespace

std::uint64_t PackList::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& file : files) sum += file.size;
  return sum;
}

PackList list_files(const Path& root, const PackRules& rules) {
  return Lister(root, rules).run();
}

}  // namespace wharf::client
