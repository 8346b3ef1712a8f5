// SPDX-License-Identifier: MIT
#include "libwharf/command/terminal.hpp"

#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "libwharf/base/error.hpp"
#include "libwharf/base/file.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::command {

namespace {

constexpr std::size_t k_longest_line = 4096;

// A line without its end; nothing at the end of the input.
std::optional<std::string> read_line(int descriptor) {
  std::string line;
  char c = 0;
  while (read_some(descriptor, std::as_writable_bytes(std::span(&c, 1))) == 1) {
    if (c == '\n') return line;
    line += c;
    if (line.size() > k_longest_line)
      throw Error(Code::bad_request,
                  "the line on standard input is longer than " + std::to_string(k_longest_line) + " bytes");
  }
  if (line.empty()) return std::nullopt;
  return line;
}

constexpr int k_ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
int silent_terminal = -1;
termios loud_settings;
struct sigaction before_silence[std::size(k_ending)];
Colouring colouring = Colouring::automatic;

// tcsetattr, sigaction and raise are among what a signal handler may call.
void end_loudly(int number) {
  ::tcsetattr(silent_terminal, TCSANOW, &loud_settings);
  for (std::size_t i = 0; i < std::size(k_ending); ++i)
    if (k_ending[i] == number) ::sigaction(number, &before_silence[i], nullptr);
  ::raise(number);
}

// Without echo for as long as it lives; a signal that ends the program brings the echo back first.
class Silence {
 public:
  explicit Silence(int terminal) {
    if (::tcgetattr(terminal, &loud_settings) != 0)
      throw system_error("asking the terminal for its settings");
    silent_terminal = terminal;
    struct sigaction handler {};
    handler.sa_handler = end_loudly;
    for (std::size_t i = 0; i < std::size(k_ending); ++i) {
      ::sigaction(k_ending[i], nullptr, &before_silence[i]);
      if (before_silence[i].sa_handler != SIG_IGN) ::sigaction(k_ending[i], &handler, nullptr);
    }
    termios silent = loud_settings;
    silent.c_lflag &= static_cast<tcflag_t>(~ECHO);
    silent.c_lflag |= ECHONL;
    // A prompt that is stopped would leave the shell without an echo.
    silent.c_cc[VSUSP] = _POSIX_VDISABLE;
    if (::tcsetattr(terminal, TCSAFLUSH, &silent) != 0) {
      restore_signals();
      throw system_error("switching off the terminal's echo");
    }
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    ::tcsetattr(silent_terminal, TCSAFLUSH, &loud_settings);
    restore_signals();
  }

 private:
  void restore_signals() const {
    for (std::size_t i = 0; i < std::size(k_ending); ++i)
      ::sigaction(k_ending[i], &before_silence[i], nullptr);
  }
};

}  // namespace

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

bool can_ask() {
  return is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO);
}

bool ask(std::string_view question) {
  const std::string whole = std::string(question) + " [y/N] ";
  write_all(STDERR_FILENO, whole);
  const std::string answer = fold(trim(read_line(STDIN_FILENO).value_or("")));
  return answer == "y" || answer == "yes";
}

std::string ask_secretly(std::string_view prompt) {
  const Fd terminal = open_file("/dev/tty", O_RDWR | O_NOCTTY);
  std::optional<std::string> line;
  {
    const Silence silence(terminal.get());
    write_all(terminal.get(), prompt);
    line = read_line(terminal.get());
  }
  if (!line) throw Error(Code::bad_request, "no password was typed; nothing was changed");
  return *line;
}

std::string new_password(std::string_view prompt) {
  if (!is_terminal(STDIN_FILENO)) {
    auto line = read_line(STDIN_FILENO);
    if (!line) throw Error(Code::bad_request, "standard input holds no password; write it there as one line");
    if (line->ends_with('\r')) line->pop_back();
    return std::move(*line);
  }
  const std::string first = ask_secretly(std::string(prompt) + ": ");
  if (ask_secretly("Once more: ") != first)
    throw Error(Code::bad_request, "the two passwords differ; nothing was changed");
  return first;
}

void set_colouring(Colouring when) {
  colouring = when;
}

std::string coloured(Colour colour, std::string_view text, int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool plain =
      (no_colour && *no_colour) || !is_terminal(descriptor) || (term && std::string_view(term) == "dumb");
  if (colouring == Colouring::never || (colouring == Colouring::automatic && plain)) return std::string(text);
  constexpr std::string_view k_codes[] = {"31", "32", "33", "1"};
  return "\x1b[" + std::string(k_codes[static_cast<int>(colour)]) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace wharf::command
