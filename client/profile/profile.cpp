// SPDX-License-Identifier: MIT
#include "client/profile/profile.hpp"

#include <algorithm>
#include <set>

#include "client/profile/built_in.hpp"
#include "client/profile/words.hpp"
#include "client/program/home.hpp"
#include "libwharf/base/error.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/base/text.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_largest_profile = 64u << 10;

bool is_profile_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && (is_lower(name.front()) || is_digit(name.front())) &&
         std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; });
}

}  // namespace

Path Profile::expand(std::string_view path, const Path& project) const {
  const Path whole = with_home(path);
  return whole.is_absolute() ? whole : project / whole;
}

bool Profile::shares_packages() const {
  return with_home(packages_directory).is_absolute();
}

std::vector<std::string_view> built_in_names() {
  std::vector<std::string_view> names;
  for (const auto& one : k_built_in) names.push_back(one.name);
  return names;
}

std::string_view built_in_text(std::string_view name) {
  for (const auto& one : k_built_in)
    if (one.name == name) return one.text;
  return {};
}

Path user_profile_file(std::string_view name) {
  return configuration_directory() / "profiles" / (std::string(name) + ".toml");
}

std::vector<std::string> profile_names() {
  std::set<std::string> names;
  for (const auto name : built_in_names()) names.emplace(name);
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(configuration_directory() / "profiles", none))
    if (entry.path().extension() == ".toml" && is_profile_name(entry.path().stem().native()))
      names.insert(entry.path().stem());
  return {names.begin(), names.end()};
}

Profile find_profile(std::string_view name) {
  if (is_profile_name(name)) {
    const auto file = user_profile_file(name);
    if (const auto text = read_file(file, k_largest_profile))
      return read_profile(std::string(name), file, *text);
    if (const auto text = built_in_text(name); !text.empty())
      return read_profile(std::string(name), "built in", text);
  }
  const auto names = profile_names();
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto near = nearest(name, known);
  std::string listed;
  for (const auto& one : names) listed.append(listed.empty() ? "" : ", ").append(one);
  throw Error(
      Code::not_found,
      "there is no profile " + wharf::quoted(name) +
          (near.empty() ? "; there are " + listed + ", and a new one would be " +
                              wharf::quoted((configuration_directory() / "profiles" / "NAME.toml").native())
                        : "; did you mean " + wharf::quoted(near) + "?"));
}

std::string_view word_of(Dialect dialect) {
  return find_word(k_dialects, dialect);
}
std::string_view word_of(LockForm form) {
  return find_word(k_lock_forms, form);
}
std::string_view word_of(Layout layout) {
  return find_word(k_layouts, layout);
}
std::string_view word_of(CredentialsForm form) {
  return find_word(k_credentials_forms, form);
}
std::string_view word_of(Bare bare) {
  return find_word(k_bares, bare);
}

}  // namespace wharf::client
