// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>

#include "admin-tools/common/moment.hpp"
#include "admin-tools/wharf-user/context.hpp"
#include "admin-tools/wharf-user/verbs.hpp"
#include "libwharf/base/text.hpp"
#include "libwharf/command/output.hpp"

namespace wharf::admin {

namespace {

constexpr unsigned k_page = 500;

UserFilter filter_of(const Arguments& arguments) {
  UserFilter filter;
  if (arguments.has("--disabled") && arguments.has("--deleted"))
    throw UsageError("'--disabled' and '--deleted' exclude each other; give one of them");
  if (arguments.has("--disabled")) filter.state = UserFilter::State::disabled;
  if (arguments.has("--deleted")) filter.state = UserFilter::State::deleted;
  filter.role = arguments.maybe("--role");
  if (arguments.has("--query")) filter.text = fold(arguments.value("--query"));
  filter.since = moment(arguments, "--since");
  return filter;
}

void write(json::Writer& writer, const ListedUser& user) {
  const auto time = [](const std::optional<Time>& at) {
    return at ? std::optional(to_rfc3339(*at)) : std::nullopt;
  };
  writer.begin_object().member("username", user.username).member("user_id", std::to_string(user.id));
  writer.member("email", user.email).member("role", user.role).member("state", state_of(user));
  writer.member("packages", user.packages).member("tokens", user.tokens).member("sessions", user.sessions);
  writer.member("created_at", to_rfc3339(user.created_at)).member("disabled_at", time(user.disabled_at));
  writer.member("deleted_at", time(user.deleted_at)).end_object();
}

// Page by page: a million accounts take no more memory than a few hundred.
template <class Take>
void for_each_user(Context& context, const Arguments& arguments, Take take) {
  const auto filter = filter_of(arguments);
  auto left =
      arguments.number("--limit", 1, 1'000'000'000).value_or(std::numeric_limits<std::int64_t>::max());
  std::string after = fold(arguments.value("--after"));
  while (left > 0) {
    const auto wanted = static_cast<unsigned>(std::min<std::int64_t>(left, k_page));
    const auto page = context.users.list(context.who, filter, after, wanted);
    for (const auto& user : page) take(user);
    if (page.size() < wanted) return;
    left -= wanted;
    after = page.back().username;
  }
}

int list(const Arguments& arguments) {
  Context context(arguments);
  if (arguments.json()) {
    json::Writer writer;
    std::int64_t count = 0;
    writer.begin_object().key("users").begin_array();
    for_each_user(context, arguments, [&](const ListedUser& user) {
      write(writer, user);
      if (++count % k_page == 0) put(writer);
    });
    writer.end_array().member("count", count).end_object();
    finish(writer);
    return 0;
  }
  Table table({"USER", "ROLE", "STATE", "PACKAGES", "TOKENS", "CREATED", "E-MAIL"});
  for_each_user(context, arguments, [&](const ListedUser& user) {
    const std::string state(state_of(user));
    table.add({user.username, user.role, user.disabled_at ? Cell(Colour::red, state) : Cell(state),
               user.packages, user.tokens, shown(user.created_at), user.email.value_or("-")});
  });
  table.finish();
  if (table.rows() == 0) note("no account is like this");
  return 0;
}

}  // namespace

Command list_command() {
  return {
      .words = "list",
      .positional = "",
      .help = "list accounts",
      .run = list,
      .effect = Effect::reads,
      .json = true,
      .description = "By name. Deleted accounts are listed with `--deleted` alone.",
      .options = {{"--role", "ROLE", "those with this role", "user admin"},
                  {"--disabled", "", "those that are disabled"},
                  {"--deleted", "", "those that are deleted"},
                  {"--query", "TEXT", "those with this in their name or e-mail"},
                  {"--since", "WHEN", "those registered since then: `2026-01-31`, or `7d`, `12h`, `30m` ago"},
                  {"--limit", "N", "at most so many"},
                  {"--after", "USER", "those after this name, to go on where a list with `--limit` ended"}},
      .examples = {{"wharf-user list --since 1d", "who came today?"},
                   {"wharf-user list --role admin --json", "the administrators, for a program"},
                   {"wharf-user list --query example.org", "everybody with an e-mail at example.org"}}};
}

}  // namespace wharf::admin
