// SPDX-License-Identifier: MIT
// The table of all configuration keys: the one place where a key, its form, default and meaning are written
// down.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/config/config.hpp"

namespace wharf {

struct ConfigOption {
  std::string_view key;  // section.key
  std::string_view fallback;
  std::string_view description;
  std::string form;  // what a value looks like, for messages and the documentation
  // Parses the text into its place; false where it is not of the form.
  std::function<bool(Config&, const std::string&)> apply;
  bool secret = false;
};

const std::vector<ConfigOption>& config_options();

// After all options are applied: paths below storage.root, figures of the preset, times the factor.
void derive_config(Config& config);

}  // namespace wharf
