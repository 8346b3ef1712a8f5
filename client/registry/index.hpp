// SPDX-License-Identifier: MIT
// The index documents of a registry, as the resolver wants them.
//
// Each document is asked for at most once in the life of an Index, with the ETag of the one in the cache;
// what is asked for is in flight together. What a document, or its predecessor in the cache, makes likely to
// be wanted next (what the newest fitting version needs) is asked for before anyone wants it. A fault that
// met such a document counts only when it is wanted.
//
// Errors: Error(unavailable) where the registry cannot be reached; IntegrityError where it sends what is no
// index document of that package. Neither is kept in the cache.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/registry/access.hpp"
#include "libwharf/package/index_document.hpp"
#include "libwharf/resolver/source.hpp"

namespace wharf::client {

class Index : public resolver::Source {
 public:
  explicit Index(RegistryAccess access);
  ~Index() override;

  // Waits until it is there. Valid as long as the Index lives.
  Answer package(std::string_view name) override;
  // Begins fetching, and does not wait.
  void soon(std::span<const std::string> names) override;
  // Names like this one, nearest first, at most three: from the cache, and from the registry where it can be
  // asked.
  std::vector<std::string> near(std::string_view name) override;

  // As package(), the whole document; nullptr where there is none (absence() says why).
  const IndexDocument* document(std::string_view name);
  resolver::Absence absence(std::string_view name);
  // All of them in flight at once, and waits for all. A fault is thrown when its document is wanted, not
  // here.
  void refresh(std::span<const std::string> names);

  const RegistryAccess& access() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wharf::client
