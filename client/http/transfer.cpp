// SPDX-License-Identifier: MIT
#include "client/http/transfer.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>

#include "client/http/retry.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

constexpr unsigned k_redirects = 5;
constexpr std::uint64_t k_refusal_bytes = 64u << 10;  // of an answer that is no success
constexpr long k_stalled_below = 100;                 // bytes a second

double jitter() {
  static std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  curl::check(curl_easy_setopt(easy, option, value), "setting an option");
}

}  // namespace

Transfer::Transfer(HttpRequest request, Http::OnDone done, const void* owner)
    : request_(std::move(request)), done_(std::move(done)), owner_(owner) {
  go_to(request_.url);
  first_origin_ = origin_;
}

void Transfer::go_to(const std::string& url) {
  const auto origin = origin_of(url);
  if (!origin)
    throw Error(Code::bad_request, "the address " + wharf::quoted(url) +
                                       " is not understood; expected 'https://HOST' or 'http://HOST:PORT'");
  url_ = url;
  origin_ = *origin;
  host_ = origin->text();
}

void Transfer::prepare(curl::Easy easy, const HttpOptions& options) {
  if (request_.before_attempt) request_.before_attempt(attempt_, request_);
  attempts_ = std::max(options.attempts, 1u);
  response_ = {};
  response_.url = url_;
  taken_ = 0;
  stopped_ = false;
  words_[0] = '\0';
  easy_ = std::move(easy);
  CURL* const handle = easy_.get();
  set(handle, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(handle, CURLOPT_ERRORBUFFER, words_.data());
  set(handle, CURLOPT_URL, url_.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_PATH_AS_IS, 1L);
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  // Many streams of one connection, rather than a handshake for each. Without TLS there is nothing to wait
  // for.
  set(handle, CURLOPT_PIPEWAIT, is_secure() ? 1L : 0L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(handle, CURLOPT_LOW_SPEED_LIMIT, k_stalled_below);
  set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_timeout.count()));
  set(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!options.ca_file.empty()) {
    set(handle, CURLOPT_CAINFO, options.ca_file.c_str());
    set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (request_.compressed) set(handle, CURLOPT_ACCEPT_ENCODING, "");
  set(handle, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(handle, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(handle, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(handle, CURLOPT_WRITEDATA, static_cast<void*>(this));
  if (request_.on_progress) {
    set(handle, CURLOPT_NOPROGRESS, 0L);
    set(handle, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    set(handle, CURLOPT_XFERINFODATA, static_cast<void*>(this));
  }
  set_method();
  set_headers(options);
}

void Transfer::set_method() {
  CURL* const handle = easy_.get();
  if (request_.upload) {
    upload_ = open_file(*request_.upload, O_RDONLY);
    struct stat status {};
    if (::fstat(upload_.get(), &status) != 0) throw system_error("looking at", request_.upload->native());
    upload_size_ = static_cast<std::uint64_t>(status.st_size);
    set(handle, CURLOPT_UPLOAD, 1L);
    set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload_size_));
    set(handle, CURLOPT_READFUNCTION, &Transfer::on_read);
    set(handle, CURLOPT_READDATA, static_cast<void*>(this));
    set(handle, CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
    set(handle, CURLOPT_SEEKDATA, static_cast<void*>(this));
  } else if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT") {
    set(handle, CURLOPT_POST, 1L);
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(handle, CURLOPT_POSTFIELDS, request_.body.c_str());
  } else if (request_.method == "HEAD") {
    set(handle, CURLOPT_NOBODY, 1L);
  }
  set(handle, CURLOPT_CUSTOMREQUEST, request_.method == "HEAD" ? nullptr : request_.method.c_str());
}

void Transfer::set_headers(const HttpOptions& options) {
  headers_.reset();
  const auto add = [this](const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw internal_error("libcurl: no memory for a header");
    (void)headers_.release();
    headers_.reset(longer);
  };
  bool has_type = false;
  for (const auto& [name, value] : request_.headers) {
    if (has_control_characters(name) || has_control_characters(value))
      throw internal_error("a header with control characters: " + wharf::quoted(name));
    has_type = has_type || equal_folded(name, "Content-Type");
    add(name + ": " + value);
  }
  // libcurl would say that it is a form.
  if (!has_type) add("Content-Type:");
  if (!request_.token.empty() && origin_ == first_origin_) {
    if (has_control_characters(request_.token))
      throw Error(Code::bad_request,
                  "the token holds control characters; expected the text as the registry gave it");
    add("Authorization: Bearer " + request_.token);
  }
  set(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
  set(easy_.get(), CURLOPT_USERAGENT,
      options.user_agent.empty() ? "wharf/" WHARF_VERSION : options.user_agent.c_str());
}

std::size_t Transfer::on_header(char* bytes, std::size_t, std::size_t size, void* self) {
  try {
    static_cast<Transfer*>(self)->take_header(std::string_view(bytes, size));
    return size;
  } catch (...) {
    static_cast<Transfer*>(self)->fault_ = std::current_exception();
    return 0;
  }
}

void Transfer::take_header(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    // An interim answer (100, 103) is followed by the real one.
    response_.headers.clear();
    const auto words = split(line, ' ');
    const auto status = words.size() > 1 ? parse_number(words[1]) : std::nullopt;
    response_.status = status && *status < 1000 ? static_cast<int>(*status) : 0;
    used_http1_ = line.starts_with("HTTP/1");
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  response_.headers[fold(line.substr(0, colon))] = std::string(trim(line.substr(colon + 1)));
}

std::size_t Transfer::on_body(char* bytes, std::size_t, std::size_t size, void* self) {
  try {
    return static_cast<Transfer*>(self)->take_body(std::string_view(bytes, size)) ? size : 0;
  } catch (...) {
    static_cast<Transfer*>(self)->fault_ = std::current_exception();
    return 0;
  }
}

bool Transfer::take_body(std::string_view bytes) {
  if (response_.status / 100 != 2) {
    // A refusal is read as far as a sentence goes; the rest is of no use, but is waited for to keep the
    // connection.
    const std::uint64_t room =
        k_refusal_bytes - std::min<std::uint64_t>(k_refusal_bytes, response_.body.size());
    response_.body.append(bytes.substr(0, room));
    taken_ += bytes.size();
    stopped_ = taken_ > 16 * k_refusal_bytes;
    return !stopped_;
  }
  taken_ += bytes.size();
  if (taken_ > request_.body_limit)
    throw Error(Code::payload_too_large, wharf::quoted(host_) + " sends more than the " +
                                             std::to_string(request_.body_limit) + " bytes that are taken");
  if (!request_.on_body) {
    response_.body.append(bytes);
    return true;
  }
  stopped_ = !request_.on_body(response_, bytes);
  return !stopped_;
}

std::size_t Transfer::on_read(char* bytes, std::size_t, std::size_t size, void* self) {
  try {
    return read_some(static_cast<Transfer*>(self)->upload_.get(),
                     std::as_writable_bytes(std::span(bytes, size)));
  } catch (...) {
    static_cast<Transfer*>(self)->fault_ = std::current_exception();
    return CURL_READFUNC_ABORT;
  }
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  try {
    seek_to(static_cast<Transfer*>(self)->upload_.get(), static_cast<std::uint64_t>(offset));
    return CURL_SEEKFUNC_OK;
  } catch (...) {
    return CURL_SEEKFUNC_FAIL;
  }
}

int Transfer::on_progress(void* self, curl_off_t download_total, curl_off_t downloaded,
                          curl_off_t upload_total, curl_off_t uploaded) {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    const bool up = transfer.has_body();
    transfer.request_.on_progress(static_cast<std::uint64_t>(up ? uploaded : downloaded),
                                  static_cast<std::uint64_t>(up ? upload_total : download_total));
    return 0;
  } catch (...) {
    transfer.fault_ = std::current_exception();
    return 1;
  }
}

bool Transfer::is_repeatable() const {
  return request_.repeatable.value_or(request_.method == "GET" || request_.method == "HEAD");
}

bool Transfer::is_redirect() const {
  const int status = response_.status;
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !response_.header("location").empty();
}

void Transfer::follow_redirect() {
  const std::string from = host_;
  const std::string target = curl::resolve(url_, std::string(response_.header("location")));
  const auto refuse = [&](const std::string& why) {
    throw Error(Code::unavailable,
                "'" + from + "' sends the request on to " + wharf::quoted(target) + ", " + why);
  };
  const auto origin = origin_of(target);
  if (!origin) refuse("which is no address of a registry");
  if (++redirects_ > k_redirects) refuse("and so on without an end; check the registry's address");
  if (origin_.scheme == "https" && origin->scheme != "https")
    refuse("which is not secure; check the registry's address");
  if (request_.method != "GET" && request_.method != "HEAD" && *origin != first_origin_)
    refuse("another place; set the registry's address to that, if it is to be trusted");
  if (request_.method != "GET" && request_.method != "HEAD" && response_.status != 307 &&
      response_.status != 308)
    refuse("with status " + std::to_string(response_.status) +
           ", which drops what was to be sent; check the registry's address");
  go_to(target);
}

Transfer::Next Transfer::retry(const HttpOptions& options) {
  const auto asked = read_retry_after(response_.header("retry-after"), now());
  due_ = Clock::now() + pause_after(attempt_++, options.first_pause, jitter(), asked);
  return Next::again;
}

Transfer::Next Transfer::settle(CURLcode result, const HttpOptions& options) {
  headers_.reset();
  upload_.reset();
  if (fault_) return Next::ended;
  if (result == CURLE_OK || stopped_) {
    if (is_redirect()) {
      try {
        follow_redirect();
      } catch (...) {
        fault_ = std::current_exception();
        return Next::ended;
      }
      due_ = {};
      return Next::again;
    }
    if (is_worth_retrying(response_.status) && is_repeatable() && attempt_ + 1 < attempts_)
      return retry(options);
    return Next::ended;
  }
  const bool may_repeat = is_repeatable() || curl::is_before_sending(result);
  if (may_repeat && attempt_ + 1 < std::min(attempts_, curl::attempts_for(result))) return retry(options);
  fault_ = std::make_exception_ptr(curl::fault(result, host_, words_.data()));
  return Next::ended;
}

void Transfer::deliver() {
  if (done_) done_(HttpOutcome{std::move(response_), fault_});
}

}  // namespace wharf::client
