# SPDX-License-Identifier: MIT
"""`wharf-registry doctor`: each kind of damage is made by hand, and the doctor finds exactly that, says how bad it is, and mends
it where nothing is lost by it."""

import contextlib
import gzip
import json
import os
import shutil
import threading
import unittest

from support.promises import run_program, sha256, wait_until_caught_up
from support.wharf import Wharf, wait_for


def setUpModule():
    global wharf, token
    wharf = Wharf().start()
    token = wharf.register("doctor-test").token


def tearDownModule():
    wharf.close()


class DoctorTest(unittest.TestCase):
    number = 0

    def setUp(self):
        DoctorTest.number += 1
        self.name = f"patient-{DoctorTest.number}"
        self.archive = wharf.published(token, self.name, "1.0.0", dependencies={"other": "1"})
        wharf.published(token, self.name, "1.1.0", dependencies={"other": "2", "third": "3"})
        wait_until_caught_up(wharf)
        self.addCleanup(self.heal)

    def heal(self):
        """What a failed test leaves must not be what the next one finds."""
        with self.clerk_stopped():
            run_program(wharf, "wharf-registry", "doctor", "--repair")

    def doctor(self, *options, code=0):
        done = run_program(wharf, "wharf-registry", "doctor", "--json", *options)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def require_well(self, *options):
        report = self.doctor(*options)
        self.assertEqual([], report["findings"])
        return report

    def found(self, *options, code):
        return [(one["check"], one["severity"], one["where"]) for one in self.doctor(*options, code=code)["findings"]]

    def require_mended(self, expected):
        """The damage is found as expected, changes nothing by being found, and is gone after --repair."""
        for _ in range(2):
            self.assertEqual([expected], [one for one in self.found(code=1) if one[1] != "note"])
        before = len(wharf.sql("SELECT id FROM audit WHERE action = 'repair'"))
        report = self.doctor("--repair", "--reason", "a test")
        self.assertEqual([(*expected, True)], [(one["check"], one["severity"], one["where"], one["mended"]) for one in report["findings"]])
        rows = wharf.sql("SELECT actor, subject, reason FROM audit WHERE action = 'repair' ORDER BY id")[before:]
        self.assertEqual([[expected[2], "a test"]], [row[1:] for row in rows])
        self.require_well()

    def blob(self, archive=None):
        digest = sha256(archive or self.archive)
        return wharf.var / "blobs" / digest[:2] / digest

    @contextlib.contextmanager
    def clerk_stopped(self):
        wharf.kill("clerk")
        try:
            yield
        finally:
            wharf.restart("clerk")
            wait_until_caught_up(wharf)

    @contextlib.contextmanager
    def sql_damage(self, damage, undo):
        wharf.sql(f"SET FOREIGN_KEY_CHECKS = 0; {damage}")
        try:
            yield
        finally:
            wharf.sql(f"SET FOREIGN_KEY_CHECKS = 0; {undo}")

    def test_a_registry_at_work_is_well(self):
        report = self.require_well("--deep")
        self.assertEqual({"journal", "blobs", "packages", "totals", "downloads", "accounts", "tree", "search", "garbage"} - set(report["checks"]), set())
        stop = threading.Event()

        def publish():
            for number in range(1000):
                if stop.is_set():
                    return
                wharf.publish(token, self.name, f"2.{number}.0")
                if number % 3 == 0:
                    wharf.post(f"/api/v1/packages/{self.name}/2.{number}.0/yank", token=token)
                if number % 5 == 0:
                    wharf.request("DELETE", f"/api/v1/packages/{self.name}/2.{number}.0", token=token)

        thread = threading.Thread(target=publish)
        thread.start()
        try:
            for _ in range(5):
                self.assertEqual([], [one for one in self.doctor("--deep")["findings"] if one["severity"] != "note"])
        finally:
            stop.set()
            thread.join()
        wait_until_caught_up(wharf)
        run_program(wharf, "wharf-registry", "gc")

    def test_an_archive_that_was_deleted_comes_back_from_the_public_tree(self):
        self.blob().unlink()
        self.require_mended(("blobs", "repairable", f"{self.name} 1.0.0"))
        self.assertEqual(self.archive, self.blob().read_bytes())

    def test_an_archive_that_is_nowhere_is_a_loss(self):
        link = wharf.var / f"public/tarballs/{self.name}/1.0.0.tar.gz"
        kept, aside = self.blob(), wharf.var / "aside"
        os.rename(kept, aside)
        link.unlink()
        try:
            self.assertEqual([("blobs", "loss", f"{self.name} 1.0.0")], self.found(code=2))
            self.assertEqual([("blobs", "loss", f"{self.name} 1.0.0")], self.found("--repair", code=2))
        finally:
            os.rename(aside, kept)
            os.link(kept, link)
        self.require_well()

    def test_a_flipped_byte_is_found_by_reading_every_byte(self):
        path = self.blob()
        data, about = path.read_bytes(), path.stat()
        path.chmod(0o644)
        path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
        try:
            self.require_well()
            self.assertEqual([("blobs", "loss", f"{self.name} 1.0.0")], self.found("--deep", code=2))
        finally:
            path.write_bytes(data)
            path.chmod(about.st_mode & 0o777)
        self.require_well("--deep")

    def test_rows_that_are_wrong_about_a_whole_archive_are_set_right(self):
        version = f"{self.name} 1.0.0"
        digest = sha256(self.archive)
        for damage in (f"UPDATE blobs SET size = size + 1 WHERE digest = '{digest}'", f"DELETE FROM blobs WHERE digest = '{digest}'",
                       f"UPDATE versions SET blob_digest = NULL WHERE digest = '{digest}'"):
            with self.subTest(damage=damage):
                wharf.sql(f"SET FOREIGN_KEY_CHECKS = 0; {damage}")
                self.require_mended(("blobs", "repairable", version))

    def test_what_is_kept_of_a_package_is_made_anew(self):
        where = f"WHERE name = '{self.name}'"
        for damage in (f"UPDATE packages SET document = REPLACE(document, '1.1.0', '1.1.9') {where}", f"UPDATE packages SET document = 'x' {where}",
                       f"UPDATE packages SET summary = '{{}}' {where}", f"UPDATE packages SET latest_version = '1.0.0' {where}",
                       f"UPDATE packages SET revision = 1 {where}", f"DELETE FROM package_dependencies WHERE package = '{self.name}' AND name = 'third'",
                       f"UPDATE package_dependencies SET requirement = '*' WHERE package = '{self.name}'"):
            with self.subTest(damage=damage):
                before = wharf.sql(f"SELECT MD5(document), updated_at, revision FROM packages {where}")
                wharf.sql(damage)
                self.require_mended(("packages", "repairable", self.name))
                self.assertEqual(before, wharf.sql(f"SELECT MD5(document), updated_at, revision FROM packages {where}"))

    def test_a_package_without_owner_is_told_and_left_to_the_operator(self):
        owners = wharf.sql(f"SELECT o.package_id, o.user_id FROM package_owners o JOIN packages p ON p.id = o.package_id WHERE p.name = '{self.name}'")
        wharf.sql(f"DELETE FROM package_owners WHERE package_id = {owners[0][0]}")
        report = self.doctor("--repair", "packages", code=1)
        self.assertIn("it has no owner", [one["what"] for one in report["findings"]])
        wharf.sql(f"INSERT INTO package_owners (package_id, user_id, role, added_at) VALUES ({owners[0][0]}, {owners[0][1]}, 'owner', NOW(3))")
        self.doctor("--repair", "packages")
        self.require_well()

    def test_rows_and_journal_that_disagree_are_no_matter_for_a_program(self):
        version = f"{self.name} 1.0.0"
        digest = sha256(self.archive)
        with self.sql_damage(f"UPDATE journal SET package = 'somebody-else' WHERE package = '{self.name}' AND version = '1.0.0'",
                             f"UPDATE journal SET package = '{self.name}' WHERE package = 'somebody-else'"):
            found = self.found("packages", "journal", code=2)
            self.assertIn(("packages", "loss", version), found)
            self.assertIn(("packages", "loss", "somebody-else"), found)
            self.assertIn("journal", [check for check, _, _ in found])
        with self.sql_damage(f"UPDATE versions SET digest = REPEAT('0', 64), blob_digest = NULL WHERE digest = '{digest}'",
                             f"UPDATE versions SET digest = '{digest}', blob_digest = '{digest}' WHERE digest = REPEAT('0', 64)"):
            found = self.found("--repair", "packages", "blobs", code=2)
            self.assertIn(("packages", "loss", version), found)
            self.assertIn(("blobs", "loss", version), found)
        self.doctor("--repair")
        self.require_well()

    def test_a_version_that_only_the_journal_calls_yanked_is_told(self):
        wharf.post(f"/api/v1/packages/{self.name}/1.0.0/yank", token=token)
        wait_until_caught_up(wharf)
        self.require_well()
        wharf.sql(f"UPDATE versions SET state = 'active' WHERE digest = '{sha256(self.archive)}'")
        report = self.doctor("--repair", "packages", code=1)
        self.assertIn("the journal says that it is yanked", [one["what"] for one in report["findings"]])
        wharf.post(f"/api/v1/packages/{self.name}/1.0.0/yank", token=token)
        wait_until_caught_up(wharf)
        self.require_well()

    def test_a_broken_chain_and_a_missing_number_are_losses(self):
        seq = int(wharf.sql(f"SELECT MIN(seq) FROM journal WHERE package = '{self.name}'")[0][0])
        body = wharf.sql(f"SELECT HEX(body) FROM journal WHERE seq = {seq}")[0][0]
        with self.sql_damage(f"UPDATE journal SET body = REPLACE(body, 'doctor-test', 'doctor-tesT') WHERE seq = {seq}",
                             f"UPDATE journal SET body = X'{body}' WHERE seq = {seq}"):
            self.assertEqual([("journal", "loss", f"journal {seq}")], self.found("--repair", "journal", code=2))
        wharf.sql("CREATE TABLE aside AS SELECT * FROM journal WHERE seq = 1")
        with self.sql_damage("DELETE FROM journal WHERE seq = 1", "INSERT INTO journal SELECT * FROM aside"):
            self.assertIn(("journal", "loss", "journal 1"), self.found("--repair", "journal", code=2))
        wharf.sql("DROP TABLE aside")
        self.require_well()

    def test_what_is_served_otherwise_than_the_journal_gives_is_made_anew(self):
        root = wharf.var / "public"
        index, packed, link = root / f"index/{self.name}.json", root / f"index/{self.name}.json.gz", root / f"tarballs/{self.name}/1.0.0.tar.gz"
        journal = root / "journal/1.jsonl"

        def rewrite(path, data):
            about = path.stat()
            path.chmod(0o644)
            path.write_bytes(data)
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))

        def other_file():
            link.unlink()
            link.write_bytes(b"another")

        damages = {
            "altered document": (lambda: rewrite(index, index.read_bytes().replace(b"1.0.0", b"1.0.1")), self.name),
            "altered packed document": (lambda: rewrite(packed, gzip.compress(index.read_bytes() + b" ")), self.name),
            "document's time": (lambda: os.utime(index, (1, 1_000_000_001)), self.name),
            "missing document": (index.unlink, self.name),
            "missing link": (link.unlink, self.name),
            "another file": (other_file, self.name),
            "unknown version": (lambda: os.link(link, link.with_name("9.9.9.tar.gz")), self.name),
            "unknown document": (lambda: (root / "index/nobody.json").write_text("{}"), "index/nobody"),
            "unknown folder": (lambda: (root / "tarballs/nobody").mkdir(), "tarballs/nobody"),
            "journal file": (lambda: journal.write_bytes(journal.read_bytes().replace(b'"actor":"doctor-test"', b'"actor":"doctor-tesT"', 1)),
                             "journal/1.jsonl"),
            "no stamp": ((root / ".clerk").unlink, "public tree"),
        }
        for kind, (damage, where) in damages.items():
            with self.subTest(kind=kind):
                with self.clerk_stopped():
                    damage()
                    self.require_mended(("tree", "repairable", where))
        index.write_bytes(b"{}")
        report = self.doctor("--repair", code=1)
        self.assertFalse(report["findings"][0]["mended"])
        self.assertIn("clerk", report["findings"][0]["failure"], "it says who is in the way")
        with self.clerk_stopped():
            self.doctor("--repair")
        self.require_well()

    def test_a_search_index_that_does_not_fit_is_made_anew(self):
        index = wharf.var / "search"
        with self.clerk_stopped():
            for entry in index.iterdir():
                entry.unlink() if entry.is_symlink() or entry.is_file() else shutil.rmtree(entry)
            self.require_mended(("search", "repairable", "search index"))
        self.assertIn(f'"name":"{self.name}"', wharf.get(f"/api/v1/search?q={self.name}").body.decode().replace(" ", ""))
        wharf.sql(f"UPDATE packages SET quarantined_at = NOW(3), quarantine_reason = 'x' WHERE name = '{self.name}'")
        report = self.doctor("search", code=1)
        self.assertEqual([f"package '{self.name}' is found, and is not there"], [one["what"] for one in report["findings"]])
        wharf.sql(f"UPDATE packages SET quarantined_at = NULL, quarantine_reason = NULL WHERE name = '{self.name}'")
        self.require_well()
        with self.clerk_stopped():
            done = run_program(wharf, "wharf-registry", "rebuild", "--search")
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertIn("made the search index anew, up to journal number", done.stdout)

    def test_a_package_without_a_version_to_resolve_to_is_found_all_the_same(self):
        for version in ("1.0.0", "1.1.0"):
            self.assertEqual(200, wharf.post(f"/api/v1/packages/{self.name}/{version}/yank", {"reason": "x"}, token=token).status)
        wait_until_caught_up(wharf)
        self.require_well()

    def test_sums_of_downloads_are_made_of_what_was_counted(self):
        for _ in range(3):
            wharf.download(self.name, "1.0.0")
        wharf.download(self.name, "1.1.0")
        package = f"(SELECT id FROM packages WHERE name = '{self.name}')"
        wait_for(lambda: wharf.sql(f"SELECT total FROM download_totals WHERE package_id = {package}") == [["4"]], what="the counts")
        self.require_well()
        for damage in (f"UPDATE download_totals SET total = 9 WHERE package_id = {package}", f"DELETE FROM download_totals WHERE package_id = {package}",
                       f"UPDATE version_download_totals SET total = total + 1 WHERE package_id = {package}",
                       f"UPDATE package_downloads SET count = count + 1 WHERE package_id = {package}",
                       f"INSERT INTO package_downloads VALUES ({package}, '2001-01-01', 5)"):
            with self.subTest(damage=damage):
                wharf.sql(damage)
                report = self.doctor("--repair", "downloads", "totals")
                self.assertIn(self.name, [one["where"] for one in report["findings"] if one["mended"]])
                self.require_well()
        wharf.sql("UPDATE daily_downloads SET count = count + 1")
        self.require_mended(("downloads", "repairable", "all packages"))
        wharf.sql("UPDATE registry_totals SET versions = versions + 1")
        self.require_mended(("totals", "repairable", "registry_totals"))

    def test_odd_credentials_are_told(self):
        with self.sql_damage("UPDATE users SET role = 'root' WHERE username = 'doctor-test'", "UPDATE users SET role = 'user' WHERE role = 'root'"):
            self.assertEqual([("accounts", "repairable", "account doctor-test")], self.found(code=1))
        self.require_well()

    def test_garbage_is_a_note_and_goes_with_repair(self):
        wharf.request("DELETE", f"/api/v1/packages/{self.name}/1.0.0", token=token)
        wait_until_caught_up(wharf)
        self.assertEqual([("garbage", "note", "garbage")], self.found(code=0))
        self.doctor("--repair")
        self.assertFalse(self.blob().exists())
        self.require_well()

    def test_words_and_unknown_checks(self):
        done = run_program(wharf, "wharf-registry", "doctor")
        self.assertEqual((0, "all is well\n"), (done.returncode, done.stdout), done.stderr)
        done = run_program(wharf, "wharf-registry", "doctor", "blob")
        self.assertEqual(2, done.returncode)
        self.assertIn("there is no check 'blob'; did you mean 'blobs'?", done.stderr)
        self.blob().unlink()
        done = run_program(wharf, "wharf-registry", "doctor", "blobs", "--repair")
        self.assertEqual(0, done.returncode)
        self.assertIn(f"mended [blobs] {self.name} 1.0.0: has lost its archive; the public tree has it whole\n1 mended\n", done.stdout)


if __name__ == "__main__":
    unittest.main()
