// SPDX-License-Identifier: MIT
// The person at the terminal, if there is one.
#pragma once

#include <string>
#include <string_view>

namespace wharf::command {

bool is_terminal(int descriptor);
// A question can be asked and answered: standard input and standard error are a terminal.
bool can_ask();

// Asks "QUESTION [y/N] " on standard error; true for y or yes, whatever the case.
bool ask(std::string_view question);

// A line typed without echo, at the terminal of this process; nothing of it is ever shown. The echo comes
// back however the program ends. Throws Error(bad_request) at an end of input.
std::string ask_secretly(std::string_view prompt);

// A new password: asked for twice at a terminal, else the first line of standard input. Throws
// Error(bad_request) where the two differ, or where there is none.
std::string new_password(std::string_view prompt);

// When texts are coloured. `automatic`: where the descriptor is a terminal that knows colours and NO_COLOR is
// unset.
enum class Colouring { automatic, always, never };
void set_colouring(Colouring when);

// The text in colour, if texts on that descriptor are coloured.
enum class Colour { red, green, yellow, bold };
std::string coloured(Colour colour, std::string_view text, int descriptor);

}  // namespace wharf::command
