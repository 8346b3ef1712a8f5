# SPDX-License-Identifier: MIT
"""Reading: what is told of packages, archives and index documents from disk, caching, and what still works with the database
and every worker down."""

import gzip
import hashlib
import http.client
import json
import time
import unittest

from support import packages, schema
from support.refusals import check_refusal
from support.wharf import Wharf, wait_for

BASES = ("/api/v1", "/synapse/api/v1", "/raven/api/v1", "/vais/api/v1", "/vais")
README = "# A kit\n\nWith a naïve README.\n"


def setUpModule():
    global wharf, ada, archives
    wharf = Wharf().start()
    ada = wharf.register("ada").token
    archives = {version: wharf.published(ada, "geo-kit", version, files={"README.md": README, "data.bin": bytes(range(256)) * 40},
                                         dependencies={"num-core": "^0.9.1"}, keywords=["geo", "maps"], homepage="https://example.org/geo",
                                         repository="https://example.org/geo.git")
                for version in ("1.0.0", "1.2.0", "1.10.0", "1.11.0", "2.0.0-rc.1")}
    answer = wharf.post("/api/v1/packages/geo-kit/1.11.0/yank", {"reason": "wrong north"}, token=ada)
    assert answer.status == 200, answer
    wait_for(lambda: "wrong north" in wharf.get("/api/v1/packages/geo-kit/index.json").text, what="the yank to be visible")


def tearDownModule():
    wharf.close()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Case(unittest.TestCase):
    maxDiff = None

    def ok(self, target, **more):
        answer = wharf.get(target, **more)
        self.assertEqual(200, answer.status, answer)
        return answer


