// SPDX-License-Identifier: MIT
#include "client/http/http.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include "client/http/curl.hpp"
#include "client/http/transfer.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_streams = 100;  // at once on one HTTP/2 connection, where servers allow 100 and more

using Clock = Transfer::Clock;

}  // namespace

struct Http::Work {
  struct Host {
    std::size_t under_way = 0;
    bool speaks_http1 = false;
  };

  HttpOptions options;
  curl::Multi multi;
  std::deque<std::unique_ptr<Transfer>> waiting;
  std::map<CURL*, std::unique_ptr<Transfer>> running;
  std::map<std::string, Host> hosts;
  std::vector<curl::Easy> idle;
  std::deque<std::unique_ptr<Transfer>> ended;  // and not delivered yet

  ~Work() {
    for (auto& [handle, transfer] : running) curl_multi_remove_handle(multi.get(), handle);
  }

  bool is_idle() const { return running.empty() && waiting.empty(); }

  bool has_room(const Transfer& transfer) {
    const Host& host = hosts[transfer.host()];
    return host.under_way < (transfer.is_secure() && !host.speaks_http1 ? k_streams : options.connections);
  }

  curl::Easy a_handle() {
    if (idle.empty()) {
      curl::Easy fresh(curl_easy_init());
      if (!fresh) throw internal_error("libcurl: no memory for a transfer");
      return fresh;
    }
    curl::Easy used = std::move(idle.back());
    idle.pop_back();
    curl_easy_reset(used.get());
    return used;
  }

  // What could not even begin has ended, too.
  void start(std::unique_ptr<Transfer> transfer) {
    try {
      transfer->prepare(a_handle(), options);
      curl::check(curl_multi_add_handle(multi.get(), transfer->handle()), "adding a transfer");
    } catch (...) {
      transfer->fail(std::current_exception());
      ended.push_back(std::move(transfer));
      return;
    }
    ++hosts[transfer->host()].under_way;
    CURL* const handle = transfer->handle();
    running.emplace(handle, std::move(transfer));
  }

  // Starts what is due and has room; returns when the next is due.
  Clock::time_point start_due() {
    const auto at = Clock::now();
    auto next = Clock::time_point::max();
    std::deque<std::unique_ptr<Transfer>> later;
    for (auto& transfer : waiting) {
      if (transfer->due() > at) next = std::min(next, transfer->due());
      if (transfer->due() > at || !has_room(*transfer))
        later.push_back(std::move(transfer));
      else
        start(std::move(transfer));
    }
    waiting = std::move(later);
    return next;
  }

  // True where anything ended, be it to be tried again.
  bool collect() {
    int left = 0;
    bool any = false;
    while (const CURLMsg* const message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode result = message->data.result;
      auto node = running.extract(message->easy_handle);
      if (node.empty()) continue;
      std::unique_ptr<Transfer> transfer = std::move(node.mapped());
      curl::check(curl_multi_remove_handle(multi.get(), node.key()), "removing a transfer");
      Host& host = hosts[transfer->host()];
      --host.under_way;
      host.speaks_http1 = host.speaks_http1 || transfer->used_http1();
      any = true;
      const auto next = transfer->settle(result, options);
      idle.push_back(transfer->take_handle());
      if (next == Transfer::Next::again)
        waiting.push_back(std::move(transfer));
      else
        ended.push_back(std::move(transfer));
    }
    return any;
  }
};

Http::Http(HttpOptions options) : work_(std::make_unique<Work>()) {
  curl::start();
  work_->options = std::move(options);
  work_->options.connections = std::max<std::size_t>(work_->options.connections, 1);
  work_->multi.reset(curl_multi_init());
  if (!work_->multi) throw internal_error("libcurl: no memory to begin with");
  const auto connections = static_cast<long>(work_->options.connections);
  CURLM* const multi = work_->multi.get();
  curl::check(curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX)),
              "multiplexing");
  curl::check(curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections), "limiting connections");
  curl::check(curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 4 * connections), "keeping connections");
}

Http::~Http() = default;

void Http::begin(HttpRequest request, OnDone done, const void* owner) {
  work_->waiting.push_back(std::make_unique<Transfer>(std::move(request), std::move(done), owner));
}

bool Http::work(std::chrono::milliseconds wait) {
  Work& work = *work_;
  const auto next = work.start_due();
  int running = 0;
  curl::check(curl_multi_perform(work.multi.get(), &running), "getting on");
  const bool any = work.collect() || !work.ended.empty();
  if (!any && !work.is_idle()) {
    if (next != Clock::time_point::max()) {
      const auto until = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
      wait = std::clamp(until, std::chrono::milliseconds(0), wait);
    }
    curl::check(curl_multi_poll(work.multi.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr),
                "waiting");
    curl::check(curl_multi_perform(work.multi.get(), &running), "getting on");
    work.collect();
  }
  while (!work.ended.empty()) {
    const auto transfer = std::move(work.ended.front());
    work.ended.pop_front();
    transfer->deliver();
  }
  return !work.is_idle();
}

void Http::abandon(const void* owner) {
  std::erase_if(work_->waiting, [owner](const auto& transfer) { return transfer->owner() == owner; });
  std::erase_if(work_->running, [this, owner](const auto& one) {
    if (one.second->owner() != owner) return false;
    curl_multi_remove_handle(work_->multi.get(), one.first);
    --work_->hosts[one.second->host()].under_way;
    return true;
  });
  std::erase_if(work_->ended, [owner](const auto& transfer) { return transfer->owner() == owner; });
}

HttpResponse Http::send(const HttpRequest& request, const OnProgress& on_progress) {
  HttpRequest copy = request;
  if (on_progress) copy.on_progress = on_progress;
  std::optional<HttpOutcome> outcome;
  begin(std::move(copy), [&outcome](HttpOutcome arrived) { outcome = std::move(arrived); });
  while (!outcome) work();
  return std::move(outcome->get());
}

}  // namespace wharf::client
