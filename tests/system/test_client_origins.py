# SPDX-License-Identifier: MIT
"""A token goes to its registry's origin and nowhere else; certificates are checked; what can be one connection is one."""

import json
import socket
import threading
import unittest

from support.client import Client, archive, wait_until_visible
from support.served_registry import ServedRegistry, body, broken_off, status, tarball_path
from support.wharf import Wharf, wait_for

ME = "/api/v1/users/me"
USER = json.dumps({"id": 1, "user_id": "1", "username": "ada", "email": None, "created_at": "2026-01-31T10:00:00Z", "joined_at": "2026-01-31T10:00:00Z",
                   "role": "user", "packages": [], "tokens": []}).encode()


def redirect(url, number=302):
    return lambda handler: handler.send(number, b"", {"Location": url})


def tokens(requests):
    return [request.headers.get("authorization") for request in requests]


class Tokens(unittest.TestCase):
    def setUp(self):
        self.data = archive("wharf", "fog", "1.0.0")
        published = {("fog", "1.0.0"): (self.data, {})}
        self.own = self.enterContext(ServedRegistry(published))
        self.other = self.enterContext(ServedRegistry(published))
        self.person = self.enterContext(Client(self.own.url))
        self.person.env["WHARF_TOKEN"] = "secret-of-own"

    def whoami(self, check=0, **more):
        return self.person.run("whoami", check=check, **more)

    def test_its_own_registry_gets_it(self):
        self.own.answer(ME, body(USER))
        self.assertIn("ada", self.whoami().stdout)
        self.assertEqual(["Bearer secret-of-own"], tokens(self.own.asked(ME)))

    def test_a_redirect_to_another_port_goes_without_it(self):
        self.own.answer(ME, redirect(f"{self.other.url}{ME}"))
        self.other.answer(ME, body(USER))
        self.whoami(check=None)
        self.assertEqual(["Bearer secret-of-own"], tokens(self.own.asked(ME)))
        self.assertEqual([None], tokens(self.other.asked(ME)))

    def test_a_redirect_to_another_name_of_the_host_goes_without_it(self):
        self.own.answer(ME, redirect(f"http://localhost:{self.own.port}/elsewhere"))
        self.whoami(check=None)
        self.assertEqual([None], tokens(self.own.asked("/elsewhere")))

    def test_a_redirect_that_only_looks_like_the_host_goes_without_it(self):
        for location in (f"http://127.0.0.1:{self.own.port}@127.0.0.1:{self.other.port}/x", f"//127.0.0.1:{self.other.port}/x",
                         f"http://127.0.0.1:{self.other.port}\\@127.0.0.1:{self.own.port}/x"):
            with self.subTest(location):
                self.other.forget()
                self.own.answer(ME, redirect(location))
                self.whoami(check=None)
                self.assertFalse([token for token in tokens(self.other.requests) if token])

    def test_a_redirect_within_the_origin_keeps_it(self):
        self.own.answer(ME, redirect("/elsewhere"))
        self.own.answer("/elsewhere", body(USER))
        self.assertIn("ada", self.whoami().stdout)
        self.assertEqual(["Bearer secret-of-own"], tokens(self.own.asked("/elsewhere")))

    def test_back_at_its_origin_it_is_there_again(self):
        self.own.answer(ME, redirect(f"{self.other.url}/there"))
        self.other.answer("/there", redirect(f"{self.own.url}/back"))
        self.own.answer("/back", body(USER))
        self.whoami()
        self.assertEqual([None], tokens(self.other.asked("/there")))
        self.assertEqual(["Bearer secret-of-own"], tokens(self.own.asked("/back")))

    def test_redirects_end(self):
        self.own.answer(ME, redirect(ME))
        self.assertIn("without an end", self.whoami(check=1).stderr)
        self.assertEqual(6, len(self.own.asked(ME)))

    def test_what_is_sent_is_not_sent_on_to_another_place(self):
        for number in (301, 302, 303, 307, 308):
            with self.subTest(number):
                self.own.answer("/api/v1/packages/fog/1.0.0/yank", redirect(f"{self.other.url}/yank", number))
                done = self.person.run("yank", "fog@1.0.0", check=None)
                self.assertNotEqual(0, done.returncode)
                self.assertIn(self.other.url, done.stderr)
        self.assertEqual([], self.other.requests)

    def test_a_file_url_is_no_redirect(self):
        self.own.answer(ME, redirect("file:///etc/passwd"))
        done = self.whoami(check=1)
        self.assertIn("which is no address of a registry", done.stderr)
        self.assertNotIn("root:", done.stdout + done.stderr)

    def test_reading_takes_no_token(self):
        self.own.answer(tarball_path("fog", "1.0.0"), redirect(f"{self.other.url}{tarball_path('fog', '1.0.0')}"))
        project = self.person.project("wharf", "boat", {"fog": "^1.0.0"})
        project.run("install")
        self.assertEqual({"fog": "1.0.0"}, project.installed())
        self.assertEqual([], [token for token in tokens(self.own.requests + self.other.requests) if token])
        self.assertEqual(1, len(self.other.asked("/tarball")))

    def test_a_broken_download_goes_on_behind_a_redirect(self):
        path = tarball_path("fog", "1.0.0")
        self.own.answer(path, redirect(f"{self.other.url}/blob"))
        self.other.answer("/blob", broken_off(self.data, 100))
        self.person.project("wharf", "boat", {"fog": "^1.0.0"}).run("install")
        self.assertEqual("bytes=100-", self.other.asked("/blob")[1].headers["range"])

    def test_a_token_of_one_registry_is_not_anothers(self):
        del self.person.env["WHARF_TOKEN"]
        folder = self.person.home / ".config/wharf"
        folder.mkdir(parents=True)
        (folder / "credentials.toml").write_text(f'["{self.own.url}"]\ntoken = "secret-of-own"\nusername = "ada"\n')
        self.own.answer(ME, body(USER))
        self.other.answer(ME, status(401, b'{"error":"unauthorized","message":"sign in","details":null,"request_id":"1"}'))
        self.whoami()
        self.person.run("whoami", "--registry", self.other.url, check=1)
        self.person.run("whoami", "--registry", f"http://localhost:{self.own.port}", check=1)
        self.assertEqual(["Bearer secret-of-own"], tokens(self.own.asked(ME)))
        self.assertEqual([], [token for token in tokens(self.other.requests) if token])

    def test_no_token_is_ever_shown(self):
        self.own.answer(ME, lambda handler: handler.reset())
        done = self.whoami(check=1, env={"WHARF_TOKEN": "secret-of-own"})
        self.assertNotIn("secret", done.stdout + done.stderr)
        done = self.person.run("whoami", "--verbose", check=1)
        self.assertNotIn("secret", done.stdout + done.stderr)
        done = self.whoami(check=1, env={"WHARF_TOKEN": "secret\r\nX-Evil: 1"})
        self.assertNotIn("secret", done.stdout + done.stderr)
        self.assertFalse([request for request in self.own.requests if "x-evil" in request.headers])


