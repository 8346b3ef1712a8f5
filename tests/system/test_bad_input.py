# SPDX-License-Identifier: MIT
"""Input that is broken, hostile or too much, and a registry that has lost its database or its disk: each gets the documented
error in the right shape, leaves no row, no blob and no staged file, and the same workers go on."""

import base64
import functools
import hashlib
import hmac
import io
import itertools
import json
import os
import socket
import struct
import subprocess
import tarfile
import time
import unittest
import zlib

from support import fastcgi_peer, packages
from support.http_client import Answer
from support.refusals import BASES, Untouched, check_refusal, traces
from support.wharf import Wharf, wait_for

GZIP = {"Content-Type": "application/gzip"}
JSON = {"Content-Type": "application/json"}
_numbers = itertools.count(1)


def setUpModule():
    global wharf, ada, session_claims
    wharf = Wharf().start()
    ada = wharf.register("ada").token
    wharf.published(ada, "geo-kit", "1.0.0")


def tearDownModule():
    wharf.close()


def new_name():
    return f"bad-{next(_numbers)}x"


def parsed(received):
    """An answer from the bytes of a connection."""
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines[1:] if ": " in line]
    fields = lines[0].split(" ", 2)
    length = dict((name.lower(), value) for name, value in headers).get("content-length")
    return Answer(int(fields[1]) if len(fields) > 1 and fields[1].isdigit() else 0, headers, body[:int(length)] if length else body)


def raw_request(method, target, headers, body=b""):
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    return parsed(wharf.raw(head.encode("latin-1") + b"\r\n" + body, timeout=30))


class Case(unittest.TestCase):
    """Whatever a test of these does, it leaves nothing."""

    without = ()

    def setUp(self):
        self.watch = Untouched(self, wharf, self.without)
        self.watch.__enter__()

    def tearDown(self):
        self.watch.__exit__(None)

    def refused(self, answer, status, code=None, base="/api/v1"):
        return check_refusal(self, answer, status, code, base)

    def post(self, path, body, headers=JSON, token=None):
        return wharf.post(path, body, headers=headers, token=token)


# --- JSON ---
NOT_JSON = {
    "cut short": b'{"username": "ada"', "a comma too many": b'{"username": "ada",}', "two values": b'{"username": "ada"} {}', "empty": b"",
    "no quotes": b"{username: 1}", "single quotes": b"{'username': 'ada'}", "a key twice": b'{"username": "ada", "username": "bob"}',
    "invalid UTF-8": b'{"username": "\xff\xfe"}', "a half surrogate": b'{"username": "\\ud800"}', "NUL": b'{"username": "\\u0000"}',
    "a control character": b'{"username": "a\x01b"}', "a byte order mark": b'\xef\xbb\xbf{"username": "ada"}', "NaN": b'{"username": NaN}',
    "a leading zero": b'{"username": 01}', "a number without end": b'{"username": 1e999}', "a comment": b'{/* */"username": 1}',
    "too deep": b'{"username": ' + b"[" * 5000 + b"]" * 5000 + b"}", "an array": b'["username"]', "text": b'"username"', "null": b"null",
    "overlong UTF-8": b'{"username": "\xc0\xaf"}',
}


class JsonTest(Case):
    def test_what_is_not_json_is_refused_by_every_call(self):
        for what, body in NOT_JSON.items():
            for method, path, token in (("POST", "/auth/register", None), ("POST", "/auth/login", None), ("POST", "/packages", ada),
                                        ("POST", "/users/me/tokens", ada), ("PUT", "/users/me/password", ada),
                                        ("POST", "/packages/geo-kit/1.0.0/yank", ada), ("POST", "/auth/verify", None)):
                if what == "empty" and path.endswith(("yank", "verify")):
                    continue  # their body is optional
                with self.subTest(what=what, path=path):
                    self.refused(wharf.request(method, f"/api/v1{path}", body, JSON, token=token), 400, "bad_request")

    def test_every_dialect_says_so_in_its_own_shape(self):
        for base in BASES:
            self.refused(self.post(f"{base}/auth/login", b"{"), 400, "bad_request", base)
            self.refused(self.post(f"{base}/packages", b"{", token=ada), 400, "bad_request", base)
            self.refused(self.post(f"{base}/packages", b"{"), 401, "unauthorized", base)

    def test_fields_of_the_wrong_type_are_refused(self):
        good = {"/auth/register": {"username": "carol", "password": "a sentence that is long", "email": "carol@example.org"},
                "/auth/login": {"username": "carol", "password": "a sentence that is long"},
                "/users/me/tokens": {"name": "ci", "scopes": ["publish"], "packages": "*"},
                "/packages": {"name": "carol", "version": "1.0.0", "tarball": base64.b64encode(packages.package("carol", "1.0.0")).decode()},
                "/packages/geo-kit/1.0.0/yank": {"reason": "because"}}
        for path, fields in good.items():
            for field in fields:
                for wrong in (5, 1.5, True, {}, {"a": 1}, [], [5], [None]):
                    if isinstance(fields[field], list) and wrong == []:
                        continue
                    with self.subTest(path=path, field=field, wrong=wrong):
                        answer = self.post(f"/api/v1{path}", {**fields, field: wrong}, token=ada)
                        body = self.refused(answer, 400)
                        self.assertIn(field, body["message"])

    def test_missing_fields_are_named(self):
        for path, fields, missing in (("/auth/register", {"password": "a sentence that is long"}, "username"),
                                      ("/auth/register", {"username": "carol"}, "password"),
                                      ("/auth/register", {"username": None, "password": "a sentence that is long"}, "username"),
                                      ("/auth/login", {"username": "carol"}, "password"),
                                      ("/auth/login", {"password": "a sentence that is long"}, "username"),
                                      ("/packages", {"name": "carol", "version": "1.0.0"}, "tarball"),
                                      ("/users/me/tokens", {"scopes": ["publish"]}, "name")):
            with self.subTest(path=path, missing=missing):
                body = self.refused(self.post(f"/api/v1{path}", fields, token=ada), 400, "bad_request")
                self.assertIn(missing, body["message"])

    def test_bodies_of_another_type_are_refused(self):
        archive = packages.package("carol", "1.0.0")
        for content_type in (None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "rubbish", ";;"):
            headers = {"Content-Type": content_type} if content_type else {}
            for method, path in (("POST", "/auth/login"), ("POST", "/packages"), ("POST", "/users/me/tokens")):
                with self.subTest(content_type=content_type, path=path):
                    self.refused(wharf.request(method, f"/api/v1{path}", b"{}", headers, token=ada), 415, "unsupported_media_type")
        for content_type in ("application/json", "multipart/form-data; boundary=x"):
            answer = wharf.request("PUT", "/api/v1/packages/carol/1.0.0", archive, {"Content-Type": content_type}, token=ada)
            self.refused(answer, 415, "unsupported_media_type")


