// SPDX-License-Identifier: MIT
#include "registry/search/index_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "libwharf/base/error.hpp"
#include "libwharf/base/failpoint.hpp"
#include "libwharf/base/log.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::search {

namespace {

constexpr std::string_view k_prefix = "index-";

void remove_tree(const Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) throw internal_error("removing '" + path.native() + "': " + error.message());
}

// Which start of the machine this is.
std::string this_boot() {
  return std::string(trim(read_file("/proc/sys/kernel/random/boot_id").value_or("unknown\n").substr(0, 36)));
}

std::uint64_t number_of(const Path& index) {
  const auto name = index.filename().native();
  if (!name.starts_with(k_prefix)) return 0;
  return parse_number(std::string_view(name).substr(k_prefix.size())).value_or(0);
}

}  // namespace

std::optional<Path> IndexDirectory::current() const {
  char target[64];
  const auto length = ::readlink((root_ / "current").c_str(), target, sizeof target);
  if (length <= 0 || length == sizeof target) return std::nullopt;
  return root_ / std::string(target, static_cast<std::size_t>(length));
}

void IndexDirectory::begin_writing() {
  std::filesystem::create_directories(root_);
  const auto open = read_file(root_ / ".open");
  if (open && trim(*open) != this_boot()) {
    log::warning("the machine went down while the search index was open; it is made again");
    forget_current();
  }
  remove_others();
  write_file_durably(root_ / ".open", this_boot());
}

void IndexDirectory::end_writing() {
  const auto index = current();
  if (!index) return;
  for (const auto& entry : std::filesystem::directory_iterator(*index))
    if (entry.is_regular_file()) sync_file(open_file(entry.path(), O_RDONLY).get(), entry.path());
  sync_directory(*index);
  sync_directory(root_);
  remove_file(root_ / ".open");
  sync_directory(root_);
}

void IndexDirectory::clear_fresh() {
  std::filesystem::create_directories(root_);
  remove_tree(fresh());
}

void IndexDirectory::show_fresh() {
  std::uint64_t number = 1;
  for (const auto& entry : std::filesystem::directory_iterator(root_))
    number = std::max(number, number_of(entry.path()) + 1);
  const std::string name = std::string(k_prefix) + std::to_string(number);
  failpoint("search.before_show");
  rename_over(fresh(), root_ / name);
  const Path link = root_ / ".current";
  remove_file(link);
  if (::symlink(name.c_str(), link.c_str()) != 0) throw system_error("making the link", link.native());
  failpoint("search.within_show");
  rename_over(link, root_ / "current");
  sync_directory(root_);
  failpoint("search.after_show");
  remove_others();
}

void IndexDirectory::forget_current() {
  remove_file(root_ / "current");
  sync_directory(root_);
}

void IndexDirectory::remove_others() const {
  const auto kept = current();
  for (const auto& entry : std::filesystem::directory_iterator(root_))
    if (number_of(entry.path()) > 0 && entry.path() != kept) remove_tree(entry.path());
}

}  // namespace wharf::search
