# SPDX-License-Identifier: MIT
"""Every call of the program's table of routes, in every base, with every kind of credential. Who may not is refused, and then
nothing has changed, in the database or on disk; who may leaves exactly one row in the audit log, which says who, what, from
where, and in which request.

The routes are read from the program's own table. A call that changes something and is not described in CHANGES fails the
test, so that none can be forgotten; calls that only read are made as they stand in the table."""

import itertools
import json
import re
import unittest
from collections import namedtuple

from support import packages
from support.refusals import CLERKS_OWN
from support.wharf import ROOT, Wharf

BASES = {"native": "/api/v1", "synapse": "/synapse/api/v1", "raven": "/raven/api/v1", "vais": "/vais", "vais below api/v1": "/vais/api/v1"}
METHODS = {"get": "GET", "post": "POST", "put": "PUT", "del": "DELETE"}
ROUTE = re.compile(r'\{\{Method::(\w+), "([^"]+)"(?:, Access::(\w+))?(?:, Takes::\w+)?(?:,\s*(http::in_all & ~http::in_vais))?\},\s*(\w+)\}')
PASSWORD = "correct horse battery staple"
READ_ONLY_POST = {"POST /auth/verify"}

Route = namedtuple("Route", "call access in_vais")
Request = namedtuple("Request", "path body headers")
Change = namedtuple("Change", "scope needs action subject")

# What each call that changes something wants of an API token (None: no API token will do; signed_in: any one does), of whose package, and what
# the audit log calls it. {who} is the caller.
CHANGES = {
    "POST /auth/register": Change("anyone", None, "register", "{new}"),
    "POST /auth/login": Change("anyone", None, "login", "{who}"),
    "POST /auth/refresh": Change(None, None, "session-refresh", "{who}"),
    "POST /auth/logout": Change("signed_in", None, "logout", "{who}"),
    "PUT /users/me/password": Change(None, None, "password-change", "{who}"),
    "POST /users/me/tokens": Change(None, None, "token-create", "token:"),
    "POST /auth/tokens": Change(None, None, "token-create", "token:"),
    "DELETE /users/me/tokens/{id}": Change(None, None, "token-revoke", "token:"),
    "DELETE /auth/tokens/{id}": Change(None, None, "token-revoke", "token:"),
    "PUT /packages/{name}/{version}": Change("publish", "maintainer", "publish", "{name} 2.0.0"),
    "POST /packages": Change("publish", "maintainer", "publish", "{name} 2.0.0"),
    "POST /packages/publish": Change("publish", "maintainer", "publish", "{name} 2.0.0"),
    "DELETE /packages/{name}/{version}": Change("yank", "owner", "remove", "{name} 1.0.0"),
    "POST /packages/{name}/{version}/yank": Change("yank", "maintainer", "yank", "{name} 1.0.0"),
    "POST /packages/{name}/{version}/unyank": Change("yank", "maintainer", "unyank", "{name} 1.1.0"),
    "PUT /packages/{name}/owners": Change("owners", "owner", "owner-add", "{name} helper"),
    "POST /packages/{name}/owners": Change("owners", "owner", "owner-add", "{name} helper"),
    "DELETE /packages/{name}/owners/{username}": Change("owners", "owner", "owner-remove", "{name} mia"),
}


def routes():
    text = (ROOT / "fcgi-app/handlers/routes.cpp").read_text()
    found = [Route(f"{METHODS[method]} {pattern}", access or "anyone", not only)
             for method, pattern, access, only, _ in ROUTE.findall(text)]
    if len(found) != text.count("{{Method::") or not found:
        raise AssertionError("the table of routes has rows that this test cannot read")
    return found


def setUpModule():
    global wharf, numbers
    numbers = itertools.count(1)
    wharf = Wharf(env={"WHARF_WORKERS": "2"}).start()
    try:
        make_world()
    except BaseException:
        wharf.close()
        raise


def tearDownModule():
    wharf.close()


def make_world():
    """ada owns mylib-core and other-kit, mia maintains both, bob has a package of his own."""
    global ada, bob, mia
    ada, bob, mia = (wharf.register(name, PASSWORD) for name in ("ada", "bob", "mia"))
    wharf.register("helper", PASSWORD)
    for name in ("mylib-core", "other-kit"):
        make_package(name)
    wharf.published(bob.token, "bobs-kit", "1.0.0")


