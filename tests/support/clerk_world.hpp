// SPDX-License-Identifier: MIT
// What the clerk lives in, for tests: a scratch database, a directory with blobs and a public tree, and a
// hand that writes journal events and blobs as publishing does.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libwharf/base/file.hpp"
#include "registry/projections/clerk.hpp"
#include "registry/store/journal.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/scratch_directory.hpp"

namespace wharf::test {

class ClerkWorld {
 public:
  ClerkWorld();

  // One event each, in a transaction of its own; the number it got.
  std::uint64_t publish(const std::string& package, const std::string& version, const std::string& content);
  std::uint64_t yank(const std::string& package, const std::string& version, const std::string& reason);
  std::uint64_t unyank(const std::string& package, const std::string& version);
  std::uint64_t remove(const std::string& package, const std::string& version);
  std::uint64_t quarantine(const std::string& package, const std::string& reason);
  std::uint64_t release(const std::string& package);
  std::uint64_t add_owner(const std::string& package, const std::string& username);

  void fill();  // a bit of everything

  Path blob(const std::string& content) const;  // where the blob of that content stands
  // Takes the journal back to `seq`, as a restored database would.
  void rewind(std::uint64_t seq);

  ClerkSettings settings() const;
  // Opens a clerk and lets it apply all there is, whole index included.
  void catch_up(const ClerkSettings& settings);
  void catch_up() { catch_up(settings()); }

  // All files below a public tree by path, each with its mode, its modification time (documents and whole
  // index: the rest of a tree is not served with an ETag that must agree) and its bytes.
  static std::map<std::string, std::string> tree(const Path& root);
  std::map<std::string, std::string> tree() const { return tree(public_tree()); }
  // The same of a tree that is made from nothing elsewhere, with the same journal and blobs.
  std::map<std::string, std::string> rebuilt_tree();

  Path public_tree() const { return root() / "public"; }
  const Path& root() const { return directory_.path(); }
  store::Database& database() { return database_; }
  const store::ConnectionSettings& connection_settings() const { return scratch_.settings(); }
  // A configuration file with which the real programs find this world.
  Path config_file() const;
  bool blobs_of_another_user = false;  // as in production; works for root alone

 private:
  std::uint64_t append(const std::string& action, const std::string& package,
                       const std::optional<std::string>& version, const std::string& extra);
  ScratchDatabase scratch_;
  ScratchDirectory directory_;
  store::Database database_;
  Time clock_;
};

// Says the first difference of two trees; empty where there is none.
std::string difference(const std::map<std::string, std::string>& a,
                       const std::map<std::string, std::string>& b);

void assert_as_rebuilt(ClerkWorld& world);

// A file's bytes, or "(no file)".
std::string text_of(const Path& path);

// The real wharf-clerk of this build, or nothing where it was not built.
std::optional<Path> clerk_program();

// A child process with an environment of its own on top of ours. Its messages go to `log`.
class Child {
 public:
  Child(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
        const Path& log);
  ~Child();
  void signal(int number);
  // The status as of waitpid(2).
  int wait();
  bool running();

 private:
  int pid_ = -1;
  int status_ = 0;
};

// Waits until `condition` holds, at most `seconds`; whether it did.
bool eventually(const std::function<bool()>& condition, double seconds = 20);

}  // namespace wharf::test
