# SPDX-License-Identifier: MIT
"""wharf-seed fills a registry with what stands up to every question that a real one is asked."""

import hashlib
import subprocess
import unittest

from support import promises
from support.wharf import Wharf, programs

SEED = programs().parent / "bench/wharf-seed"


def seed(wharf, *arguments, env=None):
    return subprocess.run([str(SEED), "--config", str(wharf.var / "conf/wharf.conf"), *arguments], text=True, capture_output=True,
                          timeout=300, env={**wharf.env, **(env or {})})


class SeedTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        if not SEED.exists():
            self.skipTest(f"{SEED} is not built")
        self.wharf = Wharf().start()
        self.addCleanup(self.wharf.close)

    def number(self, sql):
        return int(self.wharf.sql(sql)[0][0])

    def ok(self, target):
        answer = self.wharf.get(target, headers={"Authorization": "none"})
        self.assertEqual(200, answer.status, answer)
        return answer

    def whole(self, packages, versions):
        """What must hold of any registry, and what was asked for."""
        self.assertEqual([[str(packages), str(versions)]], self.wharf.sql("SELECT packages, versions FROM registry_totals"))
        self.assertEqual([[str(packages), str(versions)]], self.wharf.sql("SELECT (SELECT COUNT(*) FROM packages), (SELECT COUNT(*) FROM versions)"))
        self.assertEqual(0, self.number("SELECT COUNT(*) FROM versions v LEFT JOIN blobs b ON b.digest = v.blob_digest WHERE b.digest IS NULL"))
        total = self.number("SELECT SUM(count) FROM version_downloads")
        self.assertGreater(total, packages)
        for other in ("SUM(count) FROM package_downloads", "SUM(count) FROM daily_downloads", "SUM(total) FROM download_totals",
                      "SUM(total) FROM version_download_totals"):
            self.assertEqual(total, self.number(f"SELECT {other}"), other)
        self.assertEqual(total, self.ok("/api/v1/stats").json()["total_downloads"])

    def test_a_registry_of_made_up_packages_is_a_registry(self):
        done = seed(self.wharf, "--packages", "150", "--versions", "600")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertRegex(done.stdout, r"(?s)seeded packages=150 versions=600 .*clerk seconds=")
        self.whole(150, 600)
        self.assertGreater(self.number("SELECT COUNT(*) FROM versions WHERE state = 'yanked'"), 0)
        most = self.number("SELECT MAX(c) FROM (SELECT COUNT(*) AS c FROM versions GROUP BY package_id) counted")
        self.assertGreater(most, 12, "a few packages have many versions")
        popular = self.ok("/api/v1/packages?sort=downloads&limit=100").json()["packages"]
        self.assertGreater(popular[0]["downloads"], 20 * popular[-1]["downloads"])
        name = popular[0]["name"]
        self.assertGreater(self.ok(f"/api/v1/packages/{name}/dependents").json()["total"], 10)
        # What the clerk shows is what was brought in, archives that the strict reader took.
        package = self.ok(f"/api/v1/packages/{name}").json()
        index = self.ok(f"/api/v1/packages/{name}/index.json").json()
        self.assertEqual({one["version"] for one in package["versions"]}, {one["version"] for one in index["versions"]})
        for version in package["versions"]:
            archive = self.ok(version["tarball_url"]).body
            self.assertEqual(version["checksum"], hashlib.sha256(archive).hexdigest())
        self.assertIn(f"# {name}", self.ok(f"/api/v1/packages/{name}/{package['latest_version']}/readme").text)
        promises.assert_rebuild_changes_nothing(self.wharf)

        again = seed(self.wharf, "--packages", "150", "--versions", "600")
        self.assertRegex(again.stdout, "seeded packages=0 versions=0 .*passed_over=150")
        self.whole(150, 600)
        more = seed(self.wharf, "--packages", "40", "--seed", "2")
        self.assertEqual(0, more.returncode, more.stderr)

    def test_one_archive_may_stand_for_all(self):
        done = seed(self.wharf, "--packages", "200", "--shared", "--threads", "4")
        self.assertEqual(0, done.returncode, done.stderr)
        self.whole(200, 1000)
        self.assertEqual(1, len(self.wharf.blobs()))
        name = self.ok("/api/v1/packages?limit=1").json()["packages"][0]
        self.assertEqual(200, self.wharf.get(f"/api/v1/packages/{name['name']}/{name['version']}/tarball").status)

    def test_the_same_seed_makes_the_same_packages_whoever_brings_them_in_first(self):
        manifests = []
        for threads in ("1", "3"):
            with Wharf() as wharf:
                self.assertEqual(0, seed(wharf, "--packages", "200", "--versions", "300", "--threads", threads, "--no-wait").returncode)
                manifests.append(wharf.sql("SELECT p.name, v.version, v.manifest, v.digest, v.published_at, v.state FROM versions v"
                                           " JOIN packages p ON p.id = v.package_id ORDER BY p.name, v.version"))
        self.assertEqual(300, len(manifests[0]))
        self.assertEqual(manifests[0], manifests[1])

    def test_a_registry_in_production_is_left_alone(self):
        refused = seed(self.wharf, "--packages", "5", env={"WHARF_SITE_MODE": "production"})
        self.assertEqual(1, refused.returncode)
        self.assertIn("--yes", refused.stderr)
        self.assertEqual(0, self.number("SELECT COUNT(*) FROM packages"))
        for wrong in (["--packages", "0"], ["--packages", "1000001"], ["--packages", "10", "--versions", "9"], ["--nonsense"], []):
            self.assertEqual(2, seed(self.wharf, *wrong).returncode, wrong)


if __name__ == "__main__":
    unittest.main()
