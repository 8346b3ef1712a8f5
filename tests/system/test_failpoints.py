# SPDX-License-Identifier: MIT
"""The process that does the work ends, as by kill -9, before and after each durable step of a publish, a yank, a removal, a change of owners, a
collection of garbage, and of the clerk's batches, rebuilds and counting; and each of these steps fails, as on a failing disk. After
each, the promises are checked (tests/support/promises.py).

The names of the places are read from the sources, so a new one is covered by being there: each scenario is first played
unarmed to see which places it passes, and a name that none passes is a failure."""

import os
import pwd
import re
import signal
import time
import unittest

from support import packages, promises, recount
from support.promises import CLERK, IS_ROOT, run_program, sha256
from support.wharf import ROOT, Wharf, wait_for

FOLDERS = ("libwharf", "registry", "fcgi-app", "admin-tools")
CALL = re.compile(r'\bfailpoint\(\s*"([^"]+)"\s*\)')
ANY_CALL = re.compile(r"\bfailpoint\((?!std::string_view)")
# Where the clerk owns every blob it does not copy, and where it must be root's to give it one that it does not own.
ONLY_AS_ROOT = {"clerk.before_blob_copy_sync", "clerk.before_blob_copy_rename", "clerk.after_blob_copy_rename"}
# Places that another test comes past, which has to name each of them.
PLAYED_ELSEWHERE = {"import.": "tests/system/test_import.py", "search.": "tests/store/clerk_crash_test.cpp"}


def is_played_elsewhere(name):
    return any(name.startswith(area) and f'"{name}"' in (ROOT / test).read_text() for area, test in PLAYED_ELSEWHERE.items())


def names_in_sources():
    names, calls = set(), 0
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.?pp"):
            text = path.read_text()
            names.update(CALL.findall(text))
            calls += len(ANY_CALL.findall(text)) - len(CALL.findall(text))
    if calls:
        raise AssertionError(f"{calls} calls of failpoint() do not name their place in a literal; no test would find them")
    return sorted(name for name in names if not is_played_elsewhere(name))


NAMES = names_in_sources()


def setUpModule():
    global wharf, token, points, published, removed, passed_by, kills, failures, began
    began = time.monotonic()
    kills = failures = 0
    published, removed, passed_by = {}, set(), {}
    wharf = Wharf(env={"WHARF_WORKERS": "2"}).start()
    try:
        token = wharf.register().token
        points = wharf.var.parent / "points"
        points.touch()
        points.chmod(0o666)
        for scenario in SCENARIOS:
            for name in scenario().record():
                passed_by.setdefault(name, scenario)
    except BaseException:
        wharf.close()
        raise


def tearDownModule():
    wharf.close()
    print(f"failpoints: {len(NAMES)} places, {kills} kills, {failures} failing steps, {len(published)} publishes,"
          f" {time.monotonic() - began:.0f} s", flush=True)


def passed():
    return points.read_text().split()


class Scenario:
    """prepare() brings about what is needed, act() does the work under the armed part, verify() looks at what became of it."""

    part = None
    count = 0

    def __init__(self):
        Scenario.count += 1
        self.number = Scenario.count

    def environment(self, failpoint=None):
        points.write_text("")
        return {"WHARF_FAILPOINT_LOG": str(points), **({"WHARF_FAILPOINT": failpoint} if failpoint else {})}

    def publish(self, name, version="1.0.0"):
        archive = wharf.published(token, name, version)
        published[name, version] = sha256(archive)
        return archive

    def state_of(self, name, version="1.0.0"):
        row = promises.committed(wharf).get((name, version))
        return row and row.state

    def record(self):
        self.prepare()
        self.arm()
        self.act()
        self.finish()
        found = passed()
        self.disarm()
        return found

    def arm(self, failpoint=None):
        wharf.restart(self.part, **self.environment(failpoint))

    def disarm(self):
        wharf.restart(self.part)

    def finish(self):
        """What a recording waits for."""


