# SPDX-License-Identifier: MIT
"""What holds for every command of every tool, driven by the tools' own tables: help, wrong usage, --json, consent, bash's
completion, and that whatever changes something leaves exactly one row in the audit log. A new command is in here by being in its
table; one that changes something fails test_each_change_leaves_exactly_one_audit_row until it has its line in `changes`."""

import itertools
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.tools import TOOLS, Tools, operator, table
from support.wharf import Wharf, programs

REASON = "because a test says so"
numbers = itertools.count(1)


def setUpModule():
    global wharf, tools
    wharf = Wharf().start()
    tools = Tools(wharf)


def tearDownModule():
    wharf.close()


def every_command():
    return [(tool, command) for tool in TOOLS for command in table(tool)]


def person():
    return wharf.register(f"subject-{next(numbers)}")


def token_of(account):
    wharf.api_token(account.token)
    return tools.json("wharf-user", "token", "list", account.username)["tokens"][0]["token_id"]


def disabled():
    account = person()
    tools.run("wharf-user", "disable", account.username, check=0)
    return account


def with_quota():
    account = person()
    tools.run("wharf-user", "quota", "set", account.username, "versions", 7, "--seconds", 60, check=0)
    return account


def package():
    """A new package with one version."""
    name = f"package-{next(numbers)}"
    wharf.published(person().token, name, "1.0.0")
    return name


def done_to(name, words, *arguments):
    tools.run("wharf-package", *words.split(), name, *arguments, check=0)
    return name


# (tool, command) → what is prepared for it: returns its arguments and what goes to its standard input.
changes = {
    ("wharf-user", "add"): lambda: ([f"added-{next(numbers)}"], "a sentence for a password"),
    ("wharf-user", "passwd"): lambda: ([person().username], "a sentence for a password"),
    ("wharf-user", "disable"): lambda: ([person().username], ""),
    ("wharf-user", "enable"): lambda: ([disabled().username], ""),
    ("wharf-user", "delete"): lambda: ([person().username, "--yes"], ""),
    ("wharf-user", "role"): lambda: ([person().username, "admin"], ""),
    ("wharf-user", "token create"): lambda: ([person().username, "--name", "x"], ""),
    ("wharf-user", "token revoke"): lambda: ((lambda account: [account.username, token_of(account)])(person()), ""),
    ("wharf-user", "quota set"): lambda: ([person().username, "versions", "7", "--seconds", "60"], ""),
    ("wharf-user", "quota clear"): lambda: ([with_quota().username, "versions"], ""),
    ("wharf-registry", "gc"): lambda: ([], ""),
    ("wharf-package", "quarantine"): lambda: ([package()], ""),
    ("wharf-package", "release"): lambda: ([done_to(package(), "quarantine", "--reason", "x")], ""),
    ("wharf-package", "yank"): lambda: ([package(), "1.0.0"], ""),
    ("wharf-package", "unyank"): lambda: ([done_to(package(), "yank", "1.0.0"), "1.0.0"], ""),
    ("wharf-package", "remove"): lambda: ([package(), "--all-versions", "--yes"], ""),
    ("wharf-package", "owner add"): lambda: ([package(), person().username], ""),
    ("wharf-package", "owner remove"): lambda: ((lambda user: [done_to(package(), "owner add", user), user])(person().username), ""),
    ("wharf-package", "transfer"): lambda: ([package(), person().username], ""),
    ("wharf-package", "reserve"): lambda: ([f"kept-{next(numbers)}"], ""),
    ("wharf-package", "unreserve"): lambda: ([done_to(f"kept-{next(numbers)}", "reserve")], ""),
}
# Those that take more than a running registry have a test of their own below.
by_themselves = {("wharf-registry", "doctor"): "test_doctor_leaves_one_row_where_it_repaired_something",
                 ("wharf-registry", "rebuild"): "test_rebuild_leaves_one_row",
                 ("wharf-registry", "migrate"): "test_migrate_leaves_one_row_where_it_applied_something"}
# Those that change many things leave a row for each; test_import counts these.
many_at_once = {("wharf-registry", f"import {language}") for language in ("synapse", "raven", "vais")}


