# SPDX-License-Identifier: MIT
"""What a project has: list, tree and verify."""

import os
import shutil

from support import client
from support.client_case import Case
from support.wharf import Wharf


def setUpModule():
    global wharf
    wharf = Wharf().start()
    Case.use(wharf)


def tearDownModule():
    wharf.close()


class TreeTest(Case):
    def begin(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish("wharf", "horn", "1.2.0", {"core": "^1.0.0", "fog": "^1.0.0"})
        self.publish("wharf", "gauge", "0.3.0")
        project = self.project("wharf", {"fog": "^1.0", "horn": "^1.0"}, {"gauge": "^0.3.0"})
        project.run("install")
        return project

    def lines(self, done):
        return [line.replace(f"-{self.mark}", "") for line in done.stdout.splitlines()]

    def test_the_tree_shows_who_needs_whom_and_marks_what_comes_again(self):
        project = self.begin()
        self.assertEqual(["boat v0.1.0", "├── fog v1.0.0", "│   └── core v1.0.0", "├── gauge v0.3.0 (dev)", "└── horn v1.2.0", "    ├── core v1.0.0",
                          "    └── fog v1.0.0 (*)"], self.lines(project.run("tree")))
        self.assertEqual(["boat v0.1.0", "├── fog v1.0.0", "├── gauge v0.3.0 (dev)", "└── horn v1.2.0"], self.lines(project.run("tree", "--depth", "1")))

    def test_inverted_it_says_why_a_package_is_here(self):
        project = self.begin()
        self.assertEqual(["core v1.0.0", "├── fog v1.0.0 (wants ^1.0.0)", "│   ├── boat v0.1.0 (wants ^1.0)", "│   └── horn v1.2.0 (wants ^1.0.0)",
                          "│       └── boat v0.1.0 (wants ^1.0)", "└── horn v1.2.0 (wants ^1.0.0) (*)"],
                         self.lines(project.run("tree", "--invert", self.name("core"))))
        self.assertIn(self.name("core"), project.run("tree", "--invert", self.name("cora"), check=1).stderr)

    def test_a_cycle_is_marked_and_ends(self):
        self.publish("wharf", "a", "1.0.0", {"b": "^1.0.0"})
        self.publish("wharf", "b", "1.0.0", {"a": "^1.0.0"})
        project = self.project("wharf", {"a": "^1.0"})
        project.run("install")
        self.assertEqual(["boat v0.1.0", "└── a v1.0.0", "    └── b v1.0.0", "        └── a v1.0.0 (cycle)"], self.lines(project.run("tree")))
        told = project.json("tree")["dependencies"][0]["dependencies"][0]["dependencies"][0]
        self.assertEqual((self.name("a"), True, []), (told["name"], told["cycle"], told["dependencies"]))

    def test_the_list_has_every_package(self):
        project = self.begin()
        listed = {package["name"].rsplit("-", 1)[0]: package for package in project.json("list")["packages"]}
        self.assertEqual({"core": "1.0.0", "fog": "1.0.0", "horn": "1.2.0", "gauge": "0.3.0"}, {name: package["version"] for name, package in listed.items()})
        self.assertEqual({"fog", "horn", "gauge"}, {name for name, package in listed.items() if package["direct"]})
        self.assertEqual({"gauge"}, {name for name, package in listed.items() if package["dev"]})
        self.assertTrue(all(package["installed"] for package in listed.values()))
        self.assertEqual(4, len(project.run("list", "--depth", "0").stdout.splitlines()))
        shutil.rmtree(project.folder / "wharf_packages" / self.name("core"))
        self.assertIn("not installed", project.run("list").stdout)
        empty = self.person.home / "empty"
        empty.mkdir()
        done = self.person.run("list", cwd=empty)
        self.assertEqual("", done.stdout)
        self.assertIn("No packages installed", done.stderr)
        self.assertIn("wharf.lock", self.person.run("tree", cwd=empty, check=1).stderr)

    def test_verify_names_each_damaged_file(self):
        for profile in client.PROFILES:
            with self.subTest(profile):
                word = f"deck-{profile}"
                self.publish(profile, word, "1.0.0", files={"src/a.txt": "a", "src/b.txt": "b", "src/c.txt": "c"})
                project = self.project(profile, {word: "^1.0"}, name=f"boat-{profile}")
                project.run("install")
                self.assertIn("passed", project.run("verify").stdout)
                place = project.places()[self.name(word)]["1.0.0"]
                self.assertTrue((place / "src/a.txt").is_file() or profile == "synapse")
                changed, gone, more = place / "src/a.txt", place / "src/b.txt", place / "src/more.txt"
                changed.unlink()
                changed.write_text("x")
                gone.unlink()
                more.write_text("more")
                done = project.run("verify", check=4)
                for path in ("src/a.txt", "src/b.txt", "src/more.txt"):
                    self.assertIn(path, done.stdout)
                self.assertNotIn("src/c.txt", done.stdout)
                told = project.json("verify", check=4)
                self.assertEqual({"changed", "missing", "extra"}, {fault["kind"] for fault in told["faults"]})
                self.assertFalse(told["passed"])
                # A linked file is written through only by breaking the link: the cache is whole, and installing mends all.
                shutil.rmtree(place)
                project.run("install")
                self.assertIn("passed", project.run("verify").stdout)
