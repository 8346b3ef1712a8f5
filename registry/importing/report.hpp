// SPDX-License-Identifier: MIT
// What became of each thing of another registry: counted, and, where something was refused or left out, told
// at once to whoever listens. Nothing is kept, however much is refused.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wharf::importing {

enum class Kind { user, token, package, version };
enum class Outcome {
  imported,
  known,    // was imported before
  refused,  // is not here, and the finding says why
};
std::string_view kind_name(Kind kind);

struct Finding {
  Kind kind = Kind::user;
  bool refused = true;  // otherwise it is here, but not all of it
  std::string name;     // as it is called there: "bob", "mylib 1.0.0"
  std::string code;     // an error code of the interface, or one of docs/operate/import.md
  std::string reason;   // which rule, and what to do
};

class Report {
 public:
  using Listener = std::function<void(const Finding&)>;
  explicit Report(Listener listener) : listener_(std::move(listener)) {}

  void count(Kind kind, Outcome outcome) { ++counts_[index(kind)][static_cast<std::size_t>(outcome)]; }
  void refuse(Kind kind, std::string name, std::string_view code, std::string reason);
  void note(Kind kind, std::string name, std::string_view code, std::string reason);
  void add_downloads(std::uint64_t count) { downloads_ += count; }
  void add_yank() { ++yanks_; }

  std::uint64_t of(Kind kind, Outcome outcome) const {
    return counts_[index(kind)][static_cast<std::size_t>(outcome)];
  }
  std::uint64_t refused() const;
  std::uint64_t notes() const { return notes_; }
  std::uint64_t downloads() const { return downloads_; }  // that were added
  std::uint64_t yanks() const { return yanks_; }          // that were carried over

 private:
  static std::size_t index(Kind kind) { return static_cast<std::size_t>(kind); }
  Listener listener_;
  std::array<std::array<std::uint64_t, 3>, 4> counts_{};
  std::uint64_t notes_ = 0, downloads_ = 0, yanks_ = 0;
};

}  // namespace wharf::importing