class EveryCommandTest(unittest.TestCase):
    def test_help_explains_itself_and_shows_examples(self):
        for tool, command in every_command():
            with self.subTest(command=f"{tool} {command['words']}"):
                for ask in (["--help"], ["-h"]):
                    done = tools.run(tool, *command["words"].split(), *ask, check=0)
                    self.assertEqual("", done.stderr)
                    for part in (command["help"], command["positional"], *(option["name"] for option in command["options"]),
                                 *(example["command"] for example in command["examples"])):
                        self.assertIn(part.replace("`", ""), done.stdout)
                    self.assertTrue(all(len(line) <= 100 or line.startswith("  " + tool) for line in done.stdout.splitlines()), done.stdout)

    def test_wrong_usage_is_one_sentence_and_exit_code_2(self):
        for tool, command in every_command():
            words = command["words"].split()
            for wrong in (["--no-such-option"], ["--config"], ["--set", "x"], *([] if command["positional"].endswith("...]") else [["a"] * 9])):
                with self.subTest(command=f"{tool} {command['words']} {wrong}"):
                    done = tools.run(tool, *words, *wrong, check=2)
                    self.assertEqual("", done.stdout)
                    self.assertRegex(done.stderr, rf"^{tool}: error: .*\(see `{tool}.* --help`\)\n$")
            for option in command["options"]:
                for choice in option["choices"][:1]:
                    positional = ["x"] * len([slot for slot in command["positional"].split() if not slot.startswith("[")])
                    self.assertIn(f"did you mean '{choice}'", tools.run(tool, *words, *positional, option["name"], choice + "x", check=2).stderr)

    def test_a_mistyped_command_is_suggested(self):
        for tool, command in every_command():
            if command["words"]:
                done = tools.run(tool, *(command["words"] + "x").split(), check=2)
                self.assertIn("did you mean", done.stderr)
        self.assertIn("'token' needs one of: create, list, revoke", tools.run("wharf-user", "token", check=2).stderr)
        self.assertIn("did you mean 'token create'?", tools.run("wharf-user", "token", "creat", check=2).stderr)
        self.assertIn("token revoke USER", tools.run("wharf-user", "token", "--help", check=0).stdout)
        self.assertEqual(tools.run("wharf-user", "token", "list", "--help").stdout, tools.run("wharf-user", "help", "token", "list", check=0).stdout)

    def test_what_destroys_is_refused_without_consent(self):
        tried = 0
        for tool, command in every_command():
            if command["effect"] == "destroys":
                tried += 1
                positional = ["x"] * len([slot for slot in command["positional"].split() if not slot.startswith("[")])
                required = [part for option in command["options"] if option["required"] for part in (option["name"], "1")]
                done = tools.run(tool, *command["words"].split(), *positional, *required, check=2)
                self.assertIn("cannot be undone", done.stderr)
                self.assertIn("--yes", done.stderr)
        self.assertGreater(tried, 0)

    def test_an_error_is_one_line_and_exit_code_1(self):
        for tool, command in every_command():
            if any(option["name"] == "--describe" for option in command["options"]):
                continue
            positional = ["user"] * len([slot for slot in command["positional"].split() if not slot.startswith("[")])
            if command["words"] == "role":
                positional[1] = "admin"
            if command["words"].startswith("quota "):
                positional[1:] = ["versions", "7"][:len(positional) - 1]
            required = [part for option in command["options"] if option["required"] for part in (option["name"], "/nowhere")]
            also = ["--yes"] if command["effect"] == "destroys" else ["--all"] if command["words"] == "token revoke" else []
            with self.subTest(command=f"{tool} {command['words']}"):
                done = tools.run(tool, *command["words"].split(), *positional, *required, *also, "--config", "/nowhere/wharf.conf",
                                 check=0 if command["words"] == "init" else 1) if command["words"] != "init" else None
                if done:
                    self.assertEqual((f"{tool}: error: ", ""), (done.stderr[:len(tool) + 9], done.stdout))

    def test_json_is_one_object(self):
        """Of whatever reads; what changes is tried below."""
        account = person()
        arguments = {"USER": account.username}
        tried = 0
        for tool, command in every_command():
            slots = [slot for slot in command["positional"].split() if not slot.startswith("[")]
            if command["effect"] == "reads" and command["json"] and all(slot in arguments for slot in slots):
                with self.subTest(command=f"{tool} {command['words']}"):
                    self.assertIsInstance(tools.json(tool, *command["words"].split(), *(arguments[slot] for slot in slots)), dict)
                    tried += 1
        self.assertGreater(tried, 4)

    def test_the_configuration_is_named_by_option_or_environment(self):
        self.assertIn(str(tools.config), tools.run("wharf-registry", "config", check=0).stdout)
        other = {"--config": "/nowhere/wharf.conf"}
        for arguments in (["config", *sum(other.items(), ())], [*sum(other.items(), ()), "config"]):
            self.assertIn("/nowhere/wharf.conf", tools.run("wharf-registry", *arguments, check=1).stderr)

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([programs() / "wharf-user", "list"], env=tools.env, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((1, "wharf-user: error: the output could not be written\n"), (done.returncode, done.stderr))


class AuditTest(unittest.TestCase):
    def test_each_change_leaves_exactly_one_audit_row(self):
        commands = {(tool, command["words"]) for tool, command in every_command() if command["effect"] in ("changes", "destroys")}
        self.assertEqual(commands, set(changes) | set(by_themselves) | many_at_once, "each command that changes something has one line in this file")
        for test in by_themselves.values():
            self.assertTrue(hasattr(self, test), test)
        with_json = {(tool, command["words"]): command["json"] for tool, command in every_command()}
        for (tool, words), prepare in changes.items():
            for also in ([], ["--json"]) if with_json[tool, words] else ([],):
                with self.subTest(command=f"{tool} {words}", also=also):
                    arguments, stdin = prepare()
                    before = tools.audit_end()
                    done = tools.run(tool, *words.split(), *arguments, "--reason", REASON, *also, stdin=stdin, check=0)
                    rows = tools.audit(before)
                    self.assertEqual(1, len(rows), rows)
                    self.assertEqual((operator(), REASON), (rows[0]["actor"], rows[0]["reason"]))
                    if arguments:
                        self.assertIn(arguments[0], rows[0]["subject"])
                    if also:
                        self.assertIsInstance(json.loads(done.stdout), dict)

    def test_migrate_leaves_one_row_where_it_applied_something(self):
        wharf.sql("CREATE DATABASE another CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; GRANT ALL PRIVILEGES ON another.* TO 'wharf_admin'@'localhost'")
        self.addCleanup(wharf.sql, "DROP DATABASE another")
        command = ("migrate", "--set", "database.name=another", "--reason", REASON, "--json")
        applied = json.loads(tools.run("wharf-registry", *command, check=0).stdout)["applied"]
        self.assertGreater(len(applied), 1)
        self.assertEqual({"applied": []}, json.loads(tools.run("wharf-registry", *command, check=0).stdout))
        self.assertEqual([["migrate", operator(), REASON, "applied " + ", ".join(map(str, applied))]],
                         wharf.sql("SELECT action, actor, reason, detail FROM another.audit"))

    def test_doctor_leaves_one_row_where_it_repaired_something(self):
        command = ("doctor", "--downloads", "--json")
        self.assertEqual(0, json.loads(tools.run("wharf-registry", *command, check=0).stdout)["verdict"])
        wharf.sql("INSERT INTO daily_downloads (day, count) VALUES ('2020-01-01', 1)")
        before = tools.audit_end()
        self.assertEqual(["daily_downloads"], json.loads(tools.run("wharf-registry", *command, check=1).stdout)["wrong_sums"])
        self.assertEqual([], tools.audit(before))
        found = json.loads(tools.run("wharf-registry", *command, "--repair", "--reason", REASON, check=1).stdout)
        self.assertEqual((1, True), (found["verdict"], found["repaired"]))
        rows = tools.audit(before)
        self.assertEqual([("downloads-repair", operator(), REASON)], [(row["action"], row["actor"], row["reason"]) for row in rows])
        tools.run("wharf-registry", *command, "--repair", check=0)
        self.assertEqual(1, len(tools.audit(before)))

    def test_rebuild_leaves_one_row(self):
        wharf.kill("clerk")
        self.addCleanup(wharf.restart, "clerk")
        for options, subject in (((), "public tree"), (("--search",), "search index")):
            before = tools.audit_end()
            made = json.loads(tools.run("wharf-registry", "rebuild", *options, "--reason", REASON, "--json", check=0).stdout)
            self.assertEqual([("rebuild", operator(), subject, REASON, f"up to journal number {made['journal']}")],
                             [tuple(row[key] for key in ("action", "actor", "subject", "reason", "detail")) for row in tools.audit(before)])

    def test_no_change_leaves_no_row(self):
        account = person()
        before = tools.audit_end()
        for arguments in (("enable", account.username), ("role", account.username, "user"), ("token", "revoke", account.username, "--all"),
                          ("show", account.username), ("list",), ("token", "list", account.username)):
            tools.run("wharf-user", *arguments, check=0)
        for refused in (("add", account.username), ("disable", "nobody-there"), ("delete", "nobody-there", "--yes"),
                        ("token", "create", "nobody-there", "--name", "x"), ("token", "revoke", account.username, "999999")):
            tools.run("wharf-user", *refused, stdin="a sentence for a password", check=1)
        self.assertEqual([], tools.audit(before))

    def test_a_reason_is_one_line_of_text(self):
        account = person()
        before = tools.audit_end()
        for bad in ("", "  ", "two\nlines", "x" * 501):
            self.assertIn("--reason", tools.run("wharf-user", "disable", account.username, "--reason", bad, check=2).stderr)
        self.assertEqual([], tools.audit(before))
        tools.run("wharf-user", "disable", account.username, "--reason", " weil er's so wünscht ", check=0)
        self.assertEqual("weil er's so wünscht", tools.audit(before)[0]["reason"])
        longest = "ü" * 500  # characters, as over the API
        tools.run("wharf-user", "enable", account.username, "--reason", longest, check=0)
        self.assertEqual(longest, tools.audit(before)[1]["reason"])

    def test_what_exactly_was_changed_is_noted(self):
        account = person()
        before = tools.audit_end()
        tools.run("wharf-user", "role", account.username, "admin", check=0)
        made = tools.json("wharf-user", "token", "create", account.username, "--name", "CI", "--scope", "yank")
        tools.run("wharf-user", "token", "revoke", account.username, "--all", check=0)
        rows = tools.audit(before)
        self.assertEqual([("user-role", "user to admin"), ("token-create", f"token:{made['token_id']} 'CI' yank *"),
                          ("token-revoke", f"token:{made['token_id']} 'CI'")], [(row["action"], row["detail"]) for row in rows])
        self.assertNotIn(made["token"][6:], str(wharf.sql("SELECT * FROM audit")))


class CompletionTest(unittest.TestCase):
    def complete(self, tool, *words):
        """What bash offers for the last of the words."""
        script = tools.run(tool, "--completion", "bash", check=0).stdout
        function = "_" + tool.replace("-", "_")
        probe = f'COMP_WORDS=({" ".join(repr(word) for word in (tool, *words))}); COMP_CWORD={len(words)}; {function}; printf "%s\\n" "${{COMPREPLY[@]}}"'
        with tempfile.TemporaryDirectory(prefix="wharf-completion-", dir="/tmp") as folder:
            Path(folder, "a-file.conf").touch()
            done = subprocess.run(["bash", "--norc", "-euc", script + probe], cwd=folder, text=True, capture_output=True, timeout=60)
        self.assertEqual("", done.stderr)
        return done.stdout.split()

    def test_commands_options_choices_and_files_are_completed(self):
        self.assertEqual(["delete", "disable"], self.complete("wharf-user", "d"))
        self.assertEqual(["create", "list", "revoke"], self.complete("wharf-user", "token", ""))
        self.assertEqual(["token"], self.complete("wharf-user", "to"))
        self.assertEqual(["list"], self.complete("wharf-user", "--config", "x", "li"))
        self.assertEqual(["--scope", "--set"], self.complete("wharf-user", "token", "create", "ada", "--s"))
        self.assertEqual(["publish"], self.complete("wharf-user", "token", "create", "ada", "--scope", "p"))
        self.assertEqual(["a-file.conf"], self.complete("wharf-user", "list", "--config", "a-"))
        self.assertEqual([], self.complete("wharf-user", "list", "--query", "--"))
        self.assertEqual(["--once"], self.complete("wharf-clerk", "--o"))

    def test_every_command_and_option_is_offered(self):
        for tool, command in every_command():
            words = command["words"].split()
            if words:
                self.assertIn(words[-1], self.complete(tool, *words))
            self.assertEqual([option["name"] for option in command["options"]], self.complete(tool, *words, "--"))


if __name__ == "__main__":
    unittest.main()
