# SPDX-License-Identifier: MIT
"""Figures and lists as a whole registry gives them: what nginx, the workers and the clerk make of them together."""

import concurrent.futures
import datetime
import time
import unittest

from support.wharf import Wharf, wait_for

BASES = ("/api/v1", "/synapse/api/v1", "/raven/api/v1", "/vais")


def setUpModule():
    global wharf, ada
    wharf = Wharf().start()
    ada = wharf.register("ada").token
    for name, needs in (("geo-kit", {"num-core": "^0.9.1"}), ("map-app", {"geo-kit": "1.0.0", "num-core": "*"}), ("num-core", {})):
        wharf.published(ada, name, "1.0.0", dependencies=needs)


def tearDownModule():
    wharf.close()


def names(answer, key="results"):
    return [package["name"] for package in answer.json()[key]]


class StatisticsTest(unittest.TestCase):
    maxDiff = None

    def ok(self, target, **more):
        answer = wharf.get(target, **more)
        self.assertEqual(200, answer.status, answer)
        return answer

    def test_the_clerk_counts_what_is_trending(self):
        wharf.sql("INSERT INTO package_downloads (package_id, day, count) SELECT id, UTC_DATE(), 50 FROM packages WHERE name = 'geo-kit'")
        wharf.sql("INSERT INTO package_downloads (package_id, day, count) SELECT id, UTC_DATE(), 500 FROM packages WHERE name = 'map-app'")
        # The clerk has just counted, so that its next turn would come in a minute.
        wharf.sql("UPDATE trending_periods SET due_at = '2000-01-01'")
        wait_for(lambda: names(self.ok("/api/v1/packages/trending?period=month", token=ada)), what="the clerk to count")
        self.assertEqual(["map-app", "geo-kit"], names(self.ok("/api/v1/packages/trending", token=ada)))
        first = self.ok("/raven/api/v1/packages/trending?limit=1", token=ada).json()
        self.assertEqual(first["results"], first["packages"])
        self.assertEqual((500, 26), (first["packages"][0]["downloads_period"], first["packages"][0]["trend_score"]))
        self.assertEqual(2, first["total"])

    def test_dependents_follow_what_is_published(self):
        target = "/api/v1/packages/num-core/dependents"
        self.assertEqual([("geo-kit", "1.0.0", "^0.9.1", "normal"), ("map-app", "1.0.0", ">=0.0.0", "normal")],
                         [tuple(one.values()) for one in self.ok(target, token=ada).json()["dependents"]])
        wharf.published(ada, "late-app", "1.0.0", dependencies={"num-core": "1.0.0"})
        self.assertEqual(["geo-kit", "late-app", "map-app"], names(self.ok(target, token=ada), "dependents"))
        etag = self.ok(target, token=ada).headers["etag"]
        self.assertEqual(304, wharf.get(target, token=ada, headers={"If-None-Match": etag}).status)
        wharf.published(ada, "late-app", "1.1.0")
        fresh = wharf.get(target, token=ada, headers={"If-None-Match": etag})
        self.assertEqual((200, 2), (fresh.status, fresh.json()["total"]))

    def test_a_day_is_a_day_in_utc_and_the_last_one_is_today(self):
        for base in BASES:
            daily = self.ok(f"{base}/packages/num-core/stats?days=366", token=ada).json()["downloads"]["daily"]
            self.assertEqual(366, len(daily))
            days = [datetime.date.fromisoformat(one["date"]) for one in daily]
            self.assertEqual([datetime.timedelta(days=1)] * 365, [later - earlier for earlier, later in zip(days, days[1:])])
            today = datetime.datetime.now(datetime.timezone.utc).date()
            self.assertLessEqual(abs((today - days[-1]).days), 1, "at midnight it may be the one or the other")

    def test_lists_are_kept_for_a_second_for_those_without_a_token(self):
        for path in ("popular", "recent", "packages/trending", "packages?sort=downloads", "stats"):
            with self.subTest(path=path):
                before = wharf.log("nginx/access").count(f'GET /api/v1/{path} HTTP/1.1" 200')
                for _ in range(30):
                    self.assertEqual("public, no-cache", self.ok(f"/api/v1/{path}").headers["cache-control"])
                lines = wait_for(lambda: (found := [line for line in wharf.log("nginx/access").splitlines()
                                                    if f'GET /api/v1/{path} HTTP/1.1" 200' in line][before:])[29:] and found,
                                 what="the access log")
                self.assertIn("HIT", {line.rsplit(" ", 1)[-1] for line in lines})

    def test_a_clerk_that_is_counting_ends_when_it_is_told_to(self):
        # An exclusive lock makes the clerk's statement wait, as much counting would.
        def processes(statement):
            return [row[0] for row in wharf.sql(f"SELECT id FROM information_schema.processlist WHERE info LIKE '{statement}%'")]

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            holding = pool.submit(wharf.sql, "LOCK TABLES package_downloads WRITE; SELECT SLEEP(50)")
            wait_for(lambda: processes("SELECT SLEEP(50)"), what="the lock")
            try:
                wharf.sql("UPDATE trending_periods SET due_at = '2000-01-01'")
                wait_for(lambda: processes("SELECT package_id, CAST"), what="the clerk to count")
                began = time.monotonic()
                wharf.restart("clerk")
                self.assertLess(time.monotonic() - began, 20)
                self.assertFalse(holding.done(), "the lock went before the clerk did")
                self.assertNotIn("housekeeping failed", wharf.log("clerk"))
            finally:
                for process in processes("SELECT SLEEP(50)"):
                    wharf.sql(f"KILL {process}")
            self.assertIsInstance(holding.exception(), AssertionError)
        wait_for(lambda: wharf.sql("SELECT COUNT(*) FROM trending_periods WHERE due_at > UTC_TIMESTAMP() AND counted_at < due_at") == [["2"]],
                 what="the new clerk to count")


if __name__ == "__main__":
    unittest.main()
