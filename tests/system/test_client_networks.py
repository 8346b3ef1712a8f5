# SPDX-License-Identifier: MIT
"""`wharf publish` over networks that lose answers, and from registries that do not have what was sent."""

import json
import time
import unittest

from support.client import PROFILES
from support.meddling_proxy import CUT, Answer, MeddlingProxy
from support.publisher_case import PublisherCase, sha256
from support.wharf import Wharf

def setUpModule():
    global wharf, owner
    wharf = Wharf().start()
    PublisherCase.use(wharf)
    owner = PublisherCase.owner


def tearDownModule():
    wharf.close()


class BadNetworkTest(PublisherCase):
    """What the proxy's function does to the first PUTs; the registry behind it is the real one."""

    def through(self, meddle, profile="wharf", **more):
        proxy = MeddlingProxy(wharf.http_port, meddle)
        self.enterContext(proxy)
        return proxy, self.project(profile, registry=proxy.url, **more)

    def test_an_answer_that_is_lost_after_the_upload_is_no_failure(self):
        proxy, project = self.through(lambda request, answer: CUT if answer and request.method == "PUT" else None)
        done = project.run("publish")
        self.assertIn(f"published {project.name}", done.stdout)
        self.assertIn("looking whether it arrived", done.stderr)
        self.assertEqual(1, proxy.count("PUT"), proxy.seen)
        self.assertEqual(project.json("pack")["checksum"], sha256(self.stored(project)))

    def test_an_upload_that_is_lost_on_the_way_is_sent_again(self):
        cuts = iter([CUT, CUT])
        proxy, project = self.through(lambda request, answer: next(cuts, None) if not answer and request.method == "PUT" else None)
        self.assertIn("published", project.run("publish").stdout)
        self.assertEqual(1, proxy.count("PUT"), proxy.seen)
        self.stored(project)

    def test_a_registry_that_is_busy_is_asked_again(self):
        busy = iter([Answer(503, {"Retry-After": "1", "Content-Type": "application/json"}, b'{"error": "unavailable", "message": "busy"}')])
        proxy, project = self.through(lambda request, answer: next(busy, None) if not answer and request.method == "PUT" else None)
        begun = time.monotonic()
        self.assertIn("published", project.run("publish").stdout)
        self.assertGreaterEqual(time.monotonic() - begun, 1)

    def test_a_registry_that_breaks_is_looked_at_once(self):
        broken = Answer(500, {"Content-Type": "application/json"}, b'{"error": "internal_error", "message": "something went wrong there"}')
        for what, reaches_it in (("before", False), ("after", True)):
            with self.subTest(what):
                proxy, project = self.through(lambda request, answer: broken if request.method == "PUT" and bool(answer) == reaches_it else None)
                done = project.run("publish", check=0 if reaches_it else 1)
                self.assertEqual(reaches_it, "published" in done.stdout)
                self.assertEqual(not reaches_it, "error: something went wrong there" in done.stderr)
                self.assertEqual(int(reaches_it), proxy.count("PUT"))

    def test_an_end_that_cannot_be_known_says_so(self):
        _, project = self.through(lambda request, answer: CUT if request.method == "PUT" else None)
        done = project.run("publish", check=1)
        self.assertIn("is not known", done.stderr)
        self.assertIn("publish again", done.stderr)

    def test_a_network_that_goes_after_the_upload_is_a_warning(self):
        state = {}

        def meddle(request, answer):
            if answer and request.method == "PUT":
                state["gone"] = True
            return CUT if not answer and state.get("gone") else None
        _, project = self.through(meddle)
        done = project.run("publish")
        self.assertIn("warning: it is published, but was not read back", done.stderr)
        self.stored(project)

    def wrong_entry(self, request, answer):
        if answer and request.method == "GET" and request.path.endswith("/0.1.0"):
            return Answer(answer.status, answer.headers, json.dumps({**json.loads(answer.body), "checksum": "0" * 64}).encode())
        return None

    def test_a_registry_that_notes_another_checksum_is_an_integrity_error(self):
        for profile in PROFILES:
            with self.subTest(profile=profile):
                _, project = self.through(self.wrong_entry, profile)
                mine = project.json("pack")["checksum"]
                done = project.run("publish", check=0 if profile == "vais" else 4)
                self.assertIn("0" * 64, done.stderr)
                self.assertIn(mine, done.stderr)
                self.assertEqual(profile == "vais", "warning:" in done.stderr)

    def test_an_archive_that_arrives_differently_is_an_integrity_error(self):
        for what, change in (("other bytes", lambda body: body[:-1] + b"\x01"), ("half", lambda body: body[:len(body) // 2]), ("more", lambda body: body + b"x" * 5000)):
            with self.subTest(what):
                _, project = self.through(lambda request, answer: Answer(200, answer.headers, change(answer.body))
                                          if answer and request.path.endswith("/tarball") else None)
                self.assertIn("the archive that arrives", project.run("publish", check=4).stderr)

    def test_an_archive_that_is_not_visible_yet_is_waited_for(self):
        hidden = iter([Answer(404, {}, b"{}")] * 3)

        def meddle(request, answer):
            if answer and request.method == "PUT":
                return Answer(answer.status, {**answer.headers, "Wharf-Visible": "pending"}, answer.body)
            return next(hidden, None) if answer and request.path.endswith("/tarball") else None
        _, project = self.through(meddle)
        done = project.run("publish")
        self.assertIn("not visible to everyone yet", done.stderr)
        self.assertNotIn("warning", done.stderr)

    def test_a_registry_without_a_clerk_publishes_and_says_that_it_takes_a_while(self):
        with Wharf() as alone:
            account = alone.register()
            alone.kill("clerk")
            person = self.person(alone.url)
            person.env["WHARF_TOKEN"] = account.token
            done = self.project(person=person).run("publish")
            self.assertIn("not visible to everyone yet", done.stderr)
            self.assertIn("warning: it is published, but was not read back", done.stderr)

    def test_nobody_there_is_said_at_once(self):
        project = self.project(registry="http://127.0.0.1:1")
        done = project.run("publish", check=1)
        self.assertIn("127.0.0.1", done.stderr)
        self.assertNotIn("is not known", done.stderr)


if __name__ == "__main__":
    unittest.main()
