# SPDX-License-Identifier: MIT
"""What each language's documents tell people to type, typed at the client under that language's name, against a running registry.
Every row below [spellings] of a built-in profile has its line here, or test_every_spelling_has_its_line fails."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from support.client import MANIFESTS, Client
from support.tools import AtTerminal
from support.wharf import Wharf, programs

PASSWORD = "a long enough sentence"
LANGUAGES = ("synapse", "raven", "vais")


def setUpModule():
    global wharf
    wharf = Wharf().start()


def tearDownModule():
    wharf.close()


class LanguageTest(unittest.TestCase):
    """A person of that language, signed in, with two published versions of a package and a project that has none yet."""
    language = None

    def setUp(self):
        if not self.language:
            self.skipTest("each language is a class of its own")
        self.person = Client(wharf.url)
        self.addCleanup(self.person.close)
        self.program = self.person.home / f"{self.language}-pkg"
        self.program.symlink_to(programs() / "wharf")
        self.name = f"{self.language}-{self._testMethodName[5:35].strip('_').replace('_', '-').rstrip('-')}"
        self.username = f"{self.language}-{abs(hash(self._testMethodName)) % 10**9}"
        self.type("register", "--username", self.username, "--email", f"{self.username}@example.org", stdin=PASSWORD + "\n")
        self.package = self.person.project(self.language, self.name)
        (self.package.folder / "README.md").write_text("# read me\n")
        (self.package.folder / "src").mkdir()
        (self.package.folder / "src/main.txt").write_text("text\n")
        self.project = self.person.project(self.language, "boat")

    def type(self, *words, check=0, cwd=None, stdin="", env=None):
        done = subprocess.run([self.program, *map(str, words)], cwd=cwd or self.person.home, env={**self.person.env, **(env or {})}, input=stdin,
                              text=True, capture_output=True, timeout=120)
        self.assertEqual(check, done.returncode, f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")
        return done

    def published(self, *versions):
        for version in versions or ("1.0.0", "1.1.0"):
            self.package.write_manifest({}, version=version)
            self.type("publish", cwd=self.package.folder)
        return self.name

    def in_project(self, *words, **more):
        return self.type(*words, cwd=self.project.folder, **more)

    def rows(self):
        return {(row["typed"], row["means"]) for row in json.loads(self.type("help", "--json").stdout)["aliases"]}

    def check_every_row_has_its_line(self):
        source = Path(__file__).read_text()
        own = source[source.index(f"class {type(self).__name__}("):].split("\nclass ")[0]
        for typed, _ in self.rows():
            self.assertIn(f'"{typed}"', own, "each spelling is run by a test that names it")

    def check_that_force_is_refused(self):
        self.assertIn("a published version never changes", self.type("publish", "--force", cwd=self.package.folder, check=2).stderr)
        self.assertEqual(404, wharf.get(f"/api/v1/packages/{self.name}").status)


class SynapseTest(LanguageTest):
    language = "synapse"

    def test_every_spelling_has_its_line(self):
        self.check_every_row_has_its_line()

    def test_publish_with_a_path(self):
        self.type("publish", self.package.folder)
        self.assertEqual(200, wharf.get(f"/api/v1/packages/{self.name}").status)

    def test_force(self):
        """"publish --force" """
        self.check_that_force_is_refused()

    def test_install_and_its_letters(self):
        """"install -S", "install --save", "install -D", "install --save-dev", and -g, --global, which are everyone's."""
        name = self.published()
        for words, section in ((["-S"], "dependencies"), (["--save"], "dependencies"), (["-D"], "dev-dependencies"), (["--save-dev"], "dev-dependencies"),
                               ([], "dependencies")):
            self.project.write_manifest({})
            self.project.lock.unlink(missing_ok=True)
            self.in_project("install", f"{name}@^1.0.0", *words)
            self.assertEqual([name], list(self.project.asked(section)), words)
        for words in (["-g"], ["--global"]):
            self.project.write_manifest({})
            self.in_project("install", name, *words)
            self.assertEqual({}, self.project.asked())
            self.assertIn(name, self.in_project("list", *words).stdout)
        self.assertTrue((self.person.home / f".synapse/packages/{name}/1.1.0/{name}-1.1.0/synapse.json").is_file())

    def test_uninstall(self):
        """"uninstall" """
        name = self.published("1.0.0")
        self.in_project("install", name)
        self.in_project("uninstall", name)
        self.assertEqual({}, self.project.asked())

    def test_update_and_list(self):
        name = self.published("1.0.0")
        self.in_project("install", f"{name}@^1.0.0")
        self.package.write_manifest({}, version="1.2.0")
        self.type("publish", self.package.folder)
        self.in_project("update", name)
        self.assertEqual({name: "1.2.0"}, self.project.locked())
        self.assertIn("1.2.0", self.in_project("list", "--depth", "0").stdout)

    def test_info_of_a_version(self):
        """"info --version V" """
        name = self.published()
        def said(*words):
            return [line for line in self.type("info", *words).stdout.splitlines() if "downloads" not in line]  # they are counted meanwhile

        self.assertEqual(said(f"{name}@1.0.0"), said(name, "--version", "1.0.0"))
        self.assertNotEqual(said(name), said(name, "--version=1.0.0"))

    def test_search(self):
        """"search --sort=recently-updated", and --limit."""
        self.published("1.0.0")
        for sort in ("relevance", "downloads", "recently-updated"):
            self.type("search", "synapse", "--limit", "5", "--sort", sort)

    def test_login_with_everything_among_the_arguments(self):
        """"login -u NAME", "login -p PASSWORD" """
        self.type("logout", "--registry", wharf.url)
        self.type("whoami", check=1)
        for words in (("-u", self.username, "-p", PASSWORD), ("--username", self.username, "--password", PASSWORD)):
            done = self.type("login", *words, "--registry", wharf.url)
            self.assertIn("warning: a password among the arguments", done.stderr)
            self.assertNotIn(PASSWORD, done.stderr + done.stdout)
            kept = json.loads((self.person.home / ".synapse/credentials.json").read_text())
            self.assertEqual([(self.username, 0o600)], [(kept[url]["username"], (self.person.home / ".synapse/credentials.json").stat().st_mode & 0o777) for url in kept])
        self.assertIn(self.username, self.type("whoami").stdout)


