# SPDX-License-Identifier: MIT
"""wharf-user against a running registry: what each command prints and returns, and that what it changes is in the interface's
answers on the next request."""

import itertools
import json
import termios
import unittest

from support.tools import Tools, at_terminal, operator, table
from support.wharf import Wharf, wait_for

PASSWORD = "correct horse battery staple"
numbers = itertools.count(1)


def setUpModule():
    global wharf, tools
    wharf = Wharf().start()
    tools = Tools(wharf)


def tearDownModule():
    wharf.close()


class UserTest(unittest.TestCase):
    def run_user(self, *arguments, stdin="", code=0):
        return tools.run("wharf-user", *arguments, stdin=stdin, check=code)

    def person(self):
        """A new account of the interface, signed in."""
        return wharf.register(f"person-{next(numbers)}")

    def status(self, token, path="/api/v1/users/me"):
        return wharf.get(path, token=token).status

    # --- add ---
    def test_add_makes_an_account_that_can_sign_in(self):
        done = self.run_user("add", "Ada-Added", "--email", "Ada@Example.org", "--role", "admin", stdin=PASSWORD + "\n")
        self.assertEqual(("", "added the account 'ada-added', role admin\n"), (done.stdout, done.stderr))
        for name in ("ada-added", "ada@example.org"):
            answer = wharf.post("/vais/auth/login", {"username": name, "password": PASSWORD})
            self.assertEqual(200, answer.status)
            self.assertTrue(answer.json()["user"]["is_admin"])

    def test_add_with_a_generated_password_prints_it_once_and_alone(self):
        done = self.run_user("add", "generated", "--generate")
        password = done.stdout.rstrip("\n")
        self.assertRegex(password, "^[0-9A-Za-z]{24}$")
        self.assertNotIn(password, done.stderr)
        wharf.login("generated", password)
        made = tools.json("wharf-user", "add", "generated-too", "--generate")
        self.assertEqual(["username", "user_id", "email", "role", "created_at", "password"], list(made))
        wharf.login("generated-too", made["password"])

    def test_add_keeps_the_rules_of_registration(self):
        taken = self.person()
        for arguments, stdin, words in (((taken.username,), PASSWORD, "is taken"), (("x",), PASSWORD, "not of the form"),
                                        (("new-one", "--email", "nonsense"), PASSWORD, "e-mail"),
                                        (("new-one", "--email", taken.email), PASSWORD, "this e-mail"),
                                        (("new-one",), "short", "8"), (("new-one",), "password123", "password"), (("new-one",), "", "standard input")):
            done = self.run_user("add", *arguments, stdin=stdin, code=1)
            self.assertTrue(done.stderr.startswith("wharf-user: error: "), done.stderr)
            self.assertIn(words, done.stderr)
        self.assertEqual(404, wharf.get("/api/v1/users/new-one").status)
        self.assertEqual(2, self.run_user("add", "new-one", "--role", "owner", code=2).returncode)

    def test_add_works_where_registration_is_closed(self):
        done = self.run_user("add", "behind-closed-doors", "--set", "site.registration=closed", stdin=PASSWORD)
        self.assertEqual(0, done.returncode)
        wharf.login("behind-closed-doors", PASSWORD)

    # --- passwd ---
    def test_passwd_ends_every_session_and_keeps_tokens(self):
        person = self.person()
        api_token = wharf.api_token(person.token)
        done = self.run_user("passwd", person.username, stdin="another good sentence\n")
        self.assertIn("sessions ended: 1", done.stderr)
        self.assertEqual(401, self.status(person.token))
        self.assertEqual(200, self.status(api_token))
        self.assertEqual(401, wharf.post("/api/v1/auth/login", {"username": person.username, "password": person.password}).status)
        wharf.login(person.username, "another good sentence")
        made = tools.json("wharf-user", "passwd", person.username, "--generate")
        self.assertEqual(["username", "sessions_ended", "password"], list(made))
        self.assertEqual(1, made["sessions_ended"])
        wharf.login(person.username, made["password"])

    def test_passwd_refuses_what_is_no_password_and_who_is_not_there(self):
        person = self.person()
        self.assertIn("8", self.run_user("passwd", person.username, stdin="short\n", code=1).stderr)
        self.assertIn("no user 'nobody-there'", self.run_user("passwd", "nobody-there", stdin=PASSWORD, code=1).stderr)
        self.assertEqual(200, self.status(person.token))

    # --- the password at a terminal ---
    def test_a_password_is_asked_for_twice_and_never_shown(self):
        typed = "a sentence nobody sees"
        terminal = at_terminal(tools, "wharf-user", "add", "typed")
        terminal.wait_for("New password of typed: ").type(typed + "\n").wait_for("Once more: ").type(typed + "\n")
        self.assertEqual(0, terminal.finish(), terminal.shown)
        self.assertNotIn(typed, terminal.shown)
        wharf.login("typed", typed)

    def test_two_passwords_that_differ_change_nothing(self):
        terminal = at_terminal(tools, "wharf-user", "add", "typed-twice")
        terminal.wait_for("New password of typed-twice: ").type("a sentence nobody sees\n").wait_for("Once more: ").type("another one here\n")
        self.assertEqual(1, terminal.finish())
        self.assertIn("differ", terminal.shown)
        self.assertEqual(404, wharf.get("/api/v1/users/typed-twice").status)

    def test_an_interrupted_prompt_gives_the_echo_back(self):
        terminal = at_terminal(tools, "wharf-user", "add", "interrupted")
        terminal.wait_for("New password of interrupted: ")
        wait_for(lambda: not termios.tcgetattr(terminal.terminal)[3] & termios.ECHO, what="the echo to be off")
        terminal.type("half a pass\x03")
        wait_for(lambda: termios.tcgetattr(terminal.terminal)[3] & termios.ECHO, what="the echo to be on again")
        self.assertEqual(-2, terminal.finish())
        self.assertNotIn("half a pass", terminal.shown)

    # --- disable, enable ---
    def test_disable_stops_every_session_and_token_at_once_and_enable_takes_it_back(self):
        person = self.person()
        api_token = wharf.api_token(person.token)
        self.assertEqual([200, 200], [self.status(person.token), self.status(api_token)])
        done = self.run_user("disable", person.username, "--reason", "a test")
        self.assertEqual(f"'{person.username}' is disabled\n", done.stdout)
        for token in (person.token, api_token):
            answer = wharf.get("/api/v1/users/me", token=token)
            self.assertEqual((403, "account_disabled"), (answer.status, answer.json()["error"]))
            self.assertEqual(403, wharf.publish(token, f"of-{person.username}", "1.0.0").status)
        login = {"username": person.username, "password": person.password}
        self.assertEqual("account_disabled", wharf.post("/api/v1/auth/login", login).json()["error"])
        self.assertEqual({"username": person.username, "state": "disabled", "changed": False},
                         tools.json("wharf-user", "disable", person.username))
        done = self.run_user("enable", person.username)
        self.assertEqual(f"'{person.username}' is enabled\n", done.stdout)
        self.assertEqual([401, 200], [self.status(person.token), self.status(api_token)])
        wharf.login(person.username, person.password)
        self.assertIn("enabled already", self.run_user("enable", person.username).stdout)

    # --- delete ---
    def test_delete_takes_everything_but_the_name(self):
        person = self.person()
        api_token = wharf.api_token(person.token)
        done = self.run_user("delete", person.username, "--yes", "--reason", "asked for it")
        self.assertIn("sessions ended: 1, tokens revoked: 1", done.stdout)
        self.assertEqual([401, 401], [self.status(person.token), self.status(api_token)])
        self.assertEqual(404, wharf.get(f"/api/v1/users/{person.username}").status)
        self.assertEqual(401, wharf.post("/api/v1/auth/login", {"username": person.username, "password": person.password}).status)
        again = wharf.post("/api/v1/auth/register", {"username": person.username, "password": PASSWORD})
        self.assertEqual((409, "username_taken"), (again.status, again.json()["error"]))
        self.assertIn("is taken", self.run_user("add", person.username, stdin=PASSWORD, code=1).stderr)
        # The e-mail is free again.
        self.assertEqual(201, wharf.post("/api/v1/auth/register", {"username": person.username + "-2", "password": PASSWORD,
                                                                   "email": person.email}).status)
        self.assertIn("there is no user", self.run_user("delete", person.username, "--yes", code=1).stderr)
        shown = tools.json("wharf-user", "show", person.username)
        self.assertEqual(("deleted", None, []), (shown["state"], shown["email"], shown["tokens"]))

    def test_delete_needs_an_heir_for_packages_that_nobody_else_owns(self):
        person, friend, heir = self.person(), self.person(), self.person()
        alone, shared, helped = (f"{kind}-{person.username}" for kind in ("alone", "shared", "helped"))
        for name, owner in ((alone, person), (shared, person), (helped, friend)):
            wharf.published(owner.token, name, "1.0.0")
        for name, owner, other, role in ((shared, person, friend, "owner"), (helped, friend, person, "maintainer")):
            added = wharf.post(f"/api/v1/packages/{name}/owners", {"username": other.username, "role": role}, token=owner.token)
            self.assertEqual(200, added.status, added)
        before = tools.audit_end()
        refused = self.run_user("delete", person.username, "--yes", code=1)
        self.assertIn(f"the only owner of '{alone}'", refused.stderr)
        self.assertNotIn(shared, refused.stderr)
        for bad, words in (("nobody-there", "no user 'nobody-there'"), (person.username, "cannot go to the account that is deleted")):
            self.assertIn(words, self.run_user("delete", person.username, "--yes", "--transfer-to", bad, code=1).stderr)
        self.assertEqual(200, self.status(person.token))
        self.assertEqual([], tools.audit(before))

        done = tools.json("wharf-user", "delete", person.username, "--yes", "--transfer-to", heir.username)
        self.assertEqual({"username": person.username, "state": "deleted", "transferred": [alone], "left": [helped, shared],
                          "sessions_ended": 1, "tokens_revoked": 0}, done)
        owners = lambda name: {(one["username"], one["role"]) for one in wharf.get(f"/api/v1/packages/{name}/owners", token=heir.token).json()["owners"]}
        self.assertEqual({(heir.username, "owner")}, owners(alone))
        self.assertEqual({(friend.username, "owner")}, owners(shared))
        self.assertEqual({(friend.username, "owner")}, owners(helped))
        self.assertEqual(201, wharf.publish(heir.token, alone, "1.1.0").status)
        self.assertEqual(heir.username, wharf.get(f"/api/v1/packages/{alone}", token=heir.token).json()["owner"]["username"])
        # The history goes on naming who published it.
        self.assertEqual(person.username, wharf.get(f"/api/v1/packages/{alone}/1.0.0", token=heir.token).json()["published_by"])
        journal = wharf.sql(f"SELECT package, action, actor FROM journal WHERE actor = '{operator()}' AND package LIKE '%-{person.username}' ORDER BY package")
        self.assertEqual([[alone, "owner-transfer", operator()], [helped, "owner-remove", operator()], [shared, "owner-remove", operator()]], journal)

    def test_delete_asks_at_a_terminal_and_refuses_elsewhere(self):
        person = self.person()
        refused = self.run_user("delete", person.username, code=2)
        self.assertIn("--yes", refused.stderr)
        for answer in ("\n", "n\n"):
            terminal = at_terminal(tools, "wharf-user", "delete", person.username)
            terminal.wait_for("[y/N] ").type(answer)
            self.assertEqual(1, terminal.finish())
            self.assertIn("never free again", terminal.shown)
            self.assertIn("nothing was changed", terminal.shown)
        self.assertEqual(200, self.status(person.token))
        terminal = at_terminal(tools, "wharf-user", "delete", person.username)
        terminal.wait_for("[y/N] ").type("yes\n")
        self.assertEqual(0, terminal.finish(), terminal.shown)
        self.assertEqual(404, wharf.get(f"/api/v1/users/{person.username}").status)

    # --- role ---
    def test_role_counts_on_the_next_request(self):
        person = self.person()
        is_admin = lambda: wharf.get("/vais/users/me", token=person.token).json()["is_admin"]
        self.assertFalse(is_admin())
        self.assertEqual(f"'{person.username}' has the role admin\n", self.run_user("role", person.username, "admin").stdout)
        self.assertTrue(is_admin())
        self.assertEqual({"username": person.username, "role": "admin", "changed": False},
                         tools.json("wharf-user", "role", person.username, "admin"))
        self.run_user("role", person.username, "user")
        self.assertFalse(is_admin())
        self.assertIn("did you mean 'admin'?", self.run_user("role", person.username, "admim", code=2).stderr)

    # --- list, show ---
    def test_list_filters_and_pages(self):
        for name in ("lister-a", "lister-b", "lister-c", "other-listed"):
            wharf.register(name)
        self.run_user("role", "lister-b", "admin")
        self.run_user("disable", "lister-c")
        names = lambda *filters: [user["username"] for user in tools.json("wharf-user", "list", "--query", "LISTE", *filters)["users"]]
        self.assertEqual(["lister-a", "lister-b", "lister-c", "other-listed"], names())
        self.assertEqual(["lister-b"], names("--role", "admin"))
        self.assertEqual(["lister-c"], names("--disabled"))
        self.assertEqual([], names("--deleted"))
        self.assertEqual(["lister-a", "lister-b"], names("--limit", "2"))
        self.assertEqual(["lister-c", "other-listed"], names("--limit", "2", "--after", "lister-b"))
        self.assertEqual(4, len(names("--since", "1h")))
        self.assertEqual([], names("--since", "2999-01-01"))
        # What means something to SQL's LIKE means itself here.
        self.assertEqual([], tools.json("wharf-user", "list", "--query", "lister_a")["users"])
        self.assertEqual({"users": [], "count": 0}, tools.json("wharf-user", "list", "--query", "ü%!"))
        self.run_user("delete", "lister-a", "--yes")
        self.assertEqual(["lister-b", "lister-c", "other-listed"], names())
        self.assertEqual(["lister-a"], names("--deleted"))
        text = self.run_user("list", "--query", "lister-").stdout.splitlines()
        self.assertEqual(["USER", "ROLE", "STATE", "PACKAGES", "TOKENS", "CREATED", "E-MAIL"], text[0].split())
        self.assertEqual(["lister-b", "admin", "enabled", "0", "0"], text[1].split()[:5])
        self.assertEqual(text[0].index("E-MAIL"), text[1].index("lister-b@"))
        for bad in (("--since", "yesterday"), ("--limit", "0"), ("--limit", "x"), ("--role", "boss"), ("--disabled", "--deleted")):
            self.run_user("list", *bad, code=2)

    def test_list_goes_through_more_accounts_than_a_page(self):
        wharf.sql("INSERT INTO users (username, password_hash, role, created_at, updated_at)"
                  " SELECT CONCAT('crowd-', LPAD(seq, 5, '0')), '!', 'user', NOW(3), NOW(3) FROM seq_1_to_1203")
        users = tools.json("wharf-user", "list", "--query", "crowd-")
        self.assertEqual(1203, users["count"])
        self.assertEqual([f"crowd-{i:05}" for i in range(1, 1204)], [user["username"] for user in users["users"]])
        self.assertEqual(1204, len(self.run_user("list", "--query", "crowd-").stdout.splitlines()))

    def test_show_tells_what_belongs_to_an_account_and_no_secret(self):
        person = self.person()
        secret = wharf.api_token(person.token, name="shown token", scopes=["publish"], packages="a-*")
        wharf.published(person.token, f"shown-{person.username}", "1.2.3")
        shown = tools.json("wharf-user", "show", person.username.upper())
        self.assertEqual(["username", "user_id", "email", "role", "state", "created_at", "disabled_at", "deleted_at", "sessions", "packages",
                          "tokens", "quotas"], list(shown))
        self.assertEqual((person.username, person.email, "user", "enabled", 1),
                         tuple(shown[key] for key in ("username", "email", "role", "state", "sessions")))
        self.assertEqual([{"name": f"shown-{person.username}", "role": "owner", "latest_version": "1.2.3"}], shown["packages"])
        self.assertEqual([("shown token", ["publish"], "a-*")], [(one["name"], one["scopes"], one["packages"]) for one in shown["tokens"]])
        text = self.run_user("show", person.username).stdout
        for part in (person.email, "enabled", f"shown-{person.username}", "shown token"):
            self.assertIn(part, text)
        self.assertNotIn(secret[6:], text + json.dumps(shown))
        self.assertIn("no user 'nobody-there'", self.run_user("show", "nobody-there", code=1).stderr)

    # --- tokens ---
    def test_token_create_prints_a_token_that_works_within_its_bounds(self):
        person = self.person()
        done = self.run_user("token", "create", person.username, "--name", "CI", "--scope", "publish", "--packages", "ci-*")
        token = done.stdout.rstrip("\n")
        self.assertRegex(token, "^wharf_[0-9A-Za-z]{49}$")
        self.assertIn("expires", done.stderr)
        name = f"ci-{person.username}"
        self.assertEqual(201, wharf.publish(token, name, "1.0.0").status)
        self.assertEqual(403, wharf.post(f"/api/v1/packages/{name}/1.0.0/yank", token=token).status)
        self.assertEqual(403, wharf.publish(token, f"not-{name}", "1.0.0").status)
        made = tools.json("wharf-user", "token", "create", person.username, "--name", "for ever", "--never")
        self.assertEqual(["username", "token", "token_id", "name", "scopes", "packages", "created_at", "expires_at", "last_used_at"], list(made))
        self.assertEqual((None, ["publish", "yank"]), (made["expires_at"], made["scopes"]))
        self.assertEqual(200, self.status(made["token"]))

    def test_token_create_refuses_what_the_interface_refuses(self):
        person = self.person()
        for arguments, code, words in ((("--name", " "), 1, "1 to 100 characters"), (("--name", "x", "--packages", "A B"), 1, "packages"),
                                       (("--name", "x", "--days", "0"), 2, "from 1 to 3650"), (("--name", "x", "--scope", "publsh"), 2, "'publish'"),
                                       ((), 2, "--name"), (("--name", "x", "--days", "1", "--never"), 2, "exclude")):
            self.assertIn(words, self.run_user("token", "create", person.username, *arguments, code=code).stderr)
        self.run_user("disable", person.username)
        self.assertIn("disabled", self.run_user("token", "create", person.username, "--name", "x", code=1).stderr)
        self.assertEqual([], tools.json("wharf-user", "token", "list", person.username)["tokens"])

    def test_token_list_and_revoke(self):
        person, other = self.person(), self.person()
        secrets = [wharf.api_token(person.token, name=f"token {i}") for i in range(3)]
        foreign = wharf.api_token(other.token, name="foreign")
        listed = tools.json("wharf-user", "token", "list", person.username)["tokens"]
        self.assertEqual(["token 0", "token 1", "token 2"], [one["name"] for one in listed])
        ids = [one["token_id"] for one in listed]
        text = self.run_user("token", "list", person.username).stdout
        self.assertEqual(["ID", "NAME", "SCOPES", "PACKAGES", "CREATED", "EXPIRES", "LAST", "USED"], text.splitlines()[0].split())
        for secret in secrets:
            self.assertNotIn(secret[6:], text)
        foreign_id = tools.json("wharf-user", "token", "list", other.username)["tokens"][0]["token_id"]
        self.assertIn("has no token", self.run_user("token", "revoke", person.username, ids[0], foreign_id, code=1).stderr)
        self.assertEqual([200] * 3, [self.status(secret) for secret in secrets])
        self.assertEqual(f"revoked the token {ids[0]} 'token 0'\n", self.run_user("token", "revoke", person.username, ids[0]).stdout)
        self.assertEqual([401, 200, 200], [self.status(secret) for secret in secrets])
        gone = tools.json("wharf-user", "token", "revoke", person.username, "--all")["revoked"]
        self.assertEqual(ids[1:], [one["token_id"] for one in gone])
        self.assertEqual([401] * 3 + [200], [self.status(secret) for secret in (*secrets, foreign)])
        for bad in ((), ("x",), (ids[0], "--all")):
            self.run_user("token", "revoke", person.username, *bad, code=2)

    # --- quotas ---
    def test_quota_set_counts_on_the_next_publish_and_clear_takes_it_back(self):
        person = self.person()
        name = f"much-{person.username}"
        wharf.published(person.token, name, "1.0.0")
        standing = lambda quota: next(one for one in tools.json("wharf-user", "quota", "show", person.username)["quotas"] if one["quota"] == quota)
        self.assertEqual(["new-packages", "versions", "yanks", "storage"],
                         [one["quota"] for one in tools.json("wharf-user", "quota", "show", person.username)["quotas"]])
        usual = standing("versions")
        self.assertFalse(usual["own"])
        self.run_user("quota", "set", person.username, "versions", 2, "--seconds", 3600)
        self.assertEqual((2, 3600, True), tuple(standing("versions")[key] for key in ("limit", "seconds", "own")))
        statuses = [wharf.publish(person.token, name, f"1.{i}.0").status for i in range(1, 6)]
        self.assertIn(429, statuses)
        self.assertEqual(sorted(statuses), statuses)
        self.assertEqual(0, standing("versions")["remaining"])
        self.run_user("quota", "clear", person.username, "versions")
        self.assertEqual((usual["limit"], False), tuple(standing("versions")[key] for key in ("limit", "own")))
        self.assertEqual(201, wharf.publish(person.token, name, "2.0.0").status)
        self.assertIn("held already", self.run_user("quota", "clear", person.username, "versions").stderr)

    def test_quotas_are_shown_and_refused(self):
        person = self.person()
        self.run_user("quota", "set", person.username, "storage", 1)
        wharf.published(person.token, f"stored-{person.username}", "1.0.0")
        text = self.run_user("quota", "show", person.username).stdout
        self.assertEqual(["QUOTA", "LIMIT", "SET", "FOR", "THIS", "USER", "LEFT"], text.splitlines()[0].split())
        self.assertRegex(text, r"storage +1 MiB +yes +[01] MiB")
        shown = tools.json("wharf-user", "show", person.username)["quotas"][3]
        self.assertGreater(shown["used_bytes"], 0)
        for bad, code in (((person.username, "version", 1), 2), ((person.username, "versions", "many"), 2), ((person.username, "versions", "-1"), 2),
                          ((person.username, "storage", 1, "--seconds", 5), 2), (("nobody-there", "versions", 1), 1)):
            self.run_user("quota", "set", *bad, code=code)

    def test_every_command_was_tried_here(self):
        source = open(__file__).read()
        for command in table("wharf-user"):
            words = ", ".join(f'"{word}"' for word in command["words"].split())
            self.assertIn(words, source)


if __name__ == "__main__":
    unittest.main()
