// SPDX-License-Identifier: MIT
// Files that are durable when we say so: write, fsync, rename, fsync the directory.
// Every function throws system_error (Code::internal_error) with the path in its detail, unless it says
// otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wharf {

using Path = std::filesystem::path;

// Owns a file descriptor. -1 is "none".
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  int release() noexcept;
  void reset() noexcept;

 private:
  int number_ = -1;
};

// open(2) with O_CLOEXEC; throws where it cannot be opened.
Fd open_file(const Path& path, int flags, unsigned mode = 0644);
// As open_file, but nothing where the path does not exist.
std::optional<Fd> open_existing(const Path& path, int flags);

// Reads up to the buffer's size; 0 means end of file. Interrupted calls go on.
std::size_t read_some(int fd, std::span<std::byte> buffer);
void write_all(int fd, std::string_view bytes);
void seek_to(int fd, std::uint64_t offset);

// The whole file, or nothing where it does not exist. A file larger than `limit` bytes is an error.
std::optional<std::string> read_file(const Path& path, std::size_t limit = 64u << 20);

void sync_file(int fd, const Path& path);
void sync_directory(const Path& directory);

// rename(2), atomic; the caller syncs the directories.
void rename_over(const Path& from, const Path& to);
// renameat2(RENAME_NOREPLACE); false where `to` is there already.
bool rename_no_replace(const Path& from, const Path& to);
// Removes a file; true where there was one.
bool remove_file(const Path& path);

// A file that appears whole or not at all. Written beside its target under a hidden temporary name; without
// commit() the destructor removes it.
class AtomicFile {
 public:
  explicit AtomicFile(Path target, unsigned mode = 0644);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  int fd() const noexcept { return fd_.get(); }
  void write(std::string_view bytes) { write_all(fd_.get(), bytes); }
  // fsync, rename over the target, and fsync of the directory unless the caller does that for many files at
  // once.
  enum class Directory { sync, leave };
  void commit(Directory directory = Directory::sync);

 private:
  Path target_;
  Path temporary_;
  Fd fd_;
  bool committed_ = false;
};

// AtomicFile for content that is at hand.
void write_file_durably(const Path& target, std::string_view content, unsigned mode = 0644);

}  // namespace wharf
