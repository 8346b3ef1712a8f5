// SPDX-License-Identifier: MIT
#include "client/registry/archive_download.hpp"

#include <algorithm>
#include <array>

#include "client/cache/archive_places.hpp"
#include "client/program/exit.hpp"
#include "client/registry/content_range.hpp"
#include "client/registry/directory.hpp"
#include "client/registry/origin.hpp"
#include "libwharf/archive/limits.hpp"

namespace wharf::client {

namespace {

// Where nobody says how large an archive is: a registry may allow more than the published rules do, but not
// without end.
constexpr std::uint64_t k_most_bytes = 10 * ArchiveLimits().packed_bytes;

}  // namespace

ArchiveDownload::ArchiveDownload(const RegistryAccess& access, const WantedArchive& wanted, Path target,
                                 OnBytes on_bytes)
    : access_(access),
      wanted_(wanted),
      target_(std::move(target)),
      on_bytes_(std::move(on_bytes)),
      most_(wanted.size != 0 ? wanted.size : k_most_bytes) {}

std::string ArchiveDownload::what() const {
  return "'" + wanted_.name + "' " + wanted_.version.text();
}

void ArchiveDownload::begin(OnDone done, const void* owner) {
  done_ = std::move(done);
  owner_ = owner;
  part_.emplace(partial_directory(access_.cache), registry_key(access_.base) + "-" + wanted_.checksum);
  // Of what is there as a whole, and yet was not renamed, nothing is left to ask for.
  if (part_->size() >= most_) part_->start_over();
  ask();
}

void ArchiveDownload::ask() {
  HttpRequest request;
  request.url = access_.base + "/api/v1/packages/" + wanted_.name + "/" + url_encode(wanted_.version.text()) +
                "/tarball";
  request.compressed = false;
  request.body_limit = ~std::uint64_t{0};  // append() bounds it
  request.before_attempt = [this](unsigned, HttpRequest& next) { set_range(next); };
  request.on_body = [this](const HttpResponse& head, std::string_view bytes) { return take(head, bytes); };
  access_.http().begin(
      std::move(request), [this](HttpOutcome outcome) { ended(std::move(outcome)); }, owner_);
}

void ArchiveDownload::set_range(HttpRequest& request) {
  head_is_due_ = true;
  does_not_fit_ = false;
  request.headers.clear();
  if (part_->size() > 0)
    request.headers.emplace_back("Range", "bytes=" + std::to_string(part_->size()) + "-");
}

bool ArchiveDownload::take(const HttpResponse& head, std::string_view bytes) {
  if (std::exchange(head_is_due_, false)) take_head(head);
  return !does_not_fit_ && append(bytes);
}

void ArchiveDownload::take_head(const HttpResponse& head) {
  if (head.status == 206) {
    const auto range = read_content_range(head.header("content-range"));
    does_not_fit_ = !range || range->first != part_->size() || part_->size() == 0 ||
                    (wanted_.size != 0 && range->total.value_or(wanted_.size) != wanted_.size);
    resumed_ = true;
  } else {
    if (part_->size() > 0) part_->start_over();
    resumed_ = false;
  }
}

bool ArchiveDownload::append(std::string_view bytes) {
  const std::uint64_t room = most_ - part_->size();
  overrun_ = bytes.size() > room;
  part_->append(bytes.substr(0, room));
  on_bytes_(part_->size());
  return !overrun_;
}

void ArchiveDownload::ended(HttpOutcome outcome) {
  try {
    if (settle(outcome)) return;
    done_(nullptr);
  } catch (...) {
    done_(std::current_exception());
  }
}

bool ArchiveDownload::settle(HttpOutcome& outcome) {
  const HttpResponse& response = outcome.get();
  const bool is_short = response.status / 100 == 2 && wanted_.size != 0 && part_->size() < wanted_.size;
  const bool is_wrong_part = response.status == 416 || does_not_fit_ || (overrun_ && resumed_);
  if ((is_wrong_part || is_short) && !began_anew_) {
    begin_anew();
    return true;
  }
  if (response.status == 404)
    throw Error(Code::not_found,
                "the registry '" + access_.base + "' has no archive of " + what() +
                    ", though its index names it; try again in a moment, or choose another version");
  require_success(response);
  if (head_is_due_) take_head(response);  // an empty body
  const std::string digest = part_->finish();
  if (resumed_ && !began_anew_ && digest != wanted_.checksum) {
    begin_anew();
    return true;
  }
  keep_or_refuse(digest);
  return false;
}

void ArchiveDownload::begin_anew() {
  began_anew_ = true;
  overrun_ = false;
  resumed_ = false;
  part_->start_over();
  on_bytes_(0);
  ask();
}

void ArchiveDownload::keep_or_refuse(const std::string& digest) {
  const std::uint64_t size = part_->size();
  if (!overrun_ && digest == wanted_.checksum) {
    part_->move_to(target_);
    return;
  }
  const Path aside = aside_directory(access_.cache) /
                     (wanted_.name + "-" + wanted_.version.text() + "-" + digest.substr(0, 16) + ".tar.gz");
  part_->move_to(aside);
  std::string problem = "the archive of " + what() + " from '" + access_.base + "' ";
  if (overrun_)
    problem += "goes on past the " + std::to_string(most_) + " bytes that it may have, and was cut off there";
  else if (wanted_.size != 0 && size != wanted_.size)
    problem += "has " + std::to_string(size) + " bytes instead of " + std::to_string(wanted_.size);
  else
    problem += "is not the one that was published";
  throw IntegrityError(problem + ": expected SHA-256 " + wanted_.checksum + ", got " + digest +
                       "; it was not used, and is kept for study at '" + aside.native() + "'");
}

void ArchiveDownload::copy_from(const Path& directory) {
  auto file = open_directory_archive(directory, wanted_.name, wanted_.version);
  if (!file)
    throw Error(Code::not_found, "the registry directory '" + directory.native() + "' has no archive of " +
                                     what() + ", though its index names it");
  part_.emplace(partial_directory(access_.cache), registry_key(access_.base) + "-" + wanted_.checksum);
  part_->start_over();
  std::array<std::byte, 65536> buffer;
  while (const std::size_t got = read_some(file->get(), buffer))
    if (!append({reinterpret_cast<const char*>(buffer.data()), got})) break;
  keep_or_refuse(part_->finish());
}

}  // namespace wharf::client
