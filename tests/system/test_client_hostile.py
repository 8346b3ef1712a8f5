# SPDX-License-Identifier: MIT
"""Registries that send a wrong archive, half of one, one without end, or nothing: what is not right is never used, and what
was only broken off arrives in the end."""

import os
import subprocess
import threading
import unittest

from support.client import Client, archive, files_below, sha256
from support.served_registry import (ServedRegistry, body, broken_off, endless, silent, status, tarball_path, usual)
from support.wharf import wait_for

TARBALL = tarball_path("fog", "1.0.0")


class HostileRegistry(unittest.TestCase):
    def setUp(self):
        self.data = archive("wharf", "fog", "1.0.0", files={"noise.bin": os.urandom(300_000)})
        self.registry = self.enterContext(ServedRegistry({("fog", "1.0.0"): (self.data, {})}))
        self.person = self.enterContext(Client(self.registry.url))
        self.project = self.person.project("wharf", "boat", {"fog": "^1.0.0"})
        self.cache = self.person.home / ".cache/wharf"

    def serve(self, *answers):
        self.registry.answer(TARBALL, *answers)

    def install(self, check=0):
        return self.project.run("install", check=check)

    def ranges(self):
        return [request.headers.get("range") for request in self.registry.asked(TARBALL)]

    def put_aside(self):
        return sorted((self.cache / "aside").glob("*"))

    def assert_nothing_installed(self):
        self.assertEqual({}, self.project.installed())
        self.assertEqual({}, self.project.locked())
        self.assertEqual([], sorted((self.cache / "archives").glob("*")))

    def assert_installed(self):
        self.assertEqual({"fog": "1.0.0"}, self.project.installed())
        self.assertEqual(self.data, (self.cache / f"archives/{sha256(self.data)}.tar.gz").read_bytes())
        self.assertEqual([], self.put_aside())

    def assert_refused(self, got, *words):
        done = self.install(check=4)
        for word in (sha256(self.data), sha256(got), *words):
            self.assertIn(word, done.stderr)
        aside, = self.put_aside()
        self.assertIn(str(aside), done.stderr)
        self.assertEqual(got, aside.read_bytes())
        self.assert_nothing_installed()

    # --- what is wrong ---
    def test_another_archive_is_put_aside_and_named_with_both_checksums(self):
        other = archive("wharf", "fog", "1.0.0", files={"evil.txt": "x"})
        other += bytes(len(self.data) - len(other)) if len(other) < len(self.data) else b""
        self.serve(body(other[:len(self.data)]))
        self.assert_refused(other[:len(self.data)], "is not the one that was published")
        self.assertEqual(1, len(self.registry.asked(TARBALL)))
        # Once the registry is right again, so is the project.
        self.serve(usual)
        self.install()
        self.assertEqual({"fog": "1.0.0"}, self.project.installed())

    def test_half_an_archive_that_says_it_is_whole_is_fetched_once_more_and_refused(self):
        self.serve(body(self.data[:1000]))
        self.assert_refused(self.data[:1000], "has 1000 bytes instead of")
        self.assertEqual(2, len(self.registry.asked(TARBALL)))

    def test_an_empty_archive_is_refused(self):
        self.serve(body(b""))
        self.assert_refused(b"", "has 0 bytes instead of")

    def test_an_archive_without_end_is_cut_off_where_the_index_says(self):
        self.serve(endless())
        self.assert_refused(b"x" * len(self.data), "goes on past")
        self.assertTrue(self.registry.had_enough.wait(20), "the connection stayed open")

    def test_a_byte_too_many_is_too_many(self):
        self.serve(body(self.data + b"!"))
        done = self.install(check=4)
        self.assertIn("goes on past", done.stderr)
        self.assert_nothing_installed()

    def test_an_archive_that_the_index_names_and_nobody_has_is_no_integrity_matter(self):
        self.serve(status(404))
        done = self.install(check=1)
        self.assertIn("has no archive of 'fog' 1.0.0", done.stderr)
        self.assert_nothing_installed()

    # --- what is broken ---
    def test_a_broken_download_goes_on_where_it_stopped(self):
        self.serve(broken_off(self.data, 100_000))
        self.install()
        self.assert_installed()
        self.assertEqual([None, "bytes=100000-", "bytes=200000-", "bytes=300000-"][:len(self.ranges())], self.ranges())
        self.assertGreater(len(self.ranges()), 2)

    def test_a_later_run_goes_on_where_an_earlier_one_gave_up(self):
        self.serve(broken_off(self.data, 100_000), status(503))
        done = self.install(check=1)
        self.assertIn("cannot answer", done.stderr)
        self.assert_nothing_installed()
        self.registry.forget()
        self.serve(usual)
        self.install()
        self.assert_installed()
        self.assertEqual(["bytes=100000-"], self.ranges())

    def test_what_a_killed_client_had_is_not_fetched_again(self):
        arrived, released = threading.Event(), threading.Event()
        self.addCleanup(released.set)

        def half(handler):
            handler.close_connection = True
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(self.data)))
            handler.end_headers()
            handler.wfile.write(self.data[:100_000])
            handler.wfile.flush()
            arrived.set()
            released.wait(60)
        self.serve(half)
        running = self.project.start("install", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(arrived.wait(60))
        partial = self.cache / "partial"
        wait_for(lambda: sum(path.stat().st_size for path in partial.glob("*.part")) == 100_000, what="the first half")
        running.kill()
        running.wait()
        released.set()
        self.assert_nothing_installed()
        self.registry.forget()
        self.serve(usual)
        self.install()
        self.assert_installed()
        self.assertEqual(["bytes=100000-"], self.ranges())
        self.assertEqual([], list(partial.iterdir()))

    def test_what_changed_between_two_halves_is_thrown_away_and_fetched_whole(self):
        other = os.urandom(len(self.data))
        self.serve(broken_off(other, 100_000), usual)
        self.install()
        self.assert_installed()
        self.assertEqual([None, "bytes=100000-", None], self.ranges())

    def test_a_registry_that_knows_no_ranges_sends_all_of_it(self):
        self.serve(broken_off(self.data, 100_000), body(self.data))
        self.install()
        self.assert_installed()

    def test_another_part_than_was_asked_for_is_not_joined(self):
        wrong = status(206, self.data[50:], Content_Range=f"bytes 50-{len(self.data) - 1}/{len(self.data)}")
        self.serve(broken_off(self.data, 100_000), wrong, usual)
        self.install()
        self.assert_installed()

    def test_a_refused_range_leads_to_a_whole_download(self):
        self.serve(broken_off(self.data, 100_000), status(416), usual)
        self.install()
        self.assert_installed()

    def test_a_connection_that_crashes_is_tried_again(self):
        self.serve(lambda handler: handler.reset(), lambda handler: handler.reset(), usual)
        self.install()
        self.assert_installed()

    def test_errors_of_a_server_pass(self):
        self.serve(status(500), status(502), status(503), usual)
        self.install()
        self.assert_installed()

    def test_a_server_that_says_when_is_believed(self):
        self.serve(status(429, Retry_After="1"), usual)
        self.install()
        self.assert_installed()
        self.assertEqual(2, len(self.registry.asked(TARBALL)))

    def test_a_server_that_stays_broken_is_given_up(self):
        self.serve(status(500))
        done = self.install(check=1)
        self.assertIn("cannot answer (status 500)", done.stderr)
        self.assertEqual(4, len(self.registry.asked(TARBALL)))
        self.assert_nothing_installed()

    def test_a_refusal_is_not_tried_again(self):
        self.serve(status(403, b'{"error":"forbidden","message":"not for you","details":null,"request_id":"1"}'))
        done = self.install(check=1)
        self.assertIn("not for you", done.stderr)
        self.assertEqual(1, len(self.registry.asked(TARBALL)))

    def test_silence_ends(self):
        self.person.run("config", "set", "timeout", "1")
        released = threading.Event()
        self.addCleanup(released.set)
        self.serve(silent(released))
        done = self.install(check=1)
        self.assertIn("does not answer in time", done.stderr)
        self.assert_nothing_installed()

    def test_nothing_that_was_refused_stays_in_the_project(self):
        before = files_below(self.project.folder)
        self.serve(endless())
        self.install(check=4)
        self.assertEqual(before, files_below(self.project.folder))


if __name__ == "__main__":
    unittest.main()
