# SPDX-License-Identifier: MIT
"""What nginx promises by itself: static paths, errors, headers, bodies, TLS, pools, micro-cache and the download log."""

import gzip
import json
import socket
import ssl

import time
import unittest

from support.fastcgi_stub import json_answer
from support.http_client import Answer, unverified_context
from support.nginx_alone import NginxAlone
from support.wharf import wait_for

BASES = ("/api/v1", "/synapse/api/v1", "/raven/api/v1", "/vais/api/v1", "/vais", "")
TARBALL = bytes(range(256)) * 80
DOCUMENT = json.dumps({"name": "mylib", "filler": "x" * 4000}).encode()


def setUpModule():
    global nginx
    nginx = NginxAlone({"site.cors_origins": "https://pages.example"})
    for version in ("1.0.0", "1.0.0-rc.1", "1.0.0-RC.1", "1.0.0+build.5", "2.0.0-a.b+c-d"):
        nginx.place_tarball("mylib", version, version.encode() + TARBALL)
    nginx.place("index/mylib.json", DOCUMENT)
    nginx.place("index.json", b'{"packages":[]}')
    nginx.place("index-vais.json", b"[]")


def tearDownModule():
    nginx.close()


def plain_json(answer):
    return answer.headers.get("content-type") == "application/json" and answer.json()


