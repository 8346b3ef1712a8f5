// SPDX-License-Identifier: MIT
// What a command prints. Standard output is for results, standard error for messages; with --json the result
// is one JSON object and nothing else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libwharf/command/terminal.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::command {

// What came from outside and goes to a terminal: no control character is left in it.
std::string printable(std::string_view text);

// A line on standard output, `text` as it is.
void say(std::string_view text);

// How much is said on standard error.
enum class Verbosity { quiet, normal, verbose };
void set_verbosity(Verbosity verbosity);
Verbosity verbosity();
// A message on standard error, which no one parses: "wrote 3 files". Silent when quiet.
void note(std::string_view text);
// What only somebody who looks for a fault wants to know; said when verbose alone.
void detail(std::string_view text);
// What goes on, but should be looked at: "warning: …", always.
void warn(std::string_view text);

// What the writer holds so far, to standard output; a long list leaves in pieces.
void put(json::Writer& writer);
// The same at the end of the object, with a line break.
void finish(json::Writer& writer);

struct Cell {
  Cell(std::string the_text) : text(std::move(the_text)) {}
  Cell(const char* the_text) : text(the_text) {}
  Cell(std::string_view the_text) : text(the_text) {}
  Cell(std::integral auto number) : text(std::to_string(number)), is_number(true) {}
  Cell(Colour the_colour, std::string the_text) : text(std::move(the_text)), colour(the_colour) {}
  std::string text;
  bool is_number = false;  // set to the right
  std::optional<Colour> colour = {};
};

// Rows with aligned columns. The widths are those of the first few hundred rows, so that a list of any length
// costs no more memory. The header is printed with the first row; a table without rows prints nothing.
class Table {
 public:
  explicit Table(std::initializer_list<std::string_view> header);
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  void add(std::vector<Cell> row);
  // Prints what is held back; to be called at the end.
  void finish();
  std::size_t rows() const { return count_; }

 private:
  void print(const std::vector<Cell>& row) const;
  std::vector<Cell> header_;
  std::vector<std::vector<Cell>> held_;
  std::vector<std::size_t> widths_;
  std::size_t count_ = 0;
};

// "name: value" lines, aligned.
class Facts {
 public:
  Facts& add(std::string_view name, Cell value);
  void print() const;

 private:
  std::vector<std::pair<std::string, Cell>> facts_;
};

// How far long work is, on one line of standard error, where that is a terminal; elsewhere, and when quiet,
// silent.
class Progress {
 public:
  // `total` 0: unknown.
  explicit Progress(std::string what, std::uint64_t total = 0);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();
  void at(std::uint64_t done);

 private:
  std::string what_;
  std::uint64_t total_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace wharf::command