class PackageTest(Case):
    def test_a_package_says_all_that_is_known_of_it(self):
        body = self.ok("/api/v1/packages/geo-kit").json()
        schema.check({"name": "=geo-kit", "description": "=the package geo-kit", "author": "=A. Tester <tester@example.org>",
                      "authors": ["text+"], "license": "=MIT", "homepage": "=https://example.org/geo",
                      "repository": "=https://example.org/geo.git", "documentation": "text?", "keywords": ["text+"],
                      "categories": ["text+"], "owner": {"username": "=ada", "user_id": "text+"},
                      "owners": [{"username": "=ada", "user_id": "text+", "role": "=owner", "added_at": "text+"}],
                      "version": "=1.10.0", "latest_version": "=1.10.0",
                      "downloads": {"total": "count", "week": "count", "month": "count"}, "downloads_total": "count",
                      "total_downloads": "count", "downloads_last_month": "count", "created_at": "text+", "updated_at": "text+",
                      "versions": [{"version": "text+", "published_at": "text+", "downloads": "count", "checksum": "text+", "size": "count",
                                    "yanked": "bool", "yank_reason": "text?", "dependencies": {"*": "text+"}, "tarball_url": "text+"}]},
                     body)
        self.assertEqual(["2.0.0-rc.1", "1.11.0", "1.10.0", "1.2.0", "1.0.0"], [entry["version"] for entry in body["versions"]])
        for entry in body["versions"]:
            archive = archives[entry["version"]]
            self.assertEqual((sha256(archive), len(archive)), (entry["checksum"], entry["size"]))
            self.assertEqual(archive, self.ok(entry["tarball_url"]).body)
            self.assertEqual(entry["version"] == "1.11.0", entry["yanked"])
        self.assertEqual(["geo", "maps"], body["keywords"])

    def test_a_version_says_all_that_is_known_of_it(self):
        body = self.ok("/api/v1/packages/geo-kit/1.2.0").json()
        schema.check({"name": "=geo-kit", "version": "=1.2.0", "dependencies": {"*": "text+"}, "dev_dependencies": "object",
                      "dependency_details": [{"name": "=num-core", "features": ["text+"], "optional": "bool", "target": "text?",
                                              "kind": "=normal"}],
                      "checksum": "text+", "tarball_size": "count", "size_bytes": "count", "tarball_url": "text+", "download_url": "text+",
                      "published_at": "text+", "published_by": "=ada", "yanked": "bool", "author": "text+", "authors": ["text+"],
                      "license": "=MIT", "description": "text+"}, body)
        self.assertEqual((sha256(archives["1.2.0"]), len(archives["1.2.0"])), (body["checksum"], body["tarball_size"]))
        self.assertEqual({"num-core": "^0.9.1"}, body["dependencies"])
        self.assertTrue(body["download_url"].startswith(wharf.url), body["download_url"])
        self.assertEqual(archives["1.2.0"], self.ok(body["download_url"].removeprefix(wharf.url)).body)
        self.assertEqual("wrong north", self.ok("/api/v1/packages/geo-kit/1.11.0").json()["yank_reason"])

    def test_versions_are_listed_highest_first_without_the_yanked(self):
        body = self.ok("/api/v1/packages/geo-kit/versions").json()
        self.assertEqual({"name": "geo-kit", "versions": ["2.0.0-rc.1", "1.10.0", "1.2.0", "1.0.0"]}, body)
        body = self.ok("/api/v1/packages/geo-kit/versions?include=yanked").json()
        self.assertEqual(["2.0.0-rc.1", "1.11.0", "1.10.0", "1.2.0", "1.0.0"], body["versions"])
        check_refusal(self, wharf.get("/api/v1/packages/geo-kit/versions?include=everything"), 400, "bad_request")

    def test_latest_leads_to_the_exact_version(self):
        for path, expected in (("/packages/geo-kit/latest", "/packages/geo-kit/1.10.0"),
                               ("/packages/geo-kit/latest/tarball", "/packages/geo-kit/1.10.0/tarball"),
                               ("/packages/geo-kit/latest/download", "/packages/geo-kit/1.10.0/download"),
                               ("/packages/geo-kit/latest.tar.gz", "/packages/geo-kit/1.10.0.tar.gz"),
                               ("/packages/geo-kit/latest/readme", "/packages/geo-kit/1.10.0/readme")):
            for base in BASES:
                with self.subTest(base=base, path=path):
                    answer = wharf.get(base + path)
                    self.assertIn(answer.status, (302, 307), answer)
                    place = answer.headers["location"].removeprefix(wharf.url)
                    self.assertTrue(place.endswith(expected), place)
                    followed = self.ok(place)
                    if "tar" in path or "download" in path:
                        self.assertEqual(archives["1.10.0"], followed.body)

    def test_latest_is_a_prerelease_only_where_there_is_nothing_else(self):
        wharf.published(ada, "only-pre", "1.0.0-beta.2")
        wharf.published(ada, "only-pre", "1.0.0-beta.11")
        self.assertTrue(wharf.get("/api/v1/packages/only-pre/latest", token=ada).headers["location"].endswith("/1.0.0-beta.11"))
        wharf.published(ada, "only-pre", "0.1.0")
        self.assertTrue(wharf.get("/api/v1/packages/only-pre/latest", token=ada).headers["location"].endswith("/0.1.0"))
        for version in ("1.0.0-beta.2", "1.0.0-beta.11", "0.1.0"):
            self.assertEqual(200, wharf.post(f"/api/v1/packages/only-pre/{version}/yank", token=ada).status)
        check_refusal(self, wharf.get("/api/v1/packages/only-pre/latest", token=ada), 404, "not_found")
        self.assertIsNone(self.ok("/api/v1/packages/only-pre", token=ada).json()["latest_version"])

    def test_a_name_in_capitals_leads_to_the_folded_one(self):
        for path in ("", "/1.0.0", "/versions", "/index.json", "/1.0.0/tarball", "/1.0.0/download", "/1.0.0.tar.gz", "/1.0.0/readme"):
            with self.subTest(path=path):
                answer = wharf.get(f"/api/v1/packages/Geo-KIT{path}")
                self.assertIn(answer.status, (301, 302, 307, 308), answer)
                place = answer.headers["location"].removeprefix(wharf.url)
                self.assertEqual(f"/api/v1/packages/geo-kit{path}", place)
                self.ok(place)

    def test_what_is_not_there(self):
        for base in BASES:
            for path in ("none-such", "none-such/1.0.0", "none-such/versions", "none-such/index.json", "none-such/latest",
                         "none-such/1.0.0/tarball", "none-such/1.0.0/readme", "geo-kit/9.9.9", "geo-kit/9.9.9/tarball",
                         "geo-kit/9.9.9.tar.gz", "geo-kit/9.9.9/readme"):
                with self.subTest(base=base, path=path):
                    check_refusal(self, wharf.get(f"{base}/packages/{path}"), 404, "not_found", base)
            check_refusal(self, wharf.get(f"{base}/packages/geo-kit/1.0"), 400, None, base)
            check_refusal(self, wharf.get(f"{base}/no/such/call"), 404, "not_found", base)

    def test_packages_are_listed_in_pages(self):
        wharf.published(ada, "a-first", "1.0.0")
        # The total may be a few seconds old.
        names = wait_for(lambda: (found := self.ok("/api/v1/packages?sort=name&limit=100", token=ada).json())["total"] >= 2
                         and [item["name"] for item in found["packages"]], what="the list")
        self.assertEqual(sorted(names), names)
        self.assertLess(names.index("a-first"), names.index("geo-kit"))
        page = self.ok("/api/v1/packages?limit=1&offset=1", token=ada).json()
        self.assertEqual(([names[1]], 1, 1), ([item["name"] for item in page["packages"]], page["limit"], page["offset"]))
        self.assertEqual("a-first", self.ok("/api/v1/packages?sort=recent&limit=1", token=ada).json()["packages"][0]["name"])
        for query in ("limit=0", "limit=x", "offset=-1", "sort=colour", "limit=1&limit=2"):
            body = check_refusal(self, wharf.get(f"/api/v1/packages?{query}"), 400, "bad_request")
            self.assertIn(query.split("=")[0], body["message"])
        self.assertEqual(100, self.ok("/api/v1/packages?limit=5000&unknown=1", token=ada).json()["limit"])

    def test_a_bad_token_on_a_read_is_ignored(self):
        for header in ("Bearer rubbish", "Bearer wharf_x", "Basic YTpi", "Bearer", "rubbish"):
            self.ok("/api/v1/packages/geo-kit", headers={"Authorization": header})


