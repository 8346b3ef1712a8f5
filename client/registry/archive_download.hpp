// SPDX-License-Identifier: MIT
// One archive on its way from a registry into the cache. Between archives.cpp and archive_download.cpp alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/cache/partial_file.hpp"
#include "client/registry/access.hpp"
#include "client/registry/archives.hpp"

namespace wharf::client {

class ArchiveDownload {
 public:
  using OnBytes = std::function<void(std::uint64_t)>;
  using OnDone = std::function<void(std::exception_ptr)>;

  // `target` is where it lies when it is right.
  ArchiveDownload(const RegistryAccess& access, const WantedArchive& wanted, Path target, OnBytes on_bytes);

  // Over the network. `done` is called once, from within the Http's work(), with what went wrong, if
  // anything; `owner` is for Http::abandon().
  void begin(OnDone done, const void* owner);
  // From a registry that is a directory, at once.
  void copy_from(const Path& directory);

 private:
  void ask();
  void set_range(HttpRequest& request);
  bool take(const HttpResponse& head, std::string_view bytes);
  void take_head(const HttpResponse& head);
  bool append(std::string_view bytes);
  void ended(HttpOutcome outcome);
  // True where the download begins anew.
  bool settle(HttpOutcome& outcome);
  void keep_or_refuse(const std::string& digest);
  void begin_anew();
  std::string what() const;

  const RegistryAccess& access_;
  const WantedArchive& wanted_;
  Path target_;
  OnBytes on_bytes_;
  OnDone done_;
  const void* owner_ = nullptr;
  std::uint64_t most_;  // bytes that it may have
  std::optional<PartialFile> part_;
  bool head_is_due_ = true;    // of this attempt
  bool resumed_ = false;       // what is there came in more than one answer
  bool does_not_fit_ = false;  // the answer is no continuation of what is there
  bool overrun_ = false;
  bool began_anew_ = false;
};

}  // namespace wharf::client