class RavenTest(LanguageTest):
    language = "raven"

    def test_every_spelling_has_its_line(self):
        self.check_every_row_has_its_line()

    def test_force(self):
        """"publish --force" """
        self.check_that_force_is_refused()

    def test_init_in_a_folder(self):
        self.type("init", "sky-ui")
        self.assertIn('name = "sky-ui"', (self.person.home / "sky-ui/raven.toml").read_text())
        self.type("init", "sky-ui", check=1)

    def test_add_and_remove(self):
        """"add -v REQ", and --version, --dev."""
        name = self.published()
        for words, section in ((["-v", "^1.0.0"], "dependencies"), (["--version", "^1.0.0"], "dependencies"), (["--version", "^1.0.0", "--dev"], "dev-dependencies")):
            self.in_project("add", name, *words)
            self.assertEqual({name: "^1.0.0"}, self.project.asked(section), words)
            self.assertEqual({name: "1.1.0"}, self.project.installed())
            self.in_project("remove", name)
            self.assertEqual({}, self.project.asked(section))

    def test_update(self):
        """"update --compatible", "update --latest" """
        name = self.published("1.0.0")
        self.in_project("add", name)
        self.package.write_manifest({}, version="1.2.0")
        self.type("publish", cwd=self.package.folder)
        self.in_project("update", "--compatible")
        self.assertEqual({name: "1.2.0"}, self.project.installed())
        self.assertIn("add NAME@REQ", self.in_project("update", "--latest", check=2).stderr)

    def test_looking_around(self):
        name = self.published("1.0.0")
        self.in_project("add", name)
        for words in (("tree",), ("outdated",), ("list",), ("info", name), ("install",)):
            self.in_project(*words)
        self.type("search", name)
        self.type("publish", "--dry-run", cwd=self.package.folder)

    def test_cache_and_clean(self):
        """"cache", "clean" """
        self.in_project("add", self.published("1.0.0"))
        before = json.loads(self.type("cache", "--json").stdout)
        self.assertEqual(before, json.loads(self.type("cache", "list", "--totals", "--json").stdout))
        self.type("clean")
        self.assertNotEqual(before, json.loads(self.type("cache", "--json").stdout))

    def test_login_asks(self):
        self.type("logout")
        session = AtTerminal([str(self.program), "login"], {**self.person.env, "TERM": "xterm"})
        session.wait_for(": ").type(f"{self.username}\n")
        session.wait_for("assword: ").type(f"{PASSWORD}\n")
        self.assertEqual(0, session.finish(), session.shown)
        self.assertNotIn(PASSWORD, session.shown)
        self.assertEqual(self.username, json.loads((self.person.home / ".raven/credentials.json").read_text())["username"])


