# SPDX-License-Identifier: MIT
"""`wharf-registry import`: what another registry held is here afterwards, as it was there; what a rule refuses is told with its
reason; and however often it is killed and run again, it ends the same."""

import hashlib
import json
import shutil
import tempfile
import unittest
from pathlib import Path

from support import foreign, packages
from support.promises import run_program, wait_until_caught_up
from support.wharf import Wharf

# What is downloaded by the tests is counted, too, under today.
NOTHING_TWICE = ("SELECT 'users', COUNT(*) FROM users UNION ALL SELECT 'versions', COUNT(*) FROM versions UNION ALL"
                 " SELECT 'journal', COUNT(*) FROM journal UNION ALL SELECT 'audit', COUNT(*) FROM audit UNION ALL"
                 " SELECT 'days', COALESCE(SUM(count), 0) FROM version_downloads WHERE day < UTC_DATE() UNION ALL"
                 " SELECT 'tokens', COUNT(*) FROM api_tokens UNION ALL SELECT 'owners', COUNT(*) FROM package_owners")


class ImportTest(unittest.TestCase):
    def setUp(self):
        self.wharf = Wharf().start()
        self.addCleanup(self.wharf.close)
        self.folder = Path(tempfile.mkdtemp(prefix="wharf-foreign-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_import(self, dialect, folder, *options, code=0, refuses=False, env=None):
        done = run_program(self.wharf, "wharf-registry", "import", dialect, folder, "--json", *options, env=env)
        self.assertEqual(1 if refuses else code, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout) if code == 0 else done

    def state(self):
        return self.wharf.sql(NOTHING_TWICE)

    def days_of(self, name):
        return {day: int(count) for day, count in self.wharf.sql(
            f"SELECT d.day, SUM(d.count) FROM version_downloads d JOIN versions v ON v.id = d.version_id JOIN packages p ON p.id = v.package_id"
            f" WHERE p.name = '{name}' AND d.day < UTC_DATE() GROUP BY d.day")}

    def require_sums(self):
        """Every figure of downloads is the sum of those that it is made of."""
        for total, sums in (("SELECT SUM(total) FROM version_download_totals", "SELECT SUM(count) FROM version_downloads"),
                            ("SELECT SUM(total) FROM download_totals", "SELECT SUM(total) FROM version_download_totals"),
                            ("SELECT SUM(count) FROM daily_downloads", "SELECT SUM(count) FROM package_downloads")):
            self.assertEqual(self.wharf.sql(sums), self.wharf.sql(total))

    def synapse(self):
        there = foreign.Synapse(self.folder / "synapse")
        ada = there.user("ada", "one two three four", "Ada@Example.org")
        bob = there.user("bob", "five six seven eight", created_at="2024-03-02 10:00:00.250000")
        geo = there.package("geo-kit", ada, homepage="https://geo.example.org", license="MIT")
        archives = {("geo-kit", "1.0.0"): there.version(geo, "geo-kit", "1.0.0", "2024-04-01 08:00:00.123456", count=5, downloads=(
            "2024-05-01 10:00:00.000000", "2024-05-01 11:00:00.000000", "2024-05-02 00:00:00.000000"))}
        archives["geo-kit", "1.1.0"] = there.version(geo, "geo-kit", "1.1.0", "2024-04-09 08:00:00.000000")
        num = there.package("num-core", bob)
        archives["num-core", "0.9.1"] = there.version(num, "num-core", "0.9.1", "2024-06-01 00:00:00.000000")
        there.save()
        return there, archives

    def test_a_synapse_registry_goes_on_here(self):
        there, archives = self.synapse()
        report = self.run_import("synapse", there.folder)
        self.assertEqual([], report["findings"])
        self.assertEqual({"imported": 2, "known": 0, "refused": 0}, report["users"])
        self.assertEqual({"imported": 3, "known": 0, "refused": 0}, report["versions"])
        wait_until_caught_up(self.wharf)

        token = self.wharf.login("ada", "one two three four")
        self.wharf.login("ada@example.org", "one two three four")
        self.wharf.login("bob", "five six seven eight")
        hashes = dict(self.wharf.sql("SELECT username, password_hash FROM users"))
        self.assertTrue(hashes["ada"].startswith("$argon2id$v=19$m=65536"), "the hash was not made anew at the login")
        package = self.wharf.get("/api/v1/packages/geo-kit").json()
        self.assertEqual("2024-04-01T08:00:00Z", package["created_at"])
        self.assertEqual("2024-04-09T08:00:00Z", package["updated_at"])
        self.assertEqual("https://geo.example.org", package["homepage"])
        self.assertEqual([("ada", "owner")], [(one["username"], one["role"]) for one in package["owners"]])
        self.assertEqual([("1.1.0", "2024-04-09T08:00:00Z", "ada", "synapse"), ("1.0.0", "2024-04-01T08:00:00Z", "ada", "synapse")],
                         [(one["version"], one["published_at"], one["published_by"], one["dialect"]) for one in package["versions"]])
        self.assertEqual([["2024-03-02 10:00:00.250"]], self.wharf.sql("SELECT created_at FROM users WHERE username = 'bob'"))
        index = self.wharf.get("/api/v1/packages/geo-kit/index.json").json()
        self.assertEqual({"2024-04-01T08:00:00Z", "2024-04-09T08:00:00Z"}, {one["published_at"] for one in index["versions"]})
        # Three have their day; of two nobody knows it, and they stand on the day of publishing.
        self.assertEqual({"2024-04-01": 2, "2024-05-01": 2, "2024-05-02": 1}, self.days_of("geo-kit"))
        self.require_sums()
        actors = self.wharf.sql("SELECT DISTINCT actor, reason FROM audit WHERE action IN ('import', 'publish', 'downloads-import')")
        self.assertEqual(1, len(actors))
        self.assertTrue(actors[0][0].startswith("os:") and actors[0][1] == "import from synapse", actors)
        # Rights are as they were.
        self.assertEqual(201, self.wharf.publish(token, "geo-kit", "2.0.0").status)
        self.assertEqual(403, self.wharf.publish(token, "num-core", "2.0.0").status)
        for (name, version), archive in archives.items():
            self.assertEqual(archive, self.wharf.download(name, version).body)

    def test_a_second_run_changes_nothing_and_a_later_one_brings_what_is_new(self):
        there, _ = self.synapse()
        self.run_import("synapse", there.folder)
        before = self.state()
        report = self.run_import("synapse", there.folder)
        self.assertEqual(before, self.state())
        self.assertEqual({"imported": 0, "known": 3, "refused": 0}, report["versions"])
        self.assertEqual((0, 0), (report["downloads_added"], report["yanks_changed"]))
        there.version(1, "geo-kit", "1.2.0", "2024-07-01 00:00:00.000000")
        there.db.execute("UPDATE package_versions SET download_count = 7 WHERE version = '1.0.0'")
        there.download(1, "2024-08-01 00:00:00.000000")
        there.download(1, "2024-08-02 00:00:00.000000")
        there.save()
        report = self.run_import("synapse", there.folder)
        self.assertEqual({"imported": 1, "known": 3, "refused": 0}, report["versions"])
        self.assertEqual(2, report["downloads_added"])
        self.assertEqual({"2024-04-01": 2, "2024-05-01": 2, "2024-05-02": 1, "2024-08-01": 1, "2024-08-02": 1}, self.days_of("geo-kit"))
        self.require_sums()

    def test_a_vais_registry_goes_on_here_with_its_tokens(self):
        there = foreign.Vais(self.folder / "vais")
        eve = there.user("Eve", "ravens nest at dawn", "eve@example.org", is_admin=1)
        max_ = there.user("max_m", "quiet river stones")
        token, dead, admin = ("vais_" + character * 64 for character in "a0c")
        there.token(max_, "ci", token)
        there.token(max_, "old", dead, expires_at="2025-03-01T00:00:00+00:00")
        there.token(eve, "root", admin, '["admin"]')
        grid = there.package("grid-core", eve, [max_], '["grid","maps"]', '["science"]', downloads=12)
        old = there.version(grid, "grid-core", "0.5.1", eve, "2025-03-01T10:00:00+00:00", yanked=1, downloads=3)
        new = there.version(grid, "grid-core", "0.5.2", max_, "2025-03-02T10:00:00.25+00:00", downloads=9)
        report = self.run_import("vais", there.save())
        self.assertEqual([("user", "Eve", "left_out")], [(one["kind"], one["name"], one["code"]) for one in report["findings"]])
        self.assertIn("administrator", report["findings"][0]["reason"])
        self.assertEqual((12, 1), (report["downloads_added"], report["yanks_changed"]))
        wait_until_caught_up(self.wharf)
        self.wharf.login("eve", "ravens nest at dawn")
        self.wharf.login("max_m", "quiet river stones")
        self.assertEqual([["eve", "user"], ["max_m", "user"]], self.wharf.sql("SELECT username, role FROM users ORDER BY username"))
        package = self.wharf.get("/api/v1/packages/grid-core").json()
        self.assertEqual({"0.5.1": (True, "eve", 3), "0.5.2": (False, "max_m", 9)},
                         {one["version"]: (one["yanked"], one["published_by"], one["downloads"]) for one in package["versions"]})
        self.assertEqual((["grid", "maps"], ["science"]), (package["keywords"], package["categories"]))
        self.assertEqual({("eve", "owner"), ("max_m", "owner")}, {(one["username"], one["role"]) for one in package["owners"]})
        self.assertEqual("2025-03-02T10:00:00Z", package["updated_at"], "the yank made it newer than it was there")
        self.assertEqual({"2025-03-01": 3, "2025-03-02": 9}, self.days_of("grid-core"))
        self.require_sums()
        self.assertEqual((old, new), tuple(self.wharf.download("grid-core", version).body for version in ("0.5.1", "0.5.2")))
        # The tokens' texts are still good, for what they were good for.
        answer = self.wharf.request("PUT", "/vais/api/v1/packages/grid-core/0.6.0", packages.package("grid-core", "0.6.0", "vais.toml"),
                                    {"Content-Type": "application/gzip"}, token=token)
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(401, self.wharf.get("/api/v1/users/me", token=dead).status)
        self.assertEqual(401, self.wharf.get("/api/v1/users/me", token="vais_" + "e" * 64).status)
        self.assertEqual([["ci", "publish,yank"], ["old", "publish,yank"], ["root", "publish,yank,owners"]],
                         self.wharf.sql("SELECT name, scopes FROM api_tokens ORDER BY name"))
        # What was revoked or unyanked here is not brought back.
        session = self.wharf.login("max_m", "quiet river stones")
        self.wharf.post("/api/v1/packages/grid-core/0.5.1/unyank", token=session)
        self.wharf.sql("DELETE FROM api_tokens WHERE name = 'ci'")
        before = self.state()
        self.run_import("vais", there.folder)
        self.assertEqual(before, self.state())

    def raven(self):
        there = foreign.Raven(self.folder / "raven")
        hugin = there.user("hugin", "ravens nest at dawn", "hugin@example.org")
        munin = there.user("munin", "quiet river stones", "munin@example.org")
        sky = there.package("sky-ui", hugin, [(hugin, "owner"), (munin, "contributor")], "it's a\ttabbed; text -- really", '{ui,"two words"}')
        archives = {"1.0.0": there.version(sky, "sky-ui", "1.0.0", downloads=("2025-10-31 23:30:00-05", "2025-11-02 00:00:00+00")),
                    "1.1.0": there.version(sky, "sky-ui", "1.1.0", "2025-10-22 00:00:00.5+00", yanked=True)}
        return there, archives

    def test_a_raven_registry_goes_on_here_from_either_form_of_dump(self):
        there, archives = self.raven()
        there.save("insert")
        self.run_import("raven", there.folder, "--dry-run")
        self.assertEqual([["0"]], self.wharf.sql("SELECT COUNT(*) FROM users"))
        report = self.run_import("raven", there.save("copy"))
        self.assertEqual([], report["findings"])
        wait_until_caught_up(self.wharf)
        self.wharf.login("hugin@example.org", "ravens nest at dawn")
        package = self.wharf.get("/api/v1/packages/sky-ui").json()
        self.assertEqual({"1.0.0": ("2025-10-21T04:30:00Z", False, 2), "1.1.0": ("2025-10-22T00:00:00Z", True, 0)},
                         {one["version"]: (one["published_at"], one["yanked"], one["downloads"]) for one in package["versions"]})
        self.assertEqual(["ui", "two words"], package["keywords"])
        self.assertEqual({("hugin", "owner"), ("munin", "maintainer")}, {(one["username"], one["role"]) for one in package["owners"]})
        self.assertEqual({"2025-11-01": 1, "2025-11-02": 1}, self.days_of("sky-ui"), "days are UTC")
        self.assertEqual([["2025-10-17 10:00:00.123"]], self.wharf.sql("SELECT created_at FROM users WHERE username = 'hugin'"))
        for version, archive in archives.items():
            self.assertEqual(archive, self.wharf.download("sky-ui", version).body)
        before = self.state()
        there.save("insert")
        self.run_import("raven", there.folder)
        self.assertEqual(before, self.state())

    def test_a_dump_that_is_not_whole_or_not_plain_is_refused_and_nothing_comes(self):
        there, _ = self.raven()
        dump = there.dump()
        for text, words in ((there.dump(end=False), "cut off"), (dump[:dump.index("\\.\n")], "the file ends among the rows of table 'users'"),
                            ("PGDMP\x01", "pg_restore"), (dump.replace("'UTF8'", "'LATIN1'"), "encoding"),
                            (dump.replace("\tquiet", "\t").replace("hugin@example.org", "hugin@example.org\textra"), "has 6 values, expected 5"),
                            (dump.replace("COPY public.users", "COPY public.people").replace("CREATE TABLE public.users", "CREATE TABLE public.people"),
                             "no table 'users'")):
            (there.folder / "raven.sql").write_text(text)
            done = self.run_import("raven", there.folder, code=1)
            self.assertIn(words, done.stderr)
        self.assertEqual([["0"]], self.wharf.sql("SELECT COUNT(*) FROM imported"))
        done = self.run_import("synapse", self.folder / "none", code=1)
        self.assertIn("looked for 'instance/synapse_registry.db' and 'synapse_registry.db'", done.stderr)

    def test_what_a_rule_refuses_is_told_with_its_reason_and_the_rest_comes(self):
        there = foreign.Synapse(self.folder / "synapse")
        self.wharf.register("taken", "some words of mine")
        session = self.wharf.register("local").token
        self.wharf.published(session, "here-first", "1.0.0")
        good = there.user("good", "one two three four", "taken@example.org")
        there.user("taken", "one two three four")
        bad = there.user("hé", "one two three four")
        there.db.execute("UPDATE users SET password_hash = 'pbkdf2_sha256$9000000$aa$bb' WHERE username = 'good'")
        kit = there.package("kit", good)
        archive = there.version(kit, "kit", "1.0.0", "2024-01-01 00:00:00.000000")
        there.version(kit, "kit", "1.0.1", "2024-01-02 00:00:00.000000", archive=there.archive("kit", "9.9.9"))
        there.version(kit, "kit", "1.0.2", "2024-01-03 00:00:00.000000", archive=b"not gzip at all")
        there.version(kit, "kit", "1.0.3", "2024-01-04 00:00:00.000000", checksum="0" * 64)
        there.version(kit, "kit", "1.0.4", "some day")
        there.version(kit, "kit", "1.0.5", "2024-01-06 00:00:00.000000", archive=packages.tar_gz({"README.md": "no manifest"}))
        there.version(kit, "kit", "1.0", "2024-01-07 00:00:00.000000")
        there.version(kit, "kit", "1.0.6", "2024-01-08 00:00:00.000000", archive=packages.package("kit", "1.0.6", "vais.toml"))
        there.version(kit, "kit", "1.0.7", "2024-01-09 00:00:00.000000")
        (there.folder / "packages/kit/kit-1.0.7.tar.gz").unlink()
        there.version(there.package("kit-", good), "kit-", "1.0.0", "2024-01-01 00:00:00.000000")
        there.version(there.package("../out", good), "out", "1.0.0", "2024-01-01 00:00:00.000000")
        there.version(there.package("k1t", good), "k1t", "1.0.0", "2024-01-01 00:00:00.000000")
        there.version(there.package("orphan", bad), "orphan", "1.0.0", "2024-01-01 00:00:00.000000")
        there.version(there.package("here-first", good), "here-first", "2.0.0", "2024-01-01 00:00:00.000000")
        expected = {("user", "taken"): "username_taken", ("user", "hé"): "username_invalid", ("user", "good"): "left_out",
                    ("version", "kit 1.0.1"): "manifest_mismatch", ("version", "kit 1.0.2"): "archive_form",
                    ("version", "kit 1.0.3"): "checksum_mismatch", ("version", "kit 1.0.4"): "bad_request",
                    ("version", "kit 1.0.5"): "manifest_missing", ("version", "kit 1.0"): "version_invalid",
                    ("version", "kit 1.0.6"): "manifest_missing", ("version", "kit 1.0.7"): "not_found",
                    ("package", "kit-"): "name_invalid", ("package", "../out"): "name_invalid", ("package", "k1t"): "name_too_similar",
                    ("package", "orphan"): "owner_missing", ("package", "here-first"): "conflict"}
        there.save()
        for options in (("--dry-run",), (), ()):
            report = self.run_import("synapse", there.folder, "--report", self.folder / "report", *options, refuses=True)
            found = {(one["kind"], one["name"]): one["code"] for one in report["findings"]}
            if report["users"]["known"]:  # what was left out of an account is told once
                found["user", "good"] = "left_out"
            self.assertEqual(expected, found)
            lines = [json.loads(line) for line in (self.folder / "report").read_text().splitlines()]
            self.assertEqual(report["findings"], lines)
            self.assertEqual((2, 5, 8), tuple(report[kind]["refused"] for kind in ("users", "packages", "versions")))
        self.assertEqual(archive, self.wharf.download("kit", "1.0.0").body)
        self.assertEqual([["!", "NULL"]], self.wharf.sql("SELECT password_hash, email FROM users WHERE username = 'good'"))
        self.assertEqual([], self.wharf.staging())
        # An account that is here already may take what one there had.
        report = self.run_import("synapse", there.folder, "--account", "hé=local", refuses=True)
        self.assertNotIn(("package", "orphan"), {(one["kind"], one["name"]) for one in report["findings"]})
        self.assertEqual("local", self.wharf.get("/api/v1/packages/orphan").json()["owner"]["username"])

    def test_killed_at_any_place_it_goes_on_and_ends_the_same(self):
        there = foreign.Vais(self.folder / "vais")
        eve = there.user("eve", "ravens nest at dawn")
        there.token(eve, "ci", "vais_" + "a" * 64)
        for name in ("alpha", "beta"):
            package = there.package(name, eve)
            for number in range(3):
                there.version(package, name, f"1.0.{number}", eve, yanked=number == 1, downloads=number * 2)
        there.save()
        points = ("import.after_user", "publish.after_staging", "publish.after_rows", "publish.before_journal", "publish.before_commit",
                  "publish.after_commit", "import.after_version", "yank.before_commit", "import.after_yank", "import.after_downloads")
        for point in points:
            done = run_program(self.wharf, "wharf-registry", "import", "vais", there.folder, env={"WHARF_FAILPOINT": point})
            self.assertEqual(-9, done.returncode, f"{point}: {done.stdout}{done.stderr}")
        report = self.run_import("vais", there.folder)
        self.assertEqual([], report["findings"])
        self.assertEqual({"alpha": 6, "beta": 6}, {row[0]: int(row[1]) for row in self.wharf.sql(
            "SELECT p.name, t.total FROM download_totals t JOIN packages p ON p.id = t.package_id")})
        self.assertEqual([["active", "4"], ["yanked", "2"]], self.wharf.sql("SELECT state, COUNT(*) FROM versions GROUP BY state ORDER BY state"))
        self.assertEqual([["1"]], self.wharf.sql("SELECT COUNT(*) FROM api_tokens"))
        self.assertEqual([["publish", "6"], ["yank", "2"]], self.wharf.sql("SELECT action, COUNT(*) FROM journal GROUP BY action ORDER BY action"))
        self.require_sums()
        wait_until_caught_up(self.wharf)
        for name in ("alpha", "beta"):
            for number in range(3):
                body = self.wharf.download(name, f"1.0.{number}").body
                self.assertEqual(hashlib.sha256(packages.package(name, f"1.0.{number}", "vais.toml")).hexdigest(), hashlib.sha256(body).hexdigest())
        before = self.state()
        self.run_import("vais", there.folder)
        self.assertEqual(before, self.state())


if __name__ == "__main__":
    unittest.main()
