// SPDX-License-Identifier: MIT
// The words of a profile's keys, and what they mean.
#pragma once

#include <cstddef>
#include <string_view>

#include "client/profile/profile.hpp"

namespace wharf::client {

template <class T>
struct Word {
  std::string_view word;
  T meaning;
};

inline constexpr Word<Dialect> k_dialects[] = {{"wharf", Dialect::native},
                                               {"synapse", Dialect::synapse},
                                               {"raven", Dialect::raven},
                                               {"vais", Dialect::vais}};
inline constexpr Word<Bare> k_bares[] = {{"caret", Bare::caret}, {"exact", Bare::exact}};
inline constexpr Word<LockForm> k_lock_forms[] = {{"wharf", LockForm::wharf},
                                                  {"wharf-json", LockForm::wharf_json},
                                                  {"synapse", LockForm::synapse},
                                                  {"raven", LockForm::raven},
                                                  {"vais", LockForm::vais}};
inline constexpr Word<Layout> k_layouts[] = {{"name", Layout::name},
                                             {"name-version", Layout::name_version},
                                             {"name-version-nested", Layout::name_version_nested},
                                             {"cache-extracted", Layout::cache_extracted}};
inline constexpr Word<CredentialsForm> k_credentials_forms[] = {{"wharf", CredentialsForm::wharf},
                                                                {"synapse", CredentialsForm::synapse},
                                                                {"raven", CredentialsForm::raven},
                                                                {"vais", CredentialsForm::vais}};
inline constexpr Word<bool> k_mismatches[] = {{"error", false}, {"warning", true}};

template <class T, std::size_t n>
std::string_view find_word(const Word<T> (&words)[n], T meaning) {
  for (const auto& one : words)
    if (one.meaning == meaning) return one.word;
  return {};
}

}  // namespace wharf::client
