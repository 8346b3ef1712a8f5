// SPDX-License-Identifier: MIT
// Versions in, answers out, any number of them: what the commands of `wharf semver` share.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "libwharf/base/error.hpp"
#include "libwharf/command/arguments.hpp"
#include "libwharf/json/writer.hpp"
#include "libwharf/package/version.hpp"

namespace wharf::client {

// Where in the input a text stood that cannot be read.
Error in_line(const Error& error, std::uint64_t line);

// Texts leave in pieces, so that any number of them costs no memory.
class Printer {
 public:
  explicit Printer(bool json) : json_(json) {}
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;
  // What was said before an error stays said.
  ~Printer() { write_text(); }

  json::Writer writer;  // for --json
  Printer& operator<<(std::string_view text) {
    text_ += text;
    return *this;
  }
  // An answer ends.
  void line();
  // All of them have.
  void end();

 private:
  void write_text();
  void flush();
  bool json_;
  std::string text_;
};

// Each version that was given, as arguments or as lines of the input. Throws Error(version_invalid), with the
// line's number.
void each_version(const command::Arguments& arguments,
                  const std::function<void(std::string_view, const Version&)>& visit);

}  // namespace wharf::client
