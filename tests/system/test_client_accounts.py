# SPDX-License-Identifier: MIT
"""Accounts, sign-ins and tokens with `wharf`, without a terminal: what is kept on disk, what is revoked at the registry, and that
nothing secret is ever printed."""

import itertools
import json
import stat
import tomllib
import unittest

from support.client import PROFILES, Client
from support.meddling_proxy import CUT, MeddlingProxy
from support.wharf import Wharf

numbers = itertools.count(1)
PASSWORD = "fourteen small boats"
FILES = {"wharf": ".config/wharf/credentials.toml", "synapse": ".synapse/credentials.json", "raven": ".raven/credentials.json",
         "vais": ".vais/credentials.toml"}


def setUpModule():
    global wharf
    wharf = Wharf().start()


def tearDownModule():
    wharf.close()


class Case(unittest.TestCase):
    maxDiff = None

    def person(self, registry=None):
        person = Client(registry or wharf.url)
        self.addCleanup(person.close)
        person.username = f"grace-{next(numbers)}"
        return person

    def registered(self, registry=None, *options):
        person = self.person(registry)
        person.run("register", "--username", person.username, *options, stdin=PASSWORD + "\n")
        return person

    def kept(self, person, profile="wharf"):
        """The token in the profile's file."""
        text = (person.home / FILES[profile]).read_text()
        if profile == "raven":
            return json.loads(text)["token"]
        entries = tomllib.loads(text) if FILES[profile].endswith(".toml") else json.loads(text)
        return next(iter(entries.values()))["token"]

    def status(self, token):
        return wharf.get("/api/v1/users/me", token=token).status

    def tokens_of(self, person):
        return wharf.get("/api/v1/users/me", token=wharf.login(person.username, PASSWORD)).json()["tokens"]

    def sessions_of(self, person):
        return wharf.sql(f"SELECT sessions.id FROM sessions JOIN users ON users.id = sessions.user_id WHERE username = '{person.username}'")


class SigningInTest(Case):
    def test_registering_makes_an_account_and_signs_in(self):
        person = self.person()
        done = person.run("register", "--username", person.username, "--email", f"{person.username}@example.org", stdin=PASSWORD + "\n")
        self.assertEqual(f"signed in to {wharf.url} as {person.username}\n", done.stdout)
        token = self.kept(person)
        self.assertTrue(token.startswith("wharf_"), "a session is kept")
        self.assertEqual([], self.sessions_of(person), "a session is left")
        self.assertEqual(0o600, stat.S_IMODE((person.home / FILES["wharf"]).stat().st_mode))
        made, = self.tokens_of(person)
        self.assertIn("wharf on ", made["name"])
        self.assertEqual(["publish", "yank", "owners"], made["scopes"])
        for secret in (token, PASSWORD):
            self.assertNotIn(secret, done.stdout + done.stderr)
        self.assertIn("taken", person.run("register", "--username", person.username, stdin=PASSWORD + "\n", check=1).stderr)
        self.assertIn("password", self.person().run("register", "--username", "grace-short", stdin="short\n", check=1).stderr)
        self.assertIn("--username", self.person().run("register", stdin=PASSWORD + "\n", check=2).stderr)
        self.assertIn("no password", self.person().run("register", "--username", "grace-none", check=1).stderr)

    def test_signing_in_again_replaces_the_token_of_this_machine(self):
        person = self.registered()
        first = self.kept(person)
        person.run("login", "--username", f"{person.username}", "--scope", "publish", "--days", "7", stdin=PASSWORD + "\n")
        second = self.kept(person)
        self.assertEqual((401, 200), (self.status(first), self.status(second)))
        made, = self.tokens_of(person)
        self.assertEqual(["publish"], made["scopes"])
        before = (person.home / FILES["wharf"]).read_bytes()
        self.assertIn("wrong", person.run("login", "--username", person.username, stdin="another phrase\n", check=1).stderr)
        self.assertEqual(before, (person.home / FILES["wharf"]).read_bytes(), "a failed sign-in signs out")
        self.assertEqual(200, self.status(second))

    def test_an_email_signs_in_and_the_name_is_kept(self):
        person = self.person()
        person.run("register", "--username", person.username, "--email", f"{person.username}@example.org", stdin=PASSWORD + "\n")
        done = person.run("login", "--username", f"{person.username}@example.org", stdin=PASSWORD + "\n")
        self.assertIn(f"as {person.username}\n", done.stdout)
        self.assertIn(f'"{person.username}"', (person.home / FILES["wharf"]).read_text())

    def test_each_profile_keeps_its_own_file(self):
        for profile in PROFILES:
            with self.subTest(profile=profile):
                person = self.person()
                person.run("--profile", profile, "register", "--username", person.username, stdin=PASSWORD + "\n")
                self.assertEqual(200, self.status(self.kept(person, profile)))
                self.assertEqual(0o600, stat.S_IMODE((person.home / FILES[profile]).stat().st_mode))
                self.assertEqual(person.username, person.json("--profile", profile, "whoami")["username"])
                token = self.kept(person, profile)
                person.run("--profile", profile, "logout")
                self.assertEqual(401, self.status(token))
                self.assertNotIn(token, (person.home / FILES[profile]).read_text() if (person.home / FILES[profile]).exists() else "")

    def test_a_password_among_the_arguments_is_taken_with_a_warning(self):
        person = self.person()
        done = person.run("register", "--username", person.username, "--password", PASSWORD)
        self.assertIn("warning:", done.stderr)
        self.assertNotIn(PASSWORD, done.stdout + done.stderr)
        self.assertIn("warning:", person.run("login", "--username", person.username, "--password", PASSWORD).stderr)

    def test_plain_http_to_somewhere_else_is_warned_of(self):
        person = self.person("http://registry.invalid")
        self.assertIn("without encryption", person.run("login", "--username", "grace", stdin=PASSWORD + "\n", check=1).stderr)
        for harmless in (wharf.url, "https://registry.invalid"):
            self.assertNotIn("without encryption", person.run("--registry", harmless, "login", "--username", "nobody-there", stdin="x\n", check=1).stderr)

    def test_a_token_from_elsewhere_can_be_kept(self):
        person, account = self.person(), wharf.register()
        token = wharf.api_token(account.token, name="made elsewhere", scopes=["publish"], packages="tide-*")
        done = person.run("login", "--with-token", stdin=token + "\n")
        self.assertIn(account.username, done.stdout)
        self.assertEqual(token, self.kept(person))
        shown = person.run("whoami").stdout
        for words in ("made elsewhere", "tide-*", "publish", wharf.url, account.username):
            self.assertIn(words, shown)
        self.assertIn("wharf login", self.person().run("login", "--with-token", stdin="wharf_wrong\n", check=1).stderr)

    def test_the_environments_token_counts_before_the_kept_one(self):
        person, account = self.registered(), wharf.register()
        person.env["WHARF_TOKEN"] = account.token
        self.assertEqual(account.username, person.json("whoami")["username"])
        self.assertIn("a session", person.run("whoami").stdout)
        self.assertIn("WHARF_TOKEN", person.run("logout").stderr)

    def test_a_token_is_never_sent_to_another_registry(self):
        person = self.registered()
        seen = []
        with MeddlingProxy(wharf.http_port, lambda request, answer: seen.append(request.headers.get("Authorization")) if not answer else None) as proxy:
            self.assertIn("not signed in", person.run("--registry", proxy.url, "whoami", check=1).stderr)
            person.run("--registry", proxy.url, "search", "anything")
        self.assertTrue(seen)
        self.assertEqual({None}, set(seen))


