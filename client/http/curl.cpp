// SPDX-License-Identifier: MIT
#include "client/http/curl.hpp"

#include "client/http/http.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace curl {

void start() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  check(result, "starting");
}

void check(CURLcode result, std::string_view what) {
  if (result != CURLE_OK)
    throw internal_error("libcurl, " + std::string(what) + ": " + curl_easy_strerror(result));
}

void check(CURLMcode result, std::string_view what) {
  if (result != CURLM_OK)
    throw internal_error("libcurl, " + std::string(what) + ": " + curl_multi_strerror(result));
}

namespace {

std::string sentence(CURLcode result, const std::string& place) {
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the host of '" + place + "' is not known; check the address and the network, or use --offline";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "the proxy for '" + place +
             "' is not known; check https_proxy and http_proxy in the environment";
    case CURLE_COULDNT_CONNECT:
      return "'" + place + "' cannot be reached; check the address and the network, or use --offline";
    case CURLE_OPERATION_TIMEDOUT:
      return "'" + place + "' does not answer in time; try again, or set a longer 'timeout'";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "the certificate of '" + place + "' is not trusted; for an authority of your own set 'ca_file'";
    case CURLE_SSL_CACERT_BADFILE:
      return "the file of certificates that 'ca_file' names cannot be read; expected PEM";
    case CURLE_SSL_CONNECT_ERROR:
      return "no secure connection to '" + place + "' comes about; check that it speaks TLS there";
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return "the connection to '" + place + "' broke off; try again";
    case CURLE_BAD_CONTENT_ENCODING:
      return "'" + place + "' sent an answer that cannot be unpacked; try again";
    default:
      return "talking to '" + place + "' failed; check that a registry answers there";
  }
}

}  // namespace

Error fault(CURLcode result, const std::string& place, std::string_view own_words) {
  std::string detail = own_words.empty() ? std::string(curl_easy_strerror(result)) : std::string(own_words);
  return Error(Code::unavailable, sentence(result, place),
               "libcurl " + std::to_string(result) + ": " + detail);
}

unsigned attempts_for(CURLcode result) {
  switch (result) {
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return ~0u;
    case CURLE_COULDNT_CONNECT:
      return 3;
    // A person waits for these, and they seldom pass.
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return 2;
    default:
      return 1;
  }
}

bool is_before_sending(CURLcode result) {
  return result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_COULDNT_CONNECT ||
         result == CURLE_COULDNT_RESOLVE_PROXY || result == CURLE_SSL_CONNECT_ERROR;
}

std::string resolve(const std::string& base, const std::string& location) {
  const Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
    return {};
  char* text = nullptr;
  if (curl_url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) return {};
  const Handle<char, curl_free> owner(text);
  return text;
}

}  // namespace curl

std::string url_encode(std::string_view text) {
  static constexpr char k_digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', k_digits[byte >> 4], k_digits[byte & 15]};
    }
  }
  return out;
}

}  // namespace wharf::client
