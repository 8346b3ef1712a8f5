# SPDX-License-Identifier: MIT
"""Accounts over HTTP: register, sign in and out, change the password, API tokens; and that whatever is revoked is revoked in
every worker at the next request."""

import concurrent.futures
import hashlib
import itertools
import json
import os
import signal
import subprocess
import unittest

from support import packages, schema
from support.refusals import Untouched, check_refusal
from support.wharf import Wharf, wait_for

USER = {"id": "int", "user_id": "text+", "username": "text+", "email": "text?", "created_at": "text+"}
WORKERS = 4
_numbers = itertools.count(1)


def setUpModule():
    global wharf
    wharf = Wharf(env={"WHARF_WORKERS": str(WORKERS)}).start()


def tearDownModule():
    wharf.close()


def new_user():
    return f"person-{next(_numbers)}"


PASSWORD = "a sentence that nobody guesses"


class Case(unittest.TestCase):
    def must(self, status, answer):
        self.assertEqual(status, answer.status, answer)
        return answer

    def refused(self, answer, status, code):
        return check_refusal(self, answer, status, code)

    def post(self, path, body=None, token=None):
        return wharf.post(f"/api/v1{path}", body, token=token)

    def register(self, **fields):
        return self.post("/auth/register", {"username": new_user(), "password": PASSWORD, **fields})

    def me(self, token):
        return wharf.get("/api/v1/users/me", token=token)

    def revoked_everywhere(self, token):
        """Every worker of both pools refuses it, from the next request on."""
        for _ in range(3 * WORKERS):
            self.refused(self.me(token), 401, "unauthorized")
            self.refused(wharf.request("PUT", "/api/v1/packages/none/1.0.0", b"x", token=token), 401, "unauthorized")


