# SPDX-License-Identifier: MIT
"""`wharf` at a terminal: it asks, shows no password, draws progress and colours, and keeps to the terminal's width; and does none of
that elsewhere."""

import itertools
import signal
import subprocess
import unittest

from support.client import Client
from support.meddling_proxy import MeddlingProxy
from support.terminal import Terminal
from support.wharf import Wharf, programs, wait_for

numbers = itertools.count(1)
PASSWORD = "fourteen small boats"


def setUpModule():
    global wharf
    wharf = Wharf().start()


def tearDownModule():
    wharf.close()


class TerminalTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.person = Client(wharf.url)
        self.addCleanup(self.person.close)
        self.username = f"grace-{next(numbers)}"

    def terminal(self, *arguments, env=None, cwd=None, **more):
        colours = {key: value for key, value in self.person.env.items() if key != "NO_COLOR"}
        return self.enterContext(Terminal([str(programs() / "wharf"), *arguments], {**colours, **(env or {})}, cwd or self.person.home, **more))

    def project(self, megabytes=0):
        name = f"kit-{next(numbers)}x"
        project = self.person.project("wharf", name)
        if megabytes:
            subprocess.run(f"head -c {megabytes}M /dev/urandom > noise.bin", shell=True, check=True, cwd=project.folder)
        return project

    def test_an_account_from_the_first_prompt_to_the_last(self):
        screen = self.terminal("register")
        screen.wait_for("User name: ")
        self.assertTrue(screen.echoes())
        screen.type(self.username + "\n")
        screen.wait_for(self.username)
        screen.wait_for("E-mail (may be left empty): ")
        screen.type("\n")
        screen.wait_for("Password: ")
        wait_for(lambda: not screen.echoes(), what="the echo to go")
        screen.type(PASSWORD + "\n")
        screen.wait_for("Once more: ")
        screen.type(PASSWORD + "\n")
        self.assertEqual(0, screen.ends())
        self.assertIn(f"signed in to {wharf.url} as {self.username}", screen.plain())
        self.assertNotIn(PASSWORD, screen.output)

        screen = self.terminal("login")
        screen.wait_for("User name or e-mail: ")
        screen.type(self.username + "\n")
        screen.wait_for("Password: ")
        screen.type(PASSWORD + "\n")
        self.assertEqual(0, screen.ends())
        self.assertNotIn(PASSWORD, screen.output)
        self.assertEqual(self.username, self.person.json("whoami")["username"])

        screen = self.terminal("token", "create", "--name", "ci")
        screen.wait_for("not with a token")
        screen.wait_for("Password: ")
        screen.type(PASSWORD + "\n")
        self.assertEqual(0, screen.ends())
        self.assertRegex(screen.plain(), r"\nwharf_\w+\n")
        self.assertNotIn(PASSWORD, screen.output)

    def test_two_passwords_that_differ_make_no_account(self):
        screen = self.terminal("register", "--username", self.username, "--email", "")
        screen.wait_for("Password: ")
        screen.type(PASSWORD + "\n")
        screen.wait_for("Once more: ")
        screen.type(PASSWORD + "x\n")
        self.assertEqual(1, screen.ends())
        self.assertIn("differ", screen.plain())
        self.assertEqual(404, wharf.get(f"/api/v1/users/{self.username}").status)

    def test_giving_up_at_the_prompt_brings_the_echo_back(self):
        screen = self.terminal("login", "--username", self.username)
        screen.wait_for("Password: ")
        wait_for(lambda: not screen.echoes(), what="the echo to go")
        screen.type("half of")
        screen.type("\x03")
        wait_for(screen.echoes, what="the echo to come back")
        self.assertIn(screen.ends(), (-signal.SIGINT, 130))
        self.assertNotIn("half of", screen.output)

    def test_an_upload_draws_its_progress_and_takes_it_off_again(self):
        self.person.env["WHARF_TOKEN"] = wharf.register().token
        project = self.project(megabytes=20)
        screen = self.terminal("publish", cwd=project.folder, columns=80)
        self.assertEqual(0, screen.ends())
        self.assertRegex(screen.output, r"\[#* *\] .* of 21\.0 MB")
        self.assertIn("MB/s", screen.output)
        self.assertIn("\x1b[", screen.output)
        lines = screen.plain().rstrip().split("\n")
        self.assertEqual(f"published {project.name} 0.1.0 to {wharf.url}", lines[-1])

    def test_elsewhere_there_are_plain_lines(self):
        self.person.env["WHARF_TOKEN"] = wharf.register().token
        del self.person.env["NO_COLOR"]
        project = self.project(megabytes=20)
        done = project.run("publish")
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        self.assertNotIn("\r", done.stdout + done.stderr)
        self.assertRegex(done.stderr, rf"(?m)^{project.name} 0\.1\.0: uploaded, 21\.0 MB, .*/s$")
        quiet = self.project()
        self.assertEqual("", quiet.run("publish", "--quiet").stderr)

    def test_tables_fit_the_terminal_and_have_colours_there_alone(self):
        token = wharf.register().token
        word = f"quadrant{next(numbers)}"
        wharf.published(token, f"{word}-kit", "1.0.0", description=f"a {word} " + "that measures the height of stars " * 6)
        for columns in (60, 100):
            screen = self.terminal("search", word, columns=columns)
            self.assertEqual(0, screen.ends())
            self.assertIn("\x1b[32m", screen.output)
            lines = [line for line in screen.plain().split("\n") if line.startswith(word)]
            self.assertEqual(1, len(lines), screen.plain())
            self.assertTrue(lines[0].endswith("…"))
            self.assertLessEqual(len(lines[0]), columns)
            self.assertGreater(len(lines[0]), columns - 30)
        for env, arguments in (({"NO_COLOR": "1"}, []), ({}, ["--color", "never"])):
            screen = self.terminal("search", word, *arguments, env=env)
            self.assertEqual(0, screen.ends())
            self.assertNotIn("\x1b", screen.output)
        self.assertIn(("that measures the height of stars " * 6).strip(), self.person.run("search", word).stdout)

    def test_what_strangers_wrote_does_not_move_the_cursor(self):
        hostile = b'{"results": [{"name": "kit", "latest_version": "1.0.0", "description": "\\u001b[2Jgone\\u009b31m", "total_downloads": 1}], "total": 1}'

        def meddle(request, answer):
            if answer and "/search" in request.path:
                answer.body = hostile
        with MeddlingProxy(wharf.http_port, meddle) as proxy:
            screen = self.terminal("search", "kit", "--color", "never", env={"WHARF_REGISTRY": proxy.url})
            self.assertEqual(0, screen.ends())
        self.assertIn("gone", screen.output)
        self.assertNotIn("\x1b", screen.output)
        self.assertNotIn("\x9b", screen.output)


if __name__ == "__main__":
    unittest.main()
