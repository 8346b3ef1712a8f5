// SPDX-License-Identifier: MIT
#include "libwharf/archive/utf8_locale.hpp"

#include "libwharf/base/error.hpp"

namespace wharf {

locale_t utf8_locale() {
  static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (made == nullptr) throw system_error("the locale C.UTF-8 is missing; the package libc-bin brings it");
  return made;
}

}  // namespace wharf
