// SPDX-License-Identifier: MIT
// A real server in a child process, spoken to over a unix socket.
#include "fcgi-app/http/fcgi_server.hpp"

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fcgi-app/http/application.hpp"
#include "fcgi-app/http/multipart.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/log.hpp"
#include "tests/support/fastcgi_client.hpp"

using namespace wharf;
using namespace wharf::http;
using wharf::test::fastcgi_request;
using wharf::test::FastcgiAnswer;
using wharf::test::FastcgiClient;

namespace {

struct Context {
  int begun;  // a byte is written here when a handler has begun
};

Response hello(Context&, Request&) {
  return Response::text(200, "hello");
}
Response length_of_body(Context& context, Request& request) {
  if (::write(context.begun, "x", 1) != 1) throw system_error("telling that the handler has begun");
  std::size_t length = 0;
  request.body().each_piece([&](std::string_view piece) { length += piece.size(); });
  return Response::text(200, std::to_string(length));
}
Response refuse_unread(Context&, Request&) {
  throw Error(Code::unauthorized, "sign in first");
}
Response large(Context&, Request&) {
  return Response::text(200, std::string(8u << 20, 'x'));
}
Response form(Context&, Request& request) {
  std::size_t length = 0;
  read_form(request, [&](const Part&) { return [&](std::string_view piece) { length += piece.size(); }; });
  return Response::text(200, std::to_string(length));
}
Response peak_memory(Context&, Request&) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return Response::text(200, std::to_string(std::atoll(line.c_str() + 6)));
  throw internal_error("no VmHWM");
}

constexpr Route<Context> k_routes[] = {
    {{Method::get, "/hello"}, hello},
    {{Method::put, "/length"}, length_of_body},
    {{Method::put, "/refused"}, refuse_unread},
    {{Method::get, "/large"}, large},
    {{Method::post, "/form"}, form},
    {{Method::get, "/memory"}, peak_memory},
};

// The server in its child process, and its socket in a directory of its own.
class Server {
 public:
  explicit Server(ServerOptions options = {}, bool throws = false) {
    std::string pattern = (std::filesystem::temp_directory_path() / "wharf-fcgi-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw system_error("making a directory", pattern);
    directory_ = pattern;
    int pipe[2];
    if (::pipe(pipe) < 0) throw system_error("making a pipe");
    begun_ = Fd(pipe[0]);
    const Fd begun_in_child(pipe[1]);
    Fd listening = test::listen_on(path());
    child_ = ::fork();
    if (child_ == 0) {
      log::start("server-under-test", log::Level::error);
      options.listening = listening.get();
      Context context{begun_in_child.get()};
      Application<Context> application(k_routes, context);
      try {
        serve(
            [&](Request& request) -> Response {
              if (throws) throw std::runtime_error("secret");
              return application(request);
            },
            options);
      } catch (const std::exception& exception) {
        ::dprintf(2, "server: %s\n", exception.what());
        ::_exit(1);
      }
      ::_exit(0);
    }
  }
  ~Server() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    std::filesystem::remove_all(directory_);
  }

  std::string path() const { return (directory_ / "s").string(); }
  FastcgiAnswer get(std::string_view uri) const { return fastcgi_request(path(), "GET", uri); }
  void signal(int number) const { ::kill(child_, number); }
  void wait_until_handler_begins() {
    std::byte byte;
    read_some(begun_.get(), {&byte, 1});
  }
  // The exit status; 1000 and more where a signal ended it.
  int wait_for_end() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  std::filesystem::path directory_;
  Fd begun_;
  pid_t child_ = -1;
};

}  // namespace

class FcgiServerTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(FcgiServerTest);
  CPPUNIT_TEST(answers_one_request_after_another);
  CPPUNIT_TEST(a_body_that_is_not_as_announced_is_refused_and_serving_goes_on);
  CPPUNIT_TEST(head_gets_the_headers_alone);
  CPPUNIT_TEST(headers_that_came_twice_are_refused);
  CPPUNIT_TEST(a_refusal_arrives_though_its_body_was_not_read);
  CPPUNIT_TEST(a_client_that_goes_away_harms_nobody);
  CPPUNIT_TEST(what_is_not_fastcgi_harms_nobody);
  CPPUNIT_TEST(a_peer_that_stalls_loses_its_request);
  CPPUNIT_TEST(an_application_that_throws_is_a_500);
  CPPUNIT_TEST(memory_does_not_grow_with_the_body);
  CPPUNIT_TEST(a_signal_ends_an_idle_server);
  CPPUNIT_TEST(a_signal_lets_the_request_at_hand_finish);
  CPPUNIT_TEST(refuses_to_serve_what_is_no_listening_socket);
  CPPUNIT_TEST_SUITE_END();

 public:
  void answers_one_request_after_another() {
    Server server;
    for (int i = 0; i < 50; ++i) {
      const auto answer = server.get("/api/v1/hello");
      CPPUNIT_ASSERT_EQUAL(200, answer.status);
      CPPUNIT_ASSERT_EQUAL(std::string("hello"), answer.body);
      CPPUNIT_ASSERT(answer.ended);
      CPPUNIT_ASSERT_EQUAL(std::string("nosniff"), std::string(answer.header("x-content-type-options")));
      CPPUNIT_ASSERT_EQUAL(std::string("5"), std::string(answer.header("Content-Length")));
    }
    const std::string body(300'000, 'b');
    CPPUNIT_ASSERT_EQUAL(std::string("300000"), fastcgi_request(server.path(), "PUT", "/length", body).body);
    CPPUNIT_ASSERT_EQUAL(404, server.get("/nowhere").status);
    CPPUNIT_ASSERT_EQUAL(std::size_t{8u << 20}, server.get("/large").body.size());
  }
  void a_body_that_is_not_as_announced_is_refused_and_serving_goes_on() {
    Server server;
    for (const std::size_t announced : {2u, 4u, 100'000u}) {
      FastcgiClient client(server.path());
      client.send_begin();
      client.send_params(FastcgiClient::params("PUT", "/length", announced));
      client.send_body("abc");
      client.end_body();
      const auto answer = client.receive();
      CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(announced), 400, answer.status);
      CPPUNIT_ASSERT(answer.body.find("Content-Length announced") != std::string::npos);
      CPPUNIT_ASSERT_EQUAL(200, server.get("/hello").status);
    }
  }
  void head_gets_the_headers_alone() {
    Server server;
    const auto answer = fastcgi_request(server.path(), "HEAD", "/hello");
    CPPUNIT_ASSERT_EQUAL(200, answer.status);
    CPPUNIT_ASSERT_EQUAL(std::string("5"), std::string(answer.header("Content-Length")));
    CPPUNIT_ASSERT(answer.body.empty());
  }
  void headers_that_came_twice_are_refused() {
    Server server;
    CPPUNIT_ASSERT_EQUAL(400, fastcgi_request(server.path(), "GET", "/hello", {},
                                              {{"HTTP_X_FORCE", "a"}, {"HTTP_X_FORCE", "a"}})
                                  .status);
  }
  void a_refusal_arrives_though_its_body_was_not_read() {
    Server server;
    const auto answer = fastcgi_request(server.path(), "PUT", "/refused", std::string(8u << 20, 'x'));
    CPPUNIT_ASSERT_EQUAL(401, answer.status);
    CPPUNIT_ASSERT(answer.ended);
    CPPUNIT_ASSERT_EQUAL(std::string("Bearer"), std::string(answer.header("WWW-Authenticate")));
    CPPUNIT_ASSERT_EQUAL(200, server.get("/hello").status);
  }
  void a_client_that_goes_away_harms_nobody() {
    Server server;
    for (int i = 0; i < 5; ++i) {
      FastcgiClient client(server.path());
      client.send_begin();
      client.send_params(FastcgiClient::params("GET", "/large", 0));
      client.end_body();
    }
    {
      FastcgiClient client(server.path());  // in the middle of its body
      client.send_begin();
      client.send_params(FastcgiClient::params("PUT", "/length", 1'000'000));
      client.send_body("abc");
    }
    CPPUNIT_ASSERT_EQUAL(200, server.get("/hello").status);
  }
  void what_is_not_fastcgi_harms_nobody() {
    Server server;
    for (const std::string& sent : {std::string(), std::string("GET / HTTP/1.1\r\n\r\n"),
                                    std::string(10'000, '\xff'), std::string("\1\1\0\1\0\10\0\0\0\1", 10)}) {
      FastcgiClient client(server.path());
      client.send_raw(sent);
    }
    {
      FastcgiClient client(server.path());  // parameters whose lengths lie
      client.send_begin();
      client.send_raw(
          std::string("\1\4\0\1\0\4\0\0\x7f\x7f"
                      "ab",
                      12));
    }
    CPPUNIT_ASSERT_EQUAL(200, server.get("/hello").status);
  }
  void a_peer_that_stalls_loses_its_request() {
    Server server({.idle_seconds = 1});
    FastcgiClient silent(server.path());
    FastcgiClient stalled(server.path());
    stalled.send_begin();
    stalled.send_params(FastcgiClient::params("PUT", "/length", 10));
    stalled.send_body("abc");
    CPPUNIT_ASSERT_EQUAL(200, server.get("/hello").status);
  }
  void an_application_that_throws_is_a_500() {
    Server server({}, true);
    for (int i = 0; i < 2; ++i) {
      const auto answer = server.get("/hello");
      CPPUNIT_ASSERT_EQUAL(500, answer.status);
      CPPUNIT_ASSERT(answer.body.find("internal_error") != std::string::npos);
      CPPUNIT_ASSERT(answer.body.find("secret") == std::string::npos);
    }
  }
  void memory_does_not_grow_with_the_body() {
    Server server;
    const auto before = std::stoll(server.get("/memory").body);
    const std::string head =
                          "--b\r\nContent-Disposition: form-data; name=\"tarball\"; filename=\"a\"\r\n\r\n",
                      tail = "\r\n--b--\r\n";
    const std::string piece(1u << 20, 'x');
    constexpr std::size_t k_pieces = 64;
    FastcgiClient client(server.path());
    client.send_begin();
    client.send_params(FastcgiClient::params("POST", "/form",
                                             head.size() + tail.size() + piece.size() * k_pieces,
                                             {{"CONTENT_TYPE", "multipart/form-data; boundary=b"}}));
    client.send_body(head);
    for (std::size_t i = 0; i < k_pieces; ++i) client.send_body(piece);
    client.send_body(tail);
    client.end_body();
    CPPUNIT_ASSERT_EQUAL(std::to_string(piece.size() * k_pieces), client.receive().body);
    const auto after = std::stoll(server.get("/memory").body);
    CPPUNIT_ASSERT_MESSAGE(std::to_string(before) + " KiB became " + std::to_string(after),
                           after - before < 4096);
  }
  void a_signal_ends_an_idle_server() {
    for (const int number : {SIGTERM, SIGUSR1, SIGINT}) {
      Server server;
      CPPUNIT_ASSERT_EQUAL(200, server.get("/hello").status);
      server.signal(number);
      CPPUNIT_ASSERT_EQUAL(0, server.wait_for_end());
    }
  }
  void a_signal_lets_the_request_at_hand_finish() {
    for (const int number : {SIGTERM, SIGUSR1}) {
      Server server;
      FastcgiClient client(server.path());
      client.send_begin();
      client.send_params(FastcgiClient::params("PUT", "/length", 6));
      client.send_body("abc");
      server.wait_until_handler_begins();
      server.signal(number);
      client.send_body("def");
      client.end_body();
      const auto answer = client.receive();
      CPPUNIT_ASSERT_EQUAL(200, answer.status);
      CPPUNIT_ASSERT_EQUAL(std::string("6"), answer.body);
      CPPUNIT_ASSERT_EQUAL(0, server.wait_for_end());
    }
  }
  void refuses_to_serve_what_is_no_listening_socket() {
    const Fd file = open_file("/dev/null", O_RDONLY);
    CPPUNIT_ASSERT_THROW(serve([](Request&) { return Response(); }, {.listening = file.get()}), Error);
    const Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
    CPPUNIT_ASSERT_THROW(serve([](Request&) { return Response(); }, {.listening = socket.get()}), Error);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(FcgiServerTest);
