// SPDX-License-Identifier: MIT
// What an Index knows and what is under way. Between index.cpp and index_fetching.cpp alone.
#pragma once

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/cache/documents.hpp"
#include "client/http/http.hpp"
#include "client/registry/foresight.hpp"
#include "client/registry/index.hpp"

namespace wharf::client {

struct Index::State {
  struct Entry {
    bool ready = false;
    resolver::Absence absence = resolver::Absence::unknown;
    std::unique_ptr<IndexDocument> document;
    std::vector<resolver::Candidate> candidates;
    std::exception_ptr fault;

    // While it is under way: what the cache has, which a 304 confirms.
    std::unique_ptr<IndexDocument> cached;
    std::string etag;
  };

  explicit State(RegistryAccess access);
  ~State();

  Entry& wait_for(std::string_view name);
  // Begins, where it was not begun, with all that this makes likely.
  void ask(std::string_view name);
  bool asks_network() const { return !directory && !access.offline; }

  RegistryAccess access;
  std::optional<Path> directory;  // of a file:/// registry
  DocumentCache cache;
  std::map<std::string, Entry, std::less<>> entries;

 private:
  void begin(const std::string& name);
  void begin_likely();
  void read_from_directory(const std::string& name, Entry& entry);
  void read_from_cache(const std::string& name, Entry& entry);
  void fetch(const std::string& name, Entry& entry);
  void arrived(const std::string& name, HttpOutcome outcome);
  void settle(const std::string& name, Entry& entry, std::unique_ptr<IndexDocument> document);
  // Throws IntegrityError.
  std::unique_ptr<IndexDocument> read(const std::string& name, std::string_view text) const;

  Foresight foresight_;
};

}  // namespace wharf::client
