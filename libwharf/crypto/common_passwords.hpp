// SPDX-License-Identifier: MIT
// Whether a password is among the first that others try. Not a list but what such lists consist of, so that a
// few hundred words stand for many thousand passwords. Looked at without regard to capitals, a password is
// common if it is one of:
//
//   - a common word, name or phrase of our list, with up to four digits, or digits that are themselves a run,
//   before or after
//     it, up to three other signs at either end, and letters replaced by look-alikes (`P@ssw0rd1!`,
//     `1qwertyuiop`, `dragon2024`);
//   - one piece of up to four signs, or one common word, over and over (`abababab`, `testtest`);
//   - runs of at least three signs along the alphabet, the digits or a keyboard, either way (`qweasd123`,
//   `1qaz2wsx`, `87654321`);
//   - eight digits that are a date (`01011990`).
//
// A passphrase of several words, or a word that others do not start with, is none of these.
#pragma once

#include <string_view>

namespace wharf {

bool is_common_password(std::string_view password);

}  // namespace wharf
