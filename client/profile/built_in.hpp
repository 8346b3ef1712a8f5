// SPDX-License-Identifier: MIT
// The texts of the built-in profiles.
#pragma once

#include <string_view>

namespace wharf::client {

struct BuiltIn {
  std::string_view name, text;
};

// Wharf's own first.
inline constexpr BuiltIn k_built_in[] = {
    {"wharf", R"toml(# Wharf's own: for a language that has nothing yet.
language = "Wharf"

[manifest]
file = "wharf.toml"
also = ["wharf.json"]
dialect = "wharf"
bare = "caret"

[lock]
file = "wharf.lock"
form = "wharf"

[packages]
directory = "wharf_packages"
layout = "name"

[cache]
directory = "~/.cache/wharf"

[credentials]
file = "~/.config/wharf/credentials.toml"
form = "wharf"

[registry]
default = "http://127.0.0.1:8080"

[archive]
top = ""
pack = []
leave_out = ["wharf_packages/", "target/", "build/", "node_modules/"]

[publish]
mismatch = "error"
)toml"},
    {"synapse", R"toml(# Synapse: what `synapse pkg` does, on Wharf.
language = "Synapse"

[manifest]
file = "synapse.json"
dialect = "synapse"
bare = "exact"

[lock]
file = "synapse-lock.json"
form = "synapse"

[packages]
directory = "~/.synapse/packages"
layout = "name-version-nested"

[cache]
directory = "~/.synapse/cache"

[credentials]
file = "~/.synapse/credentials.json"
form = "synapse"

[registry]
default = "https://registry.synapse.sh"
environment = "SYNAPSE_REGISTRY"

[archive]
top = "{name}-{version}"
pack = ["*.syn", "*.json", "*.md", "/lib/", "/src/"]
leave_out = ["/node_modules/", "/__pycache__/", "/.pytest_cache/"]

[spellings]
"uninstall" = "remove"
"install -S" = "install"
"install --save" = "install"
"install -D" = "install --dev"
"install --save-dev" = "install --dev"
"info --version V" = "info @V"
"search --sort=recently-updated" = "search --sort recent"
"login -u NAME" = "login --username NAME"
"login -p PASSWORD" = "login --password PASSWORD"
)toml"},
    {"raven", R"toml(# Raven: what `raven pkg` does, on Wharf.
language = "Raven"

[manifest]
file = "raven.toml"
dialect = "raven"
bare = "caret"

[lock]
file = "raven.lock"
form = "raven"

[packages]
directory = "raven_packages"
layout = "name"

[cache]
directory = "~/.raven/cache"

[credentials]
file = "~/.raven/credentials.json"
form = "raven"

[registry]
default = "https://ravensone-registry.fly.dev"
environment = "RAVEN_REGISTRY"

[archive]
top = ""
pack = ["/src/", "/raven.toml", "/README.md"]
leave_out = []

[spellings]
"add -v REQ" = "add --version REQ"
"cache" = "cache list --totals"
"clean" = "cache clean"
"update --compatible" = "update"
"update --latest" = "refuse: an update stays within the manifest's requirements; write a new one with 'add NAME@REQ'"
)toml"},
    {"vais", R"toml(# Vais: what `vaisc pkg` does, on Wharf.
language = "Vais"

[manifest]
file = "vais.toml"
dialect = "vais"
bare = "caret"

[lock]
file = "vais.lock"
form = "vais"

[packages]
directory = "~/.vais/registry/cache"
layout = "cache-extracted"

[cache]
directory = "~/.vais/registry"

[credentials]
file = "~/.vais/credentials.toml"
form = "vais"

[registry]
default = "https://registry.vais.dev"
environment = "VAIS_REGISTRY_URL"

[archive]
top = ""
pack = []
leave_out = ["target/", "node_modules/", "/vendor/"]

[publish]
mismatch = "warning"

[spellings]
"cache stats" = "cache list --totals"
"cache clear" = "cache clean"
"package" = "pack"
"search --sort=newest" = "search --sort recent"
"signup" = "register"
"tree --all" = "tree"
"yank --version V" = "yank @V"
"unyank --version V" = "unyank @V"
"owner --add USER" = "owner add USER"
"owner --remove USER" = "owner remove USER"
"owner --list" = "owner list"
)toml"},
};

}  // namespace wharf::client