class Request(Scenario):
    """One request that a worker of the writing pool answers."""

    part = "workers-write"

    def arm(self, failpoint=None):
        super().arm(failpoint)
        wait_for(lambda: wharf.children(self.part), what="a worker")

    def killed_at(self, name):
        self.prepare()
        self.arm(name)
        before = wharf.children(self.part)
        answer = self.act()
        test.assertEqual(502, answer.status, answer)
        test.assertEqual("unavailable", answer.json()["error"])
        test.assertEqual(name, passed()[-1])
        wait_for(lambda: set(wharf.children(self.part)) - set(before), what="a new worker in the place of the killed one")
        promises.assert_shows_only_what_is_committed(wharf)
        self.disarm()
        self.verify(took_place=name.endswith("after_commit"))

    def fails_at(self, name):
        self.prepare()
        self.arm(f"{name}:error")
        before = wharf.children(self.part)
        blobs = set(wharf.blobs())
        answer = self.act()
        test.assertIn(answer.status, (500, 503), answer)
        test.assertEqual({"error", "message", "details", "request_id"}, set(answer.json()))
        test.assertNotIn("failpoint", answer.text)
        test.assertIn(name, passed())
        took_place = name.endswith("after_commit")
        if not took_place:
            test.assertEqual(blobs, set(wharf.blobs()), "a refused request left a blob")
        test.assertEqual([], wharf.staging(), "a refused request left its upload")
        test.assertNotIn("a blob that nothing refers to stays", wharf.log(self.part))
        test.assertEqual(401, wharf.post("/api/v1/auth/logout").status)
        test.assertEqual(before, wharf.children(self.part), "the worker did not go on serving")
        self.disarm()
        self.verify(took_place)


class Publish(Request):
    def prepare(self):
        self.name, self.version = f"pub-{self.number:03}", "1.0.0"
        if self.number % 2:  # the first version of a package, or a further one
            self.publish(self.name, "0.9.0")
        self.archive = packages.package(self.name, self.version)

    def act(self):
        return wharf.publish(token, self.name, self.version, self.archive)

    def finish(self):
        published[self.name, self.version] = sha256(self.archive)

    def verify(self, took_place):
        test.assertEqual("active" if took_place else None, self.state_of(self.name, self.version))
        again = self.act()
        digest = sha256(self.archive)
        if took_place:
            test.assertEqual((409, "version_exists"), (again.status, again.json()["error"]))
            test.assertEqual(digest, again.json()["details"]["checksum"])
        else:
            test.assertEqual((201, digest, "yes"), (again.status, again.json()["checksum"], again.headers["wharf-visible"]))
        published[self.name, self.version] = digest
        other = packages.package(self.name, self.version, description="other bytes")
        refused = wharf.publish(token, self.name, self.version, other)
        test.assertEqual((409, "version_exists"), (refused.status, refused.json()["error"]))
        test.assertEqual(digest, refused.json()["details"]["checksum"])
        promises.wait_until_caught_up(wharf)
        test.assertEqual(self.archive, wharf.download(self.name, self.version).body)


class Yank(Request):
    word = "yank"

    def prepare(self):
        self.name = f"yank-{self.number:03}"
        self.publish(self.name)

    def ask(self, word):
        return wharf.post(f"/api/v1/packages/{self.name}/1.0.0/{word}", {}, token=token)

    def act(self):
        return self.ask("yank")

    def verify(self, took_place):
        test.assertEqual("yanked" if took_place else "active", self.state_of(self.name))
        test.assertEqual(200, self.act().status)
        test.assertEqual("yanked", self.state_of(self.name))
        test.assertEqual((200, "yes"), (lambda answer: (answer.status, answer.headers["wharf-visible"]))(self.ask("unyank")))
        test.assertEqual("active", self.state_of(self.name))


