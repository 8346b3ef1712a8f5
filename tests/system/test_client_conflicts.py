# SPDX-License-Identifier: MIT
"""Conflicts made on purpose, for each language's profile: the client ends with 3, changes nothing, and says why in a few sentences
that name the user's own file and requirements; and what it proposes does help."""

import re
from pathlib import Path

from support import client
from support.client_case import Case
from support.tools import Tools
from support.wharf import Wharf, wait_for


def setUpModule():
    global wharf
    wharf = Wharf().start()
    Case.use(wharf)


def tearDownModule():
    wharf.close()


class ConflictCase(Case):
    def explained(self, project, *arguments):
        """The lines of the explanation and the ways out of a command that finds no solution; nothing is changed by it."""
        before = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
        done = project.run(*arguments, check=3)
        self.assertEqual("", done.stdout)
        self.assertEqual(before, {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()})
        self.assertTrue(done.stderr.startswith("wharf: error: "), done.stderr)
        paragraphs = done.stderr.rstrip("\n").split("\n\n")
        lines = paragraphs[1].split("\n")
        self.assertTrue(re.search(r"there is no solution\.$", paragraphs[1], re.MULTILINE), done.stderr)
        ways = [re.sub(r"^(One way out|Another): ", "", line) for paragraph in paragraphs[2:] for line in paragraph.split("\n")]
        return lines, ways

    def plain(self, text):
        """Without the mark that makes the test's names its own."""
        return text.replace(f"-{self.mark}", "")

    def assert_explained(self, expected, lines, ways=None, expected_ways=()):
        self.assertEqual(expected, [self.plain(line) for line in lines])
        if ways is not None:
            self.assertEqual(list(expected_ways), [self.plain(way) for way in ways])


class EveryLanguageTest(ConflictCase):
    def story(self, profile):
        file = client.MANIFESTS[profile]
        self.publish(profile, "core", "1.0.0")
        self.publish(profile, "core", "1.4.1")
        self.publish(profile, "core", "2.0.0")
        self.publish(profile, "left", "1.0.0", {"core": "^1.0.0"})
        self.publish(profile, "left", "2.0.0", {"core": "^2.0.0"})
        self.publish(profile, "right", "1.0.0", {"core": "^2.0.0"})
        project = self.project(profile, {"left": "^1.0", "right": "^1.0.0"})

        lines, ways = self.explained(project, "install")
        expected = ["Because left 1.0.0 depends on core ^1.0.0 and every version of right depends on core ^2.0.0, "
                    "left 1.0.0 cannot be used together with any version of right.",
                    f"And because {file} asks for left ^1.0 and right ^1.0.0, there is no solution."]
        expected_ways = [f"ask for left ^2.0.0 instead of ^1.0 in {file} (left 2.0.0 depends on core ^2.0.0)"]
        self.assert_explained(expected, lines, ways, expected_ways)
        for arguments in (["resolve"], ["update"], ["install", "--explain"], ["resolve", "--explain"]):
            with self.subTest(" ".join(arguments)):
                again, ways = self.explained(project, *arguments)
                self.assertEqual(lines, again)
        self.assertEqual([], list(project.installed()))
        self.assertFalse(project.lock.exists())

        told = project.json("install", check=3)
        self.assertEqual(["error", "explanation", "message", "ways_out"], sorted(told))
        self.assertEqual("no_solution", told["error"])
        self.assertEqual(lines, told["explanation"])
        self.assertEqual(ways, told["ways_out"])

        # What was proposed is done, word for word, and helps.
        name, requirement, old = re.match(r"ask for (\S+) (\S+) instead of (\S+) in ", ways[0]).groups()
        self.assertEqual((self.name("left"), "^1.0"), (name, old))
        project.write_manifest({**project.asked(), name: requirement})
        project.run("install")
        self.assertEqual(self.named({"core": "2.0.0", "left": "2.0.0", "right": "1.0.0"}), project.installed())

        # What only the command asks for is not said of the file.
        lines, ways = self.explained(project, "add", self.name("core") + "@^1.2")
        self.assertIn("your command asks for core ^1.2", self.plain(lines[-1]))
        self.assertEqual("ask for core ^2.0.0 instead of ^1.2 in your command", self.plain(ways[0]))
        self.assertEqual(self.named({"core": "2.0.0", "left": "2.0.0", "right": "1.0.0"}), project.locked())

    def test_wharf(self):
        self.story("wharf")

    def test_synapse(self):
        self.story("synapse")

    def test_raven(self):
        self.story("raven")

    def test_vais(self):
        self.story("vais")


