// SPDX-License-Identifier: MIT
// The one reading of libcurl's return codes, and owners of its handles. Inside of this room only.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "libwharf/base/error.hpp"
#include "libwharf/base/handle.hpp"

namespace wharf::client::curl {

using Easy = Handle<CURL, curl_easy_cleanup>;
using Multi = Handle<CURLM, curl_multi_cleanup>;
using List = Handle<curl_slist, curl_slist_free_all>;
using Url = Handle<CURLU, curl_url_cleanup>;

// Once in a process; every use of the library begins with it.
void start();

// For what fails by our own fault alone: setting options, adding handles.
void check(CURLcode result, std::string_view what);
void check(CURLMcode result, std::string_view what);

// What the network did, as a person can use it. `place` is the origin's text; `own_words` libcurl's, which
// may be empty.
Error fault(CURLcode result, const std::string& place, std::string_view own_words);

// How often such a fault is worth trying for, the first time included; 1: it would be the same again.
unsigned attempts_for(CURLcode result);
// No byte of the request can have reached the server.
bool is_before_sending(CURLcode result);

// `location` as seen from `base`; empty where it cannot be.
std::string resolve(const std::string& base, const std::string& location);

}  // namespace wharf::client::curl
