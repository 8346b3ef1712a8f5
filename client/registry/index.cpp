// SPDX-License-Identifier: MIT
#include "client/registry/index.hpp"

#include <algorithm>

#include "client/registry/directory.hpp"
#include "client/registry/index_state.hpp"
#include "libwharf/base/nearest.hpp"
#include "libwharf/json/value.hpp"
#include "libwharf/package/name.hpp"

namespace wharf::client {

namespace {

constexpr std::size_t k_nearest = 3;

}  // namespace

Index::Index(RegistryAccess access) : state_(std::make_unique<State>(std::move(access))) {}

Index::~Index() = default;

const RegistryAccess& Index::access() const {
  return state_->access;
}

resolver::Source::Answer Index::package(std::string_view name) {
  const State::Entry& entry = state_->wait_for(name);
  if (entry.fault) std::rethrow_exception(entry.fault);
  return {entry.absence, &entry.candidates};
}

void Index::soon(std::span<const std::string> names) {
  // What is read from a disk is read when it is wanted.
  if (!state_->asks_network()) return;
  for (const auto& name : names) state_->ask(name);
  // Lets them leave, and what has arrived arrive.
  state_->access.http().work(std::chrono::milliseconds(0));
}

const IndexDocument* Index::document(std::string_view name) {
  const State::Entry& entry = state_->wait_for(name);
  if (entry.fault) std::rethrow_exception(entry.fault);
  return entry.document.get();
}

resolver::Absence Index::absence(std::string_view name) {
  return package(name).absence;
}

void Index::refresh(std::span<const std::string> names) {
  for (const auto& name : names) state_->ask(name);
  for (const auto& name : names) state_->wait_for(name);
}

std::vector<std::string> Index::near(std::string_view name) {
  std::vector<std::string> names =
      state_->directory ? directory_names(*state_->directory) : state_->cache.names();
  if (state_->asks_network()) {
    try {
      // Whatever begins alike; the registry knows more names than the cache does.
      const auto response = state_->access.http().send(
          {.url = state_->access.base + "/api/v1/suggest?limit=100&q=" + url_encode(name.substr(0, 3)),
           .repeatable = false});
      require_success(response);
      const json::Document answer = json::parse(response.body);
      answer.root()["suggestions"].each([&](json::Value one) {
        if (const auto text = one.string(); text && is_package_name(*text)) names.emplace_back(*text);
      });
    } catch (const Error&) {
      // A message lacks its "did you mean", no more.
    }
  }
  std::vector<std::string> out;
  while (out.size() < k_nearest) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string found(nearest(name, views));
    if (found.empty()) break;
    if (found != name) out.push_back(found);
    std::erase(names, found);
  }
  return out;
}

}  // namespace wharf::client