class ReasonTest(ConflictCase):
    """Each reason for which a requirement finds nothing has its own words."""

    def test_no_such_package_with_names_like_it(self):
        self.publish("wharf", "lantern", "1.0.0")
        # Names like it are those that the client has met, and those that the registry suggests.
        self.project("wharf", {"lantern": "^1.0"}, name="raft").run("install")
        project = self.project("wharf", {"lantren": "^1.0"})
        lines, ways = self.explained(project, "install")
        self.assert_explained(["Because wharf.toml asks for lantren ^1.0, which the registry does not have (did you mean lantern?), "
                               "there is no solution."], lines, ways, ["ask for lantern instead of lantren in wharf.toml"])

    def test_no_version_that_matches_says_what_there_is(self):
        for version in ("1.0.0", "1.1.0", "1.4.0", "2.0.0"):
            self.publish("wharf", "core", version)
        project = self.project("wharf", {"core": "^3"})
        self.assert_explained(["Because wharf.toml asks for core ^3, which no version matches (the newest is 2.0.0), there is no solution."],
                              *self.explained(project, "install"), ["ask for core ^2.0.0 instead of ^3 in wharf.toml"])
        project.write_manifest({self.name("core"): "~1.2"})
        self.assert_explained(["Because wharf.toml asks for core ~1.2, which no version matches (the nearest are 1.1.0 and 1.4.0), "
                               "there is no solution."],
                              *self.explained(project, "install"), ["ask for core ^1.2.0 instead of ~1.2 in wharf.toml"])

    def test_only_yanked_ones_match_unless_the_lock_has_one(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "1.1.0")
        project = self.project("wharf", {"core": "~1.1"})
        project.run("install")
        answer = wharf.post(f"/api/v1/packages/{self.name('core')}/1.1.0/yank", {"reason": "it leaks"}, token=self.token)
        self.assertIn(answer.status, (200, 204), answer)
        other = self.project("wharf", {"core": "~1.1"}, name="raft")

        def knows_of_the_yank():
            other.lock.unlink(missing_ok=True)
            return other.run("resolve", check=None).returncode == 3

        wait_for(knows_of_the_yank, what="the yank at the client", every=0.2)
        self.assert_explained(["Because wharf.toml asks for core ~1.1, which only a yanked version matches (1.1.0), there is no solution."],
                              *self.explained(other, "install"), ["ask for core ^1.0.0 instead of ~1.1 in wharf.toml"])
        project.run("install")
        self.assertEqual(self.named({"core": "1.1.0"}), project.locked())

    def test_only_prereleases_match(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "2.0.0-rc.1")
        project = self.project("wharf", {"core": "^2.0"})
        self.assert_explained(["Because wharf.toml asks for core ^2.0, for which there is only a prerelease (2.0.0-rc.1), there is no solution."],
                              *self.explained(project, "install"),
                              ["allow the prerelease: ask for core ^2.0.0-rc.1 instead of ^2.0 in wharf.toml"])
        project.write_manifest({self.name("core"): "^2.0.0-rc.1"})
        project.run("install")
        self.assertEqual(self.named({"core": "2.0.0-rc.1"}), project.locked())

    def test_not_in_the_offline_cache(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        project = self.project("wharf", {"fog": "^1.0"})
        self.assert_explained(["Because wharf.toml asks for fog ^1.0, which is not in the offline cache, there is no solution."],
                              *self.explained(project, "install", "--offline"))

    def test_kept_in_quarantine_by_the_operator(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        Tools(wharf).run("wharf-package", "quarantine", self.name("core"), "--reason", "under study", check=0)
        project = self.project("wharf", {"fog": "^1.0"})
        wait_for(lambda: "quarantine" in project.run("resolve", check=None).stderr, what="the quarantine at the client", every=0.2)
        self.assert_explained(["Because wharf.toml asks for fog ^1.0, which depends on core ^1.0.0, which the registry keeps in quarantine, "
                               "there is no solution."], *self.explained(project, "install"))

    def test_a_version_that_wants_another_one_of_itself(self):
        self.publish("wharf", "knot", "1.0.0", {"knot": "^2.0.0"})
        self.publish("wharf", "knot", "0.9.0")
        project = self.project("wharf", {"knot": "^1.0"})
        lines, ways = self.explained(project, "install")
        self.assertIn("depends on another version of itself (^2.0.0)", lines[0])
        self.assertEqual(["ask for knot ^0.9.0 instead of ^1.0 in wharf.toml"], [self.plain(way) for way in ways])


class WhoseRequirementTest(ConflictCase):
    def test_the_files_of_path_dependencies_are_named(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "2.0.0")
        self.person.project("wharf", "oars", {self.name("core"): "^2.0"}, folder=self.person.home / "oars")
        project = self.project("wharf", {"core": "^1.0"})
        project.manifest.write_text(project.manifest.read_text().replace("[dependencies]\n", '[dependencies]\noars = {path = "../oars"}\n'))
        self.assertIn("oars", project.asked())
        lines, ways = self.explained(project, "install")
        self.assert_explained(["Because ../oars/wharf.toml asks for core ^2.0 and wharf.toml asks for core ^1.0, there is no solution."], lines)
        self.assertEqual({"ask for core ^2.0.0 instead of ^1.0 in wharf.toml", "ask for core ^1.0.0 instead of ^2.0 in ../oars/wharf.toml"},
                         {self.plain(way) for way in ways})

    def test_what_is_tried_out_is_the_commands(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "2.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        project = self.project("wharf", {"fog": "^1.0"})
        lines, ways = self.explained(project, "resolve", self.name("core") + "@2")
        self.assertIn("your command asks for core 2", self.plain("\n".join(lines)))
        self.assertIn("wharf.toml asks for fog ^1.0", self.plain("\n".join(lines)))

    def test_a_lock_is_preferred_and_never_the_reason(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        project = self.project("wharf", {"fog": "^1.0"})
        project.run("install")
        self.publish("wharf", "core", "2.0.0")
        project.write_manifest({self.name("fog"): "^1.0", self.name("core"): "^2.0"})
        lines, _ = self.explained(project, "install")
        self.assertNotIn("lock", self.plain("\n".join(lines)))
        self.assertEqual(self.named({"core": "1.0.0", "fog": "1.0.0"}), project.locked())


class LongTest(ConflictCase):
    """An explanation of more than six lines, from a registry that is a folder."""

    PACKAGES = {
        ("pipes", "0.1.0"): {"poll": "^0.6", "named": "^0.1", "reactor": "^0.1"},
        ("reactor", "0.1.0"): {"log": "^0.4"}, ("reactor", "0.1.1"): {"log": "^0.4"},
        ("reactor", "0.1.2"): {"log": "^0.4", "poll": "^0.6.3"}, ("reactor", "0.1.3"): {"poll": "^0.6.3"},
        ("named", "0.1.4"): {"log": "^0.3"}, ("named", "0.1.5"): {"log": "^0.3"}, ("named", "0.1.6"): {"win": "^0.3"},
        ("poll", "0.6.0"): {"log": "^0.3"}, ("poll", "0.6.1"): {"log": "^0.3", "win": "^0.2"},
        ("poll", "0.6.2"): {"log": "^0.3", "win": "^0.2"}, ("poll", "0.6.3"): {"win": "^0.2", "slab": "^0.3"},
        ("poll", "0.6.4"): {"win": "^0.2", "slab": "^0.4"},
        ("slab", "0.3.0"): {"log": "^0.4", "bits": "^1.0"}, ("slab", "0.4.0"): {"log": "^0.4", "bits": "^1.0"},
        ("bits", "1.0.0"): {}, ("win", "0.2.0"): {}, ("win", "0.3.0"): {}, ("log", "0.3.9"): {}, ("log", "0.4.0"): {}, ("log", "0.4.1"): {},
    }

    def test_six_lines_unless_all_are_wanted(self):
        published = {key: (client.archive("wharf", *key, needs), needs) for key, needs in self.PACKAGES.items()}
        self.person.env["WHARF_REGISTRY"] = client.make_directory_registry(Path(self.person.home) / "registry", published)
        project = self.person.project("wharf", "boat", {"pipes": "=0.1.0"})
        brief, _ = self.explained(project, "install")
        self.assertLessEqual(len(brief), 6)
        self.assertRegex(brief[-1], r"^\(\d+ of the \d+ steps (is|are) left out; --explain tells (it|them all)\.\)$")
        whole, _ = self.explained(project, "install", "--explain")
        self.assertGreater(len(whole), 6)
        self.assertIn("wharf.toml asks for pipes =0.1.0", whole[-1])
        self.assertNotIn("left out", "\n".join(whole))
        self.assertTrue(any(line.startswith("(1) ") for line in whole), whole)
        self.assertEqual([line.strip() for line in whole],
                         project.json("install", "--explain", check=3)["explanation"])
