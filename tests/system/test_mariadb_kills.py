# SPDX-License-Identifier: MIT
"""MariaDB is killed, and now and then restarted in good order, a hundred times while clients publish, the clerk follows and
somebody watches the public tree. InnoDB shows a commit before it is durable; what the tree has shown must never be of that
kind: afterwards nothing that was ever seen is missing, and no journal number has had two meanings. In half of the rounds the
writes of InnoDB's log are held back (tests/support/slow_log.c), or that moment would be too short to be met.

WHARF_KILL_ROUNDS sets the number of rounds."""

import http.client
import json
import os
import random
import threading
import time
import unittest

from support import promises
from support.load import Load
from support.promises import sha256
from support.wharf import Wharf, wait_for

ROUNDS = int(os.environ.get("WHARF_KILL_ROUNDS", "100"))
LONGEST = 2.4 * ROUNDS + 20  # seconds


HELD_BACK = 12  # milliseconds


def setUpModule():
    global wharf, token, slow_log
    wharf = Wharf(env={"WHARF_WORKERS": "12"}).start()
    try:
        token = wharf.register().token
        slow_log = promises.slow_log(wharf, HELD_BACK)
    except BaseException:
        wharf.close()
        raise


def tearDownModule():
    wharf.close()


class Watcher:
    """Looks at the public tree without rest and writes down all that it sees; two meanings of one thing are a fault."""

    def __init__(self, load):
        self.load = load
        self.versions, self.events, self.downloads, self.looks, self.faults = {}, {}, 0, 0, []
        self.file, self.offset = None, 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    def run(self):
        try:
            while not self.stopping.is_set():
                self.read_journal()
                for name in list(self.load.current.values()):
                    self.read_document(name)
                self.looks += 1
        except Exception as fault:
            self.faults.append(repr(fault))

    def see(self, book, key, meaning, what):
        if book.setdefault(key, meaning) != meaning:
            self.faults.append(f"{what} {key} was {book[key]} and became {meaning}")

    def read_journal(self):
        """What was added; all of it where the file is another one or has become shorter."""
        path = wharf.var / "public/journal/1.jsonl"
        try:
            about = path.stat()
        except FileNotFoundError:
            return
        if about.st_ino != self.file or about.st_size < self.offset:
            self.file, self.offset = about.st_ino, 0
        with path.open("rb") as file:
            file.seek(self.offset)
            data = file.read()
        whole = data[:data.rfind(b"\n") + 1]
        self.offset += len(whole)
        for line in whole.splitlines():
            event = json.loads(line)
            self.see(self.events, event["seq"], event["hash"], "journal number")

    def read_document(self, name):
        try:
            answer = wharf.get(f"/api/v1/packages/{name}/index.json")
            if answer.status in (404, 503):  # not published yet: a worker says so, or cannot
                return
            if answer.status != 200:
                raise AssertionError(f"the index document of {name}: {answer}")
            for version in answer.json()["versions"]:
                key = name, version["version"]
                is_new = key not in self.versions
                self.see(self.versions, key, version["checksum"], "version")
                if is_new:
                    tarball = wharf.download(*key)
                    if (tarball.status, sha256(tarball.body)) != (200, version["checksum"]):
                        self.faults.append(f"the tarball of {key}: {tarball}")
                    self.downloads += 1
        except (OSError, http.client.HTTPException) as error:
            self.faults.append(f"nginx did not answer: {error!r}")


class MariadbKillsTest(unittest.TestCase):
    def test_what_was_seen_and_what_was_acknowledged_outlives_every_kill(self):
        chance = random.Random(20)
        began = time.monotonic()
        killed = restarted = slow = 0
        with Load(wharf, token, clients=5, yanks=True, refusals={503}) as load, Watcher(load) as watcher:
            for number in range(ROUNDS):
                load.wait_for_more(chance.randint(1, 8), visible=True)
                # Somewhere within the next commits, which take a few milliseconds each.
                self.stopping_moment(chance)
                if number % 5 == 4:
                    restarted += 1
                else:
                    wharf.kill("mariadb")
                    killed += 1
                is_slow = number % 2 == 0
                slow += is_slow
                wharf.restart("mariadb", **(slow_log if is_slow else {}))
                self.assertEqual([], watcher.faults)
                self.assertLess(time.monotonic() - began, LONGEST, f"only {number + 1} rounds until now")
            load.wait_for_more(5, visible=True)
        seconds = time.monotonic() - began
        promises.wait_until_caught_up(wharf)
        self.assertEqual([], watcher.faults)
        print(f"mariadb: {killed} kills and {restarted} restarts in {seconds:.0f} s, {slow} of them with a slow log;"
              f" {len(load.published)} publishes of"
              f" {load.acknowledged} acknowledged changes, {load.refused} refused for a while, {load.found_done} found done when"
              f" asked again; seen: {len(watcher.versions)} versions, {watcher.downloads} downloads, {len(watcher.events)}"
              f" journal numbers in {watcher.looks} looks", flush=True)
        self.check(load, watcher)

    def stopping_moment(self, chance):
        until = time.monotonic() + chance.random() * 0.03
        wait_for(lambda: time.monotonic() >= until, every=0.001)

    def check(self, load, watcher):
        self.assertGreater(len(watcher.versions), ROUNDS)
        events = {event.seq: event.hash for event in promises.journal(wharf)}
        for seq, digest in watcher.events.items():
            self.assertEqual(events.get(seq), digest, f"journal number {seq} was shown with another meaning")
        rows = promises.committed(wharf)
        for key, digest in watcher.versions.items():
            self.assertIn(key, rows, "a version that the public tree showed is gone")
            self.assertEqual(digest, rows[key].digest)
        # What nobody was told of may be there or not, but if it is, with these bytes.
        for key, digest in load.unsettled.items():
            if key in rows:
                self.assertEqual(digest, rows[key].digest)
        promises.assert_all_promises(wharf, load.published, load.removed)
        shown = promises.shown_documents(wharf)
        self.assertEqual({}, {key: digest for key, digest in watcher.versions.items() if shown.get(key) != digest})
        promises.assert_rebuild_changes_nothing(wharf)
