// SPDX-License-Identifier: MIT
// Lock files, written: a text for each shape.
#include <set>

#include "client/lock/lock.hpp"
#include "client/manifest/toml_map.hpp"
#include "client/profile/profile.hpp"
#include "libwharf/json/writer.hpp"

namespace wharf::client {

namespace {

constexpr std::string_view k_note =
    "# Which versions this project uses. Made by `wharf`; keep it under version control, and leave it as it "
    "is.\n";

std::string line(std::string_view key, const std::string& value) {
  return std::string(key) + " = " + toml_quoted(value) + "\n";
}

using Known = std::map<std::string_view, const LockedPackage*>;

Known known_packages(const Lock& lock) {
  Known known;
  for (const auto& package : lock.packages) known.emplace(package.name, &package);
  return known;
}

// The names that have an entry of their own: what is used in place has none.
std::vector<std::string> locked_dependencies(const Known& known, const LockedPackage& package) {
  std::vector<std::string> names;
  for (const auto& [name, requirement] : package.dependencies)
    if (known.contains(name)) names.push_back(name);
  return names;
}

std::string toml_names(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + toml_quoted(name);
  return "[" + out + "]";
}

// What the languages' own loaders pass over.
std::string our_fields(const LockedPackage& package) {
  std::string out;
  if (!package.registry.empty()) out += line("registry", package.registry);
  if (!package.wanted.empty()) out += line("wanted", package.wanted);
  if (package.dev) out += "dev = true\n";
  return out;
}

std::string requirements_table(const std::string& header, const LockedPackage& package) {
  if (package.dependencies.empty()) return {};
  std::string out = "\n[" + header + "]\n";
  for (const auto& [name, requirement] : package.dependencies) out += line(toml_key(name), requirement);
  return out;
}

std::string our_table(const Lock& lock) {
  return "\n[wharf]\nformat = " + std::to_string(k_lock_format) + "\n" +
         line("requirements", lock.requirements_digest);
}

std::string wharf_text(const Lock& lock) {
  std::string out = std::string(k_note) + "version = " + std::to_string(k_lock_format) + "\n" +
                    line("requirements", lock.requirements_digest);
  for (const auto& package : lock.packages)
    out += "\n[[package]]\n" + line("name", package.name) + line("version", package.version.text()) +
           line("checksum", package.checksum) + our_fields(package) +
           requirements_table("package.dependencies", package);
  return out;
}

// Raven reads its packages in an order in which each stands behind what it needs; a circle is cut where the
// names' order meets it.
class InOrder {
 public:
  explicit InOrder(const Known& known) : known_(known) {
    for (const auto& [name, package] : known) visit(*package);
  }
  const std::vector<const LockedPackage*>& packages() const { return out_; }

 private:
  // With a list of its own in place of the call stack: a chain of packages may be long.
  void visit(const LockedPackage& first) {
    struct Step {
      const LockedPackage* package;
      std::map<std::string, std::string>::const_iterator next;
    };
    if (!seen_.insert(first.name).second) return;
    std::vector<Step> steps = {{&first, first.dependencies.begin()}};
    while (!steps.empty()) {
      Step& step = steps.back();
      if (step.next == step.package->dependencies.end()) {
        out_.push_back(step.package);
        steps.pop_back();
        continue;
      }
      const auto needed = known_.find((step.next++)->first);
      if (needed != known_.end() && seen_.insert(needed->first).second)
        steps.push_back({needed->second, needed->second->dependencies.begin()});
    }
  }

