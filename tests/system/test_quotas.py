# SPDX-License-Identifier: MIT
"""What one user may publish and yank, counted in the database: exactly as many as the figures say, however many ask at once
and whichever worker dies, and again after just the time that a refusal names."""

import itertools
import os
import signal
import threading
import time
import unittest

from support import packages
from support.wharf import Wharf, wait_for

PASSWORD = "correct horse battery staple"
NEW_PACKAGES, VERSIONS, YANKS, HOUR = 3, 8, 2, 3600
# nginx lets everything through, so that what is refused is refused by a quota.
ENV = {"WHARF_LIMITS": "standard", "WHARF_WORKERS": "8", "WHARF_LIMITS_USER_NEW_PACKAGES": NEW_PACKAGES, "WHARF_LIMITS_USER_VERSIONS": VERSIONS,
       "WHARF_LIMITS_USER_YANKS": YANKS, "WHARF_LIMITS_USER_NEW_PACKAGE_SECONDS": HOUR, "WHARF_LIMITS_USER_VERSION_SECONDS": HOUR,
       "WHARF_LIMITS_USER_YANK_SECONDS": HOUR,
       **{f"WHARF_LIMITS_{zone}": 0 for zone in ("REGISTER_PER_HOUR", "LOGIN_PER_HOUR", "PUBLISH_PER_HOUR", "REMOVE_PER_HOUR", "SEARCH_PER_HOUR",
                                                "ANONYMOUS_PER_HOUR", "WORKER_PER_MINUTE", "TOKEN_PER_HOUR")}}
HEADERS = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "ratelimit-policy")


def setUpModule():
    global wharf
    wharf = Wharf(env={key: str(value) for key, value in ENV.items()}).start()


def tearDownModule():
    wharf.close()


