// SPDX-License-Identifier: MIT
#include "libwharf/command/manual.hpp"

#include "libwharf/base/text.hpp"
#include "libwharf/command/layout.hpp"

namespace wharf::command {

namespace {

constexpr std::string_view k_date = "November 20, 2026";
constexpr std::size_t k_width = 100;

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
  return result;
}

std::string lower_value(std::string_view value) {
  return fold(value);
}

// What roff would take for its own is made literal; `backticks` become bold.
std::string roff(std::string_view text) {
  std::string result;
  bool literal = false;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '`') {
      literal = !literal;
      result += literal ? "\\%\\fB" : "\\fR";
    } else if (c == '-' && literal) {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

class Page {
 public:
  Page& macro(std::string_view line) {
    text_.append(line).append("\n");
    return *this;
  }
  Page& section(std::string_view title) { return macro(".Sh " + std::string(title)); }
  // Lines that begin with a dot or an apostrophe are roff's commands.
  Page& line(const std::string& line) {
    if (line.starts_with('.') || line.starts_with('\'')) text_ += "\\&";
    text_.append(line).append("\n");
    return *this;
  }
  Page& sentence(std::string_view help) {
    std::string whole(help);
    if (whole.empty()) return *this;
    if (whole.front() >= 'a' && whole.front() <= 'z')
      whole.front() = static_cast<char>(whole.front() - 'a' + 'A');
    if (whole.back() != '.' && whole.back() != ':') whole += '.';
    for (const auto& one : wrapped(whole, k_width)) line(roff_line(one));
    return *this;
  }
  Page& text(std::string_view description, bool first_too = false) {
    bool first = !first_too;
    for (const auto paragraph : paragraphs(description)) {
      if (!first) macro(".Pp");
      first = false;
      in_literal_ = false;
      for (const auto& one : wrapped(paragraph, k_width)) line(roff_line(one));
    }
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  // A literal may go on over the end of a line; roff's font must not.
  std::string roff_line(const std::string& plain_line) {
    std::string whole = (in_literal_ ? "`" : "") + plain_line;
    std::size_t marks = 0;
    for (const char c : whole) marks += c == '`' ? 1u : 0u;
    in_literal_ = marks % 2 == 1;
    if (in_literal_) whole += '`';
    return roff(whole);
  }
  std::string text_;
  bool in_literal_ = false;
};

std::string option_words(const OptionSpec& option) {
  std::string words = "Fl Fl " + std::string(option.name.substr(2));
  if (option.letter) words = "Fl " + std::string(1, option.letter) + " , " + words;
  if (option.value.empty()) return words;
  const auto equals = option.value.find('=');
  if (equals == option.value.npos) return words + " Ar " + lower_value(option.value);
  return words + " Ar " + lower_value(option.value.substr(0, equals)) + " Ns = Ns Ar " +
         lower_value(option.value.substr(equals + 1));
}

std::string positional_words(const Command& command) {
  std::string words;
  for (auto word : split(command.positional, ' ')) {
    if (word.empty()) continue;
    const bool optional = word.front() == '[';
    if (optional) word = word.substr(1, word.size() - 2);
    words.append(optional ? " Op Ar " : " Ar ").append(lower_value(word));
    if (optional) words += " Ns";
  }
  if (words.ends_with(" Ns")) words.resize(words.size() - 3);
  return words;
}

void add_options(Page& page, const std::vector<OptionSpec>& options) {
  if (options.empty()) return;
  page.macro(".Bl -tag -width Ds");
  for (const auto& option : options) {
    page.macro(".It " + option_words(option));
    page.sentence(option.help);
    if (!option.choices.empty()) {
      std::string choices;
      for (const auto choice : split(option.choices, ' '))
        choices.append(choices.empty() ? "`" : ", `").append(choice).append("`");
      page.sentence("One of " + choices);
    }
  }
  page.macro(".El");
}

std::string effect_sentence(const Command& command) {
  if (command.effect == Effect::destroys)
    return "It cannot be undone: " + std::string(command.consequence) +
           ". It asks at a terminal, and elsewhere needs `--yes`";
  return {};
}

void add_command(Page& page, const Program& program, const Command& command) {
  page.macro(".It Cm " + std::string(command.words) + positional_words(command));
  page.sentence(command.help);
  page.text(command.description, true);
  page.sentence(effect_sentence(command));
  add_options(page, own_options(program, command));
}

void add_examples(Page& page, const Program& program) {
  bool any = false;
  for (const auto& command : program.commands) any = any || !command.examples.empty();
  if (!any) return;
  page.section("EXAMPLES");
  for (const auto& command : program.commands)
    for (const auto& example : command.examples) {
      page.sentence(std::string(example.text) + ":");
      page.macro(".Pp").macro(".Dl " + roff("`" + std::string(example.command) + "`")).macro(".Pp");
    }
}

void add_described(Page& page, std::string_view title, const std::string& item,
                   const std::vector<Described>& entries) {
  if (entries.empty()) return;
  page.section(title).macro(".Bl -tag -width Ds");
  for (const auto& entry : entries) page.macro(item + std::string(entry.name)).sentence(entry.text);
  page.macro(".El");
}

const std::vector<OptionSpec>& options_instead_of_a_command() {
  static const std::vector<OptionSpec> options = {
      {"--version", "", "print the program's version"},
      {"--man", "", "print this page"},
      {"--completion", "bash", "print what makes bash complete this program's command line"},
      {"--list-commands", "", "print the table of commands as JSON"},
  };
  return options;
}

}  // namespace

std::string manual_of(const Program& program) {
  Page page;
  const bool single = is_single(program);
  page.macro(".\\\" SPDX-License-Identifier: MIT");
  page.macro(".Dd " + std::string(k_date));
  page.macro(".Dt " + upper(program.name) + " " + std::to_string(program.manual_section));
  page.macro(".Os");
  page.section("NAME").macro(".Nm " + std::string(program.name)).macro(".Nd " + plain(program.help));
  page.section("SYNOPSIS").macro(".Nm");
  if (single) {
    for (const auto& option : all_options(program, program.commands.front()))
      page.macro(".Op " + option_words(option));
  } else {
    page.macro(".Ar command").macro(".Op Ar option ...").macro(".Op Ar argument ...");
  }
  page.macro(".Nm").macro(".Fl Fl version | Fl Fl help");
  page.section("DESCRIPTION").text(program.description);
  if (single) {
    page.text(program.commands.front().description, true);
    page.macro(".Pp").line("The options are:");
    add_options(page, own_options(program, program.commands.front()));
  } else {
    page.macro(".Pp").line("Output goes to standard output, messages to standard error.");
    page.section("COMMANDS").macro(".Bl -tag -width Ds");
    for (const auto& command : program.commands) add_command(page, program, command);
    page.macro(".El").macro(".Pp").line("Every command takes:");
  }
  add_options(page, common_options(program));
  page.macro(".Pp").line(single ? "Alone on the line:" : "In the place of a command:");
  add_options(page, options_instead_of_a_command());
  for (const auto& section : program.sections) page.section(section.title).text(section.text);
  auto environment = program.environment;
  environment.push_back({"NO_COLOR", "Where it is set, nothing is coloured at a terminal either."});
  add_described(page, "ENVIRONMENT", ".It Ev ", environment);
  add_described(page, "FILES", ".It Pa ", program.files);
  page.section("EXIT STATUS").text(program.exit_status);
  add_examples(page, program);
  page.section("SEE ALSO");
  std::string before;
  for (const auto name : program.see_also) {
    if (!before.empty()) page.macro(before + " ,");
    const auto bracket = name.find('(');
    before = ".Xr " + std::string(name.substr(0, bracket)) + " " + std::string(name.substr(bracket + 1, 1));
  }
  if (!before.empty()) page.macro(before);
  return page.take();
}

}  // namespace wharf::command
