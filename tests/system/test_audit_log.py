# SPDX-License-Identifier: MIT
"""`wharf-registry audit`, and what else the tool shows: pending migrations, one key of the configuration."""

import json
import subprocess
import unittest

from support.promises import run_program
from support.wharf import Wharf, wait_for


def setUpModule():
    global wharf
    wharf = Wharf().start()


def tearDownModule():
    wharf.close()


def tool(*arguments, code=0):
    done = run_program(wharf, "wharf-registry", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done


class AuditTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.token = wharf.register("ada").token
        wharf.register("bob")
        wharf.published(cls.token, "mylib", "1.0.0")
        wharf.published(cls.token, "mylib-extra", "1.0.0")
        wharf.post("/api/v1/packages/mylib/1.0.0/yank", {"reason": "too early"}, token=cls.token)
        wharf.post("/api/v1/auth/login", {"username": "ada", "password": "not this one"})
        wharf.sql("INSERT INTO audit (at, action, actor, subject) VALUES ('2020-02-03 04:05:06', 'publish', 'old_ada', 'm%lib 1.0.0')")

    def entries(self, *filters):
        return json.loads(tool("audit", "--json", "--limit", "0", *filters).stdout)["entries"]

    def test_filters_take_what_they_say(self):
        everything = self.entries()
        self.assertEqual(sorted(one["id"] for one in everything), [one["id"] for one in everything])
        for filters, expected in (
                (("--actor", "bob"), [("register", "bob")]), (("--action", "login-*"), [("login-failed", None)]),
                (("--subject", "mylib"), [("publish", "ada"), ("yank", "ada")]), (("--subject", "m%lib"), [("publish", "old_ada")]),
                (("--actor", "old*"), [("publish", "old_ada")]), (("--actor", "old-ada"), []), (("--actor", "oldXada"), []),
                (("--until", "2020-02-04"), [("publish", "old_ada")]), (("--until", "2020-02-03T04:05:06Z"), []),
                (("--since", "2020-02-03T04:05:06Z", "--until", "2021-01-01"), [("publish", "old_ada")]),
                (("--since", "1d", "--action", "publish", "--subject", "*extra*"), [("publish", "ada")]), (("--actor", "nobody"), [])):
            with self.subTest(filters=filters):
                self.assertEqual(expected, [(one["action"], one["actor"]) for one in self.entries(*filters)])
        yank = self.entries("--action", "yank")[0]
        self.assertEqual(("mylib 1.0.0", "too early", "127.0.0.1"), (yank["subject"], yank["reason"], yank["address"]))
        newest = json.loads(tool("audit", "--json", "--limit", "2").stdout)["entries"]
        self.assertEqual(everything[-2:], newest)

    def test_a_long_log_comes_whole_and_in_order(self):
        wharf.sql("INSERT INTO audit (at, action, actor) SELECT NOW(3), 'many', CONCAT('n', seq) FROM seq_1_to_1203")
        self.assertEqual([f"n{number}" for number in range(1, 1204)], [one["actor"] for one in self.entries("--action", "many")])
        lines = tool("audit", "--action", "many", "--limit", "3").stdout.splitlines()
        self.assertEqual((4, "n1203"), (len(lines), lines[-1].split()[2]))

    def test_follow_prints_what_is_added(self):
        command = [str(wharf.var / "bin/wharf-registry"), "audit", "--actor", "late", "--follow", "--config", str(wharf.var / "conf/wharf.conf")]
        with open(wharf.var / "followed", "wb") as out:
            process = subprocess.Popen(command, env=wharf.env, stdout=out)
        try:
            wharf.sql("INSERT INTO audit (at, action, actor) VALUES (NOW(3), 'first', 'late')")
            wait_for(lambda: b"first" in (wharf.var / "followed").read_bytes(), what="the first row")
            wharf.sql("INSERT INTO audit (at, action, actor) VALUES (NOW(3), 'second', 'late')")
            wait_for(lambda: b"second" in (wharf.var / "followed").read_bytes(), what="the second row")
        finally:
            process.terminate()
            process.wait(20)
        self.assertEqual(1, (wharf.var / "followed").read_bytes().count(b"first"))

    def test_follow_prints_what_comes_to_light_late(self):
        """An id is taken before its transaction ends: a lower one may be seen after a higher one."""
        wharf.sql("INSERT INTO audit (at, action, actor) VALUES (NOW(3), 'before', 'slow'), (NOW(3), 'before', 'slow')")
        command = [str(wharf.var / "bin/wharf-registry"), "audit", "--actor", "slow", "--follow", "--limit", "1", "--config", str(wharf.var / "conf/wharf.conf")]
        with open(wharf.var / "followed-slow", "wb") as out:
            process = subprocess.Popen(command, env=wharf.env, stdout=out)
        shown = (wharf.var / "followed-slow").read_bytes
        try:
            wait_for(lambda: b"before" in shown(), what="the row that is there")
            end = int(wharf.sql("SELECT MAX(id) FROM audit")[0][0])
            wharf.sql(f"INSERT INTO audit (id, at, action, actor) VALUES ({end + 5}, NOW(3), 'higher', 'slow')")
            wait_for(lambda: b"higher" in shown(), what="the higher row")
            wharf.sql(f"INSERT INTO audit (id, at, action, actor) VALUES ({end + 3}, NOW(3), 'lower', 'slow')")
            wait_for(lambda: b"lower" in shown(), what="the lower row")
            wharf.sql("INSERT INTO audit (at, action, actor) VALUES (NOW(3), 'last', 'slow')")
            wait_for(lambda: b"last" in shown(), what="the last row")
        finally:
            process.terminate()
            process.wait(20)
        self.assertEqual([1, 1, 1, 1], [shown().count(word) for word in (b"before", b"higher", b"lower", b"last")])

    def test_wrong_words_are_told(self):
        for arguments, words in ((("--since", "yesterday"), "expected a day as 2026-01-31"), (("--since", ""), "expected a day as 2026-01-31"),
                                 (("--limit", "x"), "--limit"), (("--follow", "--json"), "leave one of the two out")):
            done = tool("audit", *arguments, code=2)
            self.assertIn(words, done.stderr)


class ShownTest(unittest.TestCase):
    def test_pending_migrations_are_shown_and_not_applied(self):
        self.assertEqual("the schema is up to date\n", tool("migrate", "--dry-run").stdout)
        rows = wharf.sql("SELECT number, name, digest FROM schema_migrations ORDER BY number DESC LIMIT 1")
        wharf.sql(f"DELETE FROM schema_migrations WHERE number = {rows[0][0]}")
        try:
            self.assertEqual(f"would apply migration {rows[0][0]}, {rows[0][1]}\n", tool("migrate", "--dry-run").stdout)
            pending = json.loads(tool("migrate", "--dry-run", "--json").stdout)["pending"]
            self.assertEqual([{"number": int(rows[0][0]), "name": rows[0][1]}], pending)
            self.assertEqual([], wharf.sql(f"SELECT number FROM schema_migrations WHERE number = {rows[0][0]}"))
        finally:
            wharf.sql(f"INSERT INTO schema_migrations VALUES ({rows[0][0]}, '{rows[0][1]}', '{rows[0][2]}', NOW(3))")
        self.assertEqual("the schema is up to date\n", tool("migrate", "--dry-run").stdout)

    def test_one_key_of_the_configuration(self):
        self.assertEqual("raven\n", tool("config", "site.dialect", "--set", "site.dialect=raven").stdout)
        shown = json.loads(tool("config", "site.dialect", "--json", "--set", "site.dialect=raven").stdout)
        self.assertEqual({"key": "site.dialect", "value": "raven", "origin": "--set site.dialect"}, shown)
        told = tool("config", "database.password", "--set", "database.password=never to be shown")
        self.assertEqual(("(secret)\n", ""), (told.stdout, told.stderr))
        self.assertNotIn("never to be shown", tool("config", "--json", "--set", "database.password=never to be shown").stdout)
        self.assertIn("did you mean 'site.dialect'?", tool("config", "site.dialct", code=2).stderr)


if __name__ == "__main__":
    unittest.main()
