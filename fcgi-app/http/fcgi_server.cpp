// SPDX-License-Identifier: MIT
#include "fcgi-app/http/fcgi_server.hpp"

#include <fcgiapp.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <limits>
#include <optional>
#include <string>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/base/log.hpp"

namespace wharf::http {

namespace {

constexpr std::uint64_t k_trim_above = 1u << 20;
constexpr int k_stop_signals[] = {SIGTERM, SIGUSR1, SIGINT};

// What the signal handler needs. Stopping puts /dev/null in the place of the listening socket: an accept()
// that has begun returns, one that has not fails, so no moment between the two can lose the signal. Only this
// process lets go of it.
volatile std::sig_atomic_t g_stopping = 0;
volatile std::sig_atomic_t g_listening = -1;
volatile std::sig_atomic_t g_null = -1;

extern "C" void stop_accepting(int) {
  const int saved = errno;
  g_stopping = 1;
  ::dup2(g_null, g_listening);
  errno = saved;
}

void check(int result, const char* what) {
  if (result < 0) throw system_error(what);
}

// Takes over the signals for as long as it lives. They stay blocked but for the moment of accepting, so that
// no call of a handler, be it to the database, is ever interrupted.
class StopSignals {
 public:
  explicit StopSignals(int listening)
      : null_(open_file("/dev/null", O_RDONLY)), listening_copy_(::fcntl(listening, F_DUPFD_CLOEXEC, 3)) {
    check(listening_copy_.get(), "keeping the listening socket");
    g_stopping = 0;
    g_listening = listening;
    g_null = null_.get();
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : k_stop_signals) ::sigaddset(&set, signal);
    check(::sigprocmask(SIG_BLOCK, &set, &mask_before_), "blocking signals");
    mask_accepting_ = mask_before_;
    for (const int signal : k_stop_signals) ::sigdelset(&mask_accepting_, signal);
    blocked_ = mask_before_;
    for (const int signal : k_stop_signals) ::sigaddset(&blocked_, signal);

