# SPDX-License-Identifier: MIT
"""An older database is put in the place of the one that was lost: the clerk sees that the journal is not the one that the
public tree was made from, makes the tree anew, and publishing goes on under the numbers that follow."""

import itertools
import unittest

from support import packages, promises
from support.promises import sha256
from support.wharf import Wharf, wait_for

_numbers = itertools.count(1)


def setUpModule():
    global wharf, token
    wharf = Wharf().start()
    token = wharf.register().token


def tearDownModule():
    wharf.close()


def tables():
    return [row[0] for row in wharf.sql("SHOW TABLES")]


def back_up():
    """A copy of every table, as it is in one moment."""
    statements = ["DROP DATABASE IF EXISTS backup", "CREATE DATABASE backup", "SET FOREIGN_KEY_CHECKS = 0"]
    for table in tables():
        statements.append(f"CREATE TABLE backup.{table} LIKE wharf.{table}")
    statements.append("START TRANSACTION")
    statements += [f"INSERT INTO backup.{table} SELECT * FROM wharf.{table}" for table in tables()]
    wharf.sql("; ".join([*statements, "COMMIT"]))


def restore():
    """Table by table, as the loading of a dump does it: whoever looks meanwhile sees anything."""
    statements = ["SET FOREIGN_KEY_CHECKS = 0"]
    for table in tables():
        statements += [f"TRUNCATE wharf.{table}", f"INSERT INTO wharf.{table} SELECT * FROM backup.{table}"]
    wharf.sql("; ".join(statements))


class RestoreTest(unittest.TestCase):
    def setUp(self):
        """Some history, a backup, and some more history that the backup does not know."""
        self.prefix = f"kept-{next(_numbers):03}"
        self.published, self.removed = {}, set()
        for version in ("1.0.0", "1.1.0"):
            self.publish(f"{self.prefix}a", version)
        self.publish(f"{self.prefix}b", "1.0.0")
        self.yank(f"{self.prefix}a", "1.0.0")
        self.end = promises.journal_end(wharf)
        back_up()
        self.lost = {}
        for name, version in ((f"{self.prefix}a", "1.2.0"), (f"{self.prefix}b", "1.1.0"), (f"{self.prefix}c", "1.0.0")):
            self.lost[name, version] = sha256(wharf.published(token, name, version))
        # Kept versions that the lost history changed: they must look as before.
        self.assertEqual(200, wharf.post(f"/api/v1/packages/{self.prefix}a/1.0.0/unyank", {}, token=token).status)
        self.yank(f"{self.prefix}b", "1.0.0")
        promises.assert_shows_all(wharf)

    def publish(self, name, version, archive=None):
        archive = wharf.published(token, name, version, archive=archive)
        self.published[name, version] = sha256(archive)

    def yank(self, name, version):
        self.assertEqual(200, wharf.post(f"/api/v1/packages/{name}/{version}/yank", {}, token=token).status)

    def assert_back_at_the_backup(self):
        wait_for(lambda: not set(self.lost) & set(promises.shown_tarballs(wharf)), what="the clerk to notice")
        promises.assert_all_promises(wharf, self.published)
        shown = wharf.get(f"/api/v1/packages/{self.prefix}a/index.json").json()["versions"]
        self.assertEqual([("1.0.0", True), ("1.1.0", False)], [(one["version"], one["yanked"]) for one in shown])
        self.assertFalse(wharf.get(f"/api/v1/packages/{self.prefix}b/index.json").json()["versions"][0]["yanked"])
        for name, version in self.lost:
            self.assertEqual(404, wharf.download(name, version).status, f"{name} {version}")

    def assert_publishing_goes_on(self):
        begin = promises.journal_end(wharf)[0]
        # The lost numbers are free again in the older database, for other bytes too.
        for number, (name, version) in enumerate(self.lost, 1):
            other = packages.package(name, version, description="published again")
            answer = wharf.publish(token, name, version, other)
            self.assertEqual((201, "yes"), (answer.status, answer.headers["wharf-visible"]), answer)
            self.published[name, version] = sha256(other)
            self.assertEqual(begin + number, promises.journal_end(wharf)[0])
            self.assertEqual(other, wharf.download(name, version).body)
        promises.assert_all_promises(wharf, self.published)
        promises.assert_rebuild_changes_nothing(wharf)

    def test_under_a_running_clerk(self):
        restore()
        self.assertEqual(self.end, promises.journal_end(wharf))
        self.assert_back_at_the_backup()
        self.assert_publishing_goes_on()

    def test_while_the_clerk_is_at_rest(self):
        wharf.kill("clerk")
        restore()
        wharf.restart("clerk")
        self.assert_back_at_the_backup()
        self.assert_publishing_goes_on()

    def test_with_everything_stopped_but_the_database(self):
        for part in ("nginx", "workers-read", "workers-write", "clerk"):
            wharf.kill(part)
        restore()
        for part in ("clerk", "workers-read", "workers-write", "nginx"):
            wharf.restart(part)
        self.assert_back_at_the_backup()
        self.assert_publishing_goes_on()

    def test_where_publishing_has_gone_past_the_old_end_before_the_clerk_looks(self):
        """The number at which the clerk stood is there, and means something else."""
        old_end = promises.journal_end(wharf)[0]
        wharf.kill("clerk")
        restore()
        while promises.journal_end(wharf)[0] < old_end + 3:
            self.publish(f"{self.prefix}d", f"1.0.{promises.journal_end(wharf)[0]}")
        wharf.restart("clerk")
        self.assert_back_at_the_backup()
        self.assert_publishing_goes_on()

    def test_with_an_empty_journal(self):
        """The worst backup of all: one from before the first publish. Everything that was shown goes."""
        wharf.kill("clerk")
        keep = {"users", "sessions", "api_tokens", "schema_migrations", "journal_lock", "registry_totals", "trending_periods"}
        wharf.sql("SET FOREIGN_KEY_CHECKS = 0; " + "; ".join(f"TRUNCATE {table}" for table in tables() if table not in keep) +
                  "; UPDATE registry_totals SET packages = 0, versions = 0, listed = 0")
        wharf.restart("clerk")
        # Names alone: while the trees change places, an archive can be gone before it is read.
        wait_for(lambda: not list((wharf.var / "public/tarballs").rglob("*.tar.gz")), what="an empty tree")
        promises.assert_all_promises(wharf, {})
        self.published, self.lost = {}, {(f"{self.prefix}e", "1.0.0"): ""}
        self.assert_publishing_goes_on()