  const Known& known_;
  std::set<std::string_view> seen_;
  std::vector<const LockedPackage*> out_;
};

std::string raven_text(const Lock& lock) {
  std::string out = std::string(k_note) + "version = \"1\"\n";
  if (lock.packages.empty()) out += "packages = []\n";
  out += our_table(lock);
  const Known known = known_packages(lock);
  const InOrder order(known);
  for (const auto* package : order.packages())
    out += "\n[[packages]]\n" + line("name", package->name) + line("version", package->version.text()) +
           "dependencies = " + toml_names(locked_dependencies(known, *package)) + "\n" +
           line("checksum", package->checksum) + our_fields(*package) +
           "\n[packages.source]\ntype = \"Registry\"\n" +
           line("url", package->registry + "/" + package->name + "/" + package->version.text()) +
           requirements_table("packages.requirements", *package);
  return out;
}

std::string vais_text(const Lock& lock) {
  const Known known = known_packages(lock);
  std::string out = std::string(k_note) + "version = 1\n" + our_table(lock);
  for (const auto& package : lock.packages) {
    const std::string table = "packages." + toml_key(package.name);
    out += "\n[" + table + "]\n" + line("version", package.version.text()) +
           line("checksum", package.checksum) + "source = \"registry\"\n" +
           "dependencies = " + toml_names(locked_dependencies(known, package)) + "\n" + our_fields(package) +
           requirements_table(table + ".requirements", package);
  }
  return out;
}

// JSON as Python's json.dumps(indent=2) lays it out.
class Pretty {
 public:
  Pretty& open(std::string_view key, char bracket) {
    begin(key);
    out_ += bracket;
    levels_.push_back(bracket);
    empty_ = true;
    return *this;
  }
  Pretty& close() {
    const char bracket = levels_.back();
    levels_.pop_back();
    if (!empty_) out_ += "\n" + std::string(levels_.size() * 2, ' ');
    out_ += bracket == '{' ? '}' : ']';
    empty_ = false;
    return *this;
  }
  Pretty& raw(std::string_view key, const std::string& json) {
    begin(key);
    out_ += json;
    empty_ = false;
    return *this;
  }
  Pretty& text(std::string_view key, const std::string& value) { return raw(key, json::quote(value)); }
  std::string take() { return std::move(out_) + "\n"; }

 private:
  void begin(std::string_view key) {
    if (!levels_.empty()) out_ += (empty_ ? "\n" : ",\n") + std::string(levels_.size() * 2, ' ');
    if (!key.empty()) out_ += json::quote(key) + ": ";
  }
  std::string out_, levels_;
  bool empty_ = true;
};

std::string synapse_text(const Lock& lock) {
  const Known known = known_packages(lock);
  Pretty out;
  out.open("", '{').open("dependencies", '{');
  for (const auto& package : lock.packages) {
    out.open(package.name, '{').text("checksum", package.checksum).open("dependencies", '{');
    for (const auto& name : locked_dependencies(known, package))
      out.text(name, known.at(name)->version.text());
    out.close();
    if (package.dev) out.raw("dev", "true");
    if (!package.registry.empty()) out.text("registry", package.registry);
    out.open("requirements", '{');
    for (const auto& [name, requirement] : package.dependencies) out.text(name, requirement);
    out.close();
    if (!package.wanted.empty()) out.text("resolved_from", package.wanted);
    out.text("version", package.version.text()).close();
  }
  out.close().raw("lockfile_version", "1").open("wharf", '{');
  out.raw("format", std::to_string(k_lock_format)).text("requirements", lock.requirements_digest);
  return out.close().close().take();
}

std::string wharf_json_text(const Lock& lock) {
  Pretty out;
  out.open("", '{').raw("version", std::to_string(k_lock_format));
  out.text("requirements", lock.requirements_digest).open("packages", '[');
  for (const auto& package : lock.packages) {
    out.open("", '{').text("name", package.name).text("version", package.version.text());
    out.text("checksum", package.checksum);
    if (!package.registry.empty()) out.text("registry", package.registry);
    if (!package.wanted.empty()) out.text("wanted", package.wanted);
    if (package.dev) out.raw("dev", "true");
    out.open("dependencies", '{');
    for (const auto& [name, requirement] : package.dependencies) out.text(name, requirement);
    out.close().close();
  }
  return out.close().close().take();
}

}  // namespace

std::string render_lock(const Profile& profile, const Lock& lock) {
  switch (profile.lock_form) {
    case LockForm::wharf_json:
      return wharf_json_text(lock);
    case LockForm::synapse:
      return synapse_text(lock);
    case LockForm::raven:
      return raven_text(lock);
    case LockForm::vais:
      return vais_text(lock);
    case LockForm::wharf:
      break;
  }
  return wharf_text(lock);
}

}  // namespace wharf::client