def together(calls):
    """Runs the calls in threads that begin at once; their results, in order."""
    results, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(index):
        barrier.wait()
        try:
            results[index] = calls[index]()
        except Exception as error:
            results[index] = error
    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class QuotasTest(unittest.TestCase):
    numbers = itertools.count(1)

    def setUp(self):
        self.user = wharf.register()
        self.token = self.user.token
        self.name = f"quota-{next(self.numbers)}x"

    def publish(self, version, name=None, dry_run=False, archive=None):
        name = name or self.name
        return wharf.request("PUT", f"/api/v1/packages/{name}/{version}{'?dry_run=1' if dry_run else ''}", archive or packages.package(name, version),
                             {"Content-Type": "application/gzip"}, token=self.token)

    def must(self, status, answer):
        self.assertEqual(status, answer.status, answer)
        return answer

    def yank(self, version, word="yank"):
        return wharf.post(f"/api/v1/packages/{self.name}/{version}/{word}", {}, token=self.token)

    def give(self, kind, most, seconds):
        wharf.sql(f"REPLACE INTO user_quotas SELECT id, '{kind}', {most}, {seconds}, NOW(3) FROM users WHERE username = '{self.user.username}'")

    def used(self, kind):
        """How many uses the bucket has seen, none of which can have come back within the test's hour."""
        rows = wharf.sql("SELECT CEIL(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), b.full_at) / 3600e6) FROM user_buckets b"
                         f" JOIN users u ON u.id = b.user_id WHERE u.username = '{self.user.username}' AND b.kind = '{kind}'")
        return int(rows[0][0]) if rows else 0

    def versions(self):
        return int(wharf.sql(f"SELECT COUNT(*) FROM versions v JOIN users u ON u.id = v.published_by WHERE u.username = '{self.user.username}'")[0][0])

    def assert_excess(self, answer, quota, most):
        self.must(429, answer)
        body = answer.json()
        self.assertEqual("rate_limit_exceeded", body["error"])
        self.assertIn(f"'{self.user.username}' has used up the quota of {most} ", body["message"])
        self.assertEqual({"quota": quota, "limit": str(most)}, {key: body["details"][key] for key in ("quota", "limit")})
        self.assertEqual((str(most), "0"), (answer.headers["ratelimit-limit"], answer.headers["ratelimit-remaining"]))
        wait = int(answer.headers["retry-after"])
        self.assertIn(f", the next in {wait} second", body["message"])
        self.assertLessEqual(wait, int(answer.headers["ratelimit-reset"]))
        return wait

    def test_answers_say_what_is_left(self):
        first = self.must(201, self.publish("1.0.0"))
        self.assertEqual([str(NEW_PACKAGES), str(NEW_PACKAGES - 1), str(HOUR)], [first.headers[name] for name in HEADERS[:3]])
        self.assertEqual(f'{NEW_PACKAGES};w={NEW_PACKAGES * HOUR};comment="new-packages", {VERSIONS};w={VERSIONS * HOUR};comment="versions"',
                         first.headers["ratelimit-policy"])
        second = self.must(201, self.publish("1.0.1"))
        self.assertEqual([str(VERSIONS), str(VERSIONS - 2)], [second.headers[name] for name in HEADERS[:2]])
        tried = self.must(200, self.publish("1.0.2", dry_run=True))
        self.assertEqual([str(VERSIONS), str(VERSIONS - 2)], [tried.headers[name] for name in HEADERS[:2]])
        yanked = self.must(200, self.yank("1.0.0"))
        self.assertEqual([str(YANKS), str(YANKS - 1)], [yanked.headers[name] for name in HEADERS[:2]])
        for answer in (self.yank("1.0.0", "unyank"), wharf.get(f"/api/v1/packages/{self.name}", token=self.token)):
            self.assertNotIn("ratelimit-limit", answer.headers)

    def test_new_packages_run_out_before_versions(self):
        for number in range(NEW_PACKAGES):
            self.must(201, self.publish("1.0.0", f"{self.name}-{number}"))
        wait = self.assert_excess(self.publish("1.0.0", f"{self.name}-more"), "new-packages", NEW_PACKAGES)
        self.assertTrue(HOUR - 120 < wait <= HOUR, wait)
        self.must(201, self.publish("1.0.1", f"{self.name}-0"))
        self.assertEqual((NEW_PACKAGES, NEW_PACKAGES + 1), (self.used("new-packages"), self.used("versions")))
        self.assertEqual(404, wharf.get(f"/api/v1/packages/{self.name}-more", token=self.token).status)

    def test_what_is_refused_takes_nothing(self):
        self.must(201, self.publish("1.0.0"))
        others = wharf.register()
        wharf.published(others.token, f"{self.name}-of-another", "1.0.0")
        for status, answer in ((409, self.publish("1.0.0")), (422, self.publish("1.0.1", archive=b"no archive")), (200, self.publish("1.0.1", dry_run=True)),
                               (403, self.publish("1.0.1", f"{self.name}-of-another")), (409, self.publish("1.0.0", "con")),
                               (409, wharf.request("PUT", f"/api/v1/packages/{self.name}/1.0.1", packages.package(self.name, "1.0.1"), {"X-Force": "true"},
                                                   token=self.token)), (404, self.yank("9.9.9"))):
            self.must(status, answer)
        self.assertEqual((1, 1, 0), (self.used("new-packages"), self.used("versions"), self.used("yanks")))

    def test_a_dry_run_is_refused_where_the_publish_would_be(self):
        self.give("versions", 1, HOUR)
        self.must(201, self.publish("1.0.0"))
        self.assert_excess(self.publish("1.0.1", dry_run=True), "versions", 1)

    def test_yanks_in_every_dialect_are_counted_together_and_never_the_way_back(self):
        for version in ("1.0.0", "1.0.1", "1.0.2"):
            self.must(201, self.publish(version))
        self.must(200, self.yank("1.0.0"))
        raven = f"/raven/api/v1/packages/{self.name}"
        self.assertEqual("0", self.must(200, wharf.request("DELETE", f"{raven}/1.0.1", token=self.token)).headers["ratelimit-remaining"])
        self.assert_excess(self.yank("1.0.2"), "yanks", YANKS)
        refused = self.must(429, wharf.request("DELETE", f"{raven}/1.0.2", token=self.token))
        self.assertEqual("0", refused.headers["ratelimit-remaining"])
        vais = self.must(429, wharf.post(f"/vais/packages/{self.name}/1.0.2/yank", token=self.token)).json()
        self.assertEqual(("rate_limit_exceeded", 429), (vais["code"], vais["status"]))
        for version in ("1.0.0", "1.0.1"):
            self.must(200, self.yank(version, "unyank"))
        self.assertEqual(YANKS, self.used("yanks"))

    def test_eight_clients_race_for_the_last_places(self):
        for number in range(8):
            self.give("new-packages", 0, 0)
            self.must(201, self.publish("1.0.0", f"{self.name}-{number}"))
        wharf.sql(f"DELETE FROM user_buckets WHERE user_id = (SELECT id FROM users WHERE username = '{self.user.username}')")
        for free in (5, 3):  # of 8 places, then those that are left
            answers = together([lambda number=number: self.publish(f"2.{free}.0", f"{self.name}-{number}") for number in range(8)])
            self.assertEqual([], [answer for answer in answers if isinstance(answer, Exception)])
            taken = [answer for answer in answers if answer.status == 201]
            if free == 5:
                self.assertEqual(8, len(taken), [answer.status for answer in answers])
                wharf.sql(f"UPDATE user_buckets SET full_at = full_at - INTERVAL {3 * HOUR} SECOND WHERE user_id = "
                          f"(SELECT id FROM users WHERE username = '{self.user.username}')")
            else:
                self.assertEqual(3, len(taken), [answer.status for answer in answers])
                self.assertEqual({"2", "1", "0"}, {answer.headers["ratelimit-remaining"] for answer in taken})
                for answer in answers:
                    if answer.status != 201:
                        self.assert_excess(answer, "versions", VERSIONS)
        self.assertEqual(VERSIONS, self.used("versions"))

    def test_a_refusal_names_the_time_after_which_it_is_admitted(self):
        self.give("versions", 2, 3)
        for version in ("1.0.0", "1.0.1"):
            self.must(201, self.publish(version))
        began = time.monotonic()
        refused = self.publish("1.0.2")
        wait = self.assert_excess(refused, "versions", 2)
        self.assertTrue(1 <= wait <= 3, wait)
        if wait > 1:
            self.must(429, self.publish("1.0.2"))
        time.sleep(max(0, wait - (time.monotonic() - began)))
        self.must(201, self.publish("1.0.2"))
        self.assert_excess(self.publish("1.0.3"), "versions", 2)
        # Left alone it is full again after what RateLimit-Reset says, and never more than full.
        reset = int(self.publish("1.0.3").headers["ratelimit-reset"])
        self.assertTrue(3 < reset <= 6, reset)
        time.sleep(reset)
        for version in ("1.0.3", "1.0.4"):
            self.must(201, self.publish(version))

    def test_a_user_may_have_figures_of_their_own(self):
        self.give("versions", 1, HOUR)
        self.must(201, self.publish("1.0.0"))
        self.assert_excess(self.publish("1.0.1"), "versions", 1)
        self.give("versions", 0, 0)
        for number in range(1, VERSIONS + 3):
            self.assertNotIn("ratelimit-limit", self.must(201, self.publish(f"1.0.{number}")).headers)
        self.assertEqual(1, self.used("versions"))
        another = wharf.register()
        self.assertEqual(201, wharf.publish(another.token, f"{self.name}-y", "1.0.0").status)

    def test_storage_is_refused_with_another_status(self):
        self.give("storage", 1, 0)
        self.must(201, self.publish("1.0.0"))
        large = packages.package(self.name, "1.0.1", files={"src/noise": os.urandom(1 << 20)})
        self.assertEqual("forbidden", self.must(403, self.publish("1.0.1", archive=large)).json()["error"])

    def test_workers_that_are_killed_leave_as_many_uses_as_versions(self):
        places = 40
        self.give("versions", places, HOUR)
        self.must(201, self.publish("0.0.1"))
        done, stop = [], threading.Event()

        def killer():
            while not stop.wait(0.15):
                for pid in wharf.children("workers-write")[:3]:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        pass

        def client(number):
            for version in range(12):
                try:
                    done.append(self.publish(f"{number + 1}.{version}.0").status)
                except OSError:
                    done.append(None)
        thread = threading.Thread(target=killer)
        thread.start()
        try:
            together([lambda number=number: client(number) for number in range(4)])
        finally:
            stop.set()
            thread.join()
        wait_for(lambda: self.publish("9.9.9", dry_run=True).status in (200, 429), what="the workers to be back")
        self.assertTrue(any(status in (502, 503, None) for status in done), "nothing was killed in the middle of anything")
        self.assertEqual(self.versions(), self.used("versions"))
        self.assertLessEqual(self.versions(), places)
        self.assertGreaterEqual(self.versions(), 1 + done.count(201))
        # What is left can be used, to the last place.
        for number in range(places - self.versions()):
            self.must(201, self.publish(f"100.0.{number}"))
        self.assert_excess(self.publish("101.0.0"), "versions", places)


if __name__ == "__main__":
    unittest.main()
