# SPDX-License-Identifier: MIT
"""Many clients publish one version at the same moment, each with bytes of its own: one of them wins, and nothing of the
others stays."""

import hashlib
import random
import threading
import time
import unittest

from support import packages, promises
from support.wharf import Wharf, wait_for

CLIENTS = 50
ROUNDS = 20
LONGEST_ROUND = 30  # seconds


def setUpModule():
    global wharf, token
    wharf = Wharf(env={"WHARF_WORKERS": "8"}).start()
    token = wharf.register().token


def tearDownModule():
    wharf.close()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def all_at_once(calls):
    """Runs the calls in threads that begin together; their results, in order."""
    results = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(index):
        barrier.wait()
        try:
            results[index] = calls[index]()
        except Exception as error:  # it must not be lost with its thread
            results[index] = error
    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class RaceTest(unittest.TestCase):
    def run_round(self, name, version):
        archives = [packages.package(name, version, files={"src/client.txt": f"{number}\n"}) for number in range(CLIENTS)]
        self.assertEqual(CLIENTS, len(set(archives)))
        began = time.monotonic()
        answers = all_at_once([lambda archive=archive: wharf.publish(token, name, version, archive) for archive in archives])
        self.assertLess(time.monotonic() - began, LONGEST_ROUND)
        failures = [answer for answer in answers if isinstance(answer, Exception)]
        self.assertEqual([], failures)

        winners = [index for index, answer in enumerate(answers) if answer.status == 201]
        self.assertEqual(1, len(winners), [answer.status for answer in answers])
        winner = archives[winners[0]]
        for index, answer in enumerate(answers):
            if index != winners[0]:
                self.assertEqual((409, "version_exists"), (answer.status, answer.json()["error"]), answer)
                self.assertEqual(sha256(winner), answer.json()["details"]["checksum"])

        wait_for(lambda: wharf.download(name, version).status == 200, what="the winner to be visible")
        self.assertEqual(winner, wharf.download(name, version).body)
        entries = {entry["version"]: entry for entry in wharf.get(f"/api/v1/packages/{name}/index.json").json()["versions"]}
        self.assertEqual((sha256(winner), len(winner)), (entries[version]["checksum"], entries[version]["size"]))
        return winner

    def test_one_wins_and_the_others_leave_nothing(self):
        kept, before = [], wharf.blobs()
        for number in range(ROUNDS):
            # Every other round is about a package that is new as well.
            name = f"race-{number // 2}x"
            kept.append(self.run_round(name, f"1.{number % 2}.0"))
            self.assertEqual([], wharf.staging())
        digests = sorted(sha256(archive) for archive in kept)
        # The clerk may be writing its own copy of the last one.
        wait_for(lambda: sorted(set(wharf.blobs()) - set(before)) == digests, what="the winners' archives to be all there is")
        self.assertEqual([], [name for name in before if name not in wharf.blobs()])
        for count, table in ((ROUNDS, "versions v JOIN packages p ON p.id = v.package_id WHERE p.name"),
                             (ROUNDS, "journal WHERE package"), (ROUNDS, "audit WHERE action = 'publish' AND subject"),
                             (ROUNDS // 2, "packages WHERE name")):
            self.assertEqual([[str(count)]], wharf.sql(f"SELECT COUNT(*) FROM {table} LIKE 'race-%x%'"), table)
        self.assertEqual(digests, sorted(row[0] for row in wharf.sql("SELECT digest FROM blobs") if row[0] not in before))

    def test_the_same_bytes_at_once_are_kept_once(self):
        archive = packages.package("race-same", "1.0.0")
        answers = all_at_once([lambda: wharf.publish(token, "race-same", "1.0.0", archive) for _ in range(CLIENTS)])
        self.assertEqual([201] + [409] * (CLIENTS - 1), sorted(answer.status for answer in answers))
        wait_for(lambda: wharf.download("race-same", "1.0.0").body == archive, what="the archive")
        self.assertEqual(1, wharf.blobs().count(sha256(archive)))
        self.assertEqual([], wharf.staging())

    def test_names_that_can_be_mistaken_for_each_other_race_too(self):
        names = [f"twin{separator}kit" for separator in ("", "-", "_", ".")] * 5
        answers = all_at_once([lambda name=name: wharf.publish(token, name, "1.0.0") for name in names])
        self.assertEqual(1, [answer.status for answer in answers].count(201), answers)
        codes = {answer.json()["error"] for answer in answers if answer.status != 201}
        self.assertLessEqual(codes, {"name_too_similar", "version_exists"})
        self.assertEqual([["1"]], wharf.sql("SELECT COUNT(*) FROM packages WHERE confusion_key = 'twinkit'"))
        self.assertEqual([], wharf.staging())

    def test_a_new_name_has_one_owner_however_many_want_it(self):
        users = [wharf.register() for _ in range(6)]
        for number in range(5):
            name, before = f"wanted-{number}x", wharf.blobs()
            answers = all_at_once([lambda user=user, patch=patch: wharf.publish(user.token, name, f"1.0.{patch}")
                                   for patch, user in enumerate(users)])
            self.assertEqual([201] + [403] * 5, sorted(answer.status for answer in answers), answers)
            owner = users[[answer.status for answer in answers].index(201)]
            package = wharf.get(f"/api/v1/packages/{name}", token=token).json()
            self.assertEqual([owner.username], [one["username"] for one in package["owners"]])
            self.assertEqual(1, len(package["versions"]))
            wait_for(lambda: sorted(set(wharf.blobs()) - set(before)) == [package["versions"][0]["checksum"]], what="one archive to stay")
            self.assertEqual([], wharf.staging())


class StormTest(unittest.TestCase):
    """Publishing, yanking, unyanking and removing in the same packages at once: afterwards the database, what is said of
    the packages and what is served agree, and nothing that was acknowledged is missing."""

    NAMES = ("storm-one", "storm-two")
    CLIENTS = 10
    CALLS = 30

    def setUp(self):
        self.published, self.removed, self.lock = {}, set(), threading.Lock()

    def client(self, number):
        dice = random.Random(number)
        unexpected = []
        for call in range(self.CALLS):
            name, version = dice.choice(self.NAMES), f"1.{dice.randrange(12)}.0"
            path = f"/api/v1/packages/{name}/{version}"
            what = dice.choice(("publish", "publish", "yank", "yank", "unyank", "remove"))
            if what == "publish":
                archive = packages.package(name, version, files={"src/client.txt": f"{number} {call}\n"})
                answer = wharf.publish(token, name, version, archive)
                if answer.status == 201:
                    with self.lock:
                        self.published[name, version] = sha256(archive)
            elif what == "remove":
                answer = wharf.request("DELETE", path, token=token)
                if answer.status == 204:
                    with self.lock:
                        self.removed.add((name, version))
            else:
                answer = wharf.post(f"{path}/{what}", {"reason": f"{number} {call}"}, token=token)
            if answer.status not in (200, 201, 204, 404, 409):
                unexpected.append(answer)
        return unexpected

    def test_afterwards_all_agree(self):
        answers = all_at_once([lambda number=number: self.client(number) for number in range(self.CLIENTS)])
        self.assertEqual([[]] * self.CLIENTS, answers)
        self.assertGreater(len(self.published), 10)
        self.assertGreater(len(self.removed), 3)
        promises.assert_all_promises(wharf, self.published, self.removed)

        for name in self.NAMES:
            rows = {row[0]: row[1:] for row in wharf.sql(
                "SELECT version, state, COALESCE(yank_reason, '') FROM versions v JOIN packages p ON p.id = v.package_id "
                f"WHERE p.name = '{name}' AND state <> 'removed'")}
            told = wharf.get(f"/api/v1/packages/{name}", token=token).json()
            served = wharf.get(f"/api/v1/packages/{name}/index.json").json()
            for document in (told, served):
                self.assertEqual(rows, {entry["version"]: ["yanked" if entry["yanked"] else "active", entry["yank_reason"] or ""]
                                        for entry in document["versions"]})
            active = [version for version, (state, _) in rows.items() if state == "active"]
            latest = max(active, key=lambda text: [int(part) for part in text.split(".")], default=None)
            self.assertEqual(latest, told["latest_version"])
            last = wharf.sql(f"SELECT MAX(seq) FROM journal WHERE package = '{name}'")[0][0]
            self.assertEqual((last, last), (str(served["revision"]), wharf.sql(f"SELECT revision FROM packages WHERE name = '{name}'")[0][0]))


if __name__ == "__main__":
    unittest.main()