class ArchiveTest(Case):
    def test_every_path_in_every_base_gives_the_bytes(self):
        archive = archives["1.0.0"]
        for base in BASES:
            for path in ("1.0.0/tarball", "1.0.0/download", "1.0.0.tar.gz"):
                with self.subTest(base=base, path=path):
                    target = f"{base}/packages/geo-kit/{path}"
                    answer = self.ok(target, headers={"Accept-Encoding": "gzip, deflate"})
                    self.assertEqual(archive, answer.body)
                    self.assertEqual("application/gzip", answer.headers["content-type"])
                    self.assertNotIn("content-encoding", answer.headers)
                    self.assertIn("geo-kit-1.0.0.tar.gz", answer.headers["content-disposition"])
                    self.assertIn("immutable", answer.headers["cache-control"])
                    head = wharf.request("HEAD", target)
                    self.assertEqual((200, str(len(archive)), b""), (head.status, head.headers["content-length"], head.body))

    def test_a_download_that_broke_off_is_resumed(self):
        archive = archives["1.0.0"]
        target = "/api/v1/packages/geo-kit/1.0.0/tarball"
        etag = self.ok(target).headers["etag"]
        first = wharf.get(target, headers={"Range": "bytes=0-99"})
        self.assertEqual((206, f"bytes 0-99/{len(archive)}"), (first.status, first.headers["content-range"]))
        rest = wharf.get(target, headers={"Range": "bytes=100-", "If-Range": etag})
        self.assertEqual(206, rest.status)
        self.assertEqual(archive, first.body + rest.body)
        self.assertEqual(archive[-7:], wharf.get(target, headers={"Range": "bytes=-7"}).body)
        self.assertEqual(archive, wharf.get(target, headers={"Range": "bytes=100-", "If-Range": '"another"'}).body)
        check_refusal(self, wharf.get(target, headers={"Range": f"bytes={len(archive)}-"}), 416)
        self.assertEqual(304, wharf.get(target, headers={"If-None-Match": etag}).status)

    def test_archives_and_index_documents_refuse_other_methods(self):
        for path in ("geo-kit/1.0.0/tarball", "geo-kit/1.0.0.tar.gz", "geo-kit/index.json"):
            for method in ("POST", "DELETE", "PATCH"):
                with self.subTest(path=path, method=method):
                    answer = wharf.request(method, f"/api/v1/packages/{path}", token=ada)
                    check_refusal(self, answer, 405, "method_not_allowed")
                    self.assertIn("GET", answer.headers["allow"])