class StaticFilesTest(unittest.TestCase):
    def test_tarballs_answer_by_three_paths_in_every_base(self):
        asked = len(nginx.read.calls)
        for base in BASES:
            for path in ("mylib/1.0.0/tarball", "mylib/1.0.0/download", "mylib/1.0.0.tar.gz"):
                with self.subTest(base=base, path=path):
                    answer = nginx.get(f"{base}/packages/{path}", Accept_Encoding="gzip")
                    self.assertEqual(200, answer.status)
                    self.assertEqual(b"1.0.0" + TARBALL, answer.body)
                    self.assertEqual("application/gzip", answer.headers["content-type"])
                    self.assertEqual('attachment; filename="mylib-1.0.0.tar.gz"', answer.headers["content-disposition"])
                    self.assertEqual("public, max-age=31536000, immutable", answer.headers["cache-control"])
                    self.assertNotIn("content-encoding", answer.headers)
                    self.assertEqual("bytes", answer.headers["accept-ranges"])
                    self.assertIn("etag", answer.headers)
        self.assertEqual(asked, len(nginx.read.calls), "a worker was asked for a file that is on disk")

    def test_every_version_has_its_own_file(self):
        for asked, version in (("1.0.0-rc.1", "1.0.0-rc.1"), ("1.0.0-RC.1", "1.0.0-RC.1"), ("1.0.0+build.5", "1.0.0+build.5"),
                               ("1.0.0%2Bbuild.5", "1.0.0+build.5"), ("2.0.0-a.b%2bc-d", "2.0.0-a.b+c-d")):
            for suffix in ("/tarball", ".tar.gz"):
                answer = nginx.get(f"/api/v1/packages/mylib/{asked}{suffix}")
                self.assertEqual((200, version.encode() + TARBALL), (answer.status, answer.body), asked)
                self.assertEqual(f'attachment; filename="mylib-{version}.tar.gz"', answer.headers["content-disposition"])

    def test_a_head_request_has_the_headers_and_no_body(self):
        answer = nginx.request("HEAD", "/api/v1/packages/mylib/1.0.0/tarball")
        self.assertEqual((200, b"", str(len(TARBALL) + 5)), (answer.status, answer.body, answer.headers["content-length"]))

    def test_one_range_is_served_and_several_are_the_whole_file(self):
        answer = nginx.get("/vais/packages/mylib/1.0.0.tar.gz", Range="bytes=5-")
        self.assertEqual((206, TARBALL), (answer.status, answer.body))
        self.assertEqual(f"bytes 5-{len(TARBALL) + 4}/{len(TARBALL) + 5}", answer.headers["content-range"])
        self.assertEqual(200, nginx.get("/vais/packages/mylib/1.0.0.tar.gz", Range="bytes=0-1,4-5").status)
        beyond = nginx.get("/synapse/api/v1/packages/mylib/1.0.0/tarball", Range="bytes=999999-")
        self.assertEqual(416, beyond.status)
        self.assertEqual(f"bytes */{len(TARBALL) + 5}", beyond.headers["content-range"])
        self.assertIn("range", beyond.json()["error"])

    def test_index_documents_go_out_compressed_where_the_client_can_read_that(self):
        for base in BASES:
            plain = nginx.get(f"{base}/packages/mylib/index.json")
            self.assertEqual((200, DOCUMENT, "application/json"), (plain.status, plain.body, plain.headers["content-type"]), base)
            self.assertEqual("no-cache", plain.headers["cache-control"])
            packed = nginx.get(f"{base}/packages/mylib/index.json", Accept_Encoding="gzip")
            self.assertEqual("gzip", packed.headers["content-encoding"])
            self.assertEqual(DOCUMENT, gzip.decompress(packed.body))
            self.assertIn("Accept-Encoding", packed.headers["vary"])
            for answer, more in ((plain, {}), (packed, {"Accept_Encoding": "gzip"})):
                again = nginx.get(f"{base}/packages/mylib/index.json", If_None_Match=answer.headers["etag"], **more)
                self.assertEqual((304, b""), (again.status, again.body))

    def test_the_etag_of_an_index_document_is_made_of_its_time_and_size(self):
        nginx.place("index/other.json", b'{"name":"other"}', mtime=7)
        first = nginx.get("/api/v1/packages/other/index.json").headers["etag"]
        nginx.place("index/other.json", b'{"name":"OTHER"}', mtime=8)
        second = nginx.get("/api/v1/packages/other/index.json", If_None_Match=first)
        self.assertEqual((200, b'{"name":"OTHER"}'), (second.status, second.body))

    def test_the_whole_index_is_an_array_for_vais_and_an_object_for_the_others(self):
        for base in BASES:
            answer = nginx.get(f"{base}/index.json")
            self.assertEqual(200, answer.status)
            self.assertEqual([] if base.startswith("/vais") else {"packages": []}, answer.json(), base)

    def test_what_is_not_on_disk_is_asked_of_a_worker(self):
        nginx.read.answer = lambda call: json_answer(b'{"from":"worker"}', "404 Not Found")
        for path in ("mylib/9.9.9/tarball", "mylib/latest/tarball", "MyLib/1.0.0/tarball", "nolib/index.json", "mylib/1.0/tarball"):
            answer = nginx.get(f"/api/v1/packages/{path}")
            self.assertEqual((404, {"from": "worker"}), (answer.status, answer.json()), path)
            self.assertNotIn("immutable", answer.headers.get("cache-control", ""))
            self.assertEqual(f"/api/v1/packages/{path}", nginx.read.calls[-1].params["REQUEST_URI"])

    def test_a_removed_tarball_is_gone_within_a_second(self):
        nginx.read.answer = lambda call: json_answer(b"{}", "404 Not Found")
        nginx.place_tarball("fleeting", "1.0.0", b"x")
        for _ in range(5):
            self.assertEqual(200, nginx.get("/api/v1/packages/fleeting/1.0.0/tarball").status)
        (nginx.root / "public/tarballs/fleeting/1.0.0.tar.gz").unlink()
        removed = time.monotonic()
        wait_for(lambda: time.monotonic() > removed + 1, what="a second to pass")
        self.assertEqual(404, nginx.get("/api/v1/packages/fleeting/1.0.0/tarball").status)

    def test_other_methods_on_a_file_are_the_workers_to_refuse(self):
        nginx.write.answer = lambda call: json_answer(b"{}", "405 Method Not Allowed", Allow="GET, HEAD")
        for method in ("POST", "PUT", "DELETE"):
            answer = nginx.request(method, "/api/v1/packages/mylib/1.0.0/tarball", b"")
            self.assertEqual((405, "GET, HEAD"), (answer.status, answer.headers["allow"]), method)

    def test_cross_origin_pages_are_let_in_as_configured(self):
        for path in ("mylib/1.0.0/tarball", "mylib/index.json"):
            known = nginx.get(f"/api/v1/packages/{path}", Origin="https://pages.example")
            self.assertEqual("https://pages.example", known.headers["access-control-allow-origin"])
            self.assertIn("Origin", known.headers["vary"])
            stranger = nginx.get(f"/api/v1/packages/{path}", Origin="https://evil.example")
            self.assertNotIn("access-control-allow-origin", stranger.headers)


