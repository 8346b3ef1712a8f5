// SPDX-License-Identifier: MIT
// nginx's configuration, rendered from the templates of nginx/ and the installation's own configuration.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "registry/config/config.hpp"

namespace wharf::admin {

// What stands for @NAME@ in the templates. Throws Error(bad_request) where a value cannot stand in nginx's
// language.
std::map<std::string, std::string, std::less<>> nginx_values(const Config& config, const Path& output);

// Every @NAME@ replaced; a name that is not among the values is a fault in the template and throws.
std::string render_template(std::string_view text,
                            const std::map<std::string, std::string, std::less<>>& values);

// The templates that came with the program: PREFIX/share/wharf/nginx, or nginx/ of the tree that it was built
// in.
Path templates_of_program();

// Renders all of nginx.templates into `output`; a file appears whole or not at all.
void render_nginx(const Config& config, const Path& output);

}  // namespace wharf::admin