class IndexTest(Case):
    def test_the_index_document_has_all_that_a_resolver_needs(self):
        body = self.ok("/api/v1/packages/geo-kit/index.json").json()
        schema.check({"name": "=geo-kit", "description": "text+", "license": "=MIT", "homepage": "text+", "repository": "text+",
                      "keywords": ["text+"], "authors": ["text+"], "revision": "count",
                      "versions": [{"version": "text+", "checksum": "text+", "size": "count",
                                    "dependencies": {"num-core": {"req": "=^0.9.1", "features": ["text"], "optional": "bool", "target": "text?"}},
                                    "dev_dependencies": "object", "yanked": "bool", "yank_reason": "text?", "published_at": "text+",
                                    "download_url": "text+"}]}, body)
        order = [entry["version"] for entry in body["versions"]]
        self.assertIn(order, (list(archives), list(archives)[::-1]))
        for entry in body["versions"]:
            self.assertEqual(archives[entry["version"]], self.ok(entry["download_url"].removeprefix(wharf.url)).body)

    def test_plain_and_compressed_are_the_same_document_with_etags(self):
        for base in BASES:
            target = f"{base}/packages/geo-kit/index.json"
            with self.subTest(base=base):
                plain = self.ok(target)
                packed = self.ok(target, headers={"Accept-Encoding": "gzip"})
                self.assertNotIn("content-encoding", plain.headers)
                self.assertEqual("gzip", packed.headers["content-encoding"])
                self.assertEqual(plain.body, gzip.decompress(packed.body))
                for answer, headers in ((plain, {}), (packed, {"Accept-Encoding": "gzip"})):
                    again = wharf.get(target, headers={**headers, "If-None-Match": answer.headers["etag"]})
                    self.assertEqual((304, b""), (again.status, again.body))
                head = wharf.request("HEAD", target)
                self.assertEqual((200, str(len(plain.body)), b""), (head.status, head.headers["content-length"], head.body))

    def test_a_change_is_never_taken_for_what_is_known(self):
        wharf.published(ada, "changing", "1.0.0")
        target = "/api/v1/packages/changing/index.json"
        for number in range(12):
            etags = {encoding: self.ok(target, headers=encoding and {"Accept-Encoding": encoding}).headers["etag"]
                     for encoding in (None, "gzip")}
            # Yanking and unyanking within the same second, with documents that are of one size now and then.
            what = "unyank" if number % 2 else "yank"
            answer = wharf.post(f"/api/v1/packages/changing/1.0.0/{what}", token=ada)
            self.assertEqual((200, "yes"), (answer.status, answer.headers["wharf-visible"]))
            for encoding, etag in etags.items():
                headers = {"If-None-Match": etag, **({"Accept-Encoding": encoding} if encoding else {})}
                self.assertEqual(200, wharf.get(target, headers=headers).status, f"{what} was taken for known")

    def test_the_whole_index_has_every_document(self):
        wharf.published(ada, "in-the-whole", "1.0.0", manifest="vais.toml")
        for base in BASES:
            with self.subTest(base=base):
                body = wait_for(lambda: (got := wharf.get(f"{base}/index.json")).status == 200 and b"in-the-whole" in got.body and got,
                                what="the index of all").json()
                self.assertEqual(list if base.startswith("/vais") else dict, type(body))
                documents = body if base.startswith("/vais") else body["packages"]
                names = [document["name"] for document in documents]
                self.assertLessEqual({"geo-kit", "in-the-whole"}, set(names))
                self.assertEqual(len(set(names)), len(names))
                one = next(document for document in documents if document["name"] == "geo-kit")
                self.assertEqual({version: sha256(archive) for version, archive in archives.items()},
                                 {entry["version"]: entry["checksum"] for entry in one["versions"]})
                packed = self.ok(f"{base}/index.json", headers={"Accept-Encoding": "gzip"})
                self.assertEqual(body, json.loads(gzip.decompress(packed.body)))