class RefusalsTest(unittest.TestCase):
    def assert_error(self, answer, status, code, base="/api/v1"):
        self.assertEqual(status, answer.status, answer)
        body = plain_json(answer)
        self.assertTrue(body, answer)
        self.assertEqual(body["request_id"], answer.headers["x-request-id"])
        self.assertEqual("nosniff", answer.headers["x-content-type-options"])
        self.assertEqual("no-store", answer.headers["cache-control"])
        if base.startswith(("/synapse", "/vais")):
            self.assertEqual(code, body["code"])
            self.assertIn(" ", body["error"])
            self.assertEqual(status if base.startswith("/vais") else None, body.get("status"))
        else:
            self.assertEqual(code, body["error"])
            self.assertIn(" ", body["message"])
            self.assertIsNone(body["details"])

    def parse(self, data):
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        return Answer(int(lines[0].split()[1]), [tuple(line.split(": ", 1)) for line in lines[1:]], body)

    def test_paths_that_hide_something_are_refused_in_the_dialects_shape(self):
        for base in BASES:
            for path in ("/packages/mylib%2f1.0.0/tarball", "/packages/mylib%2F1.0.0/tarball", "/packages/a%5cb", "/packages/a%00b",
                         "/packages/../packages/mylib/1.0.0/tarball", "/packages/mylib/1.0.0/./tarball", "/packages/%2e%2e/x",
                         "/packages/.%2E", "/packages/x%3F/%2e%2e/y", "/packages/..%2fx"):
                with self.subTest(base=base, path=path):
                    asked = len(nginx.read.calls)
                    self.assert_error(nginx.get(base + path), 400, "bad_request", base)
                    self.assertEqual(asked, len(nginx.read.calls))

    def test_dots_in_a_query_are_fine(self):
        nginx.read.answer = lambda call: json_answer()
        self.assertEqual(200, nginx.get("/api/v1/search?q=/../%2f").status)

    def test_bodies_are_limited_by_what_they_may_carry(self):
        mib = 1 << 20
        cases = [("PUT", "/packages/mylib/3.0.0", 101 * mib), ("POST", "/packages", 140 * mib), ("POST", "/packages/publish", 140 * mib),
                 ("POST", "/auth/login", 64 << 10), ("POST", "/packages/mylib/1.0.0/yank", 64 << 10),
                 ("DELETE", "/packages/mylib/3.0.0", 64 << 10), ("PUT", "/packages/mylib/owners", 64 << 10),
                 ("POST", "/packages/mylib/3.0.0", 64 << 10), ("PUT", "/packages", 64 << 10), ("GET", "/packages/mylib", 64 << 10)]
        for base in BASES:
            for method, path, limit in cases:
                for length, expected in ((limit, b"HTTP/1.1 100 "), (limit + 1, b"HTTP/1.1 413 ")):
                    with self.subTest(base=base, method=method, path=path, length=length):
                        request = (f"{method} {base}{path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                                   f"Content-Length: {length}\r\nConnection: close\r\n\r\n").encode()
                        with socket.create_connection(("127.0.0.1", nginx.http_port), timeout=10) as connection:
                            connection.sendall(request)
                            received = connection.recv(4096)
                            while b"413" in received[:12] and b"}" not in received:
                                received += connection.recv(4096)
                        self.assertEqual(expected, received[:len(expected)])
                        if length > limit:
                            self.assert_error(self.parse(received), 413, "payload_too_large", base)

    def test_targets_and_headers_that_are_too_long_are_refused(self):
        for base in BASES:
            self.assert_error(nginx.get(f"{base}/{'a' * 20000}"), 414, "uri_too_long", base)
            self.assert_error(nginx.get(f"{base}/packages", X_Long="a" * 20000), 431, "bad_request", base)

    def test_malformed_requests_are_refused_in_json(self):
        for data in (b"GET /vais/x HTTP/1.1\r\nHost: a b\r\n\r\n", b"GET /vais/x HTTP/1.1\r\n\r\n",
                     b"GET /vais/x HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
                     b"POST /vais/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                     b"POST /vais/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"):
            answer = self.parse(nginx.raw(data))
            self.assertEqual(400, answer.status, data)
            self.assertTrue(plain_json(answer), answer)

    def test_plain_http_on_the_tls_port_is_told_so_in_json(self):
        with socket.create_connection(("127.0.0.1", nginx.https_port), timeout=10) as connection:
            connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            received = b""
            while piece := connection.recv(4096):
                received += piece
        self.assertEqual(400, self.parse(received).status)
        self.assertEqual("bad_request", self.parse(received).json()["error"])

    def test_trace_is_refused(self):
        self.assert_error(nginx.request("TRACE", "/api/v1/packages"), 405, "method_not_allowed")

    def test_no_page_of_nginx_can_be_asked_for(self):
        nginx.read.answer = lambda call: json_answer()
        self.assert_error(nginx.get("/.wharf-error/429"), 404, "not_found", "")

    def test_a_silent_pool_is_a_502_with_retry_after(self):
        nginx.read.answer = lambda call: b""
        for base in BASES:
            answer = nginx.get(f"{base}/packages/mylib?{time.monotonic()}")
            self.assert_error(answer, 502, "unavailable", base)
            self.assertEqual("5", answer.headers["retry-after"])

    def test_a_large_body_refused_behind_a_dead_pool_keeps_its_shape(self):
        nginx.write.answer = lambda call: b""
        answer = nginx.request("PUT", "/synapse/api/v1/packages/mylib/3.0.0", b"x" * 200_000)
        self.assert_error(answer, 502, "unavailable", "/synapse/api/v1")

    def test_errors_of_workers_pass_as_they_are(self):
        nginx.read.answer = lambda call: json_answer(b'{"error":"mine"}', "503 Service Unavailable", Retry_After="7")
        answer = nginx.get("/api/v1/packages/mylib?worker-error")
        self.assertEqual((503, {"error": "mine"}, "7"), (answer.status, answer.json(), answer.headers["retry-after"]))


class HeadersTest(unittest.TestCase):
    def test_every_answer_carries_the_common_headers_once(self):
        nginx.read.answer = lambda call: json_answer(b"{}", X_Request_Id="forged", X_Content_Type_Options="nosniff")
        ids = set()
        for path in ("/api/v1/packages/mylib/1.0.0/tarball", "/api/v1/packages/mylib/index.json", "/vais/index.json",
                     "/api/v1/packages", "/api/v1/packages/%2f", "/anything"):
            answer = nginx.get(path)
            self.assertRegex(answer.headers["x-request-id"], "^[0-9a-f]{32}$")
            ids.add(answer.headers["x-request-id"])
            self.assertEqual("nosniff", answer.headers["x-content-type-options"])
            self.assertEqual("default-src 'none'", answer.headers["content-security-policy"])
            self.assertEqual("nginx", answer.headers["server"])
            self.assertNotIn("strict-transport-security", answer.headers)
        self.assertEqual(6, len(ids))

    def test_hsts_is_sent_over_tls_alone(self):
        for path in ("/api/v1/packages/mylib/1.0.0/tarball", "/api/v1/packages", "/api/v1/packages/%2f"):
            self.assertEqual("max-age=31536000", nginx.request("GET", path, tls=True).headers["strict-transport-security"])

    def test_json_of_workers_is_compressed_above_a_kilobyte(self):
        for size, packed in ((800, False), (5000, True)):
            body = json.dumps({"filler": "x" * size}).encode()
            nginx.read.answer = lambda call, body=body: json_answer(body)
            answer = nginx.get(f"/api/v1/search?q={size}", Accept_Encoding="gzip", Via="1.1 proxy")
            self.assertEqual(packed, answer.headers.get("content-encoding") == "gzip", size)
            self.assertEqual(body, gzip.decompress(answer.body) if packed else answer.body)


class TlsTest(unittest.TestCase):
    def handshake(self, version, protocols=("h2", "http/1.1")):
        context = unverified_context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        context.set_alpn_protocols(list(protocols))
        with socket.create_connection(("127.0.0.1", nginx.https_port), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as channel:
                return channel.version(), channel.selected_alpn_protocol(), channel.cipher()[0]

    def test_speaks_tls_1_2_and_1_3_with_http_2(self):
        self.assertEqual(("TLSv1.2", "h2"), self.handshake(ssl.TLSVersion.TLSv1_2)[:2])
        self.assertEqual(("TLSv1.3", "h2"), self.handshake(ssl.TLSVersion.TLSv1_3)[:2])
        self.assertRegex(self.handshake(ssl.TLSVersion.TLSv1_2)[2], "^ECDHE-.*(GCM|POLY1305)")

    def test_refuses_what_is_older(self):
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            with self.assertRaises((ssl.SSLError, ConnectionResetError)):
                self.handshake(version)


class WorkersTest(unittest.TestCase):
    def setUp(self):
        nginx.read.answer = nginx.write.answer = lambda call: json_answer()
        self.reads, self.writes = len(nginx.read.calls), len(nginx.write.calls)

    def pool_of(self, method, target, body=None):
        reads, writes = len(nginx.read.calls), len(nginx.write.calls)
        self.assertEqual(200, nginx.request(method, target, body, {"Authorization": "Bearer x"}).status)
        return "read" if len(nginx.read.calls) > reads else "write" if len(nginx.write.calls) > writes else None

    def test_what_writes_or_hashes_has_a_pool_of_its_own(self):
        for base in BASES:
            for method, path, pool in (("GET", "/packages", "read"), ("GET", "/packages/mylib", "read"), ("GET", "/search?q=x", "read"),
                                       ("HEAD", "/packages/mylib", "read"), ("OPTIONS", "/packages", "read"),
                                       ("POST", "/auth/verify", "read"), ("POST", "/auth/login", "write"),
                                       ("POST", "/auth/register", "write"), ("PUT", "/users/me/password", "write"),
                                       ("POST", "/users/me/tokens", "write"), ("PUT", "/packages/mylib/1.0.1", "write"),
                                       ("POST", "/packages", "write"), ("POST", "/packages/publish", "write"),
                                       ("DELETE", "/packages/mylib/1.0.0", "write"), ("POST", "/packages/mylib/1.0.0/yank", "write")):
                self.assertEqual(pool, self.pool_of(method, base + path, b"" if method in ("POST", "PUT") else None), (method, base + path))

    def test_a_worker_is_told_the_request_as_it_came(self):
        target = "/api/v1/packages/m%79lib?q=a%20b&x"
        answer = nginx.request("GET", target, headers={"Proxy": "http://evil.example", "X-Request-Id": "forged", "X-Custom": "kept"})
        params = nginx.read.calls[-1].params
        self.assertEqual(target, params["REQUEST_URI"])
        self.assertEqual("q=a%20b&x", params["QUERY_STRING"])
        self.assertEqual("GET", params["REQUEST_METHOD"])
        self.assertEqual("127.0.0.1", params["REMOTE_ADDR"])
        self.assertEqual(answer.headers["x-request-id"], params["REQUEST_ID"])
        self.assertEqual("kept", params["HTTP_X_CUSTOM"])
        self.assertEqual("", params.get("HTTP_PROXY", ""))
        self.assertNotEqual("on", params.get("HTTPS"))
        nginx.request("GET", target, tls=True)
        self.assertEqual("on", nginx.read.calls[-1].params["HTTPS"])

    def test_a_doubled_slash_after_the_host_is_no_other_path(self):
        self.assertEqual(200, nginx.get("//synapse/api/v1/packages/mylib/1.0.0/tarball").status)
        self.assertEqual(self.reads, len(nginx.read.calls))
        self.assertEqual("write", self.pool_of("POST", "//synapse/api/v1/packages", b"x"))

    def test_a_body_arrives_whole_whether_announced_or_in_chunks(self):
        body = bytes(range(256)) * 2000
        for sent in (body, iter([body[:100_000], body[100_000:]])):
            self.assertEqual(200, nginx.request("PUT", "/api/v1/packages/mylib/1.0.2", sent).status)
            call = nginx.write.calls[-1]
            self.assertEqual(body, call.body)
            self.assertEqual(str(len(body)), call.params["CONTENT_LENGTH"])

    def test_a_slow_client_holds_no_worker(self):
        connections = nginx.write.connections
        with socket.create_connection(("127.0.0.1", nginx.http_port), timeout=10) as slow:
            slow.sendall(b"PUT /api/v1/packages/mylib/1.0.3 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n" + b"x" * 90_000)
            # Another request goes all the way meanwhile, so nginx has had its time to read what was sent.
            self.assertEqual(200, nginx.request("POST", "/api/v1/packages", b"x").status)
            self.assertEqual(connections + 1, nginx.write.connections)
            slow.sendall(b"x" * 10_000)
            self.assertIn(b"200 OK", slow.recv(4096))
        self.assertEqual(connections + 2, nginx.write.connections)


class MicroCacheTest(unittest.TestCase):
    def setUp(self):
        self.count = 0
        self.status = "200 OK"

        def answer(call):
            self.count += 1
            return json_answer(json.dumps({"count": self.count}).encode(), self.status, ETag=f'"{self.count}"', Cache_Control="no-cache")
        nginx.read.answer = answer

    def path(self, name="/api/v1/packages/cached"):
        # At the beginning of a second of the clock: the answer is kept until its end.
        wait_for(lambda: time.time() % 1 < 0.2, what="the next second")
        return f"{name}?{time.monotonic_ns()}"

    def test_an_answer_about_a_package_is_kept_and_never_beyond_a_second(self):
        path = self.path()
        second = int(time.time())
        counts = [nginx.get(path).json()["count"] for _ in range(20)]
        if int(time.time()) == second:
            self.assertEqual([1] * 20, counts)
        for _ in range(3):
            before = self.count
            made = time.monotonic()
            nginx.get(path)
            wait_for(lambda: time.monotonic() > made + 1, what="a second to pass")
            self.assertGreater(nginx.get(path).json()["count"], before)

    def test_a_request_with_credentials_always_reaches_a_worker(self):
        path = self.path()
        nginx.get(path)
        self.assertEqual(2, nginx.get(path, Authorization="Bearer x").json()["count"])
        self.assertEqual(3, nginx.get(path, Authorization="Bearer x").json()["count"])

    def test_errors_are_never_kept(self):
        path = self.path()
        for status in ("404 Not Found", "503 Service Unavailable", "302 Found"):
            self.status = status
            before = self.count
            for _ in range(3):
                self.assertEqual(int(status[:3]), nginx.get(path).status)
            self.assertEqual(before + 3, self.count, status)

    def test_a_head_request_does_not_empty_the_answer_for_others(self):
        path = self.path()
        self.assertEqual(b"", nginx.request("HEAD", path).body)
        self.assertEqual(b'{"count": 2}', nginx.get(path).body)

    def test_hosts_and_dialects_have_answers_of_their_own(self):
        path = self.path()
        nginx.get(path)
        self.assertEqual(2, nginx.get(path, Host="other.example").json()["count"])
        self.assertEqual(3, nginx.get("/vais" + path.removeprefix("/api/v1")).json()["count"])

    def test_not_modified_is_told_from_the_kept_answer(self):
        path = self.path()
        etag = nginx.get(path).headers["etag"]
        answer = nginx.get(path, If_None_Match=etag)
        self.assertIn(answer.status, (200, 304))
        fresh = nginx.get(path, Authorization="Bearer x")
        self.status = "200 OK"
        self.count -= 1  # the same answer once more
        self.assertEqual(304, nginx.get(path, Authorization="Bearer x", If_None_Match=fresh.headers["etag"]).status)

    def test_what_is_not_of_packages_is_never_kept(self):
        for name in ("/api/v1/users/me", "/api/v1/health", "/api/v1/auth/me"):
            path = self.path(name)
            before = self.count
            nginx.get(path)
            nginx.get(path)
            self.assertEqual(before + 2, self.count, name)


class DownloadLogTest(unittest.TestCase):
    def lines_of(self, agent, count):
        def look():
            found = [json.loads(line) for line in nginx.log("downloads").splitlines() if agent in line]
            return len(found) >= count and found
        return wait_for(look, 5, f"{count} lines of {agent} in the download log")

    def test_each_tarball_answer_is_one_line_at_once(self):
        size = len(TARBALL) + 5
        nginx.get("/raven/api/v1/packages/mylib/1.0.0/download", User_Agent='agent"one\\', Range="bytes=100-")
        line = self.lines_of("one", 1)[0]
        self.assertEqual(("GET", 206, "OK", "mylib", "1.0.0", size - 100, "raven"),
                         tuple(line[key] for key in ("method", "status", "completion", "name", "version", "bytes_sent", "dialect")))
        self.assertEqual(f"bytes 100-{size - 1}/{size}", line["content_range"])
        self.assertEqual('agent"one\\', line["agent"])
        self.assertAlmostEqual(time.time(), line["time"], delta=30)
        nginx.request("HEAD", "/vais/packages/mylib/1.0.0%2Bbuild.5.tar.gz", headers={"User-Agent": "agent-two"})
        line = self.lines_of("agent-two", 1)[0]
        self.assertEqual(("HEAD", 200, "1.0.0+build.5", 0), tuple(line[key] for key in ("method", "status", "version", "bytes_sent")))

    def test_a_worker_that_answers_for_a_tarball_is_logged_too(self):
        nginx.read.answer = lambda call: json_answer(b"{}", "302 Found", Location="https://s3.example/x")
        nginx.get("/api/v1/packages/mylib/7.0.0/tarball", User_Agent="agent-three")
        line = self.lines_of("agent-three", 1)[0]
        self.assertEqual((302, "mylib", "7.0.0"), (line["status"], line["name"], line["version"]))

    def test_an_aborted_download_is_not_complete(self):
        nginx.place_tarball("huge", "1.0.0", b"\0" * (64 << 20))
        with socket.create_connection(("127.0.0.1", nginx.http_port), timeout=10) as connection:
            connection.sendall(b"GET /api/v1/packages/huge/1.0.0/tarball HTTP/1.1\r\nHost: x\r\nUser-Agent: agent-four\r\n\r\n")
            connection.recv(1000)
        line = self.lines_of("agent-four", 1)[0]
        self.assertEqual("", line["completion"])
        self.assertLess(line["bytes_sent"], 64 << 20)

    def test_other_answers_are_not_in_it(self):
        nginx.read.answer = lambda call: json_answer()
        for path in ("/api/v1/packages/mylib/index.json", "/api/v1/packages/mylib", "/api/v1/packages/mylib/1.0.0"):
            nginx.get(path, User_Agent="agent-five")
        nginx.get("/api/v1/packages/mylib/1.0.0/tarball", User_Agent="agent-five last")
        self.assertEqual(1, len(self.lines_of("agent-five", 1)))


class VariantsTest(unittest.TestCase):
    """Other configurations of the same templates; each its own nginx."""

    def with_settings(self, settings):
        alone = NginxAlone(settings)
        self.addCleanup(alone.close)
        return alone

    def test_production_sends_plain_http_to_https(self):
        alone = self.with_settings({"site.mode": "production"})
        answer = alone.request("POST", "/vais/auth/login?x=1", b"{}")
        self.assertEqual(308, answer.status)
        self.assertEqual(f"https://127.0.0.1:{alone.https_port}/vais/auth/login?x=1", answer.headers["location"])
        self.assertEqual([], alone.write.calls)
        self.assertEqual(200, alone.request("POST", "/vais/auth/login", b"{}", tls=True).status)

    def test_a_dialect_at_the_root_has_its_index_and_its_errors_there(self):
        alone = self.with_settings({"site.dialect": "vais"})
        alone.place("index.json", b'{"packages":[]}')
        alone.place("index-vais.json", b"[]")
        self.assertEqual([], alone.get("/index.json").json())
        self.assertEqual({"packages": []}, alone.get("/api/v1/index.json").json())
        self.assertEqual(400, alone.get("/packages/%2f").json()["status"])
        self.assertEqual("bad_request", alone.get("/api/v1/packages/%2f").json()["error"])

    def test_without_a_whole_index_the_worker_says_so(self):
        alone = self.with_settings({"site.whole_index": "off"})
        alone.place("index.json", b'{"packages":[]}')
        alone.read.answer = lambda call: json_answer(b"{}", "404 Not Found")
        self.assertEqual(404, alone.get("/api/v1/index.json").status)

    def test_a_larger_archive_moves_both_body_limits(self):
        alone = self.with_settings({"publish.max_archive_mib": "1"})
        self.assertEqual(200, alone.request("PUT", "/api/v1/packages/a/1.0.0", b"x" * (2 << 20)).status)
        self.assertEqual(413, alone.request("PUT", "/api/v1/packages/a/1.0.0", b"x" * ((2 << 20) + 1)).status)


if __name__ == "__main__":
    unittest.main()