class SigningOutTest(Case):
    def test_signing_out_revokes_the_token_and_forgets_it(self):
        person = self.registered()
        token = self.kept(person)
        self.assertEqual(f"signed out from {wharf.url}\n", person.run("logout").stdout)
        self.assertEqual(401, self.status(token))
        self.assertEqual([], self.tokens_of(person))
        self.assertIn("not signed in", person.run("whoami", check=1).stderr)
        self.assertIn("nothing to do", person.run("logout", check=1).stderr)

    def test_without_a_network_the_token_is_forgotten_with_a_warning(self):
        for how in ("--offline", "cut"):
            with self.subTest(how), MeddlingProxy(wharf.http_port, lambda request, answer: CUT if how == "cut" and request.path.endswith("/logout") and gone else None) as proxy:
                gone = []
                person = self.registered(proxy.url)
                gone.append(True)
                token = self.kept(person)
                done = person.run(*(["--offline"] if how == "--offline" else []), "logout")
                self.assertIn("warning: the registry was not reached", done.stderr)
                self.assertEqual(200, self.status(token))
                self.assertIn("not signed in", person.run("whoami", check=1).stderr)

    def test_a_token_that_was_revoked_already_is_no_trouble(self):
        person = self.registered()
        made, = self.tokens_of(person)
        person.run("token", "revoke", made["token_id"], stdin=PASSWORD + "\n")
        self.assertIn("wharf login", person.run("whoami", check=1).stderr)
        self.assertNotIn("warning", person.run("logout").stderr)


class TokenTest(Case):
    def test_a_token_is_made_shown_once_and_revoked(self):
        person = self.registered()
        done = person.run("token", "create", "--name", "CI of tide-tables", "--scope", "publish", "--packages", "tide-*", "--days", "5", stdin=PASSWORD + "\n")
        token, = done.stdout.splitlines()
        self.assertNotIn(token, done.stderr)
        credential = wharf.get("/api/v1/users/me", token=token).json()["credential"]
        self.assertEqual(("CI of tide-tables", ["publish"], "tide-*"), (credential["name"], credential["scopes"], credential["packages"]))
        listed = person.run("token", "list").stdout
        self.assertIn("CI of tide-tables", listed)
        self.assertRegex(listed, r"(?m)^\d+ \* +wharf on ")
        self.assertNotIn(token, listed)
        self.assertEqual([], self.sessions_of(person), "the session that the password brought is left")
        self.assertIn("revoked", person.run("token", "revoke", credential["token_id"], stdin=PASSWORD + "\n").stdout)
        self.assertEqual(401, self.status(token))
        self.assertEqual(1, len(person.json("token", "list")["tokens"]))

    def test_managing_tokens_wants_the_password(self):
        person = self.registered()
        for command in (("token", "create", "--name", "x"), ("token", "revoke", "1")):
            self.assertIn("no password", person.run(*command, check=1).stderr)
            self.assertIn("wrong", person.run(*command, stdin="another phrase\n", check=1).stderr)
        self.assertEqual(1, len(self.tokens_of(person)))
        self.assertIn("no token", person.run("token", "revoke", "999999", stdin=PASSWORD + "\n", check=1).stderr)
        person.run("token", "revoke", "seven", check=2)
        person.run("token", "create", check=2)

    def test_where_a_session_is_kept_it_does(self):
        """As another client, or an older one, has left it."""
        person, account = self.person(), wharf.register()
        person.run("login", "--with-token", stdin=account.token + "\n")
        token = person.json("token", "create", "--name", "by a session")["token"]
        self.assertEqual(200, self.status(token))
        person.run("logout")
        self.assertEqual(401, self.status(account.token))


if __name__ == "__main__":
    unittest.main()