def make_package(name):
    for version in ("1.0.0", "1.1.0"):
        wharf.published(ada.token, name, version)
    must(200, wharf.post(f"/api/v1/packages/{name}/1.1.0/yank", {}, token=ada.token))
    must(200, wharf.request("PUT", f"/api/v1/packages/{name}/owners", {"username": "mia", "role": "maintainer"}, token=ada.token))


def must(status, answer):
    if answer.status != status:
        raise AssertionError(f"expected {status}: {answer}")
    return answer


def make_token(session, **fields):
    return wharf.api_token(session, **fields)


def request_for(call, name, who=None, token_id="1"):
    """A request that would succeed with the right credential, about the package `name`."""
    path = call.split(" ", 1)[1]
    body, headers = None, {}
    number = next(numbers)
    if call.endswith("/auth/register"):
        body = {"username": f"new-{number}", "password": PASSWORD, "email": f"new-{number}@example.org"}
    elif call.endswith("/auth/login"):
        body = {"username": who or "bob", "password": PASSWORD}
    elif call.endswith("/auth/verify"):
        body = {"token": "x"}
    elif call.endswith("/password"):
        body = {"current_password": PASSWORD, "new_password": PASSWORD + "r"}
    elif call.startswith("POST") and call.endswith("/tokens"):
        body = {"name": "made by a test"}
    elif call.startswith("PUT /packages/{name}/{version}"):
        body, headers = packages.package(name, "2.0.0"), {"Content-Type": "application/gzip"}
    elif call in ("POST /packages", "POST /packages/publish"):
        form, content_type = packages.multipart([("archive" if number % 2 else "tarball", "a.tar.gz", None, packages.package(name, "2.0.0"))])
        body, headers = form, {"Content-Type": content_type}
    elif call.endswith("/owners") and not call.startswith("GET"):
        body = {"username": "helper"}
    elif call.endswith("/yank") or call.endswith("/unyank"):
        body = {}
    version = "2.0.0" if call.startswith("PUT") else "1.1.0" if call.endswith("/unyank") else "1.0.0"
    username = "mia" if call.startswith("DELETE") else "ada"
    for word, value in (("{name}", name), ("{version}", version), ("{username}", username), ("{id}", token_id), ("{slug}", "math")):
        path = path.replace(word, value)
    return Request(path, body, headers)


def send(base, call, request, token=None):
    return wharf.request(call.split(" ", 1)[0], base + request.path, request.body, request.headers, token=token)


def tables():
    rows = wharf.sql("SELECT table_name, GROUP_CONCAT(column_name ORDER BY ordinal_position) FROM information_schema.columns"
                     " WHERE table_schema = 'wharf' GROUP BY table_name ORDER BY table_name")
    return [(table, [column for column in columns.split(",") if column != "last_used_at"]) for table, columns in rows
            if table not in CLERKS_OWN]


def snapshot():
    """Every row that a caller could change, and every file of blobs and staging."""
    one = [f"SELECT '{table}', {', '.join(columns)} FROM {table} ORDER BY {columns[0]}, {columns[min(1, len(columns) - 1)]}"
           for table, columns in tables()]
    return wharf.sql("; ".join(one)), wharf.blobs(), wharf.staging()


def audit_rows():
    return wharf.sql("SELECT action, actor, subject, address, request_id FROM audit ORDER BY id")


