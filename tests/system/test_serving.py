# SPDX-License-Identifier: MIT
"""The whole of it, seen from a client: what was published is there for everyone, and stays there while the rest is down."""

import gzip
import time
import unittest

from support.wharf import Wharf, wait_for

BASES = ("/api/v1", "/synapse/api/v1", "/raven/api/v1", "/vais/api/v1", "/vais", "")


def setUpModule():
    global wharf, ada, archive
    wharf = Wharf().start()
    ada = wharf.register("ada")
    archive = wharf.published(ada.token, "steady", "1.0.0", description="x" * 1000, keywords=[f"keyword-{n}" for n in range(10)])


def tearDownModule():
    wharf.close()


class ServingTest(unittest.TestCase):
    def tearDown(self):
        for part in ("mariadb", "clerk", "workers-read", "workers-write"):
            if wharf.pid(part) is None:
                wharf.restart(part)
        wait_for(lambda: wharf.get("/api/v1/health").status == 200, what="everything to be well again")

    def test_what_a_publish_has_acknowledged_is_there_for_everyone(self):
        for number in range(10):
            version = f"1.{number}.0"
            answer = wharf.publish(ada.token, "visible", version)
            self.assertEqual((201, "yes"), (answer.status, answer.headers["wharf-visible"]))
            self.assertEqual(200, wharf.download("visible", version).status)
            versions = [entry["version"] for entry in wharf.get("/api/v1/packages/visible/index.json").json()["versions"]]
            self.assertIn(version, versions)

    def test_files_are_served_with_the_database_and_every_worker_down(self):
        before = wharf.get("/api/v1/packages/steady/index.json").json()
        for part in ("workers-read", "workers-write", "clerk", "mariadb"):
            wharf.kill(part)
        for base in BASES:
            for path in ("steady/1.0.0/tarball", "steady/1.0.0/download", "steady/1.0.0.tar.gz"):
                answer = wharf.get(f"{base}/packages/{path}")
                self.assertEqual((200, archive), (answer.status, answer.body), base + path)
            self.assertEqual(before, wharf.get(f"{base}/packages/steady/index.json").json())
            self.assertEqual(200, wharf.get(f"{base}/index.json").status)
        answer = wharf.get("/api/v1/packages/steady", token="x")
        self.assertEqual((502, "unavailable"), (answer.status, answer.json()["error"]))

    def test_a_worker_without_a_database_says_503_and_goes_on_when_it_is_back(self):
        workers = wharf.workers()
        wharf.kill("mariadb")
        answer = wharf.get("/api/v1/packages/steady", token="x")
        self.assertEqual((503, "unavailable"), (answer.status, answer.json()["error"]))
        self.assertIn("retry-after", answer.headers)
        self.assertEqual(503, wharf.get("/api/v1/health").status)
        wharf.restart("mariadb")
        wait_for(lambda: wharf.get("/api/v1/packages/steady", token="x").status == 200, what="the database to be found again")
        self.assertEqual(workers, wharf.workers(), "a worker ended because the database was away")

    def test_a_change_is_seen_at_once_with_a_token_and_by_everyone_within_a_second(self):
        wharf.published(ada.token, "changing", "1.0.0")
        for number in range(1, 6):
            wharf.get("/api/v1/packages/changing")  # now nginx has an answer to keep
            version = f"1.{number}.0"
            wharf.published(ada.token, "changing", version)
            done = time.monotonic()
            self.assertEqual(version, wharf.get("/api/v1/packages/changing", token=ada.token).json()["latest_version"])
            wait_for(lambda: time.monotonic() > done + 1, what="a second to pass")
            self.assertEqual(version, wharf.get("/api/v1/packages/changing").json()["latest_version"])

    def test_metadata_has_an_etag_that_confirms_it(self):
        first = wharf.get("/api/v1/packages/steady", token=ada.token)
        again = wharf.get("/api/v1/packages/steady", token=ada.token, headers={"If-None-Match": first.headers["etag"]})
        self.assertEqual((304, b""), (again.status, again.body))

    def test_metadata_is_compressed(self):
        plain = wharf.get("/api/v1/packages/steady", token=ada.token)
        self.assertGreater(len(plain.body), 1024)
        packed = wharf.get("/api/v1/packages/steady", token=ada.token, headers={"Accept-Encoding": "gzip"})
        self.assertEqual("gzip", packed.headers["content-encoding"])
        self.assertEqual(plain.body, gzip.decompress(packed.body))

    def test_latest_and_capitals_lead_to_the_file(self):
        for path, target in (("steady/latest/tarball", "steady/1.0.0/tarball"), ("Steady/1.0.0/tarball", "steady/1.0.0/tarball"),
                             ("steady/latest/download", "steady/1.0.0/download")):
            answer = wharf.get(f"/api/v1/packages/{path}")
            self.assertIn(answer.status, (301, 302, 307, 308), path)
            self.assertTrue(answer.headers["location"].endswith(f"/api/v1/packages/{target}"), answer.headers["location"])

    def test_a_file_that_never_was_is_explained_by_a_worker(self):
        for base in BASES:
            answer = wharf.get(f"{base}/packages/steady/9.9.9/tarball")
            self.assertEqual(404, answer.status)
            body = answer.json()
            self.assertEqual("not_found", body["code"] if base.startswith(("/synapse", "/vais")) else body["error"])

    def test_the_request_id_of_an_answer_stands_in_the_workers_log(self):
        answer = wharf.get("/api/v1/packages/no-such-thing", token="x")
        self.assertEqual(answer.headers["x-request-id"], answer.json()["request_id"])
        # The line follows the answer.
        wait_for(lambda: answer.headers["x-request-id"] in wharf.log("workers-read"), what="the worker's line")


if __name__ == "__main__":
    unittest.main()