# --- Bodies ---
class LengthTest(Case):
    """nginx lets no wrong length through, so that the worker's own care is tested on its socket."""

    def params(self, method, path, length, content_type):
        return {"REQUEST_METHOD": method, "REQUEST_URI": path, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
                "CONTENT_LENGTH": str(length), "CONTENT_TYPE": content_type, "HTTP_CONTENT_TYPE": content_type, "REQUEST_ID": "a-test-0001",
                "HTTP_AUTHORIZATION": f"Bearer {ada}"}

    def ask(self, method, path, length, content_type, body, **more):
        socket_path = wharf.var / "run" / "write.sock"
        head, content = fastcgi_peer.ask(socket_path, self.params(method, path, length, content_type), body, **more)
        lines = [tuple(line.split(": ", 1)) for line in head.split("\r\n") if ": " in line]
        status = dict(lines).get("Status", "200").split(" ")[0]
        return Answer(int(status), lines, content)

    def calls(self):
        archive = packages.package("lengthy", "1.0.0")
        form, form_type = packages.multipart([("tarball", "a", None, archive)])
        text = json.dumps({"tarball": base64.b64encode(archive).decode()}).encode()
        return (("PUT", "/api/v1/packages/lengthy/1.0.0", "application/gzip", archive), ("POST", "/api/v1/packages", form_type, form),
                ("POST", "/api/v1/packages", "application/json", text),
                ("POST", "/api/v1/users/me/tokens", "application/json", b'{"name": "ci"}'))

    def test_the_very_same_call_with_the_right_length_is_fine(self):
        method, path, content_type, body = self.calls()[0]
        answer = self.ask(method, f"{path}?dry_run=1", len(body), content_type, body)
        self.assertEqual(200, answer.status, answer)

    def test_a_body_longer_than_announced(self):
        for method, path, content_type, body in self.calls():
            with self.subTest(path=path, type=content_type):
                self.refused(self.ask(method, path, len(body), content_type, body + b"more"), 400, "bad_request")
                self.refused(self.ask(method, path, 0, content_type, body), 400, "bad_request")

    def test_a_body_shorter_than_announced(self):
        for method, path, content_type, body in self.calls():
            with self.subTest(path=path, type=content_type):
                self.refused(self.ask(method, path, len(body) + 1, content_type, body), 400, "bad_request")
                self.refused(self.ask(method, path, len(body), content_type, body[:-1]), 400, "bad_request")

    def test_a_peer_that_goes_away_in_the_middle(self):
        for method, path, content_type, body in self.calls():
            with self.subTest(path=path, type=content_type):
                answer = self.ask(method, path, len(body), content_type, body[:len(body) // 2], end_early=True)
                self.assertNotIn(answer.status, (200, 201), answer)

    def test_lengths_that_are_none(self):
        for length in ("-1", "x", "1e3", "99999999999999999999999", "0x10"):
            with self.subTest(length=length):
                answer = self.ask("POST", "/api/v1/users/me/tokens", length, "application/json", b'{"name": "ci"}')
                self.refused(answer, 400, "bad_request")

    def test_a_client_that_breaks_off_through_nginx(self):
        archive = packages.package("lengthy", "1.0.0")
        head = ("PUT /api/v1/packages/lengthy/1.0.0 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/gzip\r\n"
                f"Authorization: Bearer {ada}\r\nContent-Length: {len(archive) + 1000}\r\n\r\n").encode()
        with socket.create_connection(("127.0.0.1", wharf.http_port), timeout=10) as client:
            client.sendall(head + archive)
            client.shutdown(socket.SHUT_WR)
            received = b""
            while piece := client.recv(65536):
                received += piece
        self.assertNotIn(b" 201 ", received[:20])

    def test_what_follows_a_body_is_another_request(self):
        # "longer than announced" over HTTP: the rest is no request of any kind.
        body = b'{"token": "x"}'
        received = wharf.raw(b"POST /api/v1/auth/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                             + f"Content-Length: {len(body)}\r\n\r\n".encode() + body + b"rubbish beyond it\r\n\r\n")
        self.assertEqual(b"HTTP/1.1 200", received[:12])
        self.assertIn(b"HTTP/1.1 400", received[12:])

    def test_lengths_that_contradict_each_other(self):
        for lines in ([("Content-Length", "2"), ("Content-Length", "3")], [("Content-Length", "2"), ("Transfer-Encoding", "chunked")],
                      [("Content-Length", "-2")], [("Content-Length", "2, 2")], [("Transfer-Encoding", "rubbish")]):
            with self.subTest(lines=lines):
                answer = raw_request("POST", "/api/v1/auth/login", [*lines, ("Content-Type", "application/json")], b"{}")
                self.assertIn(answer.status, (400, 501, 500, 411), answer)
                self.refused(answer, answer.status)


class FormTest(Case):
    def send(self, body, content_type="multipart/form-data; boundary=b"):
        return wharf.post("/api/v1/packages", body, headers={"Content-Type": content_type}, token=ada)

    def part(self, disposition, data=b"x"):
        return b"--b\r\n" + disposition + b"\r\n\r\n" + data + b"\r\n"

    def test_broken_forms(self):
        archive = packages.package("formed", "1.0.0")
        tarball = self.part(b'Content-Disposition: form-data; name="tarball"; filename="a"', archive)
        end = b"--b--\r\n"
        broken = {
            "empty": b"", "no boundary in it": archive, "never ends": tarball, "ends in the middle of a line": tarball + b"--b-",
            "cut in the archive": tarball[:200], "only its end": end, "no name": self.part(b"Content-Disposition: form-data") + end,
            "no disposition": self.part(b"Content-Type: text/plain") + end, "attachment": self.part(b'Content-Disposition: attachment; name="tarball"') + end,
            "a header that is none": self.part(b"rubbish") + end, "a header without end": b"--b\r\n" + b"X: " + b"x" * 100000,
            "the archive twice": tarball + tarball + end, "both names of it": tarball + tarball.replace(b'"tarball"', b'"archive"') + end,
            "no archive": self.part(b'Content-Disposition: form-data; name="metadata"', b"{}") + end, "an empty archive":
                self.part(b'Content-Disposition: form-data; name="tarball"', b"") + end,
            "too many parts": b"".join(self.part(f'Content-Disposition: form-data; name="p{n}"'.encode()) for n in range(30)) + tarball + end,
            "metadata that is no JSON": tarball + self.part(b'Content-Disposition: form-data; name="metadata"', b"{") + end,
            "metadata that is an array": tarball + self.part(b'Content-Disposition: form-data; name="metadata"', b"[]") + end,
            "metadata twice": tarball + self.part(b'Content-Disposition: form-data; name="metadata"', b"{}")
                + self.part(b'Content-Disposition: form-data; name="manifest"', b"{}") + end,
            "a long preamble": b"x" * 100000 + b"\r\n" + tarball + end, "a long epilogue": tarball + end + b"x" * 100000,
            "base64 for bytes": tarball.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1) + end,
            "a name that is not UTF-8": self.part(b'Content-Disposition: form-data; name="\xff"') + end,
        }
        for what, body in broken.items():
            with self.subTest(what=what):
                self.refused(self.send(body), 400, "bad_request")
        with self.subTest(what="large metadata"):
            body = tarball + self.part(b'Content-Disposition: form-data; name="metadata"', b" " * (2 << 20)) + end
            self.refused(self.send(body), 413, "payload_too_large")

    def test_boundaries_that_are_none(self):
        body = self.part(b'Content-Disposition: form-data; name="tarball"', packages.package("formed", "1.0.0")) + b"--b--\r\n"
        for content_type in ("multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary=""',
                             "multipart/form-data; boundary=" + "b" * 71, 'multipart/form-data; boundary="b\\"x"', "multipart/form-data; boundary=other",
                             "multipart/form-data; boundary=b; boundary=c"):
            with self.subTest(content_type=content_type):
                answer = self.send(body, content_type)
                self.assertIn(answer.status, (400, 415), answer)
                self.refused(answer, answer.status)

    def test_base64_that_is_none(self):
        text = base64.b64encode(packages.package("based", "1.0.0")).decode()
        for what, value in {"rubbish": "!!!!", "empty": "", "odd": text + "A", "cut": text.rstrip("=")[:-1], "blanks": text[:40] + " " + text[40:],
                            "lines": text[:40] + "\n" + text[40:], "padding within": "QQ==" + text, "url letters": text[:40] + "-_-_" + text[40:],
                            "too much padding": text + "====", "other letters": text[:40] + "äöüß" + text[40:], "trailing bits": "QR=="}.items():
            with self.subTest(what=what):
                self.refused(self.post("/api/v1/packages", {"tarball": value}, token=ada), 400, "bad_request")
        for value in (None, 5, [], {}, True):
            with self.subTest(value=value):
                self.refused(self.post("/api/v1/packages", {"tarball": value}, token=ada), 400, "bad_request")
        body = b'{"tarball": "' + text.encode() + b'", "tarball": "' + text.encode() + b'"}'
        self.refused(self.post("/api/v1/packages", body, token=ada), 400, "bad_request")
        self.refused(self.post("/api/v1/packages", b'{"tarball": "' + text.encode() + b'"', token=ada), 400, "bad_request")


# --- Requests ---
class RequestTest(Case):
    def test_headers_that_come_twice(self):
        archive = packages.package("twice", "1.0.0")
        once = [("Authorization", f"Bearer {ada}"), ("Content-Type", "application/gzip"), ("Content-Length", str(len(archive))),
                ("X-Checksum-SHA256", hashlib.sha256(archive).hexdigest())]
        target = "/api/v1/packages/twice/1.0.0?dry_run=1"
        self.assertEqual(200, raw_request("PUT", target, once, archive).status)
        for name, value in (*once, ("X-Force", "false"), ("Host", "localhost"), ("If-None-Match", '"x"')):
            twice = [*once, (name, value)] if name not in ("X-Force", "If-None-Match") else [*once, (name, value), (name, value)]
            with self.subTest(header=name):
                self.refused(raw_request("PUT", target, twice, archive), 400, "bad_request")
        for name, value in (("Authorization", "Bearer rubbish"), ("X-Checksum-SHA256", "0" * 64), ("Content-Type", "application/json")):
            with self.subTest(header=name, value=value):
                self.refused(raw_request("PUT", target, [(name, value), *once], archive), 400, "bad_request")

    def test_paths_that_hide_something(self):
        for path in ("/packages/geo%2fkit", "/packages/geo-kit%2F1.0.0", "/packages/geo-kit%2f1.0.0/tarball", "/packages/geo-kit/1.0.0%2ftarball",
                     "/packages/geo-kit%00", "/packages/geo-kit/1.0.0/tarball%00", "/packages/%00/index.json", "/packages/geo-kit%5c1.0.0",
                     "/packages/../packages/geo-kit", "/packages/geo-kit/..", "/packages/geo-kit/../../../../../etc/passwd",
                     "/packages/%2e%2e/%2e%2e/blobs", "/packages/geo-kit/%2E%2e/tarball", "/packages/./geo-kit", "/packages/geo-kit/.",
                     "/packages/geo-kit/1.0.0/..%2f..%2ftarball", "/packages//geo-kit", "/packages/geo-kit/", "/packages/geo-kit/%zz",
                     "/packages/geo-kit/1.0.0%", "/packages/%ff%fe", "/packages/geo-kit/%0d%0aX-Evil:%201", "/packages/geo-kit%0a"):
            for base in BASES:
                with self.subTest(base=base, path=path):
                    for method in ("GET", "PUT", "DELETE"):
                        answer = wharf.request(method, base + path, b"x" if method == "PUT" else None, token=ada)
                        expected = (400, 404, 405) if path.endswith("/") or "//" in path else (400,)
                        self.assertIn(answer.status, expected, f"{method} {answer}")
                        self.refused(answer, answer.status, None, base)

    def test_nothing_but_the_interface_can_be_read(self):
        digest = hashlib.sha256(wharf.download("geo-kit", "1.0.0").body).hexdigest()
        for path in ("/secrets/session.key", "/conf/wharf.conf", "/log/nginx/access.log", "/database/ibdata1", "/staging", "/staging/",
                     f"/blobs/{digest[:2]}/{digest}", "/run/clerk.state", "/.wharf", "/.lock", "/.wharf-error/500", "/.wharf-worker", "/@worker",
                     "/public/index.json", "/index/../../conf/wharf.conf", "/tarballs/../../secrets/session.key", "/tarballs/", "/index/",
                     "/packages/geo-kit/1.0.0/../../../../secrets/session.key", "/etc/passwd", "//etc/passwd", "/packages/.../index.json"):
            for base in ("", *BASES):
                with self.subTest(base=base, path=path):
                    answer = wharf.get(base + path)
                    self.assertIn(answer.status, (400, 404), answer)
                    self.refused(answer, answer.status, None, base or "/api/v1")

    def test_an_e_mail_is_shown_to_nobody_else(self):
        for path in ("/packages/geo-kit", "/packages/geo-kit/1.0.0", "/packages/geo-kit/index.json", "/packages", "/users/ada", "/index.json",
                     "/packages/geo-kit/owners", "/stats"):
            for base in BASES:
                self.assertNotIn("ada@example.org", wharf.get(base + path).text, base + path)
        self.assertIn("ada@example.org", wharf.get("/api/v1/users/me", token=ada).text)

    def test_queries_that_are_broken(self):
        for query in ("limit=%zz", "limit=%", "limit=%ff", "limit=1&limit=1", "offset=%00", "limit=-1", "limit=99999999999999999999"):
            with self.subTest(query=query):
                self.refused(wharf.get(f"/api/v1/packages?{query}"), 400, "bad_request")

    def test_methods_that_do_not_exist(self):
        for method in ("BREW", "PATCH", "PROPFIND", "LOCK"):
            for path in ("/packages/geo-kit", "/packages/geo-kit/1.0.0/tarball", "/packages", "/auth/login", "/packages/geo-kit/1.0.0"):
                for base in BASES:
                    with self.subTest(method=method, base=base, path=path):
                        answer = wharf.request(method, base + path, token=ada)
                        self.refused(answer, 405, "method_not_allowed", base)
                        self.assertRegex(answer.headers.get("allow", ""), "GET|POST|PUT")
        for method in ("get", "G@T", "TRACE", "CONNECT"):
            with self.subTest(method=method):
                answer = raw_request(method, "/api/v1/packages", [])
                self.assertIn(answer.status, (400, 405), answer)
                self.refused(answer, answer.status)
        for path in ("/auth/login", "/packages/publish"):
            answer = wharf.get(f"/api/v1{path}")
            self.assertIn(answer.status, (404, 405), answer)
            self.refused(answer, answer.status)

    def test_what_is_no_http_at_all(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00" * 64 + b"\r\n\r\n", b"rubbish\r\n\r\n", b"GET /api/v1/health HTTP/9.9\r\n\r\n",
                     b"GET\r\n\r\n", b"GET /api/v1/health HTTP/1.1\r\n\r\n", b"GET /" + b"x" * 40000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 40000 + b"\r\n\r\n"):
            with self.subTest(data=data[:30]):
                received = wharf.raw(data)
                self.assertNotIn(b"<html", received.lower())
                if received.startswith(b"HTTP/1."):
                    self.assertIn(parsed(received).status // 100, (4, 5))


# --- Credentials ---
def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(header, claims, key, digest="sha256"):
    signed = f"{url64(json.dumps(header, separators=(',', ':')).encode())}.{url64(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{signed}.{url64(hmac.new(key, signed.encode(), digest).digest()) if key is not None else ''}"


class CredentialTest(Case):
    HEADER = {"alg": "HS256", "typ": "JWT"}

    def setUp(self):
        super().setUp()
        text = (wharf.var / "secrets" / "session.key").read_text().split()[0]
        self.key = bytes.fromhex(text)
        _, claims, self.signature = ada.split(".")
        self.claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))

    def test_a_token_of_this_site_is_made_as_the_test_believes(self):
        # Else every refusal below would prove nothing.
        self.assertEqual(200, wharf.get("/api/v1/users/me", token=jwt(self.HEADER, self.claims, self.key)).status)

    def forgeries(self):
        now = int(time.time())
        claims = self.claims
        header, body, signature = ada.split(".")
        yield "another site's key", jwt(self.HEADER, claims, os.urandom(32))
        yield "an empty key", jwt(self.HEADER, claims, b"")
        yield "the key as text", jwt(self.HEADER, claims, self.key.hex().encode())
        yield "run out", jwt(self.HEADER, {**claims, "iat": now - 7200, "exp": now - 3600}, self.key)
        yield "no end", jwt(self.HEADER, {name: value for name, value in claims.items() if name != "exp"}, self.key)
        yield "an end that is text", jwt(self.HEADER, {**claims, "exp": str(claims["exp"])}, self.key)
        yield "a session that never was", jwt(self.HEADER, {**claims, "jti": "A" * 22}, self.key)
        yield "no session", jwt(self.HEADER, {name: value for name, value in claims.items() if name != "jti"}, self.key)
        yield "another's session", jwt(self.HEADER, {**claims, "sub": str(int(claims["sub"]) + 1)}, self.key)
        yield "SQL for a session", jwt(self.HEADER, {**claims, "jti": "' OR '1'='1"}, self.key)
        for alg in ("none", "None", "NONE", "nOnE", "", None, "HS384", "RS256"):
            yield f"alg {alg} unsigned", jwt({**self.HEADER, "alg": alg}, claims, None)
            yield f"alg {alg} signed", jwt({**self.HEADER, "alg": alg}, claims, self.key)
        yield "HS512", jwt({**self.HEADER, "alg": "HS512"}, claims, self.key, "sha512")
        yield "no alg", jwt({"typ": "JWT"}, claims, self.key)
        yield "more in its header", jwt({**self.HEADER, "kid": "../../dev/null"}, claims, self.key)
        yield "no signature", f"{header}.{body}."
        yield "two parts", f"{header}.{body}"
        yield "four parts", f"{ada}.x"
        yield "another's body", f"{header}.{url64(json.dumps({**claims, 'sub': '1'}).encode())}x.{signature}"
        yield "a signature cut short", ada[:-1]
        yield "a letter changed", ada[:-10] + ("A" if ada[-10] != "A" else "B") + ada[-9:]
        yield "standard base64", f"{header}.{body}.{signature}="
        yield "rubbish", "rubbish"
        yield "very long", "x" * 5000
        yield "an unknown API token", "wharf_" + "a" * 43 + "000000"
        yield "an API token with a wrong check", "wharf_" + "a" * 49

    def test_no_forged_token_opens_anything(self):
        archive = packages.package("forged", "1.0.0")
        for what, token in self.forgeries():
            with self.subTest(what=what):
                self.assertNotEqual(ada, token)
                self.refused(wharf.get("/api/v1/users/me", token=token), 401, "unauthorized")
                answer = wharf.request("PUT", "/api/v1/packages/forged/1.0.0", archive, GZIP, token=token)
                self.refused(answer, 401, "unauthorized")
                self.assertIs(False, wharf.post("/api/v1/auth/verify", {"token": token}).json()["valid"])
                # Reading needs nobody.
                self.assertEqual(200, wharf.get("/api/v1/packages/geo-kit", token=token).status)

    def test_what_is_no_bearer_token(self):
        for header in ("", "Bearer", "Bearer ", f"Basic {ada}", ada, f"Bearer  {ada} more", "Bearer \t", f"Bearer,{ada}", "Negotiate x"):
            with self.subTest(header=header[:20]):
                self.refused(wharf.get("/api/v1/users/me", headers={"Authorization": header}), 401, "unauthorized")

    def test_every_dialect_refuses_in_its_shape(self):
        for base in BASES:
            self.refused(wharf.request("PUT", f"{base}/packages/forged/1.0.0", b"x", GZIP, token="rubbish"), 401, "unauthorized", base)
            self.refused(wharf.post(f"{base}/packages/publish", b"x"), 401, "unauthorized", base)


# --- Archives ---
@functools.lru_cache
def deflated(data):
    """Blocks of a deflate stream that end at a byte and refer to nothing before them, so that they can be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def combined(*pieces):
    """One gzip member of (bytes, how often), and its size unpacked."""
    stream = b"".join(deflated(data) * times for data, times in pieces)
    size = sum(len(data) * times for data, times in pieces)
    # Nobody who keeps to the limits ever comes to the checksum.
    return (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + stream + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
            + struct.pack("<II", 0, size & 0xffffffff)), size


def header_of(path, size):
    info = tarfile.TarInfo(path)
    info.size = size
    return info.tobuf(tarfile.USTAR_FORMAT)


def file_of(path, data):
    return header_of(path, len(data)) + data + bytes(-len(data) % 512)


class ArchiveTest(Case):
    ZEROS = bytes(32 << 20)

    def test_ten_gigabytes_of_zeros(self):
        manifest = file_of("wharf.toml", packages.toml_manifest("zeros", "1.0.0").encode())
        gigabyte = [(header_of("zeros.bin", 1 << 30), 1), (self.ZEROS, 32)]
        bombs = {
            "ten large files": [(manifest, 1)] + gigabyte * 10,
            "zeros before the manifest": gigabyte * 10 + [(manifest, 1)],
            "many files within the limit": [(manifest, 1)] + [piece for number in range(320)
                                                              for piece in ((header_of(f"zeros-{number}.bin", 32 << 20), 1), (self.ZEROS, 1))],
            "zeros after the end": [(manifest + bytes(1024), 1), (self.ZEROS, 320)],
            "nothing but zeros": [(self.ZEROS, 320)],
        }
        for what, contents in bombs.items():
            archive, size = combined(*contents)
            self.assertGreaterEqual(size, 10 << 30, what)
            self.assertLess(len(archive), 16 << 20, what)
            with self.subTest(what=what):
                began = time.monotonic()
                answer = wharf.request("PUT", "/api/v1/packages/zeros/1.0.0", archive, GZIP, token=ada)
                body = self.refused(answer, 422)
                self.assertTrue(body["error"].startswith("archive_"), body)
                # Half a gigabyte takes a second or so; all ten would take twenty times as long.
                self.assertLess(time.monotonic() - began, 15)
        for pid in wharf.children("workers-write"):
            self.assertLess(wharf.resident_kib(pid), 64 * 1024)

    def test_archives_that_break_a_rule(self):
        manifest = packages.toml_manifest("broken", "1.0.0")

        def tar(*members):
            buffer = io.BytesIO()
            with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as out:
                info = tarfile.TarInfo("wharf.toml")
                info.size = len(manifest)
                out.addfile(info, io.BytesIO(manifest.encode()))
                for path, kind, target in members:
                    info = tarfile.TarInfo(path)
                    info.type, info.linkname = kind, target
                    out.addfile(info)
            return zlib.compress(buffer.getvalue(), wbits=31)
        good = packages.package("broken", "1.0.0")
        cases = (
            ("archive_form", b"rubbish"), ("archive_form", good[:-4]), ("archive_form", good + b"x"), ("archive_form", good + good),
            ("archive_form", good[:-8] + b"\0" * 8), ("archive_form", b"PK\x03\x04" + good), ("archive_header", zlib.compress(b"not a tar" * 200, wbits=31)),
            ("archive_type", tar(("link", tarfile.SYMTYPE, "/etc/passwd"))), ("archive_type", tar(("link", tarfile.LNKTYPE, "wharf.toml"))),
            ("archive_type", tar(("pipe", tarfile.FIFOTYPE, ""))), ("archive_type", tar(("disk", tarfile.BLKTYPE, ""))),
            ("archive_path", tar(("../evil", tarfile.REGTYPE, ""))), ("archive_path", tar(("/evil", tarfile.REGTYPE, ""))),
            ("archive_path", tar(("a/../../evil", tarfile.REGTYPE, ""))), ("archive_path", tar(("a\\evil", tarfile.REGTYPE, ""))),
            ("archive_path", tar(("nul.txt", tarfile.REGTYPE, ""))), ("archive_path", tar(("WHARF.toml", tarfile.REGTYPE, ""))),
            ("manifest_missing", packages.tar_gz({"README.md": "x"})), ("manifest_missing", packages.tar_gz({"deep/down/wharf.toml": manifest})),
            ("manifest_invalid", packages.tar_gz({"wharf.toml": "[package"})), ("manifest_invalid", packages.tar_gz({"wharf.toml": b"\xff\xfe"})),
            ("manifest_invalid", packages.tar_gz({"wharf.toml": '[package]\nname = "broken"\n'})),
            ("manifest_invalid", packages.tar_gz({"synapse.json": '{"name": "broken", "version": "1.0.0"}'})),
            ("manifest_invalid", packages.tar_gz({"wharf.json": '{"name": "broken", "version": "1.0.0", "dependencies": {"a": 5}}'})),
            (None, packages.tar_gz({"wharf.toml": manifest, "vais.toml": manifest})),
        )
        for number, (code, archive) in enumerate(cases):
            with self.subTest(number=number, code=code):
                self.refused(wharf.request("PUT", "/api/v1/packages/broken/1.0.0", archive, GZIP, token=ada), 422, code)
        self.refused(wharf.request("PUT", "/api/v1/packages/broken/1.0.0", b"", GZIP, token=ada), 400, "bad_request")


# --- What a registry loses ---
class LostDatabaseTest(unittest.TestCase):
    def test_without_a_database_workers_wait_for_it(self):
        archive = packages.package("later", "1.0.0")
        calls = [("GET", "/packages/geo-kit", None, {}), ("GET", "/packages/geo-kit/versions", None, {}), ("GET", "/users/me", None, {}),
                 ("GET", "/packages", None, {}), ("PUT", "/packages/later/1.0.0", archive, GZIP),
                 ("POST", "/packages/geo-kit/1.0.0/yank", None, {}),
                 ("POST", "/auth/login", {"username": "ada", "password": "a sentence that is long"}, {}),
                 ("POST", "/auth/register", {"username": "later", "password": "a sentence that is long"}, {}),
                 ("POST", "/users/me/tokens", {"name": "ci"}, {})]
        before, workers = traces(wharf), wharf.workers()
        wharf.kill("mariadb")
        try:
            for base in BASES:
                for method, path, body, headers in calls:
                    with self.subTest(base=base, method=method, path=path):
                        answer = wharf.request(method, base + path, body, headers, token=ada)
                        check_refusal(self, answer, 503, "unavailable", base)
            health = wharf.get("/api/v1/health")
            self.assertEqual((503, "unavailable"), (health.status, health.json()["checks"]["database"]))
            self.assertEqual(200, wharf.download("geo-kit", "1.0.0").status)
            self.assertEqual([], wharf.staging())
            self.assertEqual(before["(blobs)"], [name for name in wharf.blobs() if len(name) == 64])
        finally:
            wharf.restart("mariadb")
        # Every worker finds back by itself.
        wait_for(lambda: wharf.get("/api/v1/health").status == 200, what="all to be well")
        for _ in range(3 * len(workers)):
            self.assertEqual(200, wharf.get("/api/v1/packages/geo-kit", token=ada).status)
            self.assertEqual(200, wharf.request("PUT", "/api/v1/packages/later/1.0.0?dry_run=1", archive, GZIP, token=ada).status)
        self.assertEqual(workers, wharf.workers())
        self.assertEqual(before, traces(wharf))
        self.assertEqual(201, wharf.publish(ada, "later", "1.0.0", archive).status)


class FullDiskTest(unittest.TestCase):
    def setUp(self):
        self.payload = os.urandom(1 << 20)

    def sends(self, name):
        archive = packages.package(name, "1.0.0", files={"payload.bin": self.payload})
        form, form_type = packages.multipart([("tarball", "a", None, archive)])
        yield wharf.request("PUT", f"/api/v1/packages/{name}/1.0.0", archive, GZIP, token=ada)
        yield wharf.post("/api/v1/packages", form, headers={"Content-Type": form_type}, token=ada)
        yield wharf.post("/api/v1/packages", {"tarball": base64.b64encode(archive).decode()}, token=ada)

    def test_a_full_disk_refuses_uploads_and_nothing_else(self):
        name = new_name()
        staging = wharf.var / "staging"
        owner = staging.stat()
        before, workers = traces(wharf), wharf.workers()
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size=256k,mode=0700,uid={owner.st_uid},gid={owner.st_gid}", "wharf-test", str(staging)],
            capture_output=True).returncode == 0
        if not mounted:
            self.skipTest("no small file system can be mounted here; the failing writes below stand for it")
        try:
            for answer in self.sends(name):
                check_refusal(self, answer, 503, "unavailable")
                self.assertEqual([], wharf.staging())
            self.assertEqual(503, wharf.get("/api/v1/health").status)
            self.assertEqual(200, wharf.get("/api/v1/packages/geo-kit", token=ada).status)
            self.assertEqual(200, wharf.post("/api/v1/auth/verify", {"token": ada}).status)
        finally:
            subprocess.run(["umount", str(staging)], check=True)
        self.assertEqual(workers, wharf.workers())
        self.assertEqual(before, traces(wharf))
        self.assertEqual(201, next(self.sends(name)).status)

    def test_a_storage_that_fills_up_and_is_made_larger(self):
        """Blobs, staging and public tree of another Wharf on a small file system of their own."""
        place = wharf.var.parent / "small"
        place.mkdir()
        mount = lambda *options: subprocess.run(["mount", *options, str(place)], capture_output=True).returncode == 0
        if os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=1g,mode=0755", "wharf-test"):
            place.rmdir()
            self.skipTest("no small file system can be mounted here; the failing writes below stand for it")
        keys = {}
        for folder in ("blobs", "staging", "public"):
            stat = (wharf.var / folder).stat()
            (place / folder).mkdir()
            os.chown(place / folder, stat.st_uid, stat.st_gid)
            (place / folder).chmod(stat.st_mode & 0o7777)
            keys[f"WHARF_STORAGE_{'PUBLIC' if folder == 'public' else folder.upper()}"] = str(place / folder)
        try:
            with Wharf(env=keys) as small:
                self.fill_up(small, place, mount)
        finally:
            subprocess.run(["umount", str(place)], check=True)
            place.rmdir()

    def fill_up(self, small, place, mount):
        token, kept, refused = small.register().token, {}, 0
        small.published(token, "the-first", "1.0.0")
        workers = small.workers()
        self.assertTrue(mount("-o", "remount,size=6m"))
        for number in range(12):
            name = f"fill-{number}x"
            archive = packages.package(name, "1.0.0", files={"payload.bin": os.urandom(1 << 20)})
            answer = small.publish(token, name, "1.0.0", archive)
            self.assertEqual([], list((place / "staging").iterdir()))
            if answer.status == 201:
                kept[name] = archive
            else:
                check_refusal(self, answer, 503, "unavailable")
                self.assertFalse((place / "blobs" / hashlib.sha256(archive).hexdigest()[:2] / hashlib.sha256(archive).hexdigest()).exists())
                self.assertEqual([], small.sql(f"SELECT name FROM packages WHERE name = '{name}'"))
                refused += 1
        self.assertGreater(len(kept), 0)
        self.assertGreater(refused, 0, "the small file system never was full")
        self.assertEqual(str(len(kept) + 1), small.sql("SELECT COUNT(*) FROM versions")[0][0])
        self.assertEqual(workers, small.workers())
        # With room again everything goes on, and what was acknowledged is there.
        self.assertTrue(mount("-o", "remount,size=1g"))
        wait_for(lambda: small.publish(token, "the-last", "1.0.0").status in (201, 409), what="publishing to go on")
        for name, archive in kept.items():
            wait_for(lambda: small.download(name, "1.0.0").body == archive, what=f"{name} to be shown")
        self.assertEqual(len(kept) + 2, sum(1 for path in (place / "blobs").rglob("*") if path.is_file()))

    def test_what_does_stay_would_be_noticed(self):
        # The one step after which a publish stands although its answer is an error.
        wharf.restart("workers-write", WHARF_FAILPOINT="publish.after_commit:error")
        name = new_name()
        watch = Untouched(self, wharf).__enter__()
        check_refusal(self, next(self.sends(name)), 500, "internal_error")
        wait_for(lambda: wharf.download(name, "1.0.0").status == 200, what="the version to be shown")
        with self.assertRaises(AssertionError):
            watch.__exit__(None)
        after = traces(wharf)
        self.assertLessEqual({"versions", "blobs", "journal", "audit", "packages", "(blobs)", "(tarballs)"},
                             {what for what, found in watch.before.items() if found != after[what]})
        wharf.restart("workers-write")
        self.assertEqual([409, 409, 409], [answer.status for answer in self.sends(name)])

    def test_a_write_that_fails_at_any_step_leaves_nothing(self):
        for step in ("publish.before_staging", "publish.after_staging", "publish.before_rows", "publish.after_rows", "publish.before_blob_fsync",
                     "publish.after_blob_fsync", "publish.before_blob_rename", "publish.after_blob_rename", "publish.before_directory_fsync",
                     "publish.after_directory_fsync", "publish.before_journal", "publish.after_journal", "publish.before_commit"):
            with self.subTest(step=step):
                reached = wharf.var / "run" / "reached"
                reached.unlink(missing_ok=True)
                wharf.restart("workers-write", WHARF_FAILPOINT=f"{step}:error", WHARF_FAILPOINT_LOG=str(reached), WHARF_WORKERS="2")
                name = new_name()
                with Untouched(self, wharf):
                    for answer in self.sends(name):
                        check_refusal(self, answer, 500, "internal_error")
                        self.assertNotIn("failpoint", answer.text)
                self.assertIn(step, reached.read_text().split(), "the step was never reached")
        wharf.restart("workers-write")
        self.assertEqual(201, next(self.sends(new_name())).status)


if __name__ == "__main__":
    unittest.main()