class Remove(Request):
    def prepare(self):
        self.name = f"gone-{self.number:03}"
        self.archive = self.publish(self.name)

    def act(self):
        return wharf.request("DELETE", f"/api/v1/packages/{self.name}/1.0.0", token=token)

    def finish(self):
        removed.add((self.name, "1.0.0"))

    def verify(self, took_place):
        test.assertEqual("removed" if took_place else "active", self.state_of(self.name))
        test.assertEqual(404 if took_place else 204, self.act().status)
        removed.add((self.name, "1.0.0"))
        again = wharf.publish(token, self.name, "1.0.0", self.archive)
        test.assertEqual((409, "version_removed"), (again.status, again.json()["error"]))


class ChangeOwners(Request):
    def prepare(self):
        self.name, self.helper = f"theirs-{self.number:03}", f"helper-{self.number:03}"
        self.publish(self.name)
        wharf.register(self.helper)

    def act(self):
        return wharf.request("PUT", f"/api/v1/packages/{self.name}/owners", {"username": self.helper}, token=token)

    def owners(self):
        return {one["username"] for one in wharf.get(f"/api/v1/packages/{self.name}/owners", token=token).json()["owners"]}

    def verify(self, took_place):
        events = int(wharf.sql(f"SELECT COUNT(*) FROM journal WHERE package = '{self.name}'")[0][0])
        test.assertEqual((took_place, 1 + took_place), (self.helper in self.owners(), events))
        test.assertEqual(200, self.act().status)
        test.assertIn(self.helper, self.owners())
        gone = wharf.request("DELETE", f"/api/v1/packages/{self.name}/owners/{self.helper}", token=token)
        test.assertEqual((204, "yes"), (gone.status, gone.headers["wharf-visible"]))
        test.assertNotIn(self.helper, self.owners())


class Collect(Scenario):
    """`wharf-registry gc`, with a blob that a removal gave up, and one that a crash has left without a row."""

    program = "wharf-registry"

    def prepare(self):
        self.name = f"litter-{self.number:03}"
        self.given_up = sha256(self.publish(self.name))
        test.assertEqual(204, wharf.request("DELETE", f"/api/v1/packages/{self.name}/1.0.0", token=token).status)
        removed.add((self.name, "1.0.0"))
        self.archive = packages.package(self.name, "2.0.0")
        leave_blob(self.archive)

    def arm(self, failpoint=None):
        self.env = self.environment(failpoint)

    def disarm(self):
        pass

    def act(self):
        return run_program(wharf, self.program, "gc", env=self.env)

    def killed_at(self, name):
        self.prepare()
        self.arm(name)
        test.assertEqual(-9, self.act().returncode)
        self.verify(name)

    def fails_at(self, name):
        self.prepare()
        self.arm(f"{name}:error")
        done = self.act()
        test.assertEqual(1, done.returncode, done.stdout)
        test.assertTrue(done.stderr.startswith(f"{self.program}: error: "), done.stderr)
        self.verify(name)

    def verify(self, name):
        test.assertEqual(name, passed()[-1])
        promises.assert_archives_are_whole(wharf)
        # The very bytes that lay there, half collected or not yet, are published: they must stay.
        self.publish(self.name, "2.0.0")
        promises.assert_garbage_goes(wharf)
        test.assertNotIn(self.given_up, wharf.blobs())
        test.assertIn(sha256(self.archive), wharf.blobs())
        test.assertEqual(self.archive, wharf.download(self.name, "2.0.0").body)


