# SPDX-License-Identifier: MIT
"""The OpenAPI document is held against a running registry: every call gives every answer that is documented of it, and every
answer fits its schema, which is closed."""

import base64
import gzip
import io
import json
import re
import subprocess
import tarfile
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    import jsonschema
except ImportError:
    raise unittest.SkipTest("python3-jsonschema is not installed for this python3") from None

from support import packages
from support.openapi import Interface
from support.tools import Tools
from support.wharf import ROOT, Wharf, wait_for

GZIP = {"Content-Type": "application/gzip"}
SCOPE_OF = {"publish": ["yank"], "yank": ["publish"], "owners": ["publish"]}  # one that does not do

# Documented answers that no test can bring about at will, each with the reason.
NOT_PROVOKED = {
    ("changePassword", 409): "needs a second change within the same moment",
    ("getOpenapi", 500): "asks nothing of anyone",
    ("getOpenapi", 503): "asks nothing of anyone",
    ("getWholeIndex", 500): "asks nothing of anyone",
    ("getHealth", 500): "whatever goes wrong is its answer",
    **{(one, 500): "asks the search's own files alone" for one in ("suggestNames", "listCategories", "listKeywords")},
}
WITHOUT_DATABASE = {"getOpenapi", "getHealth", "getWholeIndex", "suggestNames", "listCategories", "listKeywords"}
# A package of which nothing lies on the disk, so that nginx asks a worker.
ABSENT = "absent-kit"

def setUpModule():
    global wharf, api
    wharf = Wharf(env={"WHARF_PUBLISH_MAX_ARCHIVE_MIB": "1"}).start()
    api = Interface(wharf.get("/api/v1/openapi.json").json())

def tearDownModule():
    wharf.close()

class Caller:
    """Sends calls by their operationId and holds the answers against the document."""

    values = {"name": "tide-tables", "version": "9.9.9", "username": "nobody-here", "id": "999999", "slug": "sea"}

    def send(self, operation_id, body=None, headers=None, token=None, query="", **values):
        method = api.operations[operation_id][0]
        target = "/api/v1" + api.target(operation_id, {**self.values, **values}) + query
        return wharf.request(method, target, body, headers, token=token)

    def call(self, status, operation_id, *arguments, **more):
        answer = api.check(operation_id, self.send(operation_id, *arguments, **more))
        if answer.status != status:
            raise AssertionError(f"{operation_id} should answer {status}: {answer}")
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer

    def example(self, status, operation_id, name="", **more):
        return self.call(status, operation_id, api.body_example(operation_id, name), **more)

    def refused(self, status, code, operation_id, *arguments, **more):
        got = self.call(status, operation_id, *arguments, **more)
        if got["error"] != code:
            raise AssertionError(f"{operation_id} should say {code}: {got}")

    # --- what every call is given ---
    def body_for(self, operation_id, name="tide-tables"):
        """A good body: its first example."""
        content = api.operations[operation_id][2].get("requestBody", {}).get("content", {})
        if "application/gzip" in content:
            return packages.package(name, self.values["version"]), GZIP
        if operation_id == "verifyToken":
            return {"token": self.grace}, None
        return next(api.examples_of(content["application/json"]))[1] if content else None, None

    def every(self, but=()):
        return [one for one in api.operations if one not in but]

    def each(self, status, operations, **more):
        """The same refusal from each of them, several at once, for a package that nginx knows nothing of."""
        def fault(operation_id):
            body, headers = self.body_for(operation_id, ABSENT)
            try:
                self.call(status, operation_id, body, headers, token=self.grace, name=ABSENT, **more)
            except AssertionError as error:
                return str(error)
        with ThreadPoolExecutor(4) as pool:
            faults = [one for one in pool.map(fault, operations) if one]
        if faults:
            raise AssertionError("\n".join(faults))

