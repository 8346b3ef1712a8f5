# SPDX-License-Identifier: MIT
"""Everything ends at one moment, as where the power fails (but for what the kernel still writes), and is started again:
every acknowledged change is there, and the promises hold."""

import os
import random
import signal
import time
import unittest

from support import promises
from support.load import Load
from support.wharf import PARTS, Wharf, children_of, is_alive, wait_for

ROUNDS = 10


def setUpModule():
    global wharf, token
    wharf = Wharf(env={"WHARF_WORKERS": "6"}).start()
    token = wharf.register().token


def tearDownModule():
    wharf.close()


def end_everything(chance):
    leaders = [wharf.pid(part) for part in chance.sample(PARTS, len(PARTS))]
    family = [pid for leader in leaders for pid in (leader, *children_of(leader))]
    for leader in leaders:
        os.killpg(leader, signal.SIGKILL)
    wait_for(lambda: not any(is_alive(pid) for pid in family), what="everything to die")


class PowerTest(unittest.TestCase):
    def test_what_was_acknowledged_is_there_after_everything_was_killed_at_once(self):
        chance = random.Random(60)
        published, removed = {}, set()
        changes = 0
        began = time.monotonic()
        for number in range(ROUNDS):
            with Load(wharf, token, name=f"power-{number:02}", clients=4, yanks=True, removals=True, refusals={502, 503, 504},
                      lost=True, seed=number) as load:
                load.wait_for_more(chance.randint(5, 25))
                end_everything(chance)
            published.update(load.published)
            removed.update(load.removed)
            changes += load.acknowledged
            wharf.local("start")
            rows = promises.committed(wharf)
            for key, digest in load.unsettled.items():
                if key in rows:
                    self.assertEqual(digest, rows[key].digest)
            promises.assert_all_promises(wharf, published, removed)
            # The sessions were acknowledged too.
            self.assertEqual(200, wharf.get("/api/v1/auth/me", token=token).status)
        print(f"power: {ROUNDS} rounds in {time.monotonic() - began:.0f} s, {changes} acknowledged changes,"
              f" {len(published)} publishes, {len(removed)} removals", flush=True)
        promises.assert_rebuild_changes_nothing(wharf)
