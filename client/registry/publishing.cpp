// SPDX-License-Identifier: MIT
#include "client/registry/publishing.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "client/program/exit.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/crypto/digest.hpp"

namespace wharf::client {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned k_attempts = 4;
constexpr milliseconds k_first_pause{500};
constexpr seconds k_longest_pause{10};
constexpr milliseconds k_between_looks{200};

std::string what_of(const Upload& wanted) {
  return wanted.name + " " + wanted.version;
}

HttpRequest request_for(const Api& api, const Upload& wanted, std::string_view query) {
  HttpRequest request = api.request("PUT", version_path(wanted.name, wanted.version) + std::string(query));
  request.headers.emplace_back("Content-Type", "application/gzip");
  request.headers.emplace_back("X-Checksum-SHA256", wanted.checksum);
  request.upload = wanted.archive;
  // Sent again by upload(), which looks first whether it arrived.
  request.repeatable = false;
  return request;
}

// Nothing where the version is not there.
std::optional<std::string> published_checksum(Api& api, const Upload& wanted) {
  const auto response = api.http().send(api.request("GET", version_path(wanted.name, wanted.version)));
  if (response.status == 404) return std::nullopt;
  Api::require_success(response);
  return text_of(json::parse(response.body).root(), "checksum");
}

Error other_bytes(const Upload& wanted, const std::string& there) {
  return Error(
      Code::version_exists,
      what_of(wanted) + " is published already, with other content (there: " + there +
          ", here: " + wanted.checksum +
          "); a published version never changes: raise the version in the manifest and publish that");
}

// What a 409 says of these bytes: true for the very same.
bool is_the_same(const Upload& wanted, const HttpResponse& response) {
  const Error error = error_of(response);
  if (error.code() != Code::version_exists) return false;
  const auto found =
      std::ranges::find(error.details(), "checksum", &std::pair<std::string, std::string>::first);
  if (found == error.details().end()) return false;
  if (found->second != wanted.checksum) throw other_bytes(wanted, found->second);
  return true;
}

bool is_passing(int status) {
  return status == 502 || status == 503 || status == 504;
}

milliseconds pause_before(unsigned attempt, const std::optional<int>& retry_after) {
  const milliseconds pause =
      retry_after ? milliseconds(seconds(*retry_after)) : k_first_pause * (1 << attempt);
  return std::min<milliseconds>(pause, k_longest_pause);
}

void require_checksum(const Upload& wanted, std::string_view what, const std::string& found) {
  if (found == wanted.checksum) return;
  throw IntegrityError("the registry has " + what_of(wanted) + " with another content: " + std::string(what) +
                       " has the SHA-256 " + found + ", what was sent has " + wanted.checksum +
                       "; yank it, and tell the registry's operator");
}

// Nothing where the archive is not there (yet).
std::optional<std::string> arriving_checksum(Api& api, const Upload& wanted) {
  HttpRequest request = api.request("GET", version_path(wanted.name, wanted.version) + "/tarball");
  request.compressed = false;
  request.body_limit = wanted.size + (1u << 20);
  Sha256 digest;
  std::uint64_t length = 0;
  request.before_attempt = [&](unsigned, HttpRequest&) {
    digest = Sha256();
    length = 0;
  };
  request.on_body = [&](const HttpResponse& head, std::string_view bytes) {
    if (head.status != 200) return false;
    digest.update(bytes);
    length += bytes.size();
    return length <= wanted.size;  // more of it makes it no more wrong
  };
  const auto response = api.http().send(request);
  if (response.status == 404) return std::nullopt;
  if (response.status != 200)
    throw Error(Code::unavailable, "the archive of " + what_of(wanted) + " was answered with the status " +
                                       std::to_string(response.status));
  return to_hex(digest.finish());
}

Error unknown_end(const Upload& wanted, const Error& trouble) {
  return Error(Code::unavailable,
               "whether " + what_of(wanted) + " was published is not known, since no answer came (" +
                   trouble.public_message() + "); publish again: the same bytes twice do no harm");
}

// published_checksum() once an upload has begun.
std::optional<std::string> checksum_after(Api& api, const Upload& wanted) {
  try {
    return published_checksum(api, wanted);
  } catch (const Error& error) {
    if (error.code() != Code::unavailable) throw;
    throw unknown_end(wanted, error);
  }
}

}  // namespace

Uploaded upload(Api& api, const Upload& wanted, const Http::OnProgress& on_progress,
                const std::function<void(std::string_view)>& say) {
  bool began = false;  // before that nothing can have arrived
  const auto watch = [&](std::uint64_t done, std::uint64_t total) {
    began = began || done > 0;
    if (on_progress) on_progress(done, total);
  };
  for (unsigned attempt = 0;; ++attempt) {
    std::optional<Error> trouble;
    bool is_refusal = false;  // sending it again would change nothing
    try {
      const auto response = api.http().send(request_for(api, wanted, ""), watch);
      if (response.status / 100 == 2)
        return {.was_there = false, .is_visible = response.header("wharf-visible") != "pending"};
      // What an earlier attempt of ours brought there is no surprise.
      if (response.status == 409 && is_the_same(wanted, response)) return {.was_there = attempt == 0};
      // Something broke there, perhaps behind the moment at which it was published.
      is_refusal = response.status == 500;
      if (!is_refusal && !is_passing(response.status)) Api::require_success(response);
      trouble = error_of(response);
    } catch (const Error& error) {
      if (error.code() != Code::unavailable || !began) throw;
      trouble = error;
    }
    if (attempt + 1 == k_attempts) throw unknown_end(wanted, *trouble);
    say("no answer to the upload (" + trouble->public_message() + "); looking whether it arrived");
    std::this_thread::sleep_for(pause_before(attempt, trouble->retry_after()));
    if (const auto there = checksum_after(api, wanted)) {
      if (*there != wanted.checksum) throw other_bytes(wanted, *there);
      return {};
    }
    if (is_refusal) throw *trouble;
  }
}

ApiAnswer try_upload(Api& api, const Upload& wanted, const Http::OnProgress& on_progress) {
  auto response = api.http().send(request_for(api, wanted, "?dry_run=1"), on_progress);
  if (response.status == 409 && is_the_same(wanted, response))
    return {std::move(response), json::parse("null")};
  Api::require_success(response);
  auto document = json::parse(response.body);
  return {std::move(response), std::move(document)};
}

void read_back(Api& api, const Upload& wanted, std::chrono::milliseconds patience) {
  const auto noted = published_checksum(api, wanted);
  if (!noted)
    throw Error(Code::not_found, "the registry does not show " + what_of(wanted) +
                                     ", though it said that it was published; look again in a moment");
  require_checksum(wanted, "its entry", *noted);
  for (const auto until = std::chrono::steady_clock::now() + patience;;
       std::this_thread::sleep_for(k_between_looks)) {
    if (const auto arriving = arriving_checksum(api, wanted))
      return require_checksum(wanted, "the archive that arrives", *arriving);
    if (std::chrono::steady_clock::now() >= until)
      throw Error(Code::not_found, "the archive of " + what_of(wanted) +
                                       " cannot be fetched yet; everyone will have it in a moment");
  }
}

}  // namespace wharf::client