class RegisterTest(Case):
    def test_whoever_registers_is_signed_in(self):
        name = new_user()
        body = self.must(201, self.register(username=name.upper(), email=f"{name}@Example.ORG")).json()
        schema.check({"success": "bool", "token": "text+", "expires_at": "text+", "user": USER, "user_id": "text+", "username": f"={name}",
                      "email": f"={name}@example.org", "created_at": "text+"}, body)
        self.assertIs(True, body["success"])
        self.assertEqual((name, f"{name}@example.org", str(body["user"]["id"])),
                         (body["user"]["username"], body["user"]["email"], body["user_id"]))
        mine = self.must(200, self.me(body["token"])).json()
        self.assertEqual((name, f"{name}@example.org"), (mine["username"], mine["email"]))
        self.assertEqual(mine, self.must(200, wharf.get("/api/v1/auth/me", token=body["token"])).json())

    def test_an_e_mail_is_not_needed(self):
        for fields in ({}, {"email": None}):
            body = self.must(201, self.register(**fields)).json()
            self.assertIsNone(body["email"])

    def test_names_and_addresses_are_taken_once(self):
        name = new_user()
        self.must(201, self.register(username=name, email=f"{name}@example.org"))
        with Untouched(self, wharf):
            self.refused(self.register(username=name), 409, "username_taken")
            self.refused(self.register(username=name.upper()), 409, "username_taken")
            self.refused(self.register(email=f"{name}@EXAMPLE.org"), 409, "email_taken")

    def test_what_is_not_of_the_form_is_refused(self):
        name = new_user()
        with Untouched(self, wharf):
            for bad in ("ab", "a" * 51, "a b c", "naïve", "a/b/c", "", "a.b.c", "<script>"):
                self.refused(self.register(username=bad), 400, "username_invalid")
            for bad in ("nobody", "a@b@c", "@example.org", "a@", "a b@example.org", "a" * 250 + "@b.org"):
                self.refused(self.register(email=bad), 400, "email_invalid")
            for bad in ("short", "password", "12345678", name, name.upper(), "x" * 129):
                self.refused(self.register(username=name, password=bad), 400, "password_unacceptable")

    def test_passwords_are_kept_as_argon2id(self):
        name = new_user()
        self.must(201, self.register(username=name))
        stored = wharf.sql(f"SELECT password_hash FROM users WHERE username = '{name}'")[0][0]
        self.assertTrue(stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$"), stored)

    def test_registration_can_be_closed(self):
        name = new_user()
        self.must(201, self.register(username=name))
        wharf.restart("workers-write", WHARF_SITE_REGISTRATION="closed")
        try:
            with Untouched(self, wharf):
                self.refused(self.register(), 403, "registration_closed")
            self.must(200, self.post("/auth/login", {"username": name, "password": PASSWORD}))
        finally:
            wharf.restart("workers-write")
        self.must(201, self.register())


class LoginTest(Case):
    def test_by_user_name_and_by_e_mail_in_any_case(self):
        name = new_user()
        self.must(201, self.register(username=name, email=f"{name}@example.org"))
        tokens = set()
        for field, value in (("username", name), ("username", name.upper()), ("email", f"{name}@example.org"),
                             ("email", f"{name}@Example.Org"), ("username", f"{name}@example.org")):
            body = self.must(200, self.post("/auth/login", {field: value, "password": PASSWORD})).json()
            schema.check({"success": "bool", "token": "text+", "expires_at": "text+", "user": USER}, body)
            self.assertEqual(name, body["user"]["username"])
            self.must(200, self.me(body["token"]))
            tokens.add(body["token"])
        self.assertEqual(5, len(tokens))

    def test_a_wrong_password_and_an_unknown_name_are_told_alike(self):
        name = new_user()
        self.must(201, self.register(username=name))
        with Untouched(self, wharf, without=("audit",)):
            wrong = self.refused(self.post("/auth/login", {"username": name, "password": "not it at all"}), 401, None)
            unknown = self.refused(self.post("/auth/login", {"username": new_user(), "password": "not it at all"}), 401, None)
            self.refused(self.post("/auth/login", {"email": "nobody@example.org", "password": PASSWORD}), 401, None)
            self.refused(self.post("/auth/login", {"username": name, "password": PASSWORD.upper()}), 401, None)
        self.assertEqual({**wrong, "request_id": ""}, {**unknown, "request_id": ""})
        self.assertEqual([["2"]], wharf.sql(f"SELECT COUNT(*) FROM audit WHERE action = 'login-failed' AND subject = '{name}'"))

    def test_a_disabled_account_is_shut_out_at_once(self):
        name = new_user()
        token = self.must(201, self.register(username=name)).json()["token"]
        self.must(200, self.me(token))
        wharf.sql(f"UPDATE users SET disabled_at = NOW(3) WHERE username = '{name}'")
        self.refused(self.me(token), 403, "account_disabled")
        self.refused(self.post("/auth/login", {"username": name, "password": PASSWORD}), 403, "account_disabled")
        self.refused(self.post("/auth/login", {"username": name, "password": "not it at all"}), 401, None)

    def test_an_imported_password_is_taken_and_hashed_anew(self):
        name = new_user()
        self.must(201, self.register(username=name))
        salt = "0123456789abcdef0123456789abcdef"
        digest = hashlib.pbkdf2_hmac("sha256", b"from the old days", salt.encode(), 100000).hex()
        wharf.sql(f"UPDATE users SET password_hash = 'pbkdf2_sha256$100000${salt}${digest}' WHERE username = '{name}'")
        for _ in range(2):
            self.must(200, self.post("/auth/login", {"username": name, "password": "from the old days"}))
            stored = wharf.sql(f"SELECT password_hash FROM users WHERE username = '{name}'")[0][0]
            self.assertTrue(stored.startswith("$argon2id$"), stored)


class SessionTest(Case):
    def test_verify_tells_whether_a_token_counts(self):
        name = new_user()
        token = self.must(201, self.register(username=name)).json()["token"]
        for answer in (self.post("/auth/verify", {"token": token}), self.post("/auth/verify", token=token)):
            body = self.must(200, answer).json()
            schema.check({"valid": "bool", "user": {"id": "int", "username": f"={name}"}, "expires_at": "text+"}, body)
            self.assertIs(True, body["valid"])
        api_token = wharf.api_token(token)
        self.assertIs(True, self.must(200, self.post("/auth/verify", {"token": api_token})).json()["valid"])
        for rubbish in ("rubbish", "a.b.c", token + "x", "wharf_" + "a" * 49):
            for answer in (self.post("/auth/verify", {"token": rubbish}), self.post("/auth/verify", token=rubbish)):
                self.assertIs(False, self.must(200, answer).json()["valid"])
        for nothing in (None, {}):
            self.refused(self.post("/auth/verify", nothing), 400, "bad_request")

    def test_refresh_gives_another_token_for_the_old_one(self):
        token = self.must(201, self.register()).json()["token"]
        body = self.must(200, self.post("/auth/refresh", token=token)).json()
        schema.check({"token": "text+", "expires_at": "text+", "user": USER}, body)
        self.assertNotEqual(token, body["token"])
        self.must(200, self.me(body["token"]))
        self.revoked_everywhere(token)
        self.assertIs(False, self.post("/auth/verify", {"token": token}).json()["valid"])
        self.refused(self.post("/auth/refresh", token=token), 401, "unauthorized")
        self.must(200, self.me(body["token"]))

    def test_logout_ends_this_session_and_no_other(self):
        name = new_user()
        first = self.must(201, self.register(username=name)).json()["token"]
        second = wharf.login(name, PASSWORD)
        self.assertEqual(b"", self.must(204, self.post("/auth/logout", token=first)).body)
        self.revoked_everywhere(first)
        self.refused(self.post("/auth/logout", token=first), 401, "unauthorized")
        self.must(200, self.me(second))

    def test_a_changed_password_ends_every_other_session(self):
        name = new_user()
        first = self.must(201, self.register(username=name)).json()["token"]
        second = wharf.login(name, PASSWORD)
        change = lambda token, **fields: wharf.request("PUT", "/api/v1/users/me/password", fields, token=token)
        other = "quite another sentence"
        with Untouched(self, wharf, without=("audit",)):
            answer = change(first, current_password="not it at all", new_password=other)
            self.assertIn(answer.status, (401, 403), answer)
            check_refusal(self, answer, answer.status)
            self.refused(change(first, current_password=PASSWORD, new_password="short"), 400, "password_unacceptable")
            self.refused(change(None, current_password=PASSWORD, new_password=other), 401, "unauthorized")
        self.must(200, self.me(second))
        self.must(204, change(first, current_password=PASSWORD, new_password=other))
        self.revoked_everywhere(second)
        self.must(200, self.me(first))
        self.refused(self.post("/auth/login", {"username": name, "password": PASSWORD}), 401, None)
        self.must(200, self.post("/auth/login", {"username": name, "password": other}))

    def test_a_session_that_has_run_out_is_none(self):
        name = new_user()
        token = self.must(201, self.register(username=name)).json()["token"]
        wharf.sql(f"UPDATE sessions SET expires_at = '2020-01-01' WHERE user_id = (SELECT id FROM users WHERE username = '{name}')")
        self.revoked_everywhere(token)

    def test_a_profile_is_public_and_has_no_e_mail(self):
        name = new_user()
        token = self.must(201, self.register(username=name, email=f"{name}@example.org")).json()["token"]
        wharf.published(token, f"of-{name}", "1.0.0")
        answer = self.must(200, wharf.get(f"/api/v1/users/{name.upper()}"))
        schema.check({"username": f"={name}", "created_at": "text+", "joined_at": "text+", "packages": "array"}, answer.json())
        self.assertNotIn("@", answer.text)
        self.assertIn(f"of-{name}", answer.text)
        self.refused(wharf.get("/api/v1/users/nobody-here"), 404, "not_found")
        mine = self.me(token).json()
        self.assertIn(f"of-{name}", json.dumps(mine["packages"]))


class TokensTest(Case):
    def test_a_token_is_shown_once(self):
        session = self.must(201, self.register()).json()["token"]
        for path in ("/users/me/tokens", "/auth/tokens"):
            body = self.must(201, self.post(path, {"name": "ci"}, token=session)).json()
            schema.check({"token": "text+", "token_id": "text+", "name": "=ci", "scopes": ["text+"], "created_at": "text+", "expires_at": "text+"},
                         body)
            self.assertRegex(body["token"], "^wharf_[0-9A-Za-z]{49}$")
            self.assertEqual(["publish", "yank"], sorted(body["scopes"]))
            listed = self.must(200, wharf.get(f"/api/v1{path}", token=session))
            self.assertIn(body["token_id"], listed.text)
            self.assertNotIn(body["token"], listed.text)
            mine = self.must(200, self.me(session))
            self.assertNotIn(body["token"], mine.text)
            self.assertIn(body["token_id"], json.dumps(mine.json()["tokens"]))
            self.assertNotIn(body["token"], subprocess.run(["grep", "-r", "-a", "-F", body["token"], str(wharf.var / "log")],
                                                            capture_output=True, text=True).stdout)
            stored = wharf.sql(f"SELECT digest FROM api_tokens WHERE id = {body['token_id']}")[0][0]
            self.assertEqual(hashlib.sha256(body["token"].encode()).hexdigest(), stored)

    def test_a_revoked_token_is_revoked_everywhere(self):
        session = self.must(201, self.register()).json()["token"]
        for path in ("/users/me/tokens", "/auth/tokens"):
            made = self.must(201, self.post("/users/me/tokens", {"name": "ci"}, token=session)).json()
            self.must(200, self.me(made["token"]))
            self.must(204, wharf.request("DELETE", f"/api/v1{path}/{made['token_id']}", token=session))
            self.revoked_everywhere(made["token"])
            self.refused(wharf.request("DELETE", f"/api/v1{path}/{made['token_id']}", token=session), 404, "not_found")

    def test_nobody_revokes_or_sees_anothers(self):
        session, other = (self.must(201, self.register()).json()["token"] for _ in range(2))
        made = self.must(201, self.post("/users/me/tokens", {"name": "ci"}, token=session)).json()
        with Untouched(self, wharf):
            self.refused(wharf.request("DELETE", f"/api/v1/users/me/tokens/{made['token_id']}", token=other), 404, "not_found")
            self.assertNotIn(made["token_id"], json.dumps(wharf.get("/api/v1/users/me/tokens", token=other).json()))
            self.refused(wharf.get("/api/v1/users/me/tokens"), 401, "unauthorized")
        self.must(200, self.me(made["token"]))

    def test_a_token_manages_no_account(self):
        session = self.must(201, self.register()).json()["token"]
        made = self.must(201, self.post("/users/me/tokens", {"name": "ci", "scopes": ["publish", "yank", "owners"]}, token=session)).json()
        token = made["token"]
        with Untouched(self, wharf):
            self.refused(self.post("/users/me/tokens", {"name": "more"}, token=token), 403, "forbidden")
            self.refused(wharf.request("DELETE", f"/api/v1/users/me/tokens/{made['token_id']}", token=token), 403, "forbidden")
            self.refused(wharf.request("PUT", "/api/v1/users/me/password",
                                       {"current_password": PASSWORD, "new_password": "quite another sentence"}, token=token), 403, "forbidden")
            self.refused(self.post("/auth/refresh", token=token), 403, "forbidden")

    def test_a_token_says_what_it_is_and_can_give_itself_up(self):
        session = self.must(201, self.register()).json()["token"]
        fields = {"name": "ci", "scopes": ["publish"], "packages": "mylib-*"}
        made, other = (self.must(201, self.post("/users/me/tokens", fields, token=session)).json() for _ in range(2))
        expected = {"kind": "api_token", "token_id": made["token_id"], "expires_at": made["expires_at"], **fields}
        self.assertEqual(expected, wharf.get("/api/v1/users/me", token=made["token"]).json()["credential"])
        by_session = wharf.get("/api/v1/users/me", token=session).json()["credential"]
        self.assertEqual(("session", None, None, "*"), tuple(by_session[key] for key in ("kind", "token_id", "name", "packages")))
        self.must(204, self.post("/auth/logout", token=made["token"]))
        self.refused(wharf.get("/api/v1/users/me", token=made["token"]), 401, "unauthorized")
        self.refused(self.post("/auth/logout", token=made["token"]), 401, "unauthorized")
        self.assertEqual([other["token_id"]], [one["token_id"] for one in wharf.get("/api/v1/users/me", token=session).json()["tokens"]])
        self.must(200, wharf.get("/api/v1/users/me", token=other["token"]))
        rows = wharf.sql(f"SELECT action FROM audit WHERE subject = 'token:{made['token_id']}' ORDER BY id")
        self.assertEqual([["token-create"], ["token-revoke"]], rows)

    def test_what_a_token_may_be_asked_for(self):
        session = self.must(201, self.register()).json()["token"]
        with Untouched(self, wharf):
            for fields in ({"name": ""}, {"name": 5}, {}, {"name": "x" * 101}, {"name": "ci", "scopes": ["everything"]}, {"name": "ci", "scopes": []},
                           {"name": "ci", "scopes": "publish"}, {"name": "ci", "packages": "UPPER"}, {"name": "ci", "packages": 5},
                           {"name": "ci", "expires_in_days": 0}, {"name": "ci", "expires_in_days": -1}, {"name": "ci", "expires_in_days": "soon"},
                           {"name": "ci", "expires_in_days": 1.5}, {"name": "ci", "expires_in_days": 10**9}, {"name": "a\u0001b"}):
                with self.subTest(fields=fields):
                    self.refused(self.post("/users/me/tokens", fields, token=session), 400, "bad_request")
            listed = self.post("/users/me/tokens", {"name": "ci", "packages": ["mylib-*"]}, token=session)
            self.refused(listed, 400, "bad_request")
            self.assertIn("expected one pattern as a text", listed.json()["message"])


class AtOnceTest(Case):
    def at_once(self, count, call):
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return [future.result() for future in [pool.submit(call, number) for number in range(count)]]

    def test_a_name_is_given_to_one(self):
        name = new_user()
        answers = self.at_once(8, lambda number: self.register(username=name, email=f"{name}-{number}@example.org"))
        self.assertEqual([201] + [409] * 7, sorted(answer.status for answer in answers))
        self.assertEqual([["1"]], wharf.sql(f"SELECT COUNT(*) FROM users WHERE username = '{name}'"))
        self.assertEqual([["1"]], wharf.sql(f"SELECT COUNT(*) FROM sessions WHERE user_id = (SELECT id FROM users WHERE username = '{name}')"))

    def test_a_session_is_refreshed_once(self):
        token = self.must(201, self.register()).json()["token"]
        answers = self.at_once(12, lambda _: self.post("/auth/refresh", token=token))
        self.assertEqual([200] + [401] * 11, sorted(answer.status for answer in answers))
        self.must(200, self.me(next(answer for answer in answers if answer.status == 200).json()["token"]))

    def test_too_many_at_once_are_asked_to_come_back(self):
        name = new_user()
        self.must(201, self.register(username=name))
        # One hash at a time on the machine, and far more who want one than a second has room for.
        wharf.restart("workers-write", WHARF_WORKERS="80", WHARF_AUTH_PASSWORD_HASH_SLOTS="1")
        try:
            answers = self.at_once(40, lambda _: self.post("/auth/login", {"username": name, "password": PASSWORD}))
            self.assertLessEqual({answer.status for answer in answers}, {200, 503})
            self.assertIn(200, {answer.status for answer in answers})
            for answer in answers:
                if answer.status == 503:
                    check_refusal(self, answer, 503, "unavailable")
            # A worker that is killed while it hashes gives its place back.
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                hashing = [pool.submit(self.post, "/auth/login", {"username": name, "password": PASSWORD}) for _ in range(4)]
                for pid in wharf.children("workers-write"):
                    os.kill(pid, signal.SIGKILL)
                self.assertLessEqual({future.result().status for future in hashing}, {200, 502, 503})
            wait_for(lambda: self.post("/auth/login", {"username": name, "password": PASSWORD}).status == 200, what="a place to hash in")
        finally:
            wharf.restart("workers-write")


class SecretsTest(Case):
    def test_no_secret_is_in_a_log_or_in_the_database(self):
        name = new_user()
        password, wrong, later = f"first-secret-{name}", f"wrong-secret-{name}", f"later-secret-{name}"
        registered = self.must(201, self.post("/auth/register", {"username": name, "password": password})).json()["token"]
        session = wharf.login(name, password)
        refreshed = self.post("/auth/refresh", token=session).json()["token"]
        made = self.post("/users/me/tokens", {"name": "ci"}, token=refreshed).json()["token"]
        # Also where something is refused, and where it comes in the wrong place.
        self.post("/auth/login", {"username": name, "password": wrong})
        self.post("/auth/login", {"username": wrong, "password": wrong})
        self.post("/auth/verify", {"token": refreshed})
        self.post("/auth/register", {"username": name, "password": wrong, "email": 5})
        wharf.post("/api/v1/auth/login", f'{{"username": "{name}", "password": "{wrong}"', headers={"Content-Type": "application/json"})
        wharf.request("PUT", "/api/v1/users/me/password", {"current_password": wrong, "new_password": later}, token=refreshed)
        wharf.request("PUT", "/api/v1/users/me/password", {"current_password": password, "new_password": later}, token=refreshed)
        wharf.published(made, f"secret-{name}", "1.0.0")
        wharf.request("PUT", f"/api/v1/packages/secret-{name}/2.0.0", b"rubbish", token=made)
        self.must(204, self.post("/auth/logout", token=refreshed))

        secrets = [password, wrong, later, made]
        for token in (registered, session, refreshed):
            secrets += [token, token.rpartition(".")[2]]
        # nginx writes its access log a second later; this call's line comes after all of the others'.
        marker = f"marker-{name}"
        wharf.get(f"/api/v1/packages/{marker}")
        wait_for(lambda: marker in wharf.log("nginx/access"), what="the access log")
        logs = {path: path.read_text(errors="replace") for path in (wharf.var / "log").rglob("*") if path.is_file()}
        self.assertTrue(any(name in text or f"secret-{name}" in text for text in logs.values()), "the logs hold nothing of this")
        tables = [row[0] for row in wharf.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'wharf'")]
        rows = {table: str(wharf.sql(f"SELECT * FROM `{table}`")) for table in tables}
        self.assertIn(name, rows["audit"])
        for secret in secrets:
            for path, text in logs.items():
                self.assertNotIn(secret, text, path)
            for table, text in rows.items():
                self.assertNotIn(secret, text, table)
        for key in (wharf.var / "secrets").iterdir():
            for path, text in logs.items():
                self.assertNotIn(key.read_text().strip(), text, path)


if __name__ == "__main__":
    unittest.main()