class WorkerAnswersTest(Case):
    def test_every_answer_has_the_common_headers(self):
        for target in ("/api/v1/packages/geo-kit", "/api/v1/health", "/api/v1/packages/geo-kit/1.0.0/tarball", "/api/v1/none",
                       "/api/v1/packages/geo-kit/index.json", "/api/v1/packages/geo-kit/latest"):
            answer = wharf.get(target, tls=True)
            with self.subTest(target=target):
                self.assertRegex(answer.headers["x-request-id"], "^[0-9A-Za-z_-]{8,64}$")
                self.assertEqual("nosniff", answer.headers["x-content-type-options"])
                self.assertEqual("default-src 'none'", answer.headers["content-security-policy"])
                self.assertIn("max-age", answer.headers["strict-transport-security"])
                self.assertNotRegex(answer.headers.get("server", ""), r"\d")
                self.assertNotIn("x-accel-expires", answer.headers)

    def test_head_answers_as_get_does_without_a_body(self):
        for path in ("/packages/geo-kit", "/packages/geo-kit/1.0.0", "/packages/geo-kit/versions", "/packages/geo-kit/1.0.0/readme",
                     "/packages", "/stats", "/health", "/packages/geo-kit/latest", "/packages/none"):
            get, head = wharf.get(f"/api/v1{path}", token=ada), wharf.request("HEAD", f"/api/v1{path}", token=ada)
            with self.subTest(path=path):
                self.assertEqual((get.status, b""), (head.status, head.body))
                for header in ("content-type", "etag", "location"):
                    self.assertEqual(get.headers.get(header), head.headers.get(header), header)

    def test_what_a_client_has_already_is_not_sent_again(self):
        for path in ("/packages/geo-kit", "/packages/geo-kit/1.0.0", "/packages/geo-kit/versions", "/packages/geo-kit/1.0.0/readme"):
            for base in BASES:
                for token in (None, ada):  # through the micro-cache, and past it
                    with self.subTest(path=path, base=base, token=token and "…"):
                        answer = self.ok(base + path, token=token)
                        again = wharf.get(base + path, headers={"If-None-Match": answer.headers["etag"]}, token=token)
                        self.assertEqual((304, b""), (again.status, again.body))
                        other = wharf.get(base + path, headers={"If-None-Match": '"something-else"'}, token=token)
                        self.assertEqual((200, answer.body), (other.status, other.body))

    def test_a_change_is_a_new_etag(self):
        wharf.published(ada, "tagged", "1.0.0")
        target = "/api/v1/packages/tagged"
        seen = [self.ok(target, token=ada).headers["etag"]]
        for what in ("yank", "unyank", "yank"):
            self.assertEqual(200, wharf.post(f"{target}/1.0.0/{what}", token=ada).status)
            answer = wharf.get(target, headers={"If-None-Match": seen[-1]}, token=ada)
            self.assertEqual(200, answer.status)
            seen.append(answer.headers["etag"])
        self.assertEqual(len(seen), len(set(seen)))

    def test_a_change_is_seen_at_once_with_a_token_and_by_all_within_a_second(self):
        wharf.published(ada, "cached", "1.0.0")
        target = "/api/v1/packages/cached"
        for round_number in range(4):
            is_yanked = round_number % 2 == 0
            self.ok(target)  # now it is in the micro-cache
            self.assertEqual(200, wharf.post(f"{target}/1.0.0/{'yank' if is_yanked else 'unyank'}", token=ada).status)
            changed = time.monotonic()
            self.assertIs(is_yanked, self.ok(target, token=ada).json()["versions"][0]["yanked"])
            self.assertIs(is_yanked, self.ok(target, headers={"Authorization": "Bearer rubbish"}).json()["versions"][0]["yanked"])
            # However slow the machine: no question that is put a second later gets the old answer.
            asked = time.monotonic()
            while self.ok(target).json()["versions"][0]["yanked"] is not is_yanked:
                self.assertLess(asked - changed, 1)
                asked = time.monotonic()

    def test_anonymous_answers_come_from_the_cache(self):
        before = wharf.log("workers-read").count("/packages/{name}/{version}")
        connection = http.client.HTTPConnection("127.0.0.1", wharf.http_port, timeout=30)
        for _ in range(300):
            connection.request("GET", "/api/v1/packages/geo-kit/1.2.0")
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(200, answer.status)
        connection.close()
        # One a second reaches a worker, and a slow machine has some seconds.
        self.assertLess(wharf.log("workers-read").count("/packages/{name}/{version}") - before, 150)

    def test_long_answers_are_compressed(self):
        answer = self.ok("/api/v1/packages/geo-kit", headers={"Accept-Encoding": "gzip"}, token=ada)
        self.assertEqual("gzip", answer.headers["content-encoding"])
        self.assertEqual(self.ok("/api/v1/packages/geo-kit", token=ada).json(), json.loads(gzip.decompress(answer.body)))

    def test_the_readme_is_as_it_was_packed(self):
        answer = self.ok("/api/v1/packages/geo-kit/1.0.0/readme")
        self.assertEqual(README.encode(), answer.body)
        self.assertTrue(answer.headers["content-type"].startswith("text/markdown"), answer)
        plain = packages.tar_gz({"wharf.toml": packages.toml_manifest("plain-text", "1.0.0"), "README.txt": "<b>plain</b>\n"})
        wharf.published(ada, "plain-text", "1.0.0", archive=plain)
        answer = self.ok("/api/v1/packages/plain-text/1.0.0/readme")
        self.assertEqual(b"<b>plain</b>\n", answer.body)
        self.assertTrue(answer.headers["content-type"].startswith("text/plain"), answer)
        self.assertEqual("nosniff", answer.headers["x-content-type-options"])
        none = packages.tar_gz({"wharf.toml": packages.toml_manifest("no-readme", "1.0.0")})
        wharf.published(ada, "no-readme", "1.0.0", archive=none)
        check_refusal(self, wharf.get("/api/v1/packages/no-readme/1.0.0/readme"), 404, "not_found")

    def test_health_tells_of_every_part(self):
        body = self.ok("/api/v1/health").json()
        schema.check({"status": "text+", "timestamp": "text+", "version": "text+",
                      "checks": {"database": "=ok", "storage": "=ok", "clerk": {"lag_events": "count", "lag_ms": "count"}}}, body)
        self.assertEqual("healthy", self.ok("/synapse/api/v1/health").json()["status"])
        self.assertEqual("ok", self.ok("/vais/health").json()["status"])
        self.assertEqual("OK", self.ok("/health").text.strip())

    def test_statistics_count_what_is_there(self):
        # What GET /packages lists is counted; a package whose versions were all removed keeps its name and nothing else.
        wharf.sql("UPDATE registry_totals SET packages = packages + 7")
        self.addCleanup(wharf.sql, "UPDATE registry_totals SET packages = packages - 7")
        rules = {"packages": "latest_version IS NOT NULL", "versions": "state <> 'removed'", "users": "TRUE"}
        count = lambda table: int(wharf.sql(f"SELECT COUNT(*) FROM {table} WHERE {rules[table]}")[0][0])
        wharf.published(ada, "one-more", "1.0.0")
        body = wait_for(lambda: (got := self.ok("/api/v1/stats").json())["total_packages"] == count("packages") and got,
                        what="the new package to be counted")
        schema.check({"timestamp": "text+", "updated_at": "text+", "packages": {"total": "count", "versions": "count", "downloads": "count"},
                      "total_packages": "count", "total_versions": "count", "total_downloads": "count", "total_users": "count",
                      "top_packages": [{"name": "text+", "downloads": "count"}]}, body)
        self.assertEqual((count("packages"), count("versions"), count("users")),
                         (body["total_packages"], body["total_versions"], body["total_users"]))
        self.assertEqual((body["total_packages"], body["total_versions"]), (body["packages"]["total"], body["packages"]["versions"]))


