# SPDX-License-Identifier: MIT
"""The client is killed at random moments of installs and updates. Whenever it was: what is installed is the old state or the new one, file by
file as it was packed; the next command ends what was begun, so that manifest, lock and packages belong together again; and nothing is
left behind that grows.

The checks share nothing with the client: they read the archives that the test made."""

import os
import random
import shutil
import signal
import subprocess
import time

from support import client
from support.client_case import Case
from support.wharf import Wharf

KILLS = 100
PACKAGES = 8


def setUpModule():
    global wharf
    wharf = Wharf().start()
    Case.use(wharf)


def tearDownModule():
    wharf.close()


class KillsTest(Case):
    def publish_all(self, profile):
        """Each of the packages in two versions, of a few dozen files, needing the next one."""
        chance = random.Random(7)
        self.words = [f"{profile}-part{number}" for number in range(PACKAGES)]
        for number, word in enumerate(self.words):
            for version in ("1.0.0", "1.1.0"):
                needs = {self.words[number + 1]: f"^{version}"} if number + 1 < PACKAGES else {}
                self.publish(profile, word, version, needs, files={f"src/{part}/text.txt": chance.randbytes(3000).hex() for part in range(20)})

    def snapshot(self, project):
        """What a state consists of, each part to be compared on its own."""
        return {"manifest": project.manifest.read_bytes(), "lock": project.lock.read_bytes() if project.lock.exists() else None,
                "packages": {name: {version: client.files_below(place) for version, place in versions.items()}
                             for name, versions in project.places().items()}}

    def packed(self, versions):
        """What must lie in a folder of the project's own, from the archives."""
        return {name: {version: client.files_of(self.archives[name, version])} for name, version in versions.items()}

    def kill_at_random(self, project, arguments, longest, how):
        process = project.start(*arguments, "--quiet", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.chance.random() * longest)
        process.send_signal(how)
        return process.wait(30)

    def timed(self, project, *arguments):
        began = time.monotonic()
        project.run(*arguments)
        return time.monotonic() - began

    def empty(self, project):
        shutil.rmtree(project.folder / "wharf_packages", ignore_errors=True)
        project.lock.unlink(missing_ok=True)

    def forget_cache(self):
        shutil.rmtree(self.person.home / ".cache", ignore_errors=True)

    def all_files(self):
        return {str(path.relative_to(self.person.home)) for path in self.person.home.rglob("*")}

    def test_a_project_is_old_or_new_whenever_the_client_is_killed(self):
        self.chance = random.Random(101)
        self.publish_all("wharf")
        first, *_ = self.words
        project = self.project("wharf", {first: "^1.0.0"})
        # The states: nothing; everything at 1.0.0, as an older lock has it; everything at 1.1.0.
        project.write_manifest({self.name(word): "=1.0.0" for word in self.words})
        self.timed(project, "install")
        old_lock = project.lock.read_bytes()
        project.write_manifest({self.name(first): "^1.0.0"})
        project.run("install")
        self.assert_installed(project, dict.fromkeys(self.words, "1.0.0"))
        old = self.snapshot(project)
        self.assertEqual(self.packed(project.locked()), old["packages"])
        took = {"update": self.timed(project, "update")}
        self.assert_installed(project, dict.fromkeys(self.words, "1.1.0"))
        new = self.snapshot(project)
        self.assertEqual(self.packed(project.locked()), new["packages"])
        self.empty(project)
        self.forget_cache()
        nothing = self.snapshot(project)
        self.assertEqual({}, nothing["packages"])
        took["install"] = self.timed(project, "install")
        self.assertEqual(new, self.snapshot(project))
        took["remove"] = self.timed(project, "remove", self.name(first))
        without = self.snapshot(project)
        took["add"] = self.timed(project, "add", self.name(first) + "@^1.0.0")
        added = self.snapshot(project)
        self.assertEqual(new["packages"], added["packages"])

        self.assertNotEqual(old_lock, new["lock"])

        def go_both_ways():
            """Whatever belongs into the cache is in it then."""
            for state in (old, added):
                project.manifest.write_bytes(state["manifest"])
                project.lock.write_bytes(state["lock"])
                project.run("install", "--locked")
            project.run("update")
            self.assertEqual(added, self.snapshot(project))

        go_both_ways()
        before_kills = self.all_files()
        codes, seen = {}, {"old": 0, "new": 0}
        for number in range(KILLS):
            verb = ("install", "update", "add", "remove")[number % 4]
            how = signal.SIGINT if number % 3 == 2 else signal.SIGKILL
            # Back to where the step begins.
            if verb == "install":
                self.empty(project)
                project.manifest.write_bytes(new["manifest"])
                # First nothing is in the cache; later nothing leaves it, so that what is left behind is seen.
                if number < KILLS // 2:
                    self.forget_cache()
                before, after, arguments = nothing, new, ["install"]
            elif verb == "update":
                project.manifest.write_bytes(old["manifest"])
                project.lock.write_bytes(old["lock"])
                project.run("install", "--locked")
                before, after, arguments = old, new, ["update"]
            elif verb == "add":
                project.manifest.write_bytes(without["manifest"])
                project.run("install")
                before, after, arguments = without, added, ["add", self.name(first) + "@^1.0.0"]
            else:
                project.manifest.write_bytes(added["manifest"])
                project.lock.write_bytes(added["lock"])
                project.run("install", "--locked")
                before, after, arguments = added, without, ["remove", self.name(first)]
            begun = self.snapshot(project)
            self.assertEqual(before, begun, f"the state before kill {number} ({verb})")
            code = self.kill_at_random(project, arguments, took[verb] * 1.1, how)
            codes[code] = codes.get(code, 0) + 1
            with self.subTest(f"kill {number}: {verb}, {how.name}, ended with {code}"):
                self.assertIn(code, (0, -signal.SIGKILL, -signal.SIGINT, 130))
                now = self.snapshot(project)
                # The packages are those before or those after, whole.
                self.assertIn(now["packages"], (before["packages"], after["packages"]))
                for part in ("manifest", "lock"):
                    self.assertIn(now[part], (before[part], after[part]), part)
                if code == 0:
                    self.assertEqual(after, now)
                # Any command ends what was begun: the parts belong together.
                project.run("list")
                ended = self.snapshot(project)
                self.assertIn(ended, (before, after))
                self.assertEqual(now["packages"], ended["packages"])
                seen["new" if ended == after else "old"] += 1
                if ended["lock"]:
                    self.assertEqual(self.packed(project.locked()), ended["packages"])
                    project.run("verify")
                self.assertEqual({"wharf.toml", "wharf.lock", "wharf_packages"},
                                 {path.name for path in project.folder.iterdir()} | {"wharf.lock", "wharf_packages"})
        print(f"client: {KILLS} kills, {seen['old']} left the old state, {seen['new']} the new one; exit codes {codes}", flush=True)
        self.assertGreaterEqual(min(seen.values()), KILLS // 20, "the kills must fall on both sides of the change")
        self.age_what_is_left()
        shutil.rmtree(self.person.home / ".cache/wharf/unpacked")
        go_both_ways()
        self.assertEqual(set(), self.all_files() - before_kills)

    def test_packages_that_projects_share_are_whole_or_not_there_whenever_the_client_is_killed(self):
        self.chance = random.Random(102)
        self.publish_all("vais")
        first, *_ = self.words
        project = self.project("vais", {first: "^1.0.0"}, name="vais-boat")
        took = self.timed(project, "install")
        self.assertEqual(PACKAGES, len(project.installed()))
        whole = self.packed(project.locked())
        before_kills = self.all_files()
        for number in range(KILLS // 4):
            self.take_away(project)
            how = signal.SIGINT if number % 3 == 2 else signal.SIGKILL
            code = self.kill_at_random(project, ["install"], took * 1.1, how)
            with self.subTest(f"kill {number}: {how.name}, ended with {code}"):
                for name, versions in self.snapshot(project)["packages"].items():
                    self.assertEqual(whole[name], versions)
                project.run("install")
                self.assertEqual(whole, self.snapshot(project)["packages"])
                project.run("verify")
        self.age_what_is_left()
        self.take_away(project)
        project.run("install")
        self.assertEqual(set(), self.all_files() - before_kills)

    def take_away(self, project):
        for name in project.places():
            shutil.rmtree(self.person.home / ".vais/registry/cache" / name)
        project.lock.unlink(missing_ok=True)

    def age_what_is_left(self):
        """What was being unpacked is swept away by the next one that unpacks something, and a file that was about to take its
        place by the next one that writes it, once it is a minute old."""
        for pattern in (".work-*", ".*.tmp"):
            for path in self.person.home.rglob(pattern):
                os.utime(path, (0, 0))
