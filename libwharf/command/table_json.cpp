// SPDX-License-Identifier: MIT
#include "libwharf/command/table_json.hpp"

#include "libwharf/base/text.hpp"
#include "libwharf/command/aliases.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::command {

namespace {

void write_option(json::Writer& writer, const OptionSpec& option) {
  writer.begin_object();
  writer.member("name", option.name).member("letter", std::string(option.letter ? 1 : 0, option.letter));
  writer.member("value", option.value).member("help", option.help);
  writer.key("choices").begin_array();
  for (const auto choice : split(option.choices, ' '))
    if (!choice.empty()) writer.value(choice);
  writer.end_array();
  writer.member("required", option.required).member("repeatable", option.repeatable).end_object();
}

void write_command(json::Writer& writer, const Program& program, const Command& command) {
  writer.begin_object();
  writer.member("words", command.words).member("positional", command.positional).member("help", command.help);
  writer.member("effect", effect_name(command.effect)).member("json", takes_json(program, command));
  writer.key("options").begin_array();
  for (const auto& option : all_options(program, command)) write_option(writer, option);
  writer.end_array().key("examples").begin_array();
  for (const auto& example : command.examples) {
    writer.begin_object();
    writer.member("command", example.command).member("text", example.text).end_object();
  }
  writer.end_array().end_object();
}

}  // namespace

std::string json_of(const Program& program) {
  json::Writer writer;
  writer.begin_object();
  writer.member("program", program.name).member("help", program.help).key("commands").begin_array();
  for (const auto& command : program.commands) write_command(writer, program, command);
  writer.end_array().key("aliases").begin_array();
  for (const auto& alias : program.aliases) {
    writer.begin_object().member("typed", spelling_of(alias));
    writer.member("means", meaning_of(alias)).end_object();
  }
  writer.end_array().end_object();
  return writer.take() + "\n";
}

std::string json_of(const Program& program, const Command& command) {
  json::Writer writer;
  write_command(writer, program, command);
  return writer.take() + "\n";
}

}  // namespace wharf::command