class CountingTunnel:
    """Hands bytes on to a port, and counts the connections that it did that for."""

    def __init__(self, port):
        self.count, self._port = 0, port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.count += 1
            far = socket.create_connection(("127.0.0.1", self._port))
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._hand_on, args=(source, target), daemon=True).start()

    @staticmethod
    def _hand_on(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Connections(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wharf = Wharf().start()
        cls.addClassCleanup(cls.wharf.close)
        account = cls.wharf.register()
        cls.names = [f"link-{i}" for i in range(30)]
        for i in reversed(range(30)):
            needs = {f"link-{k}": "^1.0.0" for k in (2 * i + 1, 2 * i + 2) if k < 30}
            cls.wharf.published(account.token, f"link-{i}", "1.0.0", dependencies=needs)
        for name in cls.names:
            wait_until_visible(cls.wharf, name, "1.0.0")
        cls.secure = f"https://127.0.0.1:{cls.wharf.https_port}"

    def lines(self, count):
        """The client's own requests, from nginx's log."""
        return wait_for(lambda: len(found := [line for line in self.wharf.log("nginx/access").splitlines() if '"wharf/' in line]) >= count
                        and found, what=f"{count} lines of the client's")

    def install(self, registry, check=0, **environment):
        person = self.enterContext(Client(registry))
        if "ca" in environment:
            person.run("config", "set", "ca_file", environment.pop("ca"))
        project = person.project("wharf", "boat", {"link-0": "^1.0.0"})
        return person, project, project.run("install", check=check, env=environment)

    def test_tls_brings_one_http2_connection(self):
        before = len([line for line in self.wharf.log("nginx/access").splitlines() if '"wharf/' in line])
        tunnel = CountingTunnel(self.wharf.https_port)
        self.addCleanup(tunnel.close)
        _, project, _ = self.install(f"https://127.0.0.1:{tunnel.port}", ca=self.wharf.var / "conf/tls.crt")
        self.assertEqual(set(self.names), set(project.installed()))
        mine = self.lines(before + 60)[before:]
        self.assertEqual(60, len(mine))
        self.assertTrue(all(" HTTP/2.0\"" in line for line in mine), mine[0])
        self.assertEqual(1, tunnel.count)

    def test_without_tls_it_works_as_well(self):
        _, project, _ = self.install(self.wharf.url)
        self.assertEqual(set(self.names), set(project.installed()))

    def test_an_unknown_authority_is_refused(self):
        _, _, done = self.install(self.secure, check=1)
        self.assertIn("is not trusted", done.stderr)
        self.assertIn("ca_file", done.stderr)

    def test_a_proxy_of_the_environment_is_used(self):
        with ServedRegistry() as proxy:
            self.install("http://packages.example.org", check=None, http_proxy=proxy.url)
            self.assertTrue(proxy.requests)
            self.assertTrue(all(request.path.startswith("http://packages.example.org/") for request in proxy.requests))


if __name__ == "__main__":
    unittest.main()
