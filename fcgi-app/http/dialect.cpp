// SPDX-License-Identifier: MIT
#include "fcgi-app/http/dialect.hpp"

namespace wharf::http {

namespace {

constexpr DialectRules k_rules[] = {
    {
        .dialect = Dialect::native,
        .name = "native",
        .base = "/api/v1",
        .error_is_sentence = false,
        .error_has_status = false,
        .versions_as_text = false,
        .no_latest_version = "",
        .unknown_text_is_empty = false,
        .unknown_email_is_empty = false,
        .downloads_as_number = false,
        .index_as_array = false,
        .owners_as_array = false,
        .tokens_as_array = false,
        .categories_as_array = false,
        .search_has_results = true,
        .search_has_packages = false,
        .search_has_categories = false,
        .delete_yanks = false,
        .delete_answers_body = false,
        .root_health_is_json = false,
        .register_status = 201,
        .publish_status = 201,
        .token_created_status = 201,
        .owner_added_status = 200,
    },
    {
        .dialect = Dialect::synapse,
        .name = "synapse",
        .base = "/synapse/api/v1",
        .error_is_sentence = true,
        .error_has_status = false,
        .versions_as_text = false,
        .no_latest_version = "0.0.0",
        .unknown_text_is_empty = true,
        .unknown_email_is_empty = false,
        .downloads_as_number = false,
        .index_as_array = false,
        .owners_as_array = false,
        .tokens_as_array = false,
        .categories_as_array = false,
        .search_has_results = true,
        .search_has_packages = true,
        .search_has_categories = false,
        .delete_yanks = false,
        .delete_answers_body = false,
        .root_health_is_json = false,
        .register_status = 201,
        .publish_status = 201,
        .token_created_status = 201,
        .owner_added_status = 200,
    },
    {
        .dialect = Dialect::raven,
        .name = "raven",
        .base = "/raven/api/v1",
        .error_is_sentence = false,
        .error_has_status = false,
        .versions_as_text = true,
        .no_latest_version = "0.0.0",
        .unknown_text_is_empty = true,
        .unknown_email_is_empty = true,
        .downloads_as_number = false,
        .index_as_array = false,
        .owners_as_array = true,
        .tokens_as_array = false,
        .categories_as_array = false,
        .search_has_results = true,
        .search_has_packages = false,
        .search_has_categories = false,
        .delete_yanks = true,
        .delete_answers_body = true,
        .root_health_is_json = false,
        .register_status = 201,
        .publish_status = 201,
        .token_created_status = 201,
        .owner_added_status = 200,
    },
    {
        .dialect = Dialect::vais,
        .name = "vais",
        .base = "/vais",
        .error_is_sentence = true,
        .error_has_status = true,
        .versions_as_text = false,
        .no_latest_version = "",
        .unknown_text_is_empty = true,
        .unknown_email_is_empty = false,
        .downloads_as_number = true,
        .index_as_array = true,
        .owners_as_array = false,
        .tokens_as_array = true,
        .categories_as_array = true,
        .search_has_results = false,
        .search_has_packages = true,
        .search_has_categories = true,
        .delete_yanks = false,
        .delete_answers_body = false,
        .root_health_is_json = true,
        .register_status = 200,
        .publish_status = 200,
        .token_created_status = 200,
        .owner_added_status = 201,
    },
};

}  // namespace

std::optional<Dialect> dialect_from(std::string_view name) {
  for (const auto& rules : k_rules)
    if (rules.name == name) return rules.dialect;
  return std::nullopt;
}

const DialectRules& rules_of(Dialect dialect) {
  return k_rules[static_cast<int>(dialect)];
}

}  // namespace wharf::http
