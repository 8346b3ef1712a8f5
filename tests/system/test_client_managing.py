# SPDX-License-Identifier: MIT
"""What is done with a package that is published: yanked, owned, found and described; and how a new one begins."""

import unittest

from support.client import MANIFESTS, PROFILES
from support.publisher_case import PublisherCase, numbers
from support.wharf import Wharf

def setUpModule():
    global wharf, owner
    wharf = Wharf().start()
    PublisherCase.use(wharf)
    owner = PublisherCase.owner


def tearDownModule():
    wharf.close()


class ManagingTest(PublisherCase):
    def test_yanks_are_given_and_taken_back(self):
        project = self.project()
        project.run("publish")
        entry = lambda: wharf.get(f"/api/v1/packages/{project.name}/0.1.0", token=owner.token).json()
        self.assertIn("yanked", project.run("yank", project.name, "0.1.0", "--reason", "wrong in leap years").stdout)
        self.assertEqual((True, "wrong in leap years"), (entry()["yanked"], entry()["yank_reason"]))
        project.run("unyank", f"{project.name}@0.1.0")
        self.assertFalse(entry()["yanked"])
        self.assertEqual(project.name, project.json("yank", f"{project.name}@0.1.0")["name"])
        for wrong in ((project.name,), (f"{project.name}@0.1.0", "0.1.0"), (f"{project.name}@",)):
            project.run("yank", *wrong, check=2)
        self.assertIn("0.9.0", project.run("yank", project.name, "0.9.0", check=1).stderr)

    def test_owners_come_and_go(self):
        project = self.project()
        project.run("publish")
        friend = wharf.register().username
        project.run("owner", "add", friend, "--role", "maintainer")
        self.assertEqual({"olga": "owner", friend: "maintainer"},
                         {one["username"]: one["role"] for one in project.json("owner", "list")["owners"]})
        self.assertRegex(project.person.run("owner", "list", project.name).stdout, rf"(?m)^{friend} +maintainer ")
        project.person.run("owner", "remove", friend, "--package", project.name)
        self.assertNotIn(friend, project.run("owner", "list").stdout)
        self.assertIn("last owner", project.run("owner", "remove", "olga", check=1).stderr)
        self.assertIn("--package", project.person.run("owner", "list", check=1).stderr)

    def test_a_package_is_found_and_described(self):
        project = self.project(files={"README.md": "# Astrolabe\n"})
        project.manifest.write_text(f'[package]\nname = "{project.name}"\nversion = "0.1.0"\ndescription = "an astrolabe for sailors"\nlicense = "MIT"\n'
                                    'keywords = ["stars"]\n\n[dev-dependencies]\nbench = "^1.2"\n')
        project.run("publish")
        found = project.run("search", "astrolabe")
        self.assertRegex(found.stdout, rf"(?m)^{project.name} +0\.1\.0 +\d+  an astrolabe for sailors$")
        self.assertEqual(project.name, project.json("search", "astrolabe", "--limit", "1")["results"][0]["name"])
        self.assertIn(project.name, project.run("search", "--keyword", "stars", "--sort", "downloads").stdout)
        project.run("search", check=2)
        nothing = project.run("search", "astrolaeb")
        self.assertEqual("", nothing.stdout)
        self.assertIn("did you mean 'astrolabe'?", nothing.stderr)
        shown = project.run("info", project.name).stdout
        for words in (f"{project.name} 0.1.0\n", "an astrolabe for sailors", "MIT", "olga", "stars"):
            self.assertIn(words, shown)
        shown = project.run("info", f"{project.name}@0.1.0").stdout
        for words in ("bench ^1.2.0", project.json("pack")["checksum"], "by:"):
            self.assertIn(words, shown)
        self.assertEqual("0.1.0", project.json("info", f"{project.name}@latest")["version"])
        self.assertIn(f"did you mean '{project.name}'", project.run("info", project.name.replace("x", "xx"), check=1).stderr)
        self.assertIn("0.7.0", project.run("info", f"{project.name}@0.7.0", check=1).stderr)

    def test_a_new_package_can_be_published_in_every_language(self):
        person = self.person()
        for profile in PROFILES:
            with self.subTest(profile=profile):
                name = f"new-{next(numbers)}x"
                person.run("--profile", profile, "init", name, "--description", "a new one")
                self.assertIn("already exists", person.run("--profile", profile, "init", name, check=1).stderr)
                person.run("publish", name)
                self.assertEqual(200, wharf.get(f"/api/v1/packages/{name}/0.1.0", token=owner.token).status)
                made = person.json("--profile", profile, "init", "--name", f"other-{next(numbers)}x", f"{profile}-folder")
                self.assertIn(MANIFESTS[profile], made["files"])


if __name__ == "__main__":
    unittest.main()
