# SPDX-License-Identifier: MIT
"""The clerk is killed at random moments while clients publish, yank and remove: what it leaves and goes on with ends as the
tree that a rebuild from nothing gives, byte for byte. Nobody who publishes notices more than a wait."""

import os
import random
import shutil
import signal
import time
import unittest

from support import promises
from support.load import Load
from support.promises import CLERK, run_program
from support.wharf import Wharf, is_alive, wait_for

ROUNDS = 60


def setUpModule():
    global wharf, token
    wharf = Wharf(env={"WHARF_WORKERS": "6"}).start()
    token = wharf.register().token


def tearDownModule():
    wharf.close()


class ClerkKillsTest(unittest.TestCase):
    def test_whenever_it_is_killed_it_ends_with_the_tree_that_a_rebuild_gives(self):
        chance = random.Random(40)
        began = time.monotonic()
        with Load(wharf, token, name="stream", clients=3, yanks=True, removals=True) as load:
            for _ in range(ROUNDS):
                load.wait_for_more(chance.randint(1, 4))
                until = time.monotonic() + chance.random() * 0.02
                wait_for(lambda: time.monotonic() >= until, every=0.0005)
                pid = wharf.pid("clerk")
                os.kill(pid, signal.SIGKILL)
                wait_for(lambda: not is_alive(pid), what="the clerk to die")
                wharf.restart("clerk")
        print(f"clerk: {ROUNDS} kills in {time.monotonic() - began:.0f} s, {load.acknowledged} changes, {len(load.published)}"
              f" publishes, {len(load.removed)} removals, {load.visible} seen on return", flush=True)
        self.assertEqual(0, load.refused)
        promises.assert_all_promises(wharf, load.published, load.removed)
        promises.assert_rebuild_changes_nothing(wharf)

    def test_it_is_killed_again_and_again_while_it_catches_up(self):
        chance = random.Random(41)
        wharf.kill("clerk")
        with Load(wharf, token, name="behind", clients=3, yanks=True, removals=True) as load:
            load.wait_for_more(60)
        for _ in range(8):
            wharf.restart("clerk")
            until = time.monotonic() + chance.random() * 0.03
            wait_for(lambda: time.monotonic() >= until, every=0.0005)
            wharf.kill("clerk")
            promises.assert_shows_only_what_is_committed(wharf)
        wharf.restart("clerk")
        promises.assert_all_promises(wharf, load.published, load.removed)

    def test_a_tree_that_was_lost_is_made_again(self):
        with Load(wharf, token, name="lost", clients=2, yanks=True, removals=True) as load:
            load.wait_for_more(10)
        promises.assert_shows_all(wharf)
        before = promises.picture(wharf.var / "public")
        wharf.kill("clerk")
        for path in (wharf.var / "public").iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        # What is published meanwhile is there as well.
        wharf.published(token, "lost-meanwhile", "1.0.0")
        wharf.restart("clerk")
        promises.assert_shows_all(wharf)
        after = promises.picture(wharf.var / "public")
        self.assertEqual(200, wharf.download("lost-meanwhile", "1.0.0").status)
        for name, facts in before.items():
            if name.startswith(("tarballs/", "index/")):
                self.assertEqual(facts, after[name], name)

    def test_parts_of_a_tree_that_were_lost_are_made_again_by_a_rebuild(self):
        with Load(wharf, token, name="holes", clients=2) as load:
            load.wait_for_more(5)
        promises.assert_shows_all(wharf)
        before = promises.picture(wharf.var / "public")
        name, version = next(iter(load.published))
        wharf.kill("clerk")
        (wharf.var / f"public/tarballs/{name}/{version}.tar.gz").unlink()
        (wharf.var / f"public/index/{name}.json").write_text("{}")
        # As whoever runs the instance: root becomes the tree's owner for it, or the clerk could not go on.
        done = promises.succeed(run_program(wharf, "wharf-registry", "rebuild"))
        self.assertIn(f"up to journal number {promises.journal_end(wharf)[0]};", done.stdout)
        self.assertEqual(before, promises.picture(wharf.var / "public"))
        owners = {path.lstat().st_uid for path in (wharf.var / "public").rglob("*")}
        self.assertEqual({(wharf.var / "public").stat().st_uid}, owners)
        wharf.restart("clerk")
        answer = wharf.publish(token, "holes-filled", "1.0.0")
        self.assertEqual(201, answer.status)
        promises.assert_shows_all(wharf)

    def test_a_second_clerk_does_not_start(self):
        answer = wharf.publish(token, "first-clerk", "1.0.0")
        self.assertEqual((201, "yes"), (answer.status, answer.headers["wharf-visible"]))
        done = run_program(wharf, "wharf-clerk", user=CLERK, timeout=20)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn(f"the public tree is being written by process {wharf.pid('clerk')}", done.stderr)
        self.assertEqual(1, len(done.stderr.splitlines()), done.stderr)
        answer = wharf.publish(token, "first-clerk", "1.0.1")
        self.assertEqual((201, "yes"), (answer.status, answer.headers["wharf-visible"]))

    def test_a_rebuild_does_not_start_beside_a_clerk(self):
        done = run_program(wharf, "wharf-registry", "rebuild", user=CLERK)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn(f"process {wharf.pid('clerk')}", done.stderr)
        promises.assert_shows_all(wharf)