class QueriesTest(unittest.TestCase):
    """A package with many versions and dependencies costs the database as many statements as a small one."""

    READS = 40
    # At most this many statements for an answer, whatever it is about.
    MOST = {"": 2, "/versions": 2, "/8.0.0": 2, "/8.0.0/readme": 2}

    VERSIONS = 2000

    @classmethod
    def setUpClass(cls):
        cls.dependencies = {f"part-{number}": f"^1.{number}.0" for number in range(20)}
        for name in ("small-one", "large-one"):
            wharf.published(ada, name, "7.7.7", dependencies=cls.dependencies)
        cls.multiply("large-one", cls.VERSIONS - 2)
        # Published upon all of them, so that what was multiplied is known to be what the registry reads and writes itself.
        for name in ("small-one", "large-one"):
            wharf.published(ada, name, "8.0.0", dependencies=cls.dependencies)
        # One worker, and nobody else who asks the database.
        wharf.restart("workers-read", WHARF_WORKERS="2")
        wharf.kill("clerk")

    @classmethod
    def tearDownClass(cls):
        wharf.restart("workers-read")
        wharf.restart("clerk")
        wait_for(lambda: wharf.get("/api/v1/health").status == 200, what="all to be well")

    @staticmethod
    def multiply(name, times):
        """Copies the package's only version, 7.7.7, into 7.1.0, 7.2.0, …: publishing thousands takes minutes."""
        package = f"(SELECT id FROM packages WHERE name = '{name}')"
        wharf.sql(f"""
            SET SESSION group_concat_max_len = 1 << 26;
            INSERT INTO versions (package_id, version, identity, digest, blob_digest, size, dialect, manifest, published_by, published_at)
              SELECT package_id, CONCAT('7.', seq, '.0'), CONCAT('7.', seq, '.0'), digest, blob_digest, size, dialect,
                     REPLACE(manifest, '7.7.7', CONCAT('7.', seq, '.0')), published_by, published_at
              FROM versions JOIN seq_1_to_{times} WHERE package_id = {package};
            INSERT INTO dependencies (version_id, name, kind, requirement)
              SELECT v.id, d.name, d.kind, d.requirement FROM versions v JOIN versions first JOIN dependencies d ON d.version_id = first.id
              WHERE v.package_id = {package} AND first.package_id = v.package_id AND first.version = '7.7.7' AND v.id <> first.id;
            INSERT INTO readmes (version_id, file, content)
              SELECT v.id, r.file, r.content FROM versions v JOIN versions first JOIN readmes r ON r.version_id = first.id
              WHERE v.package_id = {package} AND first.package_id = v.package_id AND first.version = '7.7.7' AND v.id <> first.id;
            UPDATE registry_totals SET versions = versions + {times};
            UPDATE packages SET latest_version = '7.{times}.0', document = CONCAT(
              SUBSTRING_INDEX(document, '\\n', 1), '\\n',
              (SELECT GROUP_CONCAT(REPLACE(SUBSTRING_INDEX(SUBSTRING_INDEX(document, '\\n', 2), '\\n', -1), '7.7.7',
                                           IF(seq = 0, '7.7.7', CONCAT('7.', seq, '.0')))
                                   ORDER BY IF(seq = 0, 7.5, seq) DESC SEPARATOR ',\\n') FROM seq_0_to_{times}),
              '\\n', SUBSTRING_INDEX(document, '\\n', -1)) WHERE name = '{name}'""")

    def questions(self):
        return int(wharf.sql("SHOW GLOBAL STATUS LIKE 'Questions'")[0][1])

    def cost(self, target):
        """Statements an answer, without what asking for the figure costs."""
        read = lambda: self.assertEqual(200, wharf.get(target, token=ada).status, target)
        for _ in range(3):
            read()  # connects, prepares
        own = self.questions()
        own = self.questions() - own
        before = self.questions()
        for _ in range(self.READS):
            read()
        return (self.questions() - before - own) / self.READS

    def test_the_number_of_versions_and_dependencies_costs_nothing(self):
        for path, most in self.MOST.items():
            with self.subTest(path=path):
                small, large = (self.cost(f"/api/v1/packages/{name}{path}") for name in ("small-one", "large-one"))
                self.assertEqual(small, large)
                self.assertLessEqual(large, most)
                self.assertGreater(large, 0, "the answer did not come from the database, so that nothing was measured")

    def test_the_large_one_is_whole(self):
        versions = wharf.get("/api/v1/packages/large-one", token=ada).json()["versions"]
        self.assertEqual(["8.0.0"] + [f"7.{n}.0" if n != 7.5 else "7.7.7" for n in
                                      sorted([*range(1, self.VERSIONS - 1), 7.5], reverse=True)], [entry["version"] for entry in versions])
        self.assertEqual(self.VERSIONS, len(versions))
        self.assertTrue(all(entry["dependencies"] == self.dependencies for entry in versions))
        listed = wharf.get("/api/v1/packages/large-one/versions", token=ada).json()["versions"]
        self.assertEqual([entry["version"] for entry in versions], listed)
        self.assertEqual("8.0.0", wharf.get("/api/v1/packages/large-one", token=ada).json()["latest_version"])


