// SPDX-License-Identifier: MIT
// All services of one worker, made from its configuration. Connects to nothing by itself: the database is
// asked for when first needed, and again after it was away.
#pragma once

#include "libwharf/crypto/hash_slots.hpp"
#include "libwharf/crypto/jwt.hpp"
#include "registry/blobs/blob_store.hpp"
#include "registry/config/config.hpp"
#include "registry/projections/visibility.hpp"
#include "registry/services/accounts.hpp"
#include "registry/services/authenticator.hpp"
#include "registry/services/catalogue.hpp"
#include "registry/services/listings.hpp"
#include "registry/services/owners.hpp"
#include "registry/services/package_search.hpp"
#include "registry/services/publishing.hpp"
#include "registry/services/removal.hpp"
#include "registry/services/statistics.hpp"
#include "registry/services/tokens.hpp"
#include "registry/services/trending.hpp"
#include "registry/services/yanking.hpp"
#include "registry/store/connection.hpp"

namespace wharf {

Publishing::Rules publishing_rules(const Config& config);
store::ConnectionSettings connection_settings(const Config& config, Config::Role role);
// Where the machine's slots for hashing passwords are; whoever comes first makes it.
Path hash_slot_directory(const Config& config);

// Members are made in this order; each may use those above it.
struct Services {
  // Throws Error(bad_request) for what the configuration names and is not there.
  explicit Services(const Config& config);
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  store::Database database;
  JwtKeys keys;
  HashSlots hash_slots;
  Authenticator authenticator;
  Accounts accounts;
  Tokens tokens;

  LocalBlobStore blobs;
  VisibilityReader visibility;
  Catalogue catalogue;
  Listings listings;
  Statistics statistics;
  Trending trending;
  PackageSearch search;
  Publishing publishing;
  Yanking yanking;
  Removal removal;
  Owners owners;
};

}  // namespace wharf