class DeleteUser(Collect):
    """`wharf-user delete` of an account that owns a package alone and another one together with somebody."""

    program = "wharf-user"

    def prepare(self):
        self.leaver, self.heir = wharf.register(), wharf.register()
        self.alone, self.shared = (f"{word}-{self.number:03}" for word in ("lonely", "common"))
        for name in (self.alone, self.shared):
            published[name, "1.0.0"] = sha256(wharf.published(self.leaver.token, name, "1.0.0"))
        self.give_a_role(self.heir, self.shared)

    def give_a_role(self, account, name):
        added = wharf.post(f"/api/v1/packages/{name}/owners", {"username": account.username, "role": "owner"}, token=self.leaver.token)
        test.assertEqual(200, added.status, added)

    def act(self):
        return run_program(wharf, self.program, "delete", self.leaver.username, "--transfer-to", self.heir.username, "--yes", env=self.env)

    def owners(self, name):
        return {one["username"] for one in wharf.get(f"/api/v1/packages/{name}/owners", token=self.heir.token).json()["owners"]}

    def rows(self):
        return wharf.sql(f"SELECT actor FROM audit WHERE action = 'user-delete' AND subject = '{self.leaver.username}'")

    def verify(self, name):
        test.assertEqual(name, passed()[-1])
        # Nothing of it took place …
        both = {self.leaver.username, self.heir.username}
        test.assertEqual([{self.leaver.username}, both, []], [self.owners(self.alone), self.owners(self.shared), self.rows()])
        test.assertEqual(200, wharf.get("/api/v1/users/me", token=self.leaver.token).status)
        # … and nothing stands in its way the next time.
        self.env = self.environment()
        test.assertEqual(0, self.act().returncode)
        test.assertEqual([{self.heir.username}] * 2, [self.owners(self.alone), self.owners(self.shared)])
        test.assertEqual(401, wharf.get("/api/v1/users/me", token=self.leaver.token).status)
        test.assertEqual(1, len(self.rows()))


class ByTool(Scenario):
    """One command of the operator's."""

    def arm(self, failpoint=None):
        self.env = self.environment(failpoint)

    def disarm(self):
        self.env = None

    def tool(self, *arguments):
        return run_program(wharf, "wharf-package", *arguments, env=self.env)

    def killed_at(self, name):
        self.prepare()
        self.arm(name)
        test.assertEqual(-9, self.act().returncode)
        self.go_on(name)

    def fails_at(self, name):
        self.prepare()
        self.arm(f"{name}:error")
        done = self.act()
        test.assertEqual(1, done.returncode, done.stdout)
        test.assertTrue(done.stderr.startswith("wharf-package: error: "), done.stderr)
        self.go_on(name)

    def go_on(self, name):
        test.assertIn(name, passed())
        self.disarm()
        self.verify(took_place=name.endswith("after_commit"))


class Quarantine(ByTool):
    def prepare(self):
        self.name = f"held-{self.number:03}"
        self.archive = self.publish(self.name)

    def act(self):
        return self.tool("quarantine", self.name, "--reason", "a test")

    def finish(self):
        self.env = None
        test.assertEqual(0, self.tool("release", self.name).returncode)

    def status(self):
        return wharf.get(f"/api/v1/packages/{self.name}", token=token).status

    def verify(self, took_place):
        events = int(wharf.sql(f"SELECT COUNT(*) FROM journal WHERE package = '{self.name}'")[0][0])
        test.assertEqual((403 if took_place else 200, 1 + took_place), (self.status(), events))
        test.assertEqual(0, self.act().returncode)
        test.assertEqual(403, self.status())
        wait_for(lambda: wharf.download(self.name, "1.0.0").status == 403, what="the archive to be gone")
        self.finish()
        test.assertEqual(200, self.status())
        wait_for(lambda: wharf.download(self.name, "1.0.0").body == self.archive, what="the archive to come back")


class Reserve(ByTool):
    def prepare(self):
        self.name = f"kept-{self.number:03}"

    def act(self):
        return self.tool("reserve", self.name)

    def verify(self, took_place):
        test.assertFalse(took_place, "nothing is passed after the commit")
        test.assertEqual([], wharf.sql(f"SELECT name FROM reserved_names WHERE name = '{self.name}'"))
        test.assertEqual(0, self.act().returncode)
        test.assertEqual((409, "name_reserved"), (lambda answer: (answer.status, answer.json()["error"]))(wharf.publish(token, self.name, "1.0.0")))