class AllButNginxDownTest(Case):
    """Nothing runs but nginx."""

    @classmethod
    def setUpClass(cls):
        # The index of everything may follow a publish by a second.
        wait_for(lambda: all(b"geo-kit" in wharf.get(f"{base}/index.json").body for base in BASES), what="the index of everything")
        for part in ("clerk", "workers-read", "workers-write", "mariadb"):
            wharf.kill(part)

    @classmethod
    def tearDownClass(cls):
        for part in ("mariadb", "clerk", "workers-read", "workers-write"):
            wharf.restart(part)
        wait_for(lambda: wharf.get("/api/v1/health").status == 200, what="all to be well again")

    def test_archives_and_index_documents_are_served_all_the_same(self):
        for base in BASES:
            for version, archive in archives.items():
                for path in (f"{version}/tarball", f"{version}/download", f"{version}.tar.gz"):
                    self.assertEqual(archive, self.ok(f"{base}/packages/geo-kit/{path}").body)
            index = self.ok(f"{base}/packages/geo-kit/index.json")
            self.assertEqual(set(archives), {entry["version"] for entry in index.json()["versions"]})
            packed = self.ok(f"{base}/packages/geo-kit/index.json", headers={"Accept-Encoding": "gzip"})
            self.assertEqual(index.body, gzip.decompress(packed.body))
            self.assertIn(b"geo-kit", self.ok(f"{base}/index.json").body)
            self.assertEqual(206, wharf.get(f"{base}/packages/geo-kit/1.0.0/tarball", headers={"Range": "bytes=5-"}).status)

    def test_what_needs_a_worker_says_so_in_the_dialects_shape(self):
        for base in BASES:
            for method, path, body in (("GET", "/packages/geo-kit/1.0.0/readme", None), ("GET", "/packages/none-such/index.json", None),
                                       ("GET", "/packages/geo-kit/9.9.9/tarball", None), ("GET", "/stats", None), ("GET", "/health", None),
                                       ("POST", "/auth/login", {"username": "ada", "password": "x"}),
                                       ("PUT", "/packages/geo-kit/9.0.0", b"x")):
                with self.subTest(base=base, path=path):
                    answer = wharf.request(method, base + path, body, token="x")
                    self.assertIn(answer.status, (502, 503), answer)
                    check_refusal(self, answer, answer.status, None, base)


if __name__ == "__main__":
    unittest.main()
