// SPDX-License-Identifier: MIT
// `quota show`, `quota set`, `quota clear`.
#include "admin-tools/common/operator.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/quota_table.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

constexpr std::int64_t k_most = 1'000'000, k_longest = 2'592'000;

Quota quota_named(const std::string& name) {
  std::vector<std::string_view> known;
  for (const Quota quota : k_quotas) {
    if (quota_name(quota) == name) return quota;
    known.push_back(quota_name(quota));
  }
  throw UsageError(wharf::quoted(name) + " is no quota; expected new-packages, versions, yanks or storage" +
                   suggestion(name, known));
}

void print(Context& context, const Arguments& arguments) {
  const auto standings = context.quotas.show(arguments["USER"]);
  if (!arguments.json()) {
    print_quotas(standings);
    return;
  }
  json::Writer writer;
  writer.begin_object().member("username", arguments["USER"]).key("quotas");
  write_quotas(writer, standings);
  writer.end_object();
  finish(writer);
}

int quota_show(const Arguments& arguments) {
  Context context(arguments);
  print(context, arguments);
  return 0;
}

int quota_set(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  const Quota quota = quota_named(arguments["QUOTA"]);
  const auto most = parse_number(arguments["MOST"]);
  if (!most || *most > static_cast<std::uint64_t>(k_most))
    throw UsageError("MOST is " + wharf::quoted(arguments["MOST"]) + "; expected a whole number from 0 to " +
                     std::to_string(k_most));
  std::optional<std::uint64_t> seconds;
  if (const auto given = arguments.number("--seconds", 1, k_longest))
    seconds = static_cast<std::uint64_t>(*given);
  if (seconds && quota == Quota::storage)
    throw UsageError("'--seconds' has no meaning for storage; leave it out");
  Context context(arguments);
  context.quotas.set(arguments["USER"], quota, *most, seconds, context.who, origin);
  print(context, arguments);
  return 0;
}

int quota_clear(const Arguments& arguments) {
  const auto origin = origin_of(arguments);
  const Quota quota = quota_named(arguments["QUOTA"]);
  Context context(arguments);
  if (!context.quotas.clear(arguments["USER"], quota, context.who, origin))
    note("nothing was set for '" + arguments["USER"] + "'; the configuration's figures held already");
  print(context, arguments);
  return 0;
}

}  // namespace

Command quota_show_command() {
  return {.words = "quota show",
          .positional = "USER",
          .help = "show how much an account may do, and how much of it is left",
          .run = quota_show,
          .effect = Effect::reads,
          .json = true,
          .description =
              "`new-packages`, `versions` and `yanks` are so many at once, refilled one by one; `storage` is "
              "the sum of "
              "the archives that the account has published.",
          .examples = {{"wharf-user quota show ada", "why is ada refused with 429?"}}};
}

Command quota_set_command() {
  return {.words = "quota set",
          .positional = "USER QUOTA MOST",
          .help = "give an account other quotas than the configuration's",
          .run = quota_set,
          .effect = Effect::changes,
          .json = true,
          .description =
              "QUOTA is `new-packages`, `versions`, `yanks` or `storage`; MOST is how many at once, or MiB "
              "of storage, "
              "and 0 lifts the limit. They hold from the next request on, on all machines.",
          .options = {{"--seconds", "N",
                       "after how many seconds one more is admitted; as configured unless told"}},
          .examples = {
              {"wharf-user quota set ci-robot versions 5000 --seconds 10", "a robot that publishes a lot"},
              {"wharf-user quota set ada storage 0 --reason 'hosts the toolchains'", "no limit of storage"}}};
}

Command quota_clear_command() {
  return {.words = "quota clear",
          .positional = "USER QUOTA",
          .help = "let the configuration's figures hold again",
          .run = quota_clear,
          .effect = Effect::changes,
          .json = true,
          .description = "QUOTA is `new-packages`, `versions`, `yanks` or `storage`.",
          .examples = {{"wharf-user quota clear ci-robot versions", "take `quota set` back"}}};
}

}  // namespace wharf::admin
