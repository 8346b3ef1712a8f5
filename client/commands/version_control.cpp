// SPDX-License-Identifier: MIT
#include "client/commands/version_control.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <vector>

#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_most_output = 1u << 20;

// Standard output of a git that ended well.
std::optional<std::string> git(const Path& folder, std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "--no-optional-locks", "-C", folder.string()});
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "git", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return std::nullopt;
  writing.reset();
  std::string output;
  char buffer[4096];
  while (const auto count = read_some(reading.get(), std::as_writable_bytes(std::span(buffer))))
    if (output.size() < k_most_output) output.append(buffer, count);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return output;
}

}  // namespace

std::optional<std::string> git_user_name(const Path& folder) {
  auto name = git(folder, {"config", "--get", "user.name"});
  if (!name) return std::nullopt;
  while (name->ends_with('\n')) name->pop_back();
  if (name->empty() || !is_utf8(*name) || has_control_characters(*name)) return std::nullopt;
  return name;
}

std::optional<std::size_t> uncommitted_files(const Path& folder) {
  // Asked only where there is a repository, so that nobody else's git is started for nothing.
  std::error_code unseen;
  for (Path above = folder; !std::filesystem::exists(above / ".git", unseen); above = above.parent_path())
    if (above == above.root_path()) return std::nullopt;
  const auto listed = git(folder, {"status", "--porcelain", "--", "."});
  if (!listed) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::count(*listed, '\n'));
}

}  // namespace wharf::client
