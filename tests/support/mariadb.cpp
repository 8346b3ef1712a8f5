// SPDX-License-Identifier: MIT
#include "tests/support/mariadb.hpp"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "libwharf/base/text.hpp"
#include "registry/store/migrations.hpp"

namespace wharf::test {

namespace {

// As root the server runs as an unprivileged account; MariaDB refuses to run as root.
std::string server_user() {
  return ::geteuid() == 0 ? "nobody" : "";
}

int spawn(const std::vector<std::string>& command, const std::string& log, const std::string& user) {
  const int pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!user.empty()) {
    const passwd* account = ::getpwnam(user.c_str());
    if (account == nullptr || ::setgroups(0, nullptr) != 0 || ::setgid(account->pw_gid) != 0 ||
        ::setuid(account->pw_uid) != 0)
      ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of user clears it
  }
  if (std::freopen(log.c_str(), "a", stdout) == nullptr || ::dup2(1, 2) < 0) ::_exit(126);
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

store::ConnectionSettings named_server(std::string_view text) {
  store::ConnectionSettings settings;
  const auto at = text.rfind('@');
  if (at == text.npos)
    throw std::runtime_error("WHARF_TEST_DB must be user:password@host:port or user:password@/socket");
  const auto who = text.substr(0, at);
  const auto where = text.substr(at + 1);
  settings.user = who.substr(0, who.find(':'));
  if (const auto colon = who.find(':'); colon != who.npos) settings.password = who.substr(colon + 1);
  if (where.starts_with('/')) {
    settings.socket = where;
  } else {
    settings.host = where.substr(0, where.find(':'));
    if (const auto colon = where.find(':'); colon != where.npos)
      settings.port = static_cast<unsigned>(parse_number(where.substr(colon + 1)).value_or(3306));
  }
  settings.allow_unsafe_durability = true;
  return settings;
}

}  // namespace

Server& Server::instance() {
  static Server server;
  return server;
}

Server::Server() {
  if (const char* named = std::getenv("WHARF_TEST_DB")) {
    base_ = named_server(named);
    return;
  }
  std::string pattern = "/tmp/wharf-test-db.XXXXXX";
  directory_ = ::mkdtemp(pattern.data());
  if (!server_user().empty()) {
    const passwd* account = ::getpwnam(server_user().c_str());
    if (::chown(directory_.c_str(), account->pw_uid, account->pw_gid) != 0)
      throw std::runtime_error("chown failed");
  }
  const int pid = spawn(
      {"/usr/bin/mariadb-install-db", "--no-defaults", "--force", "--auth-root-authentication-method=normal",
       "--skip-test-db", "--tmpdir=" + directory_, "--datadir=" + directory_ + "/data"},
      directory_ + "/log", server_user());
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error("mariadb-install-db failed; see " + directory_ + "/log");
  base_.socket = directory_ + "/db.sock";
  base_.user = "root";
  start();
}

void Server::start() {
  pid_ = spawn({"/usr/sbin/mariadbd", "--no-defaults", "--datadir=" + directory_ + "/data",
                "--skip-networking", "--socket=" + base_.socket, "--pid-file=" + directory_ + "/pid",
                "--tmpdir=" + directory_, "--innodb-buffer-pool-size=64M",
                "--innodb-flush-log-at-trx-commit=1", "--performance-schema=OFF", "--max-allowed-packet=64M"},
               directory_ + "/log", server_user());
  for (int tries = 0; tries < 600; ++tries) {
    try {
      store::Connection connection(base_);
      return;
    } catch (const store::DatabaseError&) {
      if (::waitpid(pid_, nullptr, WNOHANG) == pid_) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  throw std::runtime_error("mariadbd did not start; see " + directory_ + "/log");
}

void Server::kill_hard() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

Server::~Server() {
  if (pid_ != 0) kill_hard();
  if (!directory_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
}

store::ConnectionSettings Server::settings(const std::string& database) const {
  auto settings = base_;
  settings.database = database;
  return settings;
}

ScratchDatabase::ScratchDatabase() {
  static int counter = 0;
  const std::string name = "wharf_test_" + std::to_string(::getpid()) + "_" + std::to_string(++counter);
  store::Connection server(Server::instance().settings(""));
  server.run_text("CREATE DATABASE " + name);
  settings_ = Server::instance().settings(name);
  store::Connection connection(settings_);
  store::migrate(connection);
}

ScratchDatabase::~ScratchDatabase() {
  try {
    store::Connection server(Server::instance().settings(""));
    server.run_text("DROP DATABASE " + settings_.database);
  } catch (...) {  // the server goes with the process
  }
}

}  // namespace wharf::test
