# SPDX-License-Identifier: MIT
"""Index documents: asked for together, confirmed by their ETags, kept by registry, and looked through before they are believed."""

import gzip
import threading
import unittest

from support.client import Client, archive
from support.served_registry import ServedRegistry, body, document, document_of, index_path, status, tarball_path, usual


def chain(length):
    """p0 needs p1, p1 needs p2, …"""
    needs = {f"p{i}": {f"p{i + 1}": "^1.0.0"} if i + 1 < length else {} for i in range(length)}
    return {(name, "1.0.0"): (archive("wharf", name, "1.0.0", needed), needed) for name, needed in needs.items()}


class Documents(unittest.TestCase):
    def setUp(self):
        self.registry = self.served(chain(6))
        self.person = Client(self.registry.url)
        self.addCleanup(self.person.close)
        self.project = self.person.project("wharf", "boat", {"p0": "^1.0.0"})

    def served(self, published):
        registry = ServedRegistry(published).__enter__()
        self.addCleanup(registry.__exit__, None, None, None)
        return registry

    def resolve(self, check=0, **more):
        return self.project.run("resolve", check=check, **more)

    def asked(self):
        return self.registry.asked("/index.json")

    def test_each_is_asked_for_once_and_confirmed_the_next_time(self):
        self.resolve()
        self.assertEqual(sorted(index_path(f"p{i}") for i in range(6)), sorted(request.path for request in self.asked()))
        self.assertTrue(all("if-none-match" not in request.headers for request in self.asked()))
        self.registry.forget()
        self.resolve()
        self.assertEqual(6, len(self.asked()))
        self.assertTrue(all("if-none-match" in request.headers for request in self.asked()))

    def test_a_known_chain_is_confirmed_all_at_once(self):
        self.resolve()
        # Nobody is answered before all have asked: where one waited for another, this would never end.
        together = threading.Barrier(6, timeout=20)

        def wait_for_all(handler):
            together.wait()
            usual(handler)
        for i in range(6):
            self.registry.answer(index_path(f"p{i}"), wait_for_all)
        self.resolve()
        self.assertFalse(together.broken)

    def test_a_changed_document_is_seen_at_once(self):
        self.resolve()
        self.registry.packages["p5"]["1.1.0"] = (archive("wharf", "p5", "1.1.0"), {})
        self.assertIn("1.1.0", self.resolve().stdout)

    def test_a_document_of_another_registry_is_not_used(self):
        self.resolve()
        other = self.served({("p0", "1.0.0"): (archive("wharf", "p0", "1.0.0"), {})})
        done = self.project.run("resolve", "--registry", other.url)
        self.assertNotIn("p1", done.stdout)
        self.assertTrue(all("if-none-match" not in request.headers for request in other.asked("/index.json")))

    def test_damage_in_the_cache_is_fetched_again(self):
        first = self.resolve().stdout
        for file in (self.person.home / ".cache/wharf/index").rglob("p*.json"):
            file.write_bytes(file.read_bytes()[:-2])
        self.registry.forget()
        self.assertEqual(first, self.resolve().stdout)
        self.assertTrue(all("if-none-match" not in request.headers for request in self.asked()))

    def test_garbage_is_refused_and_not_kept(self):
        for garbage in (b"", b"{", b"[]", b"null", b"\xff\xfe", b"<html>hello</html>", b"[" * 100_000, b"{}" * 10):
            with self.subTest(garbage[:20]):
                self.registry.answer(index_path("p3"), body(garbage))
                done = self.resolve(check=4)
                self.assertIn("the index document of 'p3'", done.stderr)
        self.registry.answer(index_path("p3"), usual)
        self.resolve()

    def test_the_document_of_another_package_is_refused(self):
        self.registry.answer(index_path("p3"), document(document_of("p4", self.registry.packages["p4"])))
        self.assertIn("is that of 'p4'", self.resolve(check=4).stderr)

    def test_paths_in_the_place_of_names_and_checksums_are_refused(self):
        crooked = document_of("p3", self.registry.packages["p3"])
        crooked["versions"][0]["checksum"] = "../../../../etc/passwd"
        self.registry.answer(index_path("p3"), document(crooked))
        self.assertIn("no proper checksum", self.resolve(check=4).stderr)
        needs = document_of("p3", {"1.0.0": (b"x", {"../../p4": "^1.0.0"})})
        self.registry.answer(index_path("p3"), document(needs))
        self.registry.forget()
        self.assertNotEqual(0, self.resolve(check=None).returncode)
        self.assertFalse([request for request in self.registry.requests if ".." in request.path])

    def test_a_document_without_end_is_cut_off(self):
        piece = b'{"name":"p3","x":"' + b"y" * (1 << 20)

        def endless(handler):
            handler.close_connection = True
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(piece)
            except OSError:
                self.registry.had_enough.set()
        self.registry.answer(index_path("p3"), endless)
        self.assertIn("sends more than", self.resolve(check=1).stderr)
        self.assertTrue(self.registry.had_enough.wait(20))

    def test_a_bomb_is_cut_off(self):
        bomb = gzip.compress(b" " * (1 << 20)) * 200
        self.registry.answer(index_path("p3"), body(bomb, Content_Encoding="gzip"))
        self.assertNotEqual(0, self.resolve(check=None).returncode)

    def test_faults_pass(self):
        self.registry.answer(index_path("p0"), status(500), status(503, Retry_After="0"), lambda handler: handler.reset(), usual)
        self.resolve()

    def test_a_fault_of_what_nobody_needs_is_no_fault(self):
        # What the newest version needs is asked for before anyone knows that it will not be chosen.
        self.registry.packages["p0"]["2.0.0"] = (archive("wharf", "p0", "2.0.0"), {"gone": "^1.0.0"})
        self.registry.answer(index_path("gone"), status(403, b"{}"))
        self.assertNotIn("2.0.0", self.resolve().stdout)
        self.assertEqual(1, len(self.registry.asked("/gone/index.json")))

    def test_an_unreachable_registry_is_named(self):
        with ServedRegistry() as gone:
            url = gone.url
        done = self.project.run("resolve", "--registry", url, check=1)
        self.assertIn(f"'{url}' cannot be reached", done.stderr)
        self.assertIn("--offline", done.stderr)

    def test_offline_asks_nobody(self):
        self.project.run("install")
        self.registry.forget()
        self.project.run("install", "--offline")
        self.project.run("resolve", "--offline")
        self.assertEqual([], self.registry.requests)

    def test_offline_says_what_is_missing(self):
        self.resolve()
        done = self.project.run("install", "--offline", check=1)
        for i in range(6):
            self.assertIn(f"'p{i}' 1.0.0", done.stderr)
        self.assertEqual([], self.registry.asked(tarball_path("p0", "1.0.0")))


if __name__ == "__main__":
    unittest.main()