class VaisTest(LanguageTest):
    language = "vais"

    def test_every_spelling_has_its_line(self):
        self.check_every_row_has_its_line()

    def test_force(self):
        """"publish --force" """
        self.check_that_force_is_refused()

    def test_init_with_a_name(self):
        folder = self.person.home / "grid"
        folder.mkdir()
        self.type("init", "--name", "grid-core", cwd=folder)
        self.assertIn('name = "grid-core"', (folder / "vais.toml").read_text())

    def test_add_install_and_update(self):
        name = self.published()
        self.in_project("add", name, "--version", "^1.0.0")
        self.in_project("install")
        self.in_project("install", "--update")
        self.in_project("install", "--offline")
        self.in_project("update", name, "--offline")
        self.assertTrue((self.person.home / f".vais/registry/cache/{name}/1.1.0/extracted/vais.toml").is_file())
        self.in_project("remove", name)
        self.assertEqual({}, self.project.asked())

    def test_add_a_path(self):
        self.in_project("add", self.name, "--path", os.path.relpath(self.package.folder, self.project.folder))
        self.assertIn("path", self.project.asked()[self.name])

    def test_tree(self):
        """"tree --all", and --depth N."""
        name = self.published("1.0.0")
        self.in_project("add", name)
        self.assertIn(name, self.in_project("tree", "--all", "--depth", "2").stdout)

    def test_cache(self):
        """"cache stats", "cache clear", and list."""
        self.in_project("add", self.published("1.0.0"))
        for words in (("cache", "stats"), ("cache", "list")):
            self.assertTrue(self.type(*words).stdout)
        self.assertEqual(self.type("cache", "list", "--totals").stdout, self.type("cache", "stats").stdout)
        self.type("cache", "clear")

    def test_package(self):
        """"package" """
        self.assertIn("vais.toml", self.type("package", "--list", cwd=self.package.folder).stdout)

    def test_search(self):
        """"search --sort=newest", and the other orders."""
        self.published("1.0.0")
        for sort in ("downloads", "newest", "name", "relevance"):
            self.type("search", "vais", "--limit", "5", "--sort", sort)

    def test_signup(self):
        """"signup" """
        self.type("logout")
        self.type("signup", "--username", f"{self.username}-c", "--email", "", stdin=PASSWORD + "\n")
        self.assertIn(f"{self.username}-c", self.type("whoami").stdout)

    def test_publish_with_a_token_among_the_arguments(self):
        token = wharf.api_token(wharf.login(self.username, PASSWORD), scopes=["publish"])
        self.type("logout")
        done = self.type("publish", "--registry", f"{wharf.url}/vais", "--token", token, cwd=self.package.folder)
        self.assertNotIn(token, done.stdout + done.stderr)
        self.type("publish", "--dry-run", "--token", token, cwd=self.package.folder)

    def test_yank(self):
        """"yank --version V", "unyank --version V" """
        name = self.published("1.0.0", "1.1.0", "1.2.0")
        for words in ((name, "--version", "1.0.0"), (name, "1.1.0"), (f"{name}@1.2.0", "--reason", "broken")):
            self.type("yank", *words)
        versions = wharf.get(f"/api/v1/packages/{name}/index.json").json()["versions"]
        self.assertEqual({"1.0.0", "1.1.0", "1.2.0"}, {one["version"] for one in versions if one["yanked"]})
        self.type("unyank", name, "--version", "1.0.0")
        token = wharf.api_token(wharf.login(self.username, PASSWORD), scopes=["yank"])
        self.type("logout")
        self.assertNotIn(token, self.type("unyank", name, "--version", "1.1.0", "--token", token).stderr)

    def test_owner(self):
        """"owner --add USER", "owner --remove USER", "owner --list" """
        self.published("1.0.0")
        def owners():
            return self.type("owner", "--list", cwd=self.package.folder).stdout

        other = wharf.register(f"{self.username}-b").username
        self.type("owner", "--add", other, cwd=self.package.folder)
        self.assertIn(other, owners())
        self.type("owner", "--remove", other, cwd=self.package.folder)
        self.assertNotIn(other, owners())


del LanguageTest


if __name__ == "__main__":
    unittest.main()
