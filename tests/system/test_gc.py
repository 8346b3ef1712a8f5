# SPDX-License-Identifier: MIT
"""`wharf-registry gc`: blobs that a crash left behind and uploads that were never finished go once they are old, and never
anything that a version refers to, not even where the very bytes are being published at that moment."""

import os
import pwd
import random
import threading
import time
import unittest

from support import packages, promises
from support.promises import IS_ROOT, WORKER, run_program, sha256, succeed
from support.wharf import Wharf, wait_for

ROUNDS = 25
CLIENTS = 3


def setUpModule():
    global wharf, token
    wharf = Wharf(env={"WHARF_WORKERS": "8"}).start()
    token = wharf.register().token


def tearDownModule():
    wharf.close()


def leave(path, data, age):
    """A file as a killed worker leaves it."""
    path.write_bytes(data)
    path.chmod(0o640)
    if IS_ROOT:
        owner = pwd.getpwnam(WORKER)
        os.chown(path, owner.pw_uid, owner.pw_gid)
    promises.make_old(path, age)


def leave_blob(data, age):
    digest = sha256(data)
    leave(wharf.var / "blobs" / digest[:2] / digest, data, age)
    return digest


def collect():
    return succeed(run_program(wharf, "wharf-registry", "gc"))


class GarbageTest(unittest.TestCase):
    def test_what_a_real_crash_left_is_removed_when_it_is_old(self):
        archive = packages.package("crashed", "1.0.0")
        wharf.restart("workers-write", WHARF_FAILPOINT="publish.after_directory_fsync")
        self.assertEqual(502, wharf.publish(token, "crashed", "1.0.0", archive).status)
        wharf.restart("workers-write", WHARF_FAILPOINT="publish.after_staging")
        self.assertEqual(502, wharf.publish(token, "crashed", "1.0.1").status)
        wharf.restart("workers-write")
        digest = sha256(archive)
        self.assertIn(digest, wharf.blobs())
        self.assertEqual(1, len(wharf.staging()))
        collect()  # too young: it may be somebody's who has not committed yet
        self.assertIn(digest, wharf.blobs())
        self.assertEqual(1, len(wharf.staging()))
        promises.assert_garbage_goes(wharf)
        self.assertNotIn(digest, wharf.blobs())
        self.assertEqual(201, wharf.publish(token, "crashed", "1.0.0", archive).status)

    def test_a_blob_that_a_removal_gave_up_goes_and_its_bytes_are_not_shown_any_more(self):
        digest = sha256(wharf.published(token, "given-up", "1.0.0"))
        kept = sha256(wharf.published(token, "given-up", "1.0.1"))
        self.assertEqual(204, wharf.request("DELETE", "/api/v1/packages/given-up/1.0.0", token=token).status)
        collect()
        self.assertNotIn(digest, wharf.blobs())
        self.assertIn(kept, wharf.blobs())
        promises.assert_shows_all(wharf)
        self.assertEqual(404, wharf.download("given-up", "1.0.0").status)

    def test_old_blobs_that_are_referred_to_stay(self):
        archives = {f"1.0.{i}": wharf.published(token, "venerable", f"1.0.{i}") for i in range(3)}
        for data in archives.values():
            digest = sha256(data)
            promises.make_old(wharf.var / "blobs" / digest[:2] / digest)
        collect()
        for version, data in archives.items():
            self.assertEqual(data, wharf.download("venerable", version).body)

    def test_files_that_are_no_blobs_stay(self):
        path = wharf.var / "blobs/00/README"
        leave(path, b"an operator's note", 10**7)
        collect()
        self.assertTrue(path.exists())
        path.unlink()

    def test_it_collects_nothing_while_the_database_is_away(self):
        digest = leave_blob(packages.package("no-database", "1.0.0"), 10**6)
        wharf.kill("mariadb")
        done = run_program(wharf, "wharf-registry", "gc")
        self.assertEqual(1, done.returncode)
        self.assertIn("database", done.stderr)
        self.assertIn(digest, wharf.blobs())
        wharf.restart("mariadb")
        wait_for(lambda: wharf.get("/api/v1/health").status == 200, what="the workers to find the database")
        collect()
        self.assertNotIn(digest, wharf.blobs())

    def test_a_removal_that_can_be_seen_but_still_be_lost_frees_nothing(self):
        """InnoDB shows the removal before it is durable; the server is killed as soon as the collector has done something."""
        slow = promises.slow_log(wharf, 300)
        came_back = 0
        for number in range(4):
            version = f"1.0.{number}"
            archive = wharf.published(token, "seen-early", version)
            blob = wharf.var / "blobs" / sha256(archive)[:2] / sha256(archive)
            wharf.restart("mariadb", **slow)
            wait_for(lambda: wharf.get("/api/v1/auth/me", token=token).status == 200, what="the workers to find the database")
            target = f"/api/v1/packages/seen-early/{version}"
            remover = threading.Thread(target=lambda: wharf.request("DELETE", target, token=token))
            remover.start()
            wait_for(lambda: promises.committed(wharf)["seen-early", version].state == "removed", what="the removal to be seen")
            collector = threading.Thread(target=lambda: run_program(wharf, "wharf-registry", "gc"))
            collector.start()
            wait_for(lambda: not blob.exists() or not remover.is_alive(), what="the collector or the removal to be done")
            wharf.kill("mariadb")
            remover.join()
            collector.join()
            wharf.restart("mariadb")
            came_back += promises.committed(wharf)["seen-early", version].state != "removed"
            promises.assert_archives_are_whole(wharf)
        print(f"gc: {number + 1} kills of the database between a removal's being seen and its end; {came_back} removals were lost",
              flush=True)

    def test_bytes_that_are_being_published_stay_however_the_two_meet(self):
        began = time.monotonic()
        chance = random.Random(70)
        # A killed database leaves archives without a row, which are too young to go.
        of_before = promises.unreferenced_blobs(wharf)
        collected_first = 0
        for number in range(ROUNDS):
            version = f"1.0.{number}"
            archive = packages.package("meeting", version)
            digest = leave_blob(archive, 10**6)
            answers, barrier = [], threading.Barrier(CLIENTS + 1)
            # The collector takes some ten milliseconds to get to work.
            start = time.monotonic() + chance.random() * 0.04

            def publish():
                barrier.wait()
                wait_for(lambda: time.monotonic() >= start, every=0.001)
                answers.append(wharf.publish(token, "meeting", version, archive))

            threads = [threading.Thread(target=publish) for _ in range(CLIENTS)]
            for thread in threads:
                thread.start()
            barrier.wait()
            collected_first += "removed 1 archives" in collect().stdout
            for thread in threads:
                thread.join()
            collect()
            self.assertEqual([201] + [409] * (CLIENTS - 1), sorted(answer.status for answer in answers), answers)
            for answer in answers:
                body = answer.json()
                self.assertEqual(digest, (body if answer.status == 201 else body["details"])["checksum"])
            self.assertEqual(archive, wharf.download("meeting", version).body)
        promises.assert_archives_are_whole(wharf)
        promises.assert_shows_all(wharf)
        self.assertEqual(set(), set(promises.unreferenced_blobs(wharf)) - set(of_before))
        print(f"gc: {ROUNDS} meetings of {CLIENTS} publishers with the collector, who was first in {collected_first}, in"
              f" {time.monotonic() - began:.0f} s", flush=True)
