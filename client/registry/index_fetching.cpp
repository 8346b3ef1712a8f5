// SPDX-License-Identifier: MIT
// How index documents come in: from a directory, from the cache, over the network.
#include <algorithm>

#include "client/program/exit.hpp"
#include "client/registry/directory.hpp"
#include "client/registry/index_check.hpp"
#include "client/registry/index_state.hpp"
#include "client/registry/origin.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

using resolver::Absence;

Index::State::State(RegistryAccess the_access)
    : access(std::move(the_access)),
      directory(registry_directory(access.base)),
      cache(access.cache / "index" / registry_key(access.base), access.base) {}

Index::State::~State() {
  if (asks_network()) access.http().abandon(this);
}

Index::State::Entry& Index::State::wait_for(std::string_view name) {
  ask(name);
  Entry& entry = entries.find(name)->second;
  while (!entry.ready) access.http().work();
  return entry;
}

void Index::State::ask(std::string_view name) {
  if (entries.find(name) == entries.end()) begin(std::string(name));
  if (!asks_network()) return;
  foresight_.want(name);
  begin_likely();
}

void Index::State::begin_likely() {
  for (auto names = foresight_.take(); !names.empty(); names = foresight_.take())
    for (const auto& name : names)
      if (entries.find(name) == entries.end()) begin(name);
}

void Index::State::begin(const std::string& name) {
  Entry& entry = entries[name];
  if (!is_package_name(name)) {
    entry.ready = true;
  } else if (directory) {
    read_from_directory(name, entry);
  } else if (access.offline) {
    read_from_cache(name, entry);
  } else {
    fetch(name, entry);
  }
}

void Index::State::read_from_directory(const std::string& name, Entry& entry) {
  try {
    if (const auto text = read_directory_document(*directory, name)) settle(name, entry, read(name, *text));
  } catch (...) {
    entry.fault = std::current_exception();
  }
  entry.ready = true;
}

void Index::State::read_from_cache(const std::string& name, Entry& entry) {
  entry.absence = Absence::not_cached;
  entry.ready = true;
  const auto cached = cache.find(name);
  if (!cached) return;
  try {
    settle(name, entry, read(name, cached->text));
  } catch (const Error&) {
    // As good as not there.
  }
}

void Index::State::fetch(const std::string& name, Entry& entry) {
  HttpRequest request;
  request.url = access.base + "/api/v1/packages/" + name + "/index.json";
  if (const auto cached = cache.find(name)) {
    try {
      entry.cached = read(name, cached->text);
      entry.etag = cached->etag;
      if (!entry.etag.empty()) request.headers.emplace_back("If-None-Match", entry.etag);
      // It is most probably as it was, so what follows from it need not wait for the answer.
      foresight_.learn(name, *entry.cached);
    } catch (const Error&) {
      entry.cached.reset();
    }
  }
  access.http().begin(
      std::move(request), [this, name](HttpOutcome outcome) { arrived(name, std::move(outcome)); }, this);
}

void Index::State::arrived(const std::string& name, HttpOutcome outcome) {
  Entry& entry = entries[name];
  try {
    const HttpResponse& response = outcome.get();
    if (response.status == 304 && entry.cached) {
      cache.confirm(name);
      settle(name, entry, std::move(entry.cached));
    } else if (response.status == 404) {
      cache.forget(name);
    } else {
      require_success(response);
      settle(name, entry, read(name, response.body));
      cache.keep(name, {std::string(response.header("etag")), response.body});
    }
  } catch (...) {
    entry.fault = std::current_exception();
  }
  entry.ready = true;
  begin_likely();
}

void Index::State::settle(const std::string& name, Entry& entry, std::unique_ptr<IndexDocument> document) {
  entry.document = std::move(document);
  entry.candidates = candidates_of(*entry.document);
  entry.absence = entry.document->quarantine() ? Absence::quarantined : Absence::present;
  if (asks_network()) foresight_.learn(name, *entry.document);
  entry.cached.reset();
}

std::unique_ptr<IndexDocument> Index::State::read(const std::string& name, std::string_view text) const {
  return std::make_unique<IndexDocument>(read_index_document(access.base, name, text));
}

}  // namespace wharf::client