class EveryCallTest(Caller, unittest.TestCase):
    maxDiff = None

    def test_every_call_gives_every_documented_answer(self):
        for phase in (self.accounts, self.tokens, self.publishing, self.reading, self.searching, self.heads, self.managing, self.owners, self.quarantine,
                      self.refusals_of_rights, self.refusals_of_requests, self.switched_off, self.quotas, self.without_search, self.limits,
                      self.slow_workers, self.without_tables, self.without_database, self.without_workers):
            with self.subTest(phase=phase.__name__):
                phase()
        missing = api.documented() - api.answered - set(NOT_PROVOKED)
        self.assertEqual([], sorted(missing), "documented, but never answered")
        self.assertEqual(set(), set(NOT_PROVOKED) & api.answered, "answered, so no exception is needed")
        self.assertEqual(set(), api.body_examples() - api.sent, "examples of requests that were never sent")
        self.assertEqual([], api.untrue_error_examples(), "codes whose example has other details than their answers")

    # --- all is well ---
    def accounts(self):
        EveryCallTest.grace = self.example(201, "register", "full")["token"]
        EveryCallTest.hopper = self.example(201, "register", "without e-mail")["token"]
        self.refused(409, "username_taken", "register", {"username": "grace", "password": "fourteen small boats"})
        self.refused(409, "email_taken", "register", {"username": "grace-too", "password": "fourteen small boats", "email": "grace@example.org"})
        self.refused(400, "username_invalid", "register", {"username": "g", "password": "fourteen small boats"})
        self.refused(400, "email_invalid", "register", {"username": "gracie", "password": "fourteen small boats", "email": "grace"})
        self.refused(400, "password_unacceptable", "register", {"username": "gracie", "password": "short"})
        self.example(200, "login", "by e-mail")
        session = self.example(200, "login", "by name")["token"]
        self.refused(401, "invalid_credentials", "login", {"username": "grace", "password": "not this one"})
        self.assertFalse(self.example(200, "verifyToken")["valid"])
        self.assertTrue(self.call(200, "verifyToken", {"token": session})["valid"])
        self.refused(400, "bad_request", "verifyToken")
        renewed = self.call(200, "refreshSession", token=session)["token"]
        self.refused(401, "unauthorized", "refreshSession", token=session)
        self.call(204, "logout", token=renewed)
        self.refused(400, "password_unacceptable", "changePassword", {"current_password": "fourteen small boats", "new_password": "x"}, token=self.grace)
        self.refused(401, "invalid_credentials", "changePassword", {"current_password": "not this one", "new_password": "forty small boats"}, token=self.grace)
        self.example(204, "changePassword", token=self.grace)
        self.call(200, "getUser", username="grace")
        self.refused(404, "not_found", "getUser")
        wharf.register("disabled")
        wharf.sql("UPDATE users SET disabled_at = NOW(3) WHERE username = 'disabled'")
        self.refused(403, "account_disabled", "login", {"username": "disabled", "password": "correct horse battery staple"})

    def tokens(self):
        for suffix in ("", "OfAuth"):
            made = self.example(201, f"createToken{suffix}", "everything said", token=self.grace)
            EveryCallTest.ci = made["token"]
            usual = self.example(201, f"createToken{suffix}", "what is usual", token=self.grace)
            self.refused(400, "bad_request", f"createToken{suffix}", {"name": "x", "scopes": ["admin"]}, token=self.grace)
            self.call(200, f"listTokens{suffix}", token=self.grace)
            self.call(204, f"revokeToken{suffix}", token=self.grace, id=usual["token_id"])
            self.refused(404, "not_found", f"revokeToken{suffix}", token=self.grace)
            self.call(200, f"getMe{suffix}", token=self.ci)

    def publishing(self):
        example = api.body_example("publishForm")
        archive = base64.b64decode(example["tarball"])
        for form in ("publishForm", "publishFormAtPublish"):
            self.call(200, form, api.body_example(form), query="?dry_run=1", token=self.ci)
        put = {"body": archive, "headers": GZIP, "token": self.ci, "version": "1.4.0"}
        self.call(200, "publishArchive", query="?dry_run=1", **put)
        self.call(201, "publishForm", example, token=self.ci)
        self.refused(409, "version_exists", "publishArchive", **put)
        for form in ("publishForm", "publishFormAtPublish"):
            self.refused(409, "version_exists", form, example, token=self.ci)
            parts, media = packages.multipart([("metadata", None, "application/json", b'{"name": "another"}'), ("tarball", "a.tar.gz", None, archive)])
            self.refused(422, "manifest_mismatch", form, parts, {"Content-Type": media}, token=self.ci)
        rich = packages.package("tide-tables", "1.5.0", dependencies={"geo-kit": "^1.2.0"}, keywords=["tides"], authors=["Grace"])
        self.call(201, "publishArchive", rich, GZIP, token=self.grace, version="1.5.0")
        parts, media = packages.multipart([("archive", "a.tar.gz", "application/gzip", packages.package("tide-tables", "1.6.0", keywords=["sea"], categories=["sea"]))])
        self.call(201, "publishFormAtPublish", parts, {"Content-Type": media}, token=self.grace)
        for form in ("publishForm", "publishFormAtPublish"):
            body = {"tarball": self.base64_of("tide-tables", "1.7.0")}
            self.refused(403, "forbidden", form, body, token=self.hopper)
        self.refused(403, "forbidden", "publishArchive", packages.package("tide-tables", "1.7.0"), GZIP, token=self.hopper, version="1.7.0")
        for code, status, name, version, more in (
                ("name_invalid", 400, "-x", "1.0.0", {}), ("version_invalid", 400, "tide-tables", "1.0", {}),
                ("name_reserved", 409, "std", "1.0.0", {}), ("name_too_similar", 409, "tide_tables", "1.0.0", {}),
                ("overwrite_refused", 409, "tide-tables", "1.4.0", {"X-Force": "true"}),
                ("checksum_mismatch", 422, "tide-tables", "1.8.0", {"X-Checksum-SHA256": "0" * 64})):
            named = packages.package(name if code != "name_invalid" else "x", version if code != "version_invalid" else "1.0.0")
            self.refused(status, code, "publishArchive", named, {**GZIP, **more}, token=self.grace, name=name, version=version)
        damaged = bytearray(gzip.decompress(packages.package("tide-tables", "1.9.0")))
        damaged[148:154] = b"000000"  # the first header's checksum
        manifest = packages.toml_manifest("tide-tables", "1.9.0")
        for code, archive in (("archive_form", b"no gzip"), ("archive_header", gzip.compress(damaged)),
                              ("archive_type", self.with_a_link(manifest)), ("archive_size", packages.tar_gz({"wharf.toml": manifest, "src/zeros": b"0" * (65 << 20)})),
                              ("dependency_not_publishable", packages.tar_gz({"wharf.toml": manifest + '[dependencies]\ngeo-kit = {path = "../geo"}\n'})),
                              ("manifest_missing", packages.tar_gz({"x": "y"})),
                              ("manifest_invalid", packages.tar_gz({"wharf.toml": "= ="})),
                              ("manifest_invalid", packages.tar_gz({"wharf.toml": '[package]\nname = "tide-tables"\n'})),
                              ("archive_path", packages.tar_gz({"wharf.toml": packages.toml_manifest("tide-tables", "1.9.0"), "../x": "y"}))):
            self.refused(422, code, "publishArchive", archive, GZIP, token=self.grace, version="1.9.0")

    @staticmethod
    def with_a_link(manifest):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.USTAR_FORMAT) as tar:
            info = tarfile.TarInfo("wharf.toml")
            info.size = len(manifest)
            tar.addfile(info, io.BytesIO(manifest.encode()))
            link = tarfile.TarInfo("src/link")
            link.type, link.linkname = tarfile.SYMTYPE, "../wharf.toml"
            tar.addfile(link)
        return buffer.getvalue()

    @staticmethod
    def base64_of(name, version):
        return base64.b64encode(packages.package(name, version)).decode()

    def reading(self):
        for sort in api.operations["listPackages"][2]["parameters"][0]["schema"]["enum"]:
            self.assertEqual(1, self.call(200, "listPackages", query=f"?sort={sort}&limit=1", token=self.grace)["total"])
        self.refused(400, "bad_request", "listPackages", query="?limit=some")
        for operation_id in ("listPopular", "listPopularAtTop", "listRecent", "listRecentAtTop"):
            self.assertEqual("tide-tables", self.call(200, operation_id, query="?limit=1", token=self.grace)["results"][0]["name"])
        for period in api.operations["listTrending"][2]["parameters"][0]["schema"]["enum"]:
            self.call(200, "listTrending", query=f"?period={period}", token=self.grace)
        self.assertEqual(366, len(self.call(200, "getPackageStatistics", query="?days=366", token=self.grace)["downloads"]["daily"]))
        one = {"version": "1.5.0", "token": self.grace}
        for operation_id in self.every():
            method, path, operation = api.operations[operation_id]
            if method != "GET" or "{name}" not in path and operation_id not in ("getWholeIndex", "getOpenapi", "getStatistics"):
                continue
            wait_for(lambda: self.send(operation_id, **one).status != 503, what=f"{operation_id} to be visible")
            self.call(200, operation_id, **one)
            etag = self.send(operation_id, **one).headers.get("etag")
            if "304" in operation["responses"]:
                self.call(304, operation_id, headers={"If-None-Match": etag}, **one)
            if "{name}" in path:
                self.call(302, operation_id, **{**one, "name": "TIDE-tables"})
                self.refused(404, "not_found", operation_id, name="nothing-of-that-name", version="1.0.0")
                self.refused(400, "name_invalid", operation_id, name="-x", version="1.0.0")
            if "{version}" in path:
                self.call(302, operation_id, **{**one, "version": "latest"})
                self.refused(404, "not_found", operation_id, version="9.9.9")
                self.refused(400, "version_invalid", operation_id, version="1.0")
            if "206" in operation["responses"]:
                self.call(206, operation_id, headers={"Range": "bytes=10-"}, **one)
                self.call(416, operation_id, headers={"Range": "bytes=99999999-"}, **one)
        wharf.published(self.grace, "plain-readme", "1.0.0", archive=packages.tar_gz(
            {"wharf.toml": packages.toml_manifest("plain-readme", "1.0.0"), "README.txt": "Plain\n", "README": "Plain\n"}))
        plain = self.call(200, "getReadme", name="plain-readme", version="1.0.0", token=self.grace)
        self.assertTrue(plain.headers["content-type"].startswith("text/plain"), plain)
        self.call(200, "getHealth")

    def searching(self):
        queries = {"searchPackages": "?q=tide", "suggestNames": "?q=tide"}
        wait_for(lambda: b"tide-tables" in self.send("searchPackages", query="?q=tide").body, what="the search to know the package")
        for operation_id, (_, path, operation) in api.operations.items():
            if "Search" in operation["tags"]:
                more = {"query": queries.get(operation_id, "?limit=5"), "token": self.grace}
                self.call(200, operation_id, **more)
                etag = self.send(operation_id, **more).headers["etag"]
                self.call(304, operation_id, headers={"If-None-Match": etag}, **more)
        self.refused(400, "bad_request", "searchPackages")
        for sort in next(one for one in api.operations["searchPackages"][2]["parameters"] if one.get("name") == "sort")["schema"]["enum"]:
            self.call(200, "searchPackages", query=f"?q=tide&sort={sort}")
        for labels, of in (("listKeywords", "keywords"), ("listCategories", "categories")):
            self.assertEqual([{"name": "sea", "count": 1}], self.call(200, labels, query="?limit=9")[of])

    def heads(self):
        """HEAD is GET without a body."""
        for operation_id, (method, _, _) in api.operations.items():
            if method == "GET":
                target = "/api/v1" + api.target(operation_id, {**self.values, "version": "1.5.0"})
                get, head = (wharf.request(one, target, token=self.grace) for one in ("GET", "HEAD"))
                self.assertEqual((get.status, b""), (head.status, head.body), operation_id)
                self.assertEqual(*(answer.headers.get("content-type") for answer in (get, head)), operation_id)

    def managing(self):
        user = wharf.published(self.grace, "harbour-map", "2.0.0", dependencies={"tide-tables": "=1.6.0"})
        self.assertTrue(user)
        self.assertTrue(self.example(200, "yankVersion", version="1.5.0", token=self.grace)["yanked"])
        self.assertFalse(self.example(200, "unyankVersion", version="1.5.0", token=self.grace)["yanked"])
        for operation_id, extra in (("yankVersion", {}), ("unyankVersion", {}), ("removeVersion", {})):
            self.refused(404, "not_found", operation_id, token=self.grace)
            self.refused(403, "forbidden", operation_id, token=self.hopper, version="1.4.0")
            self.refused(400, "name_invalid", operation_id, token=self.grace, name="-x", version="1.0.0")
        self.refused(409, "removal_refused", "removeVersion", token=self.grace, version="1.6.0")
        self.call(204, "removeVersion", token=self.grace, version="1.5.0")
        self.refused(409, "version_removed", "publishArchive", packages.package("tide-tables", "1.5.0"), GZIP, token=self.grace, version="1.5.0")

    def owners(self):
        self.example(200, "setOwner", "maintainer", token=self.grace)
        self.example(200, "addOwner", "maintainer", token=self.grace)
        self.refused(403, "forbidden", "setOwner", {"username": "hopper"}, token=self.hopper)
        self.refused(403, "forbidden", "addOwner", {"username": "hopper"}, token=self.hopper)
        self.refused(403, "forbidden", "removeOwner", username="grace", token=self.hopper)
        for add in ("setOwner", "addOwner"):
            self.refused(404, "not_found", add, {"username": "nobody-here"}, token=self.grace)
            self.refused(400, "name_invalid", add, {"username": "hopper"}, token=self.grace, name="-x")
            self.refused(409, "last_owner", add, {"username": "grace", "role": "maintainer"}, token=self.grace)
        self.call(204, "removeOwner", username="hopper", token=self.grace)
        self.refused(404, "not_found", "removeOwner", username="hopper", token=self.grace)
        self.refused(400, "name_invalid", "removeOwner", username="hopper", token=self.grace, name="-x")
        self.refused(409, "last_owner", "removeOwner", username="grace", token=self.grace)
        for add in ("setOwner", "addOwner"):
            self.example(200, add, "owner", token=self.grace)
        self.call(204, "removeOwner", username="hopper", token=self.grace)

    # --- what every call refuses ---
    def quarantine(self):
        """Every call that can say so of a quarantined package does."""
        version = self.values["version"]
        wharf.published(self.grace, "held-back", version)
        Tools(wharf).run("wharf-package", "quarantine", "held-back", "--reason", "sends keys away", check=0)
        wait_for(lambda: wharf.download("held-back", version).status == 403, what="the archive to be gone")
        can_say_so = [one for one in self.every() if "quarantined" in json.dumps(api.operations[one][2]["responses"].get("403", {}))]
        self.assertGreater(len(can_say_so), 12)
        for operation_id in can_say_so:
            body, headers = self.body_for(operation_id, "held-back")
            if operation_id in ("publishForm", "publishFormAtPublish"):
                continue
            self.refused(403, "quarantined", operation_id, body, headers, token=self.grace, name="held-back", version=version)

    def refusals_of_rights(self):
        for operation_id in self.every():
            security = api.operations[operation_id][2]["security"]
            body, headers = self.body_for(operation_id)
            if not security:
                continue
            self.refused(401, "unauthorized", operation_id, body, headers)
            self.refused(401, "unauthorized", operation_id, body, headers, token="wharf_nonsense")
            scopes = [scope for choice in security for scope in choice.get("apiToken", [])]
            if not any("apiToken" in choice for choice in security):
                self.refused(403, "forbidden", operation_id, body, headers, token=self.ci)
            elif scopes:
                token = wharf.api_token(self.grace, scopes=SCOPE_OF[scopes[0]])
                self.refused(403, "scope_missing", operation_id, body, headers, token=token)
        wharf.sql("UPDATE users SET disabled_at = NOW(3) WHERE username = 'hopper'")
        for operation_id in self.every():
            if api.operations[operation_id][2]["security"]:
                body, headers = self.body_for(operation_id)
                self.refused(403, "account_disabled", operation_id, body, headers, token=self.hopper)

    def refusals_of_requests(self):
        # What lies on the disk is served whatever its query says: these paths lead to a worker.
        by_worker = self.every(but=("getWholeIndex",))
        self.each(414, by_worker, query="?x=" + "y" * 5000)
        self.each(400, by_worker, query="?x=%zz")
        for operation_id in by_worker:
            content = api.operations[operation_id][2].get("requestBody", {}).get("content", {})
            if not content:
                continue
            large = b'{"x": "' + b"y" * (3 << 20 if "/packages" == api.operations[operation_id][1][:9] else 70000) + b'"}'
            media = "application/gzip" if "application/gzip" in content else "application/json"
            self.refused(413, "payload_too_large", operation_id, large, {"Content-Type": media}, token=self.grace)
            wrong = "application/json" if media == "application/gzip" else "text/plain"
            self.refused(415, "unsupported_media_type", operation_id, b"x", {"Content-Type": wrong}, token=self.grace)

    def switched_off(self):
        wharf.restart("workers-write", WHARF_SITE_REGISTRATION="closed")
        self.refused(403, "registration_closed", "register", {"username": "closed", "password": "fourteen small boats"})
        wharf.restart("workers-write")
        wharf.env.update(WHARF_SITE_WHOLE_INDEX="off")
        wharf.restart("nginx")
        self.refused(503, "unavailable", "getWholeIndex")
        wharf.restart("workers-read")
        self.refused(404, "not_found", "getWholeIndex")
        self.refused(400, "bad_request", "getWholeIndex", query="?x=%zz")
        self.refused(414, "uri_too_long", "getWholeIndex", query="?x=" + "y" * 5000)

    def quotas(self):
        wharf.restart("workers-write", WHARF_LIMITS="standard", WHARF_LIMITS_USER_VERSIONS="1", WHARF_LIMITS_USER_VERSION_SECONDS="3600")
        for version, status in (("1.0.0", 201), ("1.1.0", 429)):
            archive = packages.package("counted", version)
            answer = self.send("publishArchive", archive, GZIP, token=self.grace, name="counted", version=version)
            headers = api.check("publishArchive", answer).headers
            self.assertEqual((status, "1", "0"), (answer.status, headers["ratelimit-limit"], headers["ratelimit-remaining"]))
        wharf.restart("workers-write")

    def without_search(self):
        """A registry whose search has not been built yet."""
        wharf.kill("clerk")
        (wharf.var / "search").rename(wharf.var / "search-away")
        wharf.restart("workers-read")
        try:
            for operation_id, (_, _, operation) in api.operations.items():
                if "Search" in operation["tags"]:
                    self.refused(503, "unavailable", operation_id, query="?q=tide")
        finally:
            (wharf.var / "search-away").rename(wharf.var / "search")
            for part in ("clerk", "workers-read"):
                wharf.restart(part)

    # --- what nginx answers, and a registry that is not well ---
    def limits(self):
        wharf.restart("nginx", WHARF_LIMITS="strict")
        try:
            def until_limited(operation_id):
                body, headers = self.body_for(operation_id, ABSENT)
                for _ in range(400):
                    answer = api.check(operation_id, self.send(operation_id, body, headers, name=ABSENT))
                    if answer.status == 429:
                        return
                raise AssertionError(f"{operation_id} is never limited")
            for operation_id in self.every():
                until_limited(operation_id)
        finally:
            wharf.restart("nginx")

    def slow_workers(self):
        with tempfile.TemporaryDirectory(prefix="wharf-templates-", dir="/tmp") as folder:
            for template in (ROOT / "nginx").glob("*.in"):
                Path(folder, template.name).write_text(re.sub(r"fastcgi_read_timeout \d+s", "fastcgi_read_timeout 1s", template.read_text()))
            wharf.restart("nginx", WHARF_NGINX_TEMPLATES=folder)
        workers = wharf.workers()
        try:
            for worker in workers:
                subprocess.run(["kill", "-STOP", str(worker)], check=True)
            self.each(504, self.every())
        finally:
            for worker in workers:
                subprocess.run(["kill", "-CONT", str(worker)], check=True)
            wharf.restart("nginx")

    def without_tables(self):
        tables = [row[0] for row in wharf.sql("SHOW TABLES") if row[0] != "schema_migrations"]
        wharf.sql("RENAME TABLE " + ", ".join(f"{table} TO {table}_away" for table in tables))
        try:
            self.each(500, self.every(but=WITHOUT_DATABASE), query="?q=tide")
        finally:
            wharf.sql("RENAME TABLE " + ", ".join(f"{table}_away TO {table}" for table in tables))

    def without_database(self):
        wharf.kill("mariadb")
        self.each(503, self.every(but=WITHOUT_DATABASE), query="?q=tide")
        self.assertEqual("unavailable", self.call(503, "getHealth")["status"])

    def without_workers(self):
        for part in ("workers-read", "workers-write"):
            wharf.kill(part)
        self.each(502, self.every())

if __name__ == "__main__":
    unittest.main()
