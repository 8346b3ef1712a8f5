# SPDX-License-Identifier: MIT
"""Updating: what is freed moves, and of the rest nothing that can stay; each move is said with its reason."""

from support.client_case import Case
from support.wharf import Wharf, wait_for


def setUpModule():
    global wharf
    wharf = Wharf().start()
    Case.use(wharf)


def tearDownModule():
    wharf.close()


class UpdateTest(Case):
    def moves(self, answer):
        return {change["name"].rsplit("-", 1)[0]: (change["from"], change["to"]) for change in answer["changes"]}

    def begin(self):
        """boat wants fog, horn and core; all of them at 1.0.0 and locked, and then newer ones appear."""
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish("wharf", "horn", "1.0.0", {"core": "^1.0.0"})
        project = self.project("wharf", {"fog": "^1.0", "horn": "^1.0"})
        project.run("install")
        self.assert_installed(project, dict.fromkeys(("core", "fog", "horn"), "1.0.0"))
        return project

    def test_what_is_added_without_a_requirement_is_the_newest_that_fits(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "2.0.0")
        for version, needs in (("1.0.0", "^1.0.0"), ("1.1.0", "^1.0.0"), ("2.0.0", "^2.0.0")):
            self.publish("wharf", "fog", version, {"core": needs})
        project = self.project("wharf", {"core": "^1.0"})
        project.run("add", self.name("fog"))
        self.assertEqual("^1.1.0", project.asked()[self.name("fog")])
        self.assert_installed(project, {"core": "1.0.0", "fog": "1.1.0"})
        free = self.project("wharf", name="free")
        free.run("add", self.name("fog"))
        self.assertEqual("^2.0.0", free.asked()[self.name("fog")])

    def test_only_what_is_named_moves(self):
        project = self.begin()
        self.publish("wharf", "core", "1.1.0")
        self.publish("wharf", "fog", "1.1.0", {"core": "^1.0.0"})
        self.publish("wharf", "horn", "1.1.0", {"core": "^1.0.0"})
        self.assertEqual({"fog": ("1.0.0", "1.1.0")}, self.moves(project.json("update", self.name("fog"))))
        self.assert_installed(project, {"core": "1.0.0", "fog": "1.1.0", "horn": "1.0.0"})
        self.assertEqual({"core": ("1.0.0", "1.1.0"), "horn": ("1.0.0", "1.1.0")}, self.moves(project.json("update")))
        before = project.lock.read_bytes()
        self.assertEqual({}, self.moves(project.json("update")))
        self.assertEqual(before, project.lock.read_bytes())

    def test_what_the_named_one_needs_moves_with_it_and_is_told_why(self):
        project = self.begin()
        self.publish("wharf", "core", "1.1.0")
        self.publish("wharf", "core", "1.2.0")
        self.publish("wharf", "fog", "1.1.0", {"core": "^1.1.0"})
        self.publish("wharf", "horn", "1.1.0", {"core": "^1.0.0"})
        done = project.run("update", self.name("fog"))
        self.assertIn(f"{self.name('core')} 1.0.0 -> 1.2.0 ({self.name('fog')} 1.1.0 wants ^1.1.0)", done.stdout)
        self.assertIn(f"{self.name('fog')} 1.0.0 -> 1.1.0", done.stdout)
        self.assert_installed(project, {"core": "1.2.0", "fog": "1.1.0", "horn": "1.0.0"})

    def test_a_dry_run_says_the_same_and_changes_nothing(self):
        project = self.begin()
        self.publish("wharf", "fog", "1.1.0", {"core": "^1.0.0"})
        before = project.lock.read_bytes()
        dry = project.run("update", "--dry-run")
        self.assertIn(f"{self.name('fog')} 1.0.0 -> 1.1.0", dry.stdout)
        self.assertEqual(before, project.lock.read_bytes())
        self.assert_installed(project, dict.fromkeys(("core", "fog", "horn"), "1.0.0"))
        self.assertEqual(dry.stdout, project.run("update").stdout)

    def test_what_is_not_locked_cannot_be_updated(self):
        project = self.begin()
        done = project.run("update", self.name("fag"), check=1)
        self.assertIn(self.name("fog"), done.stderr)

    def test_another_dependency_moves_nothing_that_can_stay(self):
        project = self.begin()
        for word in ("core", "fog", "horn"):
            self.publish("wharf", word, "1.1.0", {} if word == "core" else {"core": "^1.0.0"})
        self.publish("wharf", "gauge", "2.0.0", {"core": "^1.0.0"})
        self.assertEqual({"gauge": (None, "2.0.0")}, self.moves(project.json("add", self.name("gauge"))))
        self.publish("wharf", "lamp", "1.0.0", {"core": "^1.1.0"})
        self.assertEqual({"core": ("1.0.0", "1.1.0"), "lamp": (None, "1.0.0")}, self.moves(project.json("add", self.name("lamp"))))
        self.assertEqual({"gauge": ("2.0.0", None)}, self.moves(project.json("remove", self.name("gauge"))))

    def test_a_failed_change_leaves_manifest_lock_and_packages_alone(self):
        project = self.begin()
        self.publish("wharf", "core", "2.0.0")
        before = project.manifest.read_bytes(), project.lock.read_bytes()
        for arguments, code in ((["add", self.name("core") + "@^2"], 3), (["add", self.name("nothing")], 3), (["install", self.name("core") + "@2.0"], 3),
                                (["remove", self.name("nothing")], 1), (["add", self.name("core") + "@!"], 1)):
            with self.subTest(" ".join(arguments)):
                project.run(*arguments, check=code)
                self.assertEqual(before, (project.manifest.read_bytes(), project.lock.read_bytes()))
                self.assert_installed(project, dict.fromkeys(("core", "fog", "horn"), "1.0.0"))

    def test_outdated_shows_what_is_locked_what_would_be_and_what_there_is(self):
        project = self.begin()
        self.assertEqual([], project.json("outdated")["packages"])
        self.publish("wharf", "fog", "1.1.0", {"core": "^1.0.0"})
        self.publish("wharf", "fog", "2.0.0", {"core": "^1.0.0"})
        self.publish("wharf", "core", "3.0.0-rc.1")
        rows = project.json("outdated")["packages"]
        self.assertEqual([{"name": self.name("fog"), "current": "1.0.0", "wanted": "1.1.0", "latest": "2.0.0", "requirement": "^1.0", "direct": True}], rows)
        said = project.run("outdated").stdout.splitlines()
        self.assertEqual(["NAME", "CURRENT", "WANTED", "LATEST"], said[0].split()[:4])
        self.assertEqual([self.name("fog"), "1.0.0", "1.1.0", "2.0.0", "^1.0"], said[1].split())
        self.assertEqual(3, len(project.json("outdated", "--all")["packages"]))

    def test_resolve_prints_the_solution_and_writes_nothing(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "1.5.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish("wharf", "fog", "1.1.0", {"core": "^1.0.0"})
        project = self.project("wharf", {"fog": "^1.0"})
        files = sorted(path.name for path in project.folder.iterdir())
        self.assertEqual([f"{self.name('core')} 1.5.0", f"{self.name('fog')} 1.1.0"], project.run("resolve").stdout.splitlines())
        self.assertEqual([f"{self.name('core')} 1.0.0", f"{self.name('fog')} 1.0.0"], project.run("resolve", "--lowest").stdout.splitlines())
        self.assertIn(f"{self.name('core')} 1.5.0 ({self.name('fog')} 1.1.0 wants ^1.0.0)", project.run("resolve", "--explain").stdout)
        self.assertEqual(["1.0.0"], [package["version"] for package in project.json("resolve", self.name("core") + "@=1.0.0")["packages"]
                                     if package["name"] == self.name("core")])
        self.assertEqual(files, sorted(path.name for path in project.folder.iterdir()))
