# SPDX-License-Identifier: MIT
"""Pages of other origins: who is let in, on every route, on what nginx answers from the disk, from its cache and by itself; and
that nobody is by default."""

import unittest

from support.wharf import Wharf, wait_for

ORIGINS = ("https://pages.example", "http://localhost:3000")
STRANGERS = ("https://evil.example", "https://pages.example.evil.example", "http://pages.example", "https://pages.example:8443", "null")
TARBALL, INDEX = "/api/v1/packages/kit/1.0.0/tarball", "/api/v1/packages/kit/index.json"
READS = (TARBALL, INDEX, "/vais/packages/kit/1.0.0.tar.gz", "/raven/api/v1/packages/kit/1.0.0/download", "/vais/index.json", "/api/v1/index.json",
         "/api/v1/packages/kit", "/synapse/api/v1/packages/kit/versions", "/api/v1/packages/kit/1.0.0", "/api/v1/stats", "/api/v1/health")
CORS = ("access-control-allow-origin", "access-control-expose-headers", "access-control-allow-methods", "access-control-allow-headers",
        "access-control-max-age", "access-control-allow-credentials")


def setUpModule():
    global wharf, token
    wharf = Wharf(env={"WHARF_SITE_CORS_ORIGINS": ", ".join(ORIGINS)}).start()
    token = wharf.register("ada").token
    wharf.published(token, "kit", "1.0.0")
    wait_for(lambda: wharf.get("/api/v1/index.json").status == 200, what="the whole index")


def tearDownModule():
    wharf.close()


def restart_with(**env):
    wharf.env.update(env)
    for part in ("workers-read", "workers-write", "nginx"):
        wharf.restart(part)


