# SPDX-License-Identifier: MIT
"""docs/profiles.md makes a profile for a language that does not exist and uses it against a registry: so does this, with the page's
own lines. And what the page says of keys, defaults and spellings is what the program does."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from support.client import Client, files_of
from support.wharf import ROOT, Wharf, programs

PAGE = (ROOT / "docs/profiles.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)


def rows(title):
    section = PAGE.split(f"## {title}")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines() if re.match(r"\| [`A-Z]", line)]


def flat(value, before=""):
    found = {}
    for key, inner in value.items():
        found.update(flat(inner, f"{before}{key}.") if isinstance(inner, dict) else {before + key: inner})
    return found


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wharf = Wharf().start()
        cls.addClassCleanup(cls.wharf.close)
        cls.person = Client("")
        cls.addClassCleanup(cls.person.close)
        env = {**cls.person.env, "PATH": f"{programs()}:{os.environ['PATH']}"}
        del env["WHARF_REGISTRY"]
        script = "\n".join(BLOCKS)
        assert script.count("http://127.0.0.1:8080") == 1, "the page says once where the registry is"
        cls.said = subprocess.run(["bash", "-euo", "pipefail", "-c", script.replace("http://127.0.0.1:8080", cls.wharf.url)], cwd=cls.person.home,
                                  env=env, text=True, capture_output=True, timeout=180)

    def test_its_lines_work_as_they_stand(self):
        self.assertEqual(0, self.said.returncode, self.said.stdout + self.said.stderr)
        self.assertIn("Kelp", self.said.stdout)
        self.assertIn("As Kelp writes it:\n  grow", self.said.stdout)
        self.assertIn("lib/hold.kelp\n", self.said.stdout)
        self.assertNotIn("hold.test.kelp", self.said.stdout)
        self.assertIn("\nhold fast\n", self.said.stdout)

    def test_the_package_is_one_for_everybody(self):
        archive = self.wharf.get("/api/v1/packages/holdfast/0.1.0/tarball").body
        files = files_of(archive)
        self.assertEqual({"kelp.toml", "lib/hold.kelp", "wharf.toml"}, {path for path in files if not path.startswith("README")})
        self.assertEqual(files["kelp.toml"], files["wharf.toml"])

    def test_the_language_has_files_of_its_own(self):
        lock = json.loads((self.person.home / "forest/kelp-lock.json").read_text())
        self.assertNotIn("holdfast", json.dumps(lock), "it withered")
        self.assertNotIn("holdfast", (self.person.home / "forest/kelp.toml").read_text())
        self.assertFalse((self.person.home / "forest/wharf.lock").exists())

    def test_a_bare_version_means_to_the_registry_what_it_means_in_the_language(self):
        folder = self.person.home / "blade"
        folder.mkdir()
        (folder / "kelp.toml").write_text('[package]\nname = "blade"\nversion = "1.0.0"\n\n[dependencies]\nholdfast = "0.1.0" # just that\n'
                                          'other = { version = "2.0", optional = true }\n\n[dev-dependencies]\ntide = "^3.1"\n')
        env = {"PATH": f"{programs()}:{os.environ['PATH']}", "WHARF_REGISTRY": self.wharf.url}
        self.person.run("publish", "--profile", "kelp", cwd=folder, env=env)
        entry = self.wharf.get("/api/v1/packages/blade/index.json").json()["versions"][0]
        self.assertEqual({"holdfast": "=0.1.0", "other": ">=2.0.0, <2.1.0"}, {name: one["req"] for name, one in entry["dependencies"].items()})
        self.assertTrue(entry["dependencies"]["other"]["optional"])
        self.assertEqual({"tide": "^3.1.0"}, {name: one["req"] for name, one in entry["dev_dependencies"].items()})
        files = files_of(self.wharf.get("/api/v1/packages/blade/1.0.0/tarball").body)
        self.assertIn(b'holdfast = "0.1.0" # just that', files["kelp.toml"])
        self.assertIn(b'holdfast = "=0.1.0" # just that', files["wharf.toml"])


class KeysTest(unittest.TestCase):
    def setUp(self):
        self.person = Client("http://127.0.0.1:9")
        self.addCleanup(self.person.close)

    def test_the_table_has_every_key_with_what_a_missing_one_means(self):
        file = self.person.home / ".config/wharf/profiles/empty.toml"
        file.parent.mkdir(parents=True)
        file.write_text("")
        found = flat(self.person.json("profile", "show", "empty"))
        words = {"none": ("", []), "everything": ([],), "nothing more": ([],), "the profile's name": ("empty",)}
        written = {row[0].strip("`"): row[1].strip("`") for row in rows("Write the profile")}
        self.assertEqual("none", written.pop("spellings"))
        self.assertEqual(set(written), set(found) - {"name", "source", "registry.used"})
        for key, default in written.items():
            self.assertIn(found[key], words.get(default, (default,)), key)

    def test_every_word_that_the_table_offers_is_taken_and_no_other(self):
        file = self.person.home / ".config/wharf/profiles/words.toml"
        file.parent.mkdir(parents=True)
        tried = 0
        for key, words in (("lock.form", "wharf wharf-json synapse raven vais"), ("packages.layout", "name name-version cache-extracted"),
                           ("credentials.form", "wharf synapse raven vais"), ("publish.mismatch", "error warning"), ("manifest.bare", "caret exact"),
                           ("archive.top", "{name}-{version}")):
            row = next(row for row in rows("Write the profile") if row[0] == f"`{key}`")
            table, name = key.split(".")
            for word in words.split():
                self.assertIn(f"`{word}`", row[1] + row[2])
                file.write_text(f"[{table}]\n{name} = '{word}'\n")
                self.assertEqual(word, self.person.json("profile", "show", "words")[table][name])
                file.write_text(f"[{table}]\n{name} = '{word}x'\n")
                self.person.run("profile", "show", "words", check=1)
                tried += 1
        self.assertEqual(17, tried)

    def test_each_form_of_a_spelling_is_taken(self):
        lines = [row[0].strip("`") for row in rows("Your own words")]
        self.assertEqual(7, len(lines))
        file = self.person.home / ".config/wharf/profiles/words.toml"
        file.parent.mkdir(parents=True)
        file.write_text("[spellings]\n" + "\n".join(lines) + "\n")
        shown = {(row["typed"], row["means"]) for row in self.person.json("help", "--profile", "words")["aliases"]}
        for line in lines:
            self.assertIn(tuple(part.strip('"') for part in line.split(" = ")), shown)

    def test_the_built_in_spellings_are_those_of_the_table(self):
        written = {(row[0], row[1].strip("`"), row[2].strip("`")) for row in rows("What the built-in ones write")}
        found = {(name.capitalize(), row["typed"], row["means"]) for name in ("synapse", "raven", "vais")
                 for row in self.person.json("help", "--profile", name)["aliases"] if row["typed"] != "publish --force"}
        self.assertEqual(found, written)

    def test_what_the_built_in_spellings_mean_exists(self):
        commands = {command["words"]: {option["name"] for option in command["options"]} for command in self.person.json("help")["commands"]}
        for name in ("synapse", "raven", "vais"):
            for row in self.person.json("help", "--profile", name)["aliases"]:
                if row["means"].startswith("refuse: "):
                    continue
                words = " ".join(re.match(r"[a-z ]+", row["means"])[0].split())
                command = max((one for one in commands if (words + " ").startswith(one + " ")), key=len, default=None)
                self.assertIsNotNone(command, row)
                self.assertLessEqual(set(re.findall(r"--[a-z-]+", row["means"])), commands[command], row)


if __name__ == "__main__":
    unittest.main()