def leave_blob(data, age=7 * 24 * 3600):
    """A blob as a worker leaves it that is killed before its commit, some days ago."""
    digest = sha256(data)
    folder = wharf.var / "blobs" / digest[:2]
    path = folder / digest
    path.write_bytes(data)
    path.chmod(0o640)
    if IS_ROOT:
        owner = pwd.getpwnam(promises.WORKER)
        os.chown(path, owner.pw_uid, owner.pw_gid)
    promises.make_old(path, age)
    return digest


class Clerk(Scenario):
    """A clerk that starts with work to do: new packages, new versions, a yank and a removal, all in its first batch."""

    part = "clerk"

    def prepare(self):
        self.old, self.gone, self.new = (f"{word}-{self.number:03}" for word in ("known", "leaving", "fresh"))
        self.publish(self.old)
        self.publish(self.gone, "1.0.0")
        self.publish(self.gone, "1.1.0")
        promises.wait_until_caught_up(wharf)
        wharf.kill("clerk", signal.SIGTERM)  # after that nobody waits for it; after SIGKILL a publish does, for a second
        for name, version in ((self.old, "1.1.0"), (self.new, "1.0.0")):
            self.publish(name, version)
        test.assertEqual(200, wharf.post(f"/api/v1/packages/{self.old}/1.0.0/yank", {}, token=token).status)
        test.assertEqual(204, wharf.request("DELETE", f"/api/v1/packages/{self.gone}/1.0.0", token=token).status)
        removed.add((self.gone, "1.0.0"))

    def arm(self, failpoint=None):
        # It may be gone before it is seen to have started.
        wharf.local("restart", "clerk", env=self.environment(failpoint), check=failpoint is None)

    def act(self):
        """Starting it was all."""

    def finish(self):
        # Seen by everyone: so the batch and the rebuild are done. The index of all packages comes last.
        wait_for(lambda: self.publish_and_look() == "yes", what="the clerk to have caught up")
        wait_for(lambda: "clerk.after_whole_index_rename" in passed(), what="the index of all packages")

    def publish_and_look(self):
        version = f"2.0.{len(published)}"
        answer = wharf.publish(token, self.new, version)
        test.assertEqual(201, answer.status, answer)
        published[self.new, version] = answer.json()["checksum"]
        return answer.headers["wharf-visible"]

    def killed_at(self, name):
        self.prepare()
        self.arm(name)
        wait_for(lambda: wharf.pid("clerk") is None, what=f"the clerk to die at {name}")
        test.assertIn(name, passed())
        promises.assert_shows_only_what_is_committed(wharf)
        self.verify()

    def fails_at(self, name):
        self.prepare()
        self.arm(f"{name}:error")
        wait_for(lambda: name in passed(), what=f"the clerk to come to {name}")
        promises.assert_shows_only_what_is_committed(wharf)
        # A clerk in trouble keeps nobody from publishing.
        self.publish(self.new, "1.1.0")
        test.assertIsNotNone(wharf.pid("clerk"), "the clerk ended")
        self.verify()

    def verify(self):
        self.disarm()
        promises.wait_until_caught_up(wharf)
        wait_for(lambda: self.publish_and_look() == "yes", what="the clerk to have caught up")


class ClerkWithoutAFinishedTree(Clerk):
    """As a rebuild that was cut short leaves it."""

    def prepare(self):
        super().prepare()
        (wharf.var / "public/.clerk").unlink()


class ClerkWithARestoredBlob(Clerk):
    """The clerk's own blob, but not sealed: as after an operator's copying about."""

    def prepare(self):
        super().prepare()
        digest = published[self.new, "1.0.0"]
        blob = wharf.var / "blobs" / digest[:2] / digest
        blob.chmod(0o640)
        if IS_ROOT:
            os.chown(blob, pwd.getpwnam(CLERK).pw_uid, -1)


