// SPDX-License-Identifier: MIT
// One request on its way: an easy handle of libcurl, and what its callbacks gather. Inside of this room only.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <string>

#include "client/http/curl.hpp"
#include "client/http/http.hpp"
#include "client/http/origin.hpp"

namespace wharf::client {

class Transfer {
 public:
  using Clock = std::chrono::steady_clock;

  // Throws Error(bad_request) where the URL is none.
  Transfer(HttpRequest request, Http::OnDone done, const void* owner);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Sets the handle up for the next attempt.
  void prepare(curl::Easy easy, const HttpOptions& options);
  curl::Easy take_handle() { return std::move(easy_); }
  CURL* handle() const { return easy_.get(); }
  const void* owner() const { return owner_; }

  enum class Next { ended, again };
  // What becomes of it after an attempt that ended so; `again`: it is due at due().
  Next settle(CURLcode result, const HttpOptions& options);
  void fail(std::exception_ptr fault) { fault_ = fault; }
  // Hands the outcome to who began it.
  void deliver();

  const std::string& host() const { return host_; }  // the origin that is asked next
  bool is_secure() const { return origin_.scheme == "https"; }
  Clock::time_point due() const { return due_; }
  bool used_http1() const { return used_http1_; }

 private:
  static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self);
  static std::size_t on_read(char* bytes, std::size_t, std::size_t size, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static int on_progress(void* self, curl_off_t download_total, curl_off_t downloaded,
                         curl_off_t upload_total, curl_off_t uploaded);

  void set_method();
  void set_headers(const HttpOptions& options);
  void take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  void go_to(const std::string& url);
  bool has_body() const { return request_.upload || !request_.body.empty(); }
  bool is_repeatable() const;
  bool is_redirect() const;
  void follow_redirect();
  Next retry(const HttpOptions& options);

  HttpRequest request_;
  Http::OnDone done_;
  const void* owner_;
  std::string url_, host_;
  Origin first_origin_, origin_;
  unsigned attempt_ = 0, redirects_ = 0, attempts_ = 1;
  Clock::time_point due_{};
  bool used_http1_ = false;

  curl::Easy easy_;
  curl::List headers_;
  Fd upload_;
  std::uint64_t upload_size_ = 0;
  std::array<char, CURL_ERROR_SIZE> words_{};
  HttpResponse response_;
  std::uint64_t taken_ = 0;
  bool stopped_ = false;  // by on_body
  std::exception_ptr fault_;
};

}  // namespace wharf::client