class RightsTest(unittest.TestCase):
    maxDiff = 4000

    def test_every_call_that_may_change_something_is_described_here(self):
        table = {route.call: route for route in routes()}
        changing = {call for call in table if not call.startswith("GET ")} - READ_ONLY_POST
        self.assertEqual(set(CHANGES), changing)
        for call, change in CHANGES.items():
            self.assertEqual({"anyone": "anyone", None: "session"}.get(change.scope, change.scope), table[call].access, call)
        document = wharf.get("/api/v1/openapi.json").json()["paths"]
        self.assertEqual({f"{method.upper()} {path}" for path, item in document.items() for method in item if method in ("get", "put", "post", "delete")},
                         set(table))

    def bad_credentials(self):
        """What is no credential at all, any more or yet."""
        session = wharf.login("bob", PASSWORD)
        must(204, wharf.post("/api/v1/auth/logout", token=session))
        made = must(201, wharf.post("/api/v1/users/me/tokens", {"name": "soon revoked"}, token=bob.token)).json()
        must(204, wharf.request("DELETE", f"/api/v1/users/me/tokens/{made['token_id']}", token=bob.token))
        expired = make_token(ada.token, name="expired", scopes=["publish", "yank", "owners"])
        wharf.sql("UPDATE api_tokens SET expires_at = NOW(3) - INTERVAL 1 HOUR WHERE name = 'expired'")
        forged = ada.token.rsplit(".", 1)[0] + "." + "A" * 43
        return {"nothing": None, "an ended session": session, "a revoked token": made["token"], "an expired token": expired,
                "a forged session": forged, "a token of nobody": "wharf_" + "A" * 49, "garbage": "x", "an empty scheme": "."}

    def test_nobody_changes_anything_with_a_bad_credential(self):
        credentials = self.bad_credentials()
        before = snapshot()
        for (base_name, base), call in itertools.product(BASES.items(), (call for call, change in CHANGES.items() if change.scope != "anyone")):
            for what, token in credentials.items():
                with self.subTest(base=base_name, call=call, credential=what):
                    answer = send(base, call, request_for(call, "mylib-core"), token)
                    self.assertEqual(401, answer.status, answer)
                    self.assertEqual("Bearer", answer.headers["www-authenticate"])
            self.assertEqual(before, snapshot(), f"{base} {call}")

    def test_tokens_do_not_manage_accounts(self):
        token = make_token(ada.token, scopes=["publish", "yank", "owners"])
        before = snapshot()
        for (base_name, base), call in itertools.product(BASES.items(), (call for call, change in CHANGES.items() if change.scope is None)):
            with self.subTest(base=base_name, call=call):
                answer = send(base, call, request_for(call, "mylib-core"), token)
                self.assertEqual(403, answer.status, answer)
            self.assertEqual(before, snapshot(), f"{base} {call}")

    def test_a_scope_a_token_lacks_is_missed_in_every_call(self):
        lacking = {scope: make_token(ada.token, scopes=[one for one in ("publish", "yank", "owners") if one != scope])
                   for scope in ("publish", "yank", "owners")}
        before = snapshot()
        for (base_name, base), (call, change) in itertools.product(BASES.items(), CHANGES.items()):
            if change.scope not in lacking:
                continue
            with self.subTest(base=base_name, call=call):
                self.assert_refused(base, send(base, call, request_for(call, "mylib-core"), lacking[change.scope]), "scope_missing")
            self.assertEqual(before, snapshot(), f"{base} {call}")

    def test_strangers_change_nothing_with_any_credential(self):
        credentials = {"session": bob.token, "token": make_token(bob.token, scopes=["publish", "yank", "owners"])}
        before = snapshot()
        for (base_name, base), (call, change) in itertools.product(BASES.items(), CHANGES.items()):
            if not change.needs:
                continue
            for what, token in credentials.items():
                with self.subTest(base=base_name, call=call, credential=what):
                    self.assert_refused(base, send(base, call, request_for(call, "mylib-core"), token), "forbidden")
            self.assertEqual(before, snapshot(), f"{base} {call}")

    def test_maintainers_do_not_do_what_owners_do(self):
        token = make_token(mia.token, scopes=["publish", "yank", "owners"])
        before = snapshot()
        for (base_name, base), (call, change) in itertools.product(BASES.items(), CHANGES.items()):
            if change.needs != "owner" or (call.endswith("{version}") and base_name == "raven"):  # which yanks there
                continue
            request = request_for(call, "mylib-core")
            request = request._replace(path=request.path.replace("/owners/mia", "/owners/ada"))  # themselves they may remove
            for credential in (mia.token, token):
                with self.subTest(base=base_name, call=call):
                    self.assert_refused(base, send(base, call, request, credential), "forbidden")
            self.assertEqual(before, snapshot(), f"{base} {call}")

    def test_a_token_for_some_packages_touches_nothing_else_in_any_call(self):
        """The token of the promise: `publish` for `mylib-*`, of somebody who owns much more than that."""
        limited = make_token(ada.token, scopes=["publish"], packages="mylib-*")
        before = snapshot()
        for (base_name, base), route in itertools.product(BASES.items(), routes()):
            change = CHANGES.get(route.call)
            with self.subTest(base=base_name, call=route.call):
                if change and change.scope == "anyone":
                    # Whoever calls here is nobody, whatever they send; what is wrong in it is refused as ever.
                    answer = send(base, route.call, Request(route.call.split(" ", 1)[1], {"username": "ada", "password": "a wrong password"}, {}), limited)
                    self.assertIn(answer.status, (400, 401, 409), answer)
                    before = self.without_failed_logins(before)
                elif change and change.scope == "signed_in":
                    continue  # it ends the credential itself
                elif change:
                    self.assertEqual(403, send(base, route.call, request_for(route.call, "other-kit"), limited).status)
                    if change.scope not in ("publish", None):  # not even within its own packages
                        self.assertEqual(403, send(base, route.call, request_for(route.call, "mylib-core"), limited).status)
                elif route.call in READ_ONLY_POST:
                    self.assertEqual(200, send(base, route.call, request_for(route.call, "x"), limited).status)
                else:
                    answer = send(base, route.call, request_for(route.call, "other-kit"), limited)
                    if route.access == "session":
                        self.assertEqual(403, answer.status, answer)
                    elif route.in_vais or not base_name.startswith("vais"):
                        self.assertNotIn(answer.status, (401, 403, 500), answer)
                    continue
            self.assertEqual(before, snapshot(), f"{base} {route.call}")
        self.assertEqual(before, snapshot(), "something that only reads")

    def without_failed_logins(self, before):
        """Only the documented trace of a failed login may have come."""
        rows, blobs, staging = before
        wharf.sql("DELETE FROM audit WHERE action = 'login-failed'")
        return [row for row in rows if not (row[0] == "audit" and "login-failed" in row)], blobs, staging

    def test_no_other_spelling_gets_past_a_tokens_pattern(self):
        limited = make_token(ada.token, scopes=["publish", "yank", "owners"], packages="mylib-*")
        before = snapshot()
        for name in ("mylib", "xmylib-core", "other-kit", "mylibcore", "a.mylib-core", "mylib_core", "Mylib-core", "mylib-core%2f..%2fother-kit",
                     "%6fther-kit", "other-kit%00mylib-", "mylib-core/../other-kit", "mylib-*"):
            for method, path, body, headers in (
                    ("PUT", f"/packages/{name}/3.0.0", packages.package("other-kit", "3.0.0"), {"Content-Type": "application/gzip"}),
                    ("POST", f"/packages/{name}/1.0.0/yank", {}, {}), ("DELETE", f"/packages/{name}/1.0.0", None, {}),
                    ("PUT", f"/packages/{name}/owners", {"username": "bob"}, {}), ("DELETE", f"/packages/{name}/owners/mia", None, {})):
                with self.subTest(method=method, path=path):
                    answer = wharf.request(method, "/api/v1" + path, body, headers, token=limited)
                    self.assertIn(answer.status, (400, 403, 404, 405, 422), answer)
        # The archive decides, whatever the form says of it.
        for fields in ({"name": "mylib-core", "version": "3.0.0"}, {"name": "other-kit"}, {}):
            for part in ("metadata", "manifest"):
                form, content_type = packages.multipart([(part, None, None, json.dumps(fields).encode()),
                                                         ("tarball", "mylib-core-3.0.0.tar.gz", None, packages.package("other-kit", "3.0.0"))])
                answer = wharf.post("/api/v1/packages", form, headers={"Content-Type": content_type}, token=limited)
                self.assertIn((answer.status, answer.json()["error"]), ((403, "scope_missing"), (422, "manifest_mismatch")))
        self.assertEqual(before, snapshot())

    def test_the_same_token_does_what_it_is_for(self):
        name = f"mylib-{next(numbers)}x"
        limited = make_token(ada.token, scopes=["publish"], packages="mylib-*")
        wharf.published(limited, name, "1.0.0")
        wharf.published(limited, "mylib-core", "1.5.0")
        before = snapshot()
        self.assertEqual(200, wharf.request("PUT", "/api/v1/packages/mylib-core/1.6.0?dry_run=1", packages.package("mylib-core", "1.6.0"),
                                            {"Content-Type": "application/gzip"}, token=limited).status)
        self.assertEqual(before, snapshot(), "a dry run left something")

    def assert_refused(self, base, answer, code):
        body = answer.json()
        self.assertEqual((403, code), (answer.status, body["code"] if "code" in body else body["error"]), answer)


