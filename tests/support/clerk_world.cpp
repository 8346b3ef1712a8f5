// SPDX-License-Identifier: MIT
#include "tests/support/clerk_world.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cppunit/TestAssert.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::test {

ClerkWorld::ClerkWorld() : database_(scratch_.settings()), clock_(*from_rfc3339("2026-01-31T10:00:00Z")) {
  for (const char* part : {"run", "blobs"}) std::filesystem::create_directories(root() / part);
}

void ClerkWorld::fill() {
  publish("alpha", "1.0.0", "alpha one");
  publish("alpha", "1.1.0", "alpha two");
  publish("alpha", "1.1.0-rc.1", "alpha candidate");
  publish("a-b", "0.1.0", "of a-b");
  yank("alpha", "1.0.0", "broken");
  publish("beta", "1.0.0", "beta one");
  remove("beta", "1.0.0");
  publish("gamma", "1.0.0", "alpha one");  // the same bytes as another's
  add_owner("gamma", "grace");
  yank("alpha", "1.1.0", "worse");
  unyank("alpha", "1.1.0");
  quarantine("a-b", "squats a name");
  publish("delta", "1.0.0", "delta one");
  quarantine("delta", "looked into");
  release("delta");
}

void assert_as_rebuilt(ClerkWorld& world) {
  CPPUNIT_ASSERT_EQUAL(std::string(), difference(world.tree(), world.rebuilt_tree()));
}

std::string text_of(const Path& path) {
  return read_file(path, 1u << 30).value_or("(no file)");
}

Path ClerkWorld::blob(const std::string& content) const {
  const auto digest = to_hex(sha256(content));
  return root() / "blobs" / digest.substr(0, 2) / digest;
}

std::uint64_t ClerkWorld::append(const std::string& action, const std::string& package,
                                 const std::optional<std::string>& version, const std::string& extra) {
  clock_ += std::chrono::seconds(1);
  store::JournalEvent event;
  event.at = clock_;
  event.action = action;
  event.package = package;
  event.version = version;
  event.actor = "ada";
  json::Writer body;
  body.begin_object();
  body.member("action", action).member("actor", "ada").member("at", to_rfc3339(clock_));
  body.member("package", package).member("version", version);
  body.key("metadata")
      .raw(R"({"description":"what )" + package +
           R"( is for","license":"MIT","homepage":null,)"
           R"("repository":null,"documentation":null,"keywords":["one","two"],"categories":[],)"
           R"("authors":["Ada"],"created_at":"2026-01-31T10:00:00Z"})");
  body.key("owners").raw(R"([{"role":"owner","username":"ada"}])");
  std::string text = body.take();
  event.body = json::canonical(json::parse(text + extra + "}").root());
  database_.transaction([&](store::Connection& c) { store::append_event(c, event); });
  return event.seq;
}

std::uint64_t ClerkWorld::publish(const std::string& package, const std::string& version,
                                  const std::string& content) {
  const Path path = blob(content);
  std::filesystem::create_directories(path.parent_path());
  if (!std::filesystem::exists(path)) {
    write_file_durably(path, content, 0640);
    if (blobs_of_another_user && ::chown(path.c_str(), 65534, 65534) != 0)
      throw std::runtime_error("chown failed");
  }
  const std::string entry =
      R"({"version":)" + json::quote(version) + R"(,"checksum":")" + path.filename().native() +
      R"(","size":)" + std::to_string(content.size()) +
      R"(,"dependencies":{"other":{"req":"^1.0.0","features":[],"optional":false,"target":null}},)"
      R"("dev_dependencies":{},"yanked":false,"yank_reason":null,"published_at":")" +
      to_rfc3339(clock_) + R"("})";
  return append("publish", package, version, R"(,"entry":)" + entry);
}

std::uint64_t ClerkWorld::yank(const std::string& package, const std::string& version,
                               const std::string& reason) {
  return append("yank", package, version, R"(,"reason":)" + json::quote(reason));
}

std::uint64_t ClerkWorld::unyank(const std::string& package, const std::string& version) {
  return append("unyank", package, version, "");
}

std::uint64_t ClerkWorld::remove(const std::string& package, const std::string& version) {
  return append("remove", package, version, "");
}