class CorsTest(unittest.TestCase):
    def let_in(self, answer, origin, what):
        self.assertEqual(origin, answer.headers.get("access-control-allow-origin"), f"{what}: {answer} {answer.headers}")
        self.assertNotIn("access-control-allow-credentials", answer.headers, what)
        self.assertIn("Origin", answer.headers["vary"], what)
        exposed = answer.headers["access-control-expose-headers"]
        for header in ("ETag", "Location", "Retry-After", "X-Request-Id", "Wharf-Visible", "RateLimit-Remaining", "Content-Range", "Link"):
            self.assertIn(header, exposed, what)

    def kept_out(self, answer, what):
        for header in CORS:
            self.assertNotIn(header, answer.headers, what)
        self.assertIn("Origin", answer.headers["vary"], what)

    def test_listed_origins_read_whoever_answers(self):
        for path in READS:
            for origin in ORIGINS:
                answer = wharf.get(path, headers={"Origin": origin})
                self.assertEqual(200, answer.status, path)
                self.let_in(answer, origin, path)
            for stranger in STRANGERS:
                self.kept_out(wharf.get(path, headers={"Origin": stranger}), f"{stranger} at {path}")
            self.kept_out(wharf.get(path), path)

    def test_one_header_is_not_sent_twice(self):
        for path in (*READS, "/api/v1/packages/none", "/nowhere"):
            names = [name.lower() for name, _ in wharf.get(path, headers={"Origin": ORIGINS[0]}).header_list]
            for header in CORS:
                self.assertLessEqual(names.count(header), 1, f"{header} at {path}")

    def test_every_route_answers_a_preflight(self):
        paths = wharf.get("/api/v1/openapi.json").json()["paths"]
        self.assertGreater(len(paths), 20)
        for path, item in paths.items():
            target = path.replace("{name}", "kit").replace("{version}", "1.0.0")
            for base in ("/api/v1", "/vais"):
                for method in item:
                    if base == "/vais" and (method, path) == ("get", "/packages/{name}/owners"):
                        continue  # Vais has no such call
                    answer = wharf.request("OPTIONS", base + target, headers={
                        "Origin": ORIGINS[1], "Access-Control-Request-Method": method.upper(), "Access-Control-Request-Headers": "authorization"})
                    self.assertEqual((204, b""), (answer.status, answer.body), target)
                    self.assertEqual(ORIGINS[1], answer.headers["access-control-allow-origin"], target)
                    self.assertIn(method.upper(), answer.headers["access-control-allow-methods"].split(", "), target)
                    for header in ("Authorization", "Content-Type", "If-None-Match", "Range", "X-Checksum-SHA256"):
                        self.assertIn(header, answer.headers["access-control-allow-headers"].split(", "))
                    self.assertEqual("7200", answer.headers["access-control-max-age"])
                    stranger = wharf.request("OPTIONS", base + target, headers={"Origin": STRANGERS[0], "Access-Control-Request-Method": method.upper()})
                    self.kept_out(stranger, target)

    def test_changing_calls_tell_the_page_what_happened(self):
        answer = wharf.request("PUT", "/api/v1/packages/kit/1.1.0", b"x", {"Origin": ORIGINS[0], "Content-Type": "application/gzip"}, token=token)
        self.assertEqual(422, answer.status)
        self.let_in(answer, ORIGINS[0], "a refused publish")
        made = wharf.request("POST", "/api/v1/packages/kit/1.0.0/yank", None, {"Origin": ORIGINS[0]}, token=token)
        self.assertEqual("yes", made.headers["wharf-visible"])
        self.let_in(made, ORIGINS[0], "a yank")
        wharf.post("/api/v1/packages/kit/1.0.0/unyank", token=token)

    def test_the_cache_does_not_mix_origins(self):
        expected = {ORIGINS[0]: ORIGINS[0], ORIGINS[1]: ORIGINS[1], STRANGERS[0]: None, "https://other.example": None, None: None}
        path = "/api/v1/packages/kit"
        for _ in range(30):
            for origin, allowed in expected.items():
                answer = wharf.get(path, headers={"Origin": origin} if origin else {})
                self.assertEqual(allowed, answer.headers.get("access-control-allow-origin"), origin)
        # Without a hit in between, nothing was proved; and strangers share one answer.
        hits = wait_for(lambda: [line for line in wharf.log("nginx/access").splitlines() if f'"GET {path} HTTP' in line and line.endswith(" HIT")],
                        what="nginx to have answered from its cache")
        self.assertGreater(len(hits), 50)

    def test_refusals_are_read_by_the_page_too(self):
        sent = {"Origin": ORIGINS[0]}
        large = {**sent, "Content-Type": "application/json"}
        refusals = {
            "404": wharf.get("/api/v1/packages/none", headers=sent), "404 of no route": wharf.get("/api/v1/nowhere", headers=sent),
            "401": wharf.get("/api/v1/users/me", headers=sent), "405": wharf.request("PATCH", "/api/v1/stats", headers=sent),
            "405 on a file": wharf.post(TARBALL, b"", headers=sent), "400 by nginx": wharf.get("/api/v1/packages/a%2fb", headers=sent),
            "413 by nginx": wharf.post("/api/v1/auth/login", b"x" * 70000, headers=large),
            "416 by nginx": wharf.get(TARBALL, headers={**sent, "Range": "bytes=99999999-"}),
            "304 by nginx": wharf.get(TARBALL, headers={**sent, "If-None-Match": wharf.get(TARBALL).headers["etag"]}),
            "206 by nginx": wharf.get(TARBALL, headers={**sent, "Range": "bytes=1-2"}),
            "431 by nginx": wharf.get("/api/v1/stats", headers={**sent, "X-Much": "y" * 17000}),
        }
        for what, answer in refusals.items():
            self.assertEqual(what[:3], str(answer.status), answer)
            self.let_in(answer, ORIGINS[0], what)

    def test_when_nginx_is_alone(self):
        wharf.restart("nginx", WHARF_LIMITS="strict")
        self.addCleanup(wharf.restart, "nginx")
        sent = {"Origin": ORIGINS[0]}
        for _ in range(200):
            limited = wharf.get("/api/v1/stats", headers=sent)
            if limited.status == 429:
                break
        self.assertEqual(429, limited.status)
        self.let_in(limited, ORIGINS[0], "429")
        self.assertIn("retry-after", limited.headers)
        wharf.restart("nginx")
        wharf.kill("workers-read")
        self.addCleanup(wharf.restart, "workers-read")
        # What nginx kept of an earlier answer may be given for the rest of its second.
        wait_for(lambda: wharf.get("/api/v1/stats", headers=sent).status == 502, what="nginx to be alone")
        self.let_in(wharf.get("/api/v1/stats", headers=sent), ORIGINS[0], "502")
        self.kept_out(wharf.get("/api/v1/stats", headers={"Origin": STRANGERS[0]}), "502")


class OtherSettingsTest(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        restart_with(WHARF_SITE_CORS_ORIGINS=", ".join(ORIGINS))

    def test_any_origin_is_let_in_where_told_so_but_never_with_credentials(self):
        restart_with(WHARF_SITE_CORS_ORIGINS="*")
        for path in (*READS, "/api/v1/packages/none", "/api/v1/packages/a%2fb"):
            for _ in range(2):
                for origin, allowed in (("https://anyone.example", "*"), (None, None)):
                    answer = wharf.get(path, headers={"Origin": origin} if origin else {})
                    self.assertEqual(allowed, answer.headers.get("access-control-allow-origin"), path)
                    self.assertNotIn("access-control-allow-credentials", answer.headers)
                    self.assertNotIn("Origin", answer.headers.get("vary", ""), path)
        preflight = wharf.request("OPTIONS", TARBALL, headers={"Origin": "https://anyone.example", "Access-Control-Request-Method": "GET"})
        self.assertEqual((204, "*"), (preflight.status, preflight.headers["access-control-allow-origin"]))

    def test_nobody_is_let_in_by_default(self):
        restart_with(WHARF_SITE_CORS_ORIGINS="")
        for path in (*READS, "/api/v1/packages/none", "/api/v1/packages/a%2fb"):
            for method in ("GET", "OPTIONS"):
                answer = wharf.request(method, path, headers={"Origin": ORIGINS[0], "Access-Control-Request-Method": "GET"})
                self.assertEqual([], [header for header in CORS if header in answer.headers], path)
                self.assertNotIn("Origin", answer.headers.get("vary", ""), path)


if __name__ == "__main__":
    unittest.main()