class Count(Scenario):
    """A clerk that starts with downloads to count."""

    part = "clerk"

    def prepare(self):
        self.name = f"count-{self.number:03}"
        self.archive = self.publish(self.name)
        promises.wait_until_caught_up(wharf)
        wharf.kill("clerk", signal.SIGTERM)
        for _ in range(5):
            test.assertEqual(self.archive, wharf.download(self.name, "1.0.0").body)

    def arm(self, failpoint=None):
        wharf.local("restart", "clerk", env=self.environment(failpoint), check=failpoint is None)

    def act(self):
        """Starting it was all."""

    def counted(self):
        return sum(count for (name, _, _), count in recount.in_database(wharf).items() if name == self.name)

    def finish(self):
        wait_for(lambda: "counting.after_commit" in passed(), what="the downloads to be counted")

    def killed_at(self, name):
        self.prepare()
        self.arm(name)
        wait_for(lambda: wharf.pid("clerk") is None, what=f"the clerk to die at {name}")
        test.assertEqual(5 if name.endswith("after_commit") else 0, self.counted())
        self.verify()

    def fails_at(self, name):
        self.prepare()
        self.arm(f"{name}:error")
        wait_for(lambda: name in passed(), what=f"the clerk to come to {name}")
        # A clerk that cannot count shows what is published all the same.
        answer = wharf.publish(token, self.name, "1.1.0")
        test.assertEqual((201, "yes"), (answer.status, answer.headers["wharf-visible"]))
        published[self.name, "1.1.0"] = answer.json()["checksum"]
        test.assertEqual(5 if name.endswith("after_commit") else 0, self.counted())
        self.verify()

    def verify(self):
        self.disarm()
        wait_for(lambda: self.counted() == 5, what="the downloads to be counted")
        wait_for(lambda: recount.recount(recount.logs_of(wharf))[0] == recount.in_database(wharf), what="exact counts")


SCENARIOS = (Publish, Yank, Remove, ChangeOwners, Collect, DeleteUser, Quarantine, Reserve, Clerk, ClerkWithoutAFinishedTree, ClerkWithARestoredBlob, Count)


class FailpointsTest(unittest.TestCase):
    """One test for each place and each way to fail there, made below."""

    def scenario_at(self, name):
        if name in ONLY_AS_ROOT and not IS_ROOT:
            self.skipTest("workers and clerk are one user where not root starts them, so no blob is copied")
        self.assertIn(name, passed_by, "no scenario comes past this place")
        return passed_by[name]()

    def play(self, name, way):
        global test
        test = self
        scenario = self.scenario_at(name)
        try:
            getattr(scenario, way)(name)
        except BaseException:
            scenario.disarm()  # or every test that follows would fail as well
            raise
        promises.assert_all_promises(wharf, published, removed, rebuilt=way == "killed_at")

    def killed_at(self, name):
        global kills
        self.play(name, "killed_at")
        kills += 1

    def fails_at(self, name):
        global failures
        self.play(name, "fails_at")
        failures += 1

    def test_the_failing_steps_together_left_the_tree_that_a_rebuild_gives(self):
        promises.assert_all_promises(wharf, published, removed)
        promises.assert_rebuild_changes_nothing(wharf)

    def test_there_are_places_before_and_after_every_durable_step(self):
        self.assertGreaterEqual(len(NAMES), 45)
        for area in ("publish.", "yank.", "remove.", "owners.", "gc.", "user_delete.", "clerk.", "counting."):
            self.assertTrue(any(name.startswith(area) for name in NAMES), area)


test = FailpointsTest()


def make_tests():
    for name in NAMES:
        words = name.replace(".", "_")
        setattr(FailpointsTest, f"test_killed_at_{words}", lambda self, name=name: self.killed_at(name))
        setattr(FailpointsTest, f"test_a_step_that_fails_at_{words}", lambda self, name=name: self.fails_at(name))


make_tests()
