// SPDX-License-Identifier: MIT
// Owners for what C libraries hand out: `Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());`
// The release function runs exactly once, when the owner goes.
#pragma once

#include <memory>

namespace wharf {

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* handle) const noexcept {
    release(handle);
  }
};

template <class T, auto release>
using Handle = std::unique_ptr<T, Releaser<release>>;

}  // namespace wharf