    struct sigaction action {};
    action.sa_handler = stop_accepting;
    ::sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < std::size(k_stop_signals); ++i)
      check(::sigaction(k_stop_signals[i], &action, &actions_before_[i]), "handling signals");
    action.sa_handler = SIG_IGN;
    check(::sigaction(SIGPIPE, &action, &pipe_before_), "ignoring SIGPIPE");
  }
  ~StopSignals() {
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
    for (std::size_t i = 0; i < std::size(k_stop_signals); ++i)
      ::sigaction(k_stop_signals[i], &actions_before_[i], nullptr);
    if (g_stopping) ::dup2(listening_copy_.get(), g_listening);
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  void unblock() { ::sigprocmask(SIG_SETMASK, &mask_accepting_, nullptr); }
  void block() { ::sigprocmask(SIG_SETMASK, &blocked_, nullptr); }

 private:
  Fd null_, listening_copy_;
  sigset_t mask_before_, mask_accepting_, blocked_;
  std::array<struct sigaction, std::size(k_stop_signals)> actions_before_{};
  struct sigaction pipe_before_ {};
};

bool passes_by(int error) {
  return error == EINTR || error == ECONNABORTED || error == EAGAIN || error == EMFILE || error == ENFILE ||
         error == ENOMEM || error == ENOBUFS || error == EPROTO;
}

// The next connection, or nothing when it is time to stop.
std::optional<Fd> next_connection(int listening, StopSignals& signals) {
  while (!g_stopping) {
    signals.unblock();
    const int number = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    const int error = errno;
    signals.block();
    if (number >= 0) return Fd(number);
    if (g_stopping) break;
    errno = error;
    if (!passes_by(error)) throw system_error("accepting FastCGI connections");
    if (error != EINTR && error != ECONNABORTED) {
      log::warning("no connection could be accepted", {{"errno", std::to_string(error)}});
      ::poll(nullptr, 0, 100);  // descriptors or memory have run out: give them time to come back
    }
  }
  return std::nullopt;
}

void limit_idling(int connection, int seconds) {
  const timeval limit{.tv_sec = seconds, .tv_usec = 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

// libfcgi's request on a connection that we accepted: its own accept waits up to two seconds for the first
// byte, and a signal in that time would drop the connection. It takes over one that is there when told that
// it was kept.
class FcgiRequest {
 public:
  FcgiRequest() { check(FCGX_InitRequest(&request_, -1, 0), "preparing a FastCGI request"); }
  ~FcgiRequest() { FCGX_Free(&request_, 1); }
  FcgiRequest(const FcgiRequest&) = delete;
  FcgiRequest& operator=(const FcgiRequest&) = delete;

  // Reads the parameters; false where the peer did not send a request.
  bool begin(Fd connection) {
    FCGX_Attach(&request_);
    request_.ipcFd = connection.release();
    request_.keepConnection = 1;
    if (FCGX_Accept_r(&request_) < 0) return false;
    request_.keepConnection = 0;  // a worker parked on an idle connection would let others wait
    return true;
  }

  CgiParams params() const {
    CgiParams params;
    for (char** entry = request_.envp; entry && *entry; ++entry) {
      const std::string_view text = *entry;
      const auto equals = text.find('=');
      if (equals != text.npos) params.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return params;
  }

  std::size_t read(std::span<std::byte> buffer) {
    const auto most = static_cast<int>(std::min<std::size_t>(buffer.size(), std::numeric_limits<int>::max()));
    const int count = FCGX_GetStr(reinterpret_cast<char*>(buffer.data()), most, request_.in);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  // A client that has gone is no error of ours.
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto some = bytes.substr(0, 1u << 30);
      if (FCGX_PutStr(some.data(), static_cast<int>(some.size()), request_.out) < 0) return;
      bytes.remove_prefix(some.size());
    }
  }

  // Ends the answer. Where the body was read to its end the connection is closed at once; else libfcgi takes
  // what is still under way until the peer closes, because closing over unread bytes would cost the peer the
  // answer.
  void finish(bool body_was_read) {
    if (body_was_read && FCGX_GetChar(request_.in) == EOF && FCGX_GetError(request_.in) == 0)
      FCGX_Detach(&request_);
    FCGX_Finish_r(&request_);
  }

 private:
  FCGX_Request request_{};
};

void log_served(const Request& request, const Response& response,
                std::chrono::steady_clock::time_point begin) {
  using std::chrono::duration_cast, std::chrono::milliseconds;
  const auto took = duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin).count();
  log::info("served", {{"method", request.method_text()},
                       {"route", request.matched.pattern.empty() ? "-" : request.matched.pattern},
                       {"dialect", request.rules().name},
                       {"user", request.user.empty() ? "-" : request.user},
                       {"status", std::to_string(response.status)},
                       {"ms", std::to_string(took)}});
}

// The answer where not even an error could be made into one.
Response last_resort() {
  Response response;
  response.status = 500;
  response.set("Content-Type", "application/json; charset=utf-8");
  response.body =
      R"({"error":"internal_error","message":"something went wrong on our side; please try again later","details":null})";
  return response;
}

void answer(FcgiRequest& connection, const std::function<Response(Request&)>& application, Dialect at_root) {
  const auto begin = std::chrono::steady_clock::now();
  Request request(
      connection.params(), [&](std::span<std::byte> buffer) { return connection.read(buffer); }, at_root);
  log::set_request_id(request.id());
  Response response;
  try {
    response = application(request);
  } catch (const std::exception& exception) {
    log::error("the application threw", {{"detail", exception.what()}});
    response = last_resort();
  }
  connection.write(render_head(response));
  if (sends_body(request, response)) connection.write(response.body);
  connection.finish(request.body().read_so_far() == request.body().announced());
  log_served(request, response, begin);
  log::set_request_id({});
  if (request.body().announced() > k_trim_above || response.body.size() > k_trim_above) {
    response = Response();
    ::malloc_trim(0);
  }
}

}  // namespace

void serve(const std::function<Response(Request&)>& application, const ServerOptions& options) {
  int listens = 0;
  socklen_t length = sizeof listens;
  check(::getsockopt(options.listening, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length),
        "asking for the listening socket");
  if (listens == 0)
    throw internal_error(
        "the descriptor is a socket, but not a listening one; start this program under spawn-fcgi");

  StopSignals signals(options.listening);
  check(FCGX_Init(), "starting libfcgi");
  FcgiRequest connection;
  while (auto accepted = next_connection(options.listening, signals)) {
    limit_idling(accepted->get(), options.idle_seconds);
    if (!connection.begin(std::move(*accepted))) {
      log::warning("a connection closed before its request was whole");
      continue;
    }
    try {
      answer(connection, application, options.at_root);
    } catch (const std::exception& exception) {  // memory ran out while even the answer was made
      log::error("a request was given up", {{"detail", exception.what()}});
      connection.finish(false);
    }
  }
}

}  // namespace wharf::http
