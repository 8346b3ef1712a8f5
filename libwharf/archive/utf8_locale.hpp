// SPDX-License-Identifier: MIT
// A UTF-8 locale for what the C library and libarchive do with characters, whatever the process was started
// with.
#pragma once

#include <locale.h>

namespace wharf {

// C.UTF-8, made once; throws Error(internal_error) where the system has none.
locale_t utf8_locale();

// The calling thread uses utf8_locale() as long as this lives.
class Utf8LocaleHere {
 public:
  Utf8LocaleHere() : before_(uselocale(utf8_locale())) {}
  Utf8LocaleHere(const Utf8LocaleHere&) = delete;
  Utf8LocaleHere& operator=(const Utf8LocaleHere&) = delete;
  ~Utf8LocaleHere() { uselocale(before_); }

 private:
  locale_t before_;
};

}  // namespace wharf
