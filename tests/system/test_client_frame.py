# SPDX-License-Identifier: MIT
"""What holds for every command of the client, driven by its own table: help, suggestions, exit codes, quietness, colours, JSON,
completion; how the profile and the registry are chosen, and the commands that need no registry. A new command is in here by
being in the table; it fails test_json_is_one_object until it has its line there."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support.client import MANIFESTS, Client
from support.tools import AtTerminal, table
from support.wharf import ROOT, programs, wait_for

CORPUS = Path(os.environ.get("WHARF_CORPORA", ROOT.parent / "shared/corpora"))
COLOUR = "\x1b["


def options_of(command):
    return [option["name"] for option in command["options"]]


def needed(command):
    """Something for each argument that must be given."""
    return ["x"] * len([slot for slot in command["positional"].split() if not slot.startswith("[")])


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.person = Client("http://127.0.0.1:9")
        self.addCleanup(self.person.close)
        self.home = self.person.home

    def at_terminal(self, *arguments, **environment):
        env = {**self.person.env, "TERM": "xterm", **environment}
        return AtTerminal([str(programs() / "wharf"), *map(str, arguments)], {key: value for key, value in env.items() if value is not None})


class EveryCommandTest(ClientTest):
    def test_help_explains_itself_and_shows_examples(self):
        for command in table("wharf"):
            words = command["words"].split()
            with self.subTest(command=command["words"]):
                shown = self.person.run(*words, "--help")
                self.assertEqual("", shown.stderr)
                for same in ([*words, "-h"], ["help", *words]):
                    self.assertEqual(shown.stdout, self.person.run(*same).stdout)
                for part in (command["help"], command["positional"], *options_of(command), *(one["command"] for one in command["examples"])):
                    self.assertIn(part.replace("`", ""), shown.stdout)
                self.assertTrue(command["examples"])
                self.assertTrue(all(len(line) <= 100 or line.startswith("  wharf") for line in shown.stdout.splitlines()), shown.stdout)
                self.assertEqual(command, self.person.json("help", *words))

    def test_without_a_command_it_helps(self):
        self.assertEqual(self.person.run("help").stdout, self.person.run().stdout)
        self.assertEqual(table("wharf"), self.person.json("help")["commands"])

    def test_wrong_usage_is_one_sentence_and_exit_code_2(self):
        for command in table("wharf"):
            words = command["words"].split()
            for wrong in (["--no-such-option"], ["--color", "blue"], ["--registry"], ["--quiet", "--verbose", *needed(command)],
                          *([] if "...]" in command["positional"] or command["positional"].endswith("...") else [["a"] * 9])):
                with self.subTest(command=f"{command['words']} {wrong}"):
                    done = self.person.run(*words, *wrong, check=2)
                    self.assertEqual("", done.stdout)
                    self.assertRegex(done.stderr, r"^wharf: error: .*\(see `wharf.* --help`\)\n$")

    def test_what_was_mistyped_is_suggested(self):
        for command in table("wharf"):
            self.assertIn("did you mean", self.person.run(*(command["words"] + "x").split(), check=2).stderr)
        for typed, meant in (("pubish", "publish"), ("instal", "install"), ("semver srt", "semver sort"), ("config gte", "config get"), ("lsit", "list")):
            if any(command["words"] == meant for command in table("wharf")):
                self.assertIn(f"did you mean '{meant}'?", self.person.run(*typed.split(), check=2).stderr)
        self.assertIn("did you mean '--registry'?", self.person.run("--regitry", "x", "list", check=2).stderr)
        self.assertIn("'profile' needs one of: list, show", self.person.run("profile", check=2).stderr)
        self.assertIn("did you mean '--profile'?", self.person.run("semver", "sort", "--profle", "x", check=2).stderr)

    def test_global_options_may_stand_before_the_command(self):
        self.assertEqual(self.person.run("profile", "show", "--json", "--profile", "vais").stdout,
                         self.person.run("--json", "--profile=vais", "profile", "show").stdout)
        self.assertEqual({"program": "wharf", "version": (ROOT / "VERSION").read_text().strip()}, json.loads(self.person.run("--json", "--version").stdout))

    def test_json_is_one_object(self):
        """Of every command that needs no registry. What needs one is tried by the tests of that command, which are named here."""
        project = self.person.project("wharf", "boat")
        (project.folder / "README.md").write_text("# boat\n")
        alone = {
            "cache dir": [], "cache list": [], "cache clean": [], "completion": ["bash"], "config list": [], "config get": ["jobs"],
            "config set": ["jobs", "4"], "config unset": ["jobs"], "config path": [], "help": [], "init": ["elsewhere"], "pack": [],
            "profile list": [], "profile show": [], "semver compare": ["1.0.0", "2.0.0"], "semver match": ["^1", "1.0.0"],
            "semver sort": ["1.0.0"], "semver max": ["^1", "1.0.0"],
        }
        elsewhere = {"add", "info", "install", "list", "login", "logout", "outdated", "owner add", "owner list", "owner remove", "publish", "register",
                     "remove", "resolve", "search", "token create", "token list", "token revoke", "tree", "unyank", "update", "verify", "whoami", "yank"}
        commands = {command["words"] for command in table("wharf")}
        self.assertEqual(set(), commands - set(alone) - elsewhere, "each command has one line in this test")
        for words, arguments in alone.items():
            with self.subTest(command=words):
                done = self.person.run(*words.split(), *arguments, "--json", cwd=project.folder)
                self.assertIsInstance(json.loads(done.stdout), dict)
                self.assertEqual(1, done.stdout.count("\n"))

    def test_an_answer_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([programs() / "wharf", "profile", "list"], env=self.person.env, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((1, "wharf: error: the output could not be written\n"), (done.returncode, done.stderr))


class MannersTest(ClientTest):
    def test_an_error_is_one_sentence_on_standard_error_and_exit_code_1(self):
        done = self.person.run("profile", "show", "ravn", check=1)
        self.assertEqual(("", "wharf: error: there is no profile 'ravn'; did you mean 'raven'?\n"), (done.stdout, done.stderr))
        (self.home / "file").write_text("")
        done = self.person.run("config", "set", "jobs", "3", env={"XDG_CONFIG_HOME": f"{self.home}/file"}, check=1)
        self.assertEqual("", done.stdout)
        self.assertEqual(f"wharf: error: '{self.home}/file/wharf': Not a directory\n", done.stderr)
        nobody = {"WHARF_REGISTRY": "http://127.0.0.1:9"}
        self.assertEqual(1, self.person.run("search", "x", env=nobody, check=1).stderr.count("\n"), "no causes below the sentence")
        self.assertEqual(2, self.person.run("search", "x", "--verbose", env=nobody, check=1).stderr.count("\n"), "but for who asks")
        done = self.person.run("whoami", check=1)
        self.assertEqual("", done.stdout)
        self.assertIn("`wharf login`", done.stderr)

    def test_ctrl_c_ends_it_with_130(self):
        waiting = subprocess.Popen([programs() / "wharf", "semver", "sort"], env=self.person.env, stdin=subprocess.PIPE)
        wait_for(lambda: b"wharf" in Path(f"/proc/{waiting.pid}/cmdline").read_bytes(), what="the program to run")
        wait_for(lambda: int(re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{waiting.pid}/status").read_text())[1], 16) & 2, what="it to mind Ctrl-C")
        waiting.send_signal(signal.SIGINT)
        self.assertEqual(130, waiting.wait(20))
        waiting.stdin.close()

    def test_ctrl_c_at_a_password_brings_the_echo_back(self):
        session = AtTerminal(["/bin/sh", "-c", f"trap : INT; {programs() / 'wharf'} login --username ada; echo code $?; stty -a"],
                             {**self.person.env, "WHARF_REGISTRY": "http://127.0.0.1:9"})
        session.wait_for("Password: ").type("\x03")
        session.finish()
        self.assertIn("code 130", session.shown)
        self.assertRegex(session.shown, r"[^-]echo ")

    def test_quiet_says_nothing_and_verbose_no_less(self):
        self.assertEqual(("", ""), self.said("config", "set", "jobs", "3", "--quiet"))
        out, err = self.said("config", "set", "jobs", "4")
        self.assertEqual("", out)
        self.assertIn("'jobs'", err)
        self.assertIn("'jobs'", self.said("config", "set", "jobs", "5", "-v")[1])
        self.assertEqual("5\n", self.said("config", "get", "jobs", "-q")[0])
        self.assertIn("error", self.person.run("profile", "show", "nothing-like-it", "-q", check=1).stderr)

    def said(self, *words):
        done = self.person.run(*words)
        return done.stdout, done.stderr

    def test_colours_are_for_terminals_and_can_be_had_or_not(self):
        self.assertNotIn(COLOUR, self.person.run("profile", "list", env={"NO_COLOR": ""}).stdout)
        self.assertIn(COLOUR, self.person.run("profile", "list", "--color", "always").stdout)
        for words, environment, coloured in (((), {"NO_COLOR": None}, True), ((), {"NO_COLOR": "1"}, False), ((), {"NO_COLOR": None, "TERM": "dumb"}, False),
                                             (("--color", "never"), {"NO_COLOR": None}, False), (("--color", "always"), {"NO_COLOR": "1"}, True)):
            session = self.at_terminal("profile", "list", *words, **environment)
            self.assertEqual(0, session.finish())
            self.assertEqual(coloured, COLOUR in session.shown, (words, environment))
        self.person.run("config", "set", "color", "always")
        self.assertIn(COLOUR, self.person.run("profile", "list").stdout)
        self.assertNotIn(COLOUR, self.person.run("profile", "list", "--color", "never").stdout)


class ChoosingTest(ClientTest):
    def chosen(self, *words, **more):
        return self.person.json("profile", "show", *words, **more)["name"]

    def started_as(self, name, *words, cwd=None):
        link = self.home / name
        if not link.is_symlink():
            link.symlink_to(programs() / "wharf")
        return subprocess.run([link, *words], env=self.person.env, cwd=cwd or self.home, text=True, capture_output=True, timeout=60)

    def test_by_option_by_environment_by_name_by_manifest(self):
        self.assertEqual("wharf", self.chosen())
        folder = self.home / "boat/src/deep"
        folder.mkdir(parents=True)
        for profile, manifest in MANIFESTS.items():
            (self.home / "boat" / manifest).write_text("{}" if manifest.endswith("json") else "")
            self.assertEqual(profile, self.chosen(cwd=folder))
            self.assertEqual(profile, self.chosen("-C", folder))
            self.assertEqual(profile, self.chosen("-C", "boat/src/deep"))
            (self.home / "boat" / manifest).unlink()
        (self.home / "boat/raven.toml").write_text("")
        for profile in ("synapse", "raven", "vais"):
            done = self.started_as(f"{profile}-pkg", "profile", "show", "--json", cwd=folder)
            self.assertEqual(profile, json.loads(done.stdout)["name"], "the name comes before the manifest")
            self.assertEqual(f"{profile}-pkg {(ROOT / 'VERSION').read_text().strip()}\n", self.started_as(f"{profile}-pkg", "--version").stdout)
        self.assertEqual("wharf", json.loads(self.started_as("other-pkg", "profile", "show", "--json").stdout)["name"])
        self.assertEqual("vais", self.chosen(env={"WHARF_PROFILE": "vais"}, cwd=folder))
        self.assertEqual("synapse", self.chosen("--profile", "synapse", env={"WHARF_PROFILE": "vais"}, cwd=folder))

    def test_messages_call_it_by_the_name_it_was_started_under(self):
        done = self.started_as("vais-pkg", "instal")
        self.assertEqual(2, done.returncode)
        self.assertRegex(done.stderr, r"^vais-pkg: error: .*\(see `vais-pkg --help`\)\n$")
        self.assertIn("As Vais writes it:", self.started_as("vais-pkg").stdout)

    def test_a_folder_that_is_not_there_is_wrong_usage(self):
        self.assertIn("there is no folder", self.person.run("profile", "show", "-C", "nowhere", check=2).stderr)

    def test_the_registry_by_option_by_environment_by_setting_by_profile(self):
        def used(*words, **environment):
            env = {"WHARF_REGISTRY": "", **environment}
            return self.person.json("profile", "show", *words, env=env)["registry"]["used"]

        self.assertEqual("https://registry.vais.dev", used("--profile", "vais"))
        self.person.run("config", "set", "registry.vais", "https://a.example.org/vais/")
        self.assertEqual("https://a.example.org", used("--profile", "vais"), "where Vais's own client is sent")
        self.assertEqual("https://ravensone-registry.fly.dev", used("--profile", "raven"))
        self.assertEqual("https://b.example.org", used("--profile", "raven", RAVEN_REGISTRY="https://b.example.org/api/v1"))
        self.assertEqual("https://c.example.org", used("--profile", "vais", WHARF_REGISTRY="https://c.example.org", VAIS_REGISTRY_URL="https://b.example.org"))
        self.assertEqual("https://d.example.org", used("--registry", "https://d.example.org/", WHARF_REGISTRY="https://c.example.org"))
        self.assertEqual(f"file://{self.home}/mirror", used("--registry", "./mirror"))
        done = self.person.run("profile", "show", "--registry", "https://ada:hunter2@example.org", check=2)
        self.assertNotIn("hunter2", done.stderr)

    def test_a_profile_of_ones_own_with_a_fault_names_file_and_key(self):
        file = self.home / ".config/wharf/profiles/kelp.toml"
        file.parent.mkdir(parents=True)
        for text, sentence in (("[lock]\nfrom = 'wharf'\n", "'lock.from' is not a key; did you mean 'lock.form'?"),
                               ("[manifest]\ndialect = 'keep'\n", "'manifest.dialect' is 'keep'; expected 'wharf', 'synapse', 'raven' or 'vais'")):
            file.write_text(text)
            self.assertEqual(f"wharf: error: profile '{file}': {sentence}\n", self.person.run("--profile", "kelp", "profile", "show", check=1).stderr)
        file.write_text("language = 'Kelp'\n[manifest]\nfile = 'kelp.toml'\n")
        self.assertEqual("Kelp", self.person.json("profile", "show", "kelp")["language"])
        self.assertIn("kelp", [one["name"] for one in self.person.json("profile", "list")["profiles"]])

    def test_a_built_in_profiles_text_is_a_profile(self):
        for name in MANIFESTS:
            text = self.person.run("profile", "show", name, "--source").stdout
            file = self.home / f".config/wharf/profiles/my-{name}.toml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            built_in, own = self.person.json("profile", "show", name), self.person.json("profile", "show", f"my-{name}")
            for different in (built_in, own):
                different.pop("name"), different.pop("source"), different["registry"].pop("used")
            self.assertEqual(built_in, own)


class ConfigTest(ClientTest):
    def test_settings_are_kept_one_by_one(self):
        file = self.home / ".config/wharf/config.toml"
        self.assertEqual(str(file), self.person.run("config", "path").stdout.strip())
        self.assertEqual("8\n", self.person.run("config", "get", "jobs").stdout)
        self.person.run("config", "get", "registry.raven", check=1)
        self.person.run("config", "set", "registry.raven", "https://example.org/raven/api/v1")
        self.assertEqual("https://example.org\n", self.person.run("config", "get", "registry.raven").stdout)
        file.write_text("# mine\n" + file.read_text() + "vais = 'https://v.example.org'\n")
        self.person.run("config", "set", "timeout", "5")
        self.person.run("config", "unset", "registry.raven")
        self.assertEqual("# mine\ntimeout = 5\n[registry]\nvais = 'https://v.example.org'\n", file.read_text())
        listed = {one["key"]: one for one in self.person.json("config", "list")["settings"]}
        self.assertEqual({"key": "timeout", "value": "5", "set": True}, listed["timeout"])
        self.assertEqual({"key": "color", "value": "auto", "set": False}, listed["color"])
        self.assertEqual("https://v.example.org", listed["registry.vais"]["value"])

    def test_what_cannot_be_is_refused_and_changes_nothing(self):
        for words, code, sentence in ((("jobs", "many"), 1, "'jobs' is \"many\"; expected a whole number from 1 to 64"),
                                      (("job", "3"), 2, "there is no key 'job'; did you mean 'jobs'?"),
                                      (("registry.ravn", "https://example.org"), 1, "did you mean 'raven'?"),
                                      (("registry.raven", "example.org"), 2, "the registry 'example.org'"),
                                      (("color", "blue"), 1, "'color' is 'blue'; expected 'auto', 'always' or 'never'")):
            self.assertIn(sentence, self.person.run("config", "set", *words, check=code).stderr)
        self.assertFalse((self.home / ".config/wharf/config.toml").exists())

    def test_a_file_with_a_fault_is_named_with_the_key(self):
        other = self.home / "other.toml"
        other.write_text("jobz = 3\n")
        done = self.person.run("profile", "list", env={"WHARF_CLIENT_CONFIG": str(other)}, check=1)
        self.assertEqual(f"wharf: error: configuration '{other}': 'jobz' is not a key; did you mean 'jobs'?\n", done.stderr)
        self.assertIn("wharf", self.person.run("help", env={"WHARF_CLIENT_CONFIG": str(other)}).stdout)


class CompletionTest(ClientTest):
    def complete(self, *words):
        script = self.person.run("completion", "bash").stdout
        probe = f'COMP_WORDS=({" ".join(repr(word) for word in ("wharf", *words))}); COMP_CWORD={len(words)}; _wharf; printf "%s\\n" "${{COMPREPLY[@]}}"'
        done = subprocess.run(["bash", "--norc", "-euc", script + probe], cwd=self.home, text=True, capture_output=True, timeout=60)
        self.assertEqual("", done.stderr)
        return done.stdout.split()

    def test_commands_options_and_choices_are_completed_in_bash(self):
        self.assertEqual(["list", "show"], self.complete("profile", ""))
        self.assertEqual(["list"], self.complete("-C", "x", "--profile", "raven", "profile", "l"))
        self.assertEqual(["auto", "always"], self.complete("semver", "sort", "--color", "a"))
        (self.home / "a-folder").mkdir()
        self.assertEqual(["a-folder"], self.complete("semver", "sort", "-C", "a-f"))
        for command in table("wharf"):
            words = command["words"].split()
            self.assertIn(words[-1], self.complete(*words))
            self.assertEqual(options_of(command), self.complete(*words, "--"))

    def test_the_other_shells_read_their_scripts(self):
        checked = 0
        for shell in ("zsh", "fish"):
            script = self.person.run("completion", shell).stdout
            self.assertIn("semver", script)
            if shutil.which(shell):
                subprocess.run([shell, "-n"], input=script, text=True, check=True, capture_output=True, timeout=60)
                checked += 1
        self.assertIn("'bash zsh fish'", self.person.run("completion", "csh", check=2).stderr)
        if not checked:
            self.skipTest("neither zsh nor fish is installed")

    def test_commands_are_completed_in_fish(self):
        if not shutil.which("fish"):
            self.skipTest("fish is not installed")
        script = self.person.run("completion", "fish").stdout
        probe = "\ncomplete -C 'wharf -q profile '\ncomplete -C 'wharf semver match --bare '\n"
        done = subprocess.run(["fish", "--no-config"], input=script + probe, env=self.person.env, text=True, capture_output=True, timeout=60)
        self.assertEqual(["list", "show", "caret", "exact"], [line.split("\t")[0] for line in done.stdout.splitlines()])


class SemverTest(ClientTest):
    def lines(self, *words, stdin="", check=0):
        return self.person.run("semver", *words, stdin=stdin, check=check).stdout.splitlines()

    def test_arguments_and_input_are_the_same(self):
        self.assertEqual(["1.0.0-rc.1 < 1.0.0"], self.lines("compare", "1.0.0-rc.1", "1.0.0"))
        self.assertEqual(["1.0.0+a = 1.0.0+b", "2.0.0 > 1.0.0"], self.lines("compare", stdin="1.0.0+a 1.0.0+b\n\n2.0.0\t1.0.0\n"))
        for given in ({"words": ["1.10.0", "1.9.0", "1.10.0-rc.1"]}, {"stdin": "1.10.0\r\n1.9.0\n1.10.0-rc.1"}):
            self.assertEqual(["1.9.0", "1.10.0-rc.1", "1.10.0"], self.lines("sort", *given.get("words", ()), stdin=given.get("stdin", "")))
            self.assertEqual(["1.10.0"], self.lines("max", "^1.9", *given.get("words", ()), stdin=given.get("stdin", "")))
            self.assertEqual(["1.9.0"], self.lines("match", "~1.9", *given.get("words", ()), stdin=given.get("stdin", "")))
        self.assertEqual([], self.lines("match", "^2", "1.0.0", check=1))
        self.assertEqual([], self.lines("max", "^2", "1.0.0", check=1))
        self.assertEqual(["true", "false"], self.lines("match", stdin="^1\t1.2.3\n>=1, <2\t2.0.0\n"))
        self.assertEqual(["2.0.0", "1.0.0"], self.lines("sort", "--reverse", "1.0.0", "2.0.0"))

    def test_a_bare_version_means_what_the_profile_says(self):
        self.assertEqual(["1.2.3", "1.9.0"], self.lines("match", "1.2.3", "1.2.3", "1.9.0"))
        self.assertEqual(["1.2.3"], self.lines("match", "1.2.3", "1.2.3", "1.9.0", "--profile", "synapse"))
        self.assertEqual(["1.2.3"], self.lines("match", "1.2.3", "1.2.3", "1.9.0", "--bare", "exact"))

    def test_a_wrong_line_is_named_and_what_came_before_is_said(self):
        done = self.person.run("semver", "compare", stdin="1.0.0 2.0.0\n1.2 3.0.0\n", check=1)
        self.assertEqual(("1.0.0 < 2.0.0\n", "wharf: error: line 2: version '1.2' has two parts; write 'major.minor.patch'\n"), (done.stdout, done.stderr))
        self.assertIn("line 1: ", self.person.run("semver", "match", "^1", stdin="x\n", check=1).stderr)
        self.assertIn("tab", self.person.run("semver", "match", stdin="^1 1.0.0\n", check=1).stderr)

    @unittest.skipUnless(CORPUS.exists(), "the corpora are not there")
    def test_rows_that_no_one_here_wrote(self):
        rows = json.loads((CORPUS / "semver/semver_req_match.json").read_text())
        answers = self.lines("match", stdin="".join(f"{row[0]}\t{row[1]}\n" for row in rows))
        self.assertEqual([str(row[2]).lower() for row in rows], answers)
        rows = [row for row in json.loads((CORPUS / "semver/semver_precedence.json").read_text()) if " " not in row[0] + row[1]]
        answers = self.lines("compare", stdin="".join(f"{row[0]} {row[1]}\n" for row in rows))
        self.assertEqual([f"{row[0]} {'<=>'[row[2] + 1]} {row[1]}" for row in rows], answers)
        ordered = (CORPUS / "semver/crates_versions_precedence.txt").read_text().split()
        self.assertEqual(ordered, self.lines("sort", stdin="\n".join(reversed(ordered))))

    def test_a_million_lines_take_seconds(self):
        text = "".join(f"{i % 7}.{i % 1000}.{i}\n" for i in range(1_000_000))
        began = time.monotonic()
        answers = self.lines("match", ">=3.500, <4", stdin=text)
        self.assertEqual(sum(1 for i in range(1_000_000) if i % 7 == 3 and i % 1000 >= 500), len(answers))
        self.assertLess(time.monotonic() - began, 20)


if __name__ == "__main__":
    unittest.main()