class AuditTest(unittest.TestCase):
    """Each call once, by somebody who may."""

    def make_call(self, base, call, change):
        """The call's answer, with the rows that it added to the audit log, and what they should say."""
        name, token, who, token_id = f"audited-{next(numbers)}", ada.token, "ada", None
        if change.needs:
            make_package(name)
        else:
            person = wharf.register(f"person-{next(numbers)}", PASSWORD)
            token, who = person.token, person.username
        if "{id}" in call:
            token_id = must(201, wharf.post("/api/v1/users/me/tokens", {"name": "x"}, token=token)).json()["token_id"]
        request = request_for(call, name, who, token_id or "1")
        before = len(audit_rows())
        answer = send(base, call, request, None if change.scope == "anyone" else token)
        rows = audit_rows()[before:]
        expected = who if not call.endswith("/register") else request.body["username"]
        subject = change.subject.format(who=expected, new=expected, name=name)
        return answer, rows, expected, subject, request, token

    def test_every_change_leaves_one_row_that_says_who_what_from_where_and_in_which_request(self):
        for (base_name, base), (call, change) in itertools.product(BASES.items(), CHANGES.items()):
            with self.subTest(base=base_name, call=call):
                answer, rows, who, subject, *_ = self.make_call(base, call, change)
                self.assertEqual(2, answer.status // 100, answer)
                self.assertEqual(1, len(rows), rows)
                action, actor, on, address, request_id = rows[0]
                yanks = base_name == "raven" and call == "DELETE /packages/{name}/{version}"
                self.assertEqual("yank" if yanks else change.action, action)
                self.assertEqual((who, "127.0.0.1", answer.headers["x-request-id"]), (actor, address, request_id))
                self.assertTrue(on == subject or on.startswith("token:") and subject == "token:", on)

    def test_the_operators_page_names_these_actions(self):
        rows = re.findall(r"^\| (`[a-z`, -]+`) \| (?:PUT|POST|DELETE|publishes)", (ROOT / "docs/operate/audit.md").read_text(), re.M)
        self.assertEqual({change.action for change in CHANGES.values()}, {name for row in rows for name in re.findall(r"[a-z-]+", row)})

    def test_what_is_so_already_leaves_no_row(self):
        for call in ("POST /packages/{name}/{version}/yank", "POST /packages/{name}/{version}/unyank", "PUT /packages/{name}/owners"):
            answer, rows, _, _, request, token = self.make_call("/api/v1", call, CHANGES[call])
            before = audit_rows()
            self.assertEqual((answer.status, 1), (send("/api/v1", call, request, token).status, len(rows)), call)
            self.assertEqual(before, audit_rows(), call)

    def test_reading_verifying_and_trying_leave_no_row(self):
        before = audit_rows()
        for route in routes():
            if route.call.startswith("GET ") or route.call in READ_ONLY_POST:
                send("/api/v1", route.call, request_for(route.call, "mylib-core"), ada.token)
        for call in ("POST /packages", "PUT /packages/{name}/{version}"):
            request = request_for(call, "mylib-core")
            answer = send("/api/v1", call, request._replace(path=request.path + "?dry_run=1"), ada.token)
            self.assertEqual(200, answer.status, answer)
        self.assertEqual(before, audit_rows())

    def test_of_what_is_refused_failed_passwords_alone_are_written_down(self):
        before = audit_rows()
        for call, body in (("POST /auth/register", {"username": "ada", "password": PASSWORD}), ("POST /auth/register", {"username": "x"}),
                           ("POST /auth/login", {"username": "ada"})):
            self.assertEqual(4, send("/api/v1", call, Request(call.split()[1], body, {})).status // 100)
        for call, change in CHANGES.items():
            if change.needs:  # a package that is not there, a version that is, a person who has no part
                for path in ("nothing-here", "mylib-core"):
                    request = request_for(call, path)
                    if path == "mylib-core":
                        request = request._replace(path=request.path.replace("1.0.0", "7.7.7").replace("1.1.0", "7.7.7").replace("/mia", "/bob"),
                                                   body=b"x" if isinstance(request.body, bytes) else {"username": 1, "reason": 1})
                    elif call.startswith("P") and change.scope == "publish":
                        request = request._replace(body=b"no archive")
                    self.assertEqual(4, send("/api/v1", call, request, ada.token).status // 100, f"{call} {request.path}")
        self.assertEqual(before, audit_rows())
        self.assertEqual(401, wharf.post("/api/v1/auth/login", {"username": "bob", "password": "wrong password"}).status)
        self.assertEqual([["login-failed", "NULL", "bob"]], [row[:3] for row in audit_rows()[len(before):]])
        self.assertEqual(401, wharf.request("PUT", "/api/v1/users/me/password", {"current_password": "wrong password", "new_password": PASSWORD + "x"},
                                            token=bob.token).status)
        self.assertEqual([["login-failed", "NULL", "bob"], ["password-change-failed", "NULL", "bob"]],
                         [row[:3] for row in audit_rows()[len(before):]])


if __name__ == "__main__":
    unittest.main()