std::uint64_t ClerkWorld::quarantine(const std::string& package, const std::string& reason) {
  return append("quarantine", package, std::nullopt, R"(,"reason":)" + json::quote(reason));
}

std::uint64_t ClerkWorld::release(const std::string& package) {
  return append("release", package, std::nullopt, "");
}

std::uint64_t ClerkWorld::add_owner(const std::string& package, const std::string&) {
  return append("owner-add", package, std::nullopt, "");
}

void ClerkWorld::rewind(std::uint64_t seq) {
  database_.transaction([&](store::Connection& c) {
    c.execute("DELETE FROM journal WHERE seq > ?", seq);
    c.execute("UPDATE clerks SET seq = ? WHERE seq > ?", seq, seq);
  });
}

ClerkSettings ClerkWorld::settings() const {
  ClerkSettings settings;
  settings.public_tree = public_tree();
  settings.blobs = root() / "blobs";
  settings.visibility = root() / "run" / "clerk.state";
  settings.machine = "main";
  settings.public_url = "https://wharf.example";
  return settings;
}

void ClerkWorld::catch_up(const ClerkSettings& settings) {
  Clerk clerk(settings, database_);
  clerk.open();
  while (clerk.step()) {
  }
  clerk.settle();
}

std::map<std::string, std::string> ClerkWorld::tree(const Path& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) != 0) throw std::runtime_error("lstat failed");
    const std::string name = std::filesystem::relative(entry.path(), root);
    const bool dated = name.starts_with("index");
    files[name] = "mode " + std::to_string(status.st_mode) +
                  (dated && S_ISREG(status.st_mode) ? " time " + std::to_string(status.st_mtime) : "") +
                  "\n" + (S_ISREG(status.st_mode) ? *read_file(entry.path(), 1u << 30) : "");
  }
  return files;
}

std::map<std::string, std::string> ClerkWorld::rebuilt_tree() {
  auto elsewhere = settings();
  elsewhere.public_tree = root() / "rebuilt";
  elsewhere.visibility = root() / "run" / "rebuilt.state";
  elsewhere.machine = "rebuilt";
  std::filesystem::remove_all(elsewhere.public_tree);
  Clerk clerk(elsewhere, database_);
  clerk.rebuild();
  clerk.settle();
  return tree(elsewhere.public_tree);
}

Path ClerkWorld::config_file() const {
  const Path file = root() / "wharf.conf";
  const auto& database = scratch_.settings();
  write_file_durably(file, "[site]\npublic_url = https://wharf.example\n[database]\nsocket = " +
                               database.socket + "\nhost = " + database.host +
                               "\nport = " + std::to_string(database.port) + "\nname = " + database.database +
                               "\nuser = " + database.user + "\npassword = " + database.password +
                               "\nallow_unsafe_durability = on\n[storage]\nroot = " + root().native() + "\n");
  return file;
}

std::string difference(const std::map<std::string, std::string>& a,
                       const std::map<std::string, std::string>& b) {
  for (const auto& [name, content] : a) {
    const auto other = b.find(name);
    if (other == b.end()) return "'" + name + "' is in the first alone";
    if (other->second != content)
      return "'" + name + "' differs:\n" + content.substr(0, 2000) + "\n--- and ---\n" +
             other->second.substr(0, 2000);
  }
  for (const auto& [name, content] : b)
    if (!a.contains(name)) return "'" + name + "' is in the second alone";
  return "";
}

std::optional<Path> clerk_program() {
  const Path path =
      std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path().parent_path() / "bin" /
      "wharf-clerk";
  if (std::filesystem::exists(path)) return path;
  return std::nullopt;
}

Child::Child(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
             const Path& log) {
  pid_ = ::fork();
  if (pid_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (fd < 0 || ::dup2(fd, 1) < 0 || ::dup2(fd, 2) < 0) ::_exit(126);
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

Child::~Child() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
}

void Child::signal(int number) {
  if (pid_ > 0) ::kill(pid_, number);
}

int Child::wait() {
  if (pid_ > 0) ::waitpid(pid_, &status_, 0);
  pid_ = -1;
  return status_;
}

bool Child::running() {
  if (pid_ > 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

bool eventually(const std::function<bool()>& condition, double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace wharf::test
