# SPDX-License-Identifier: MIT
"""How much memory a worker takes: little when it idles, and no more for an archive of 100 MB. And how large a body may be."""

import base64
import hashlib
import http.client
import io
import itertools
import json
import os
import tarfile
import unittest
import zlib

from support import packages
from support.http_client import Answer
from support.refusals import BASES, Untouched, check_refusal
from support.wharf import Wharf, wait_for

MIB = 1 << 20
PEAK_KIB = 64 * 1024
IDLE_KIB = 16 * 1024
_numbers = itertools.count(1)


def setUpModule():
    global wharf, token
    wharf = Wharf(env={"WHARF_WORKERS": "6"}).start()
    token = wharf.register("ada").token


def tearDownModule():
    wharf.close()


def large_archive(name, payload):
    """An archive of a little more than the payload, which nothing can compress. Stored, not deflated: that is quick."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in (("wharf.toml", packages.toml_manifest(name, "1.0.0").encode()), ("payload.bin", payload)):
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    packer = zlib.compressobj(level=0, wbits=31)
    return packer.compress(buffer.getbuffer()) + packer.flush()


class MemoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.payload = os.urandom(99 * MIB)

    def setUp(self):
        # Workers that have hashed no password: signing in was done before.
        wharf.restart("workers-write")
        wharf.restart("workers-read")
        wait_for(lambda: wharf.get("/api/v1/health").status == 200, what="the workers")

    def publish_large(self, send):
        name = f"large-{next(_numbers)}x"
        archive = large_archive(name, self.payload)
        self.assertGreater(len(archive), 99 * MIB)
        workers = wharf.children("workers-write")
        for number in range(2):
            # The second is refused after all has been read, which must cost no more.
            answer = send(name, archive)
            self.assertEqual((201, 409)[number], answer.status, answer)
        self.assertEqual(hashlib.sha256(archive).hexdigest(), answer.json()["details"]["checksum"])
        peaks = [wharf.resident_kib(pid, peak=True) for pid in workers]
        self.assertEqual(workers, wharf.children("workers-write"))
        self.assertLess(max(peaks), PEAK_KIB, "KiB at the peak of each worker")
        wait_for(lambda: wharf.request("HEAD", f"/api/v1/packages/{name}/1.0.0/tarball").status == 200, 60, "the archive")
        head = wharf.request("HEAD", f"/api/v1/packages/{name}/1.0.0/tarball")
        self.assertEqual(str(len(archive)), head.headers["content-length"])
        self.assertLess(wharf.resident_kib(wharf.pid("clerk"), peak=True), PEAK_KIB)
        # What was taken for it is given back.
        self.assertLess(max(wharf.resident_kib(pid) for pid in workers), IDLE_KIB * 2)
        return peaks

    def test_an_archive_of_100_mb_as_the_body(self):
        self.publish_large(lambda name, archive: wharf.request(
            "PUT", f"/api/v1/packages/{name}/1.0.0", archive, {"Content-Type": "application/gzip"}, token=token, timeout=120))

    def test_an_archive_of_100_mb_in_a_form(self):
        def send(name, archive):
            body, content_type = packages.multipart([("metadata", None, "application/json", json.dumps({"name": name}).encode()),
                                                     ("tarball", "a.tar.gz", "application/gzip", archive)])
            return wharf.post("/api/v1/packages", body, headers={"Content-Type": content_type}, token=token, timeout=120)
        self.publish_large(send)

    def test_an_archive_of_100_mb_as_base64_in_json(self):
        def send(name, archive):
            body = b'{"name":"' + name.encode() + b'","tarball":"' + base64.b64encode(archive) + b'"}'
            return wharf.post("/api/v1/packages/publish", body, headers={"Content-Type": "application/json"}, token=token, timeout=120)
        self.publish_large(send)

    def test_an_idle_worker_is_small(self):
        wharf.published(token, f"small-{next(_numbers)}x", "1.0.0")
        for path in ("/packages", "/stats", "/health", "/packages/none"):
            for _ in range(6):
                wharf.get(f"/api/v1{path}", token=token)
        workers = wharf.workers()
        self.assertEqual(6, len(workers))
        for pid in workers:
            self.assertLess(wharf.resident_kib(pid), IDLE_KIB)

    def test_an_archive_above_the_limit_is_refused_by_every_form(self):
        archive = large_archive("too-large", self.payload + b"x" * MIB)
        self.assertGreater(len(archive), 100 * MIB)
        workers = wharf.children("workers-write")
        with Untouched(self, wharf):
            answer = wharf.request("PUT", "/api/v1/packages/too-large/1.0.0", archive, {"Content-Type": "application/gzip"}, token=token)
            check_refusal(self, answer, 413, "payload_too_large")
            body, content_type = packages.multipart([("archive", "a", None, archive)])
            answer = wharf.post("/api/v1/packages", body, headers={"Content-Type": content_type}, token=token)
            check_refusal(self, answer, 413, "payload_too_large")
            body = b'{"tarball":"' + base64.b64encode(archive) + b'"}'
            answer = wharf.post("/api/v1/packages", body, headers={"Content-Type": "application/json"}, token=token)
            check_refusal(self, answer, 413, "payload_too_large")
        self.assertLess(max(wharf.resident_kib(pid, peak=True) for pid in workers), PEAK_KIB)


class BodyLimitsTest(unittest.TestCase):
    def announce(self, method, target, length):
        """The answer to a body of which nothing but its length is sent; nginx would wait for it for a while."""
        connection = http.client.HTTPConnection("127.0.0.1", wharf.http_port, timeout=10)
        try:
            connection.putrequest(method, target)
            connection.putheader("Content-Length", str(length))
            connection.putheader("Content-Type", "application/json")
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def test_what_is_too_large_is_refused_before_it_is_sent(self):
        with Untouched(self, wharf):
            for base in BASES:
                for method, path, most in (("POST", "/packages", 140 * MIB), ("POST", "/packages/publish", 140 * MIB),
                                           ("PUT", "/packages/geo-kit/1.0.0", 101 * MIB), ("POST", "/auth/login", 64 * 1024),
                                           ("POST", "/packages/geo-kit/1.0.0/yank", 64 * 1024), ("POST", "/users/me/tokens", 64 * 1024),
                                           ("POST", "/no/such/call", 64 * 1024)):
                    with self.subTest(base=base, path=path):
                        check_refusal(self, self.announce(method, base + path, most + 1), 413, "payload_too_large", base)

    def test_the_largest_that_is_admitted_reaches_a_worker(self):
        with Untouched(self, wharf):
            for method, path, most in (("POST", "/packages", 140 * MIB), ("PUT", "/packages/geo-kit/1.0.0", 101 * MIB),
                                       ("POST", "/users/me/tokens", 64 * 1024)):
                with self.subTest(path=path):
                    # Without a token: a worker says so, nginx would say 413.
                    answer = wharf.request(method, f"/api/v1{path}", bytes(most), {"Content-Type": "application/json"}, timeout=120)
                    check_refusal(self, answer, 401, "unauthorized")


if __name__ == "__main__":
    unittest.main()
