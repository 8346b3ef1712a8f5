# SPDX-License-Identifier: MIT
"""Publishing by each of the three forms, who may, what is refused; yanking and removing. Over real sockets, seen from
outside."""

import base64
import hashlib
import itertools
import json
import os
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from support import packages
from support.refusals import Untouched, check_refusal
from support.wharf import Wharf, wait_for

BASES = ("/api/v1", "/synapse/api/v1", "/raven/api/v1", "/vais")
GZIP = {"Content-Type": "application/gzip"}
_numbers = itertools.count(1)


def setUpModule():
    global wharf, ada, bob
    wharf = Wharf().start()
    ada = wharf.register("ada").token
    bob = wharf.register("bob").token


def tearDownModule():
    wharf.close()


def new_name(stem="kit"):
    return f"{stem}-{next(_numbers)}x"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def put(token, name, version, archive, headers=None, query=""):
    return wharf.request("PUT", f"/api/v1/packages/{name}/{version}{query}", archive, {**GZIP, **(headers or {})}, token=token)


def post_form(token, parts, headers=None, path="/api/v1/packages"):
    body, content_type = packages.multipart(parts)
    return wharf.post(path, body, headers={"Content-Type": content_type, **(headers or {})}, token=token)


def post_json(token, archive, headers=None, path="/api/v1/packages", **fields):
    return wharf.post(path, {**fields, "tarball": base64.b64encode(archive).decode()}, headers=headers or {}, token=token)


# The three forms by which an archive may come: each is called with (token, name, version, archive, headers, query).
FORMS = {
    "raw": put,
    "multipart": lambda token, name, version, archive, headers=None, query="":
        post_form(token, [("tarball", "a.tar.gz", None, archive)], headers, f"/api/v1/packages{query}"),
    "base64": lambda token, name, version, archive, headers=None, query="":
        post_json(token, archive, headers, f"/api/v1/packages{query}", name=name, version=version),
}


def manifest_only(name, version, manifest="wharf.toml", **fields):
    """An archive whose manifest says nothing but this."""
    if manifest.endswith(".json"):
        return packages.tar_gz({manifest: json.dumps({"name": name, "version": version, **fields})})
    return packages.tar_gz({manifest: packages.toml_manifest(name, version, **fields)})


class Case(unittest.TestCase):
    def must(self, status, answer):
        self.assertEqual(status, answer.status, answer)
        return answer

    def refused(self, answer, status, code):
        return check_refusal(self, answer, status, code)

    def untouched(self):
        return Untouched(self, wharf)

    def index(self, name):
        return {entry["version"]: entry for entry in wharf.get(f"/api/v1/packages/{name}/index.json").json()["versions"]}

    def check_created(self, answer, name, version, archive):
        """The 201 of the interface, field by field."""
        self.must(201, answer)
        body = answer.json()
        self.assertIs(True, body["success"])
        self.assertIs(int, type(body["package"]["id"]))
        self.assertRegex(body["published_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        self.assertEqual({"id": body["package"]["id"], "name": name, "version": version, "published_at": body["published_at"],
                          "url": f"/api/v1/packages/{name}/{version}", "checksum": sha256(archive), "size": len(archive)},
                         body["package"])
        self.assertEqual({"success": True, "package": body["package"], "package_id": str(body["package"]["id"]), "name": name,
                          "version": version, "published_at": body["published_at"],
                          "download_url": f"{wharf.url}/api/v1/packages/{name}/{version}/download",
                          "checksum": sha256(archive), "size": len(archive)}, body)
        self.assertIn(answer.headers["wharf-visible"], ("yes", "pending"))
        self.assertEqual(f"/api/v1/packages/{name}/{version}", answer.headers["location"].removeprefix(wharf.url))
        shown = self.must(200, wharf.get(f"/api/v1/packages/{name}/{version}", token=ada)).json()
        self.assertEqual((name, version, sha256(archive)), (shown["name"], shown["version"], shown["checksum"]))
        downloaded = wait_for(lambda: (got := wharf.get(body["download_url"].removeprefix(wharf.url))).status == 200 and got,
                              what="the archive")
        self.assertEqual(archive, downloaded.body)


class FormsTest(Case):
    def test_the_archive_as_the_body(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        self.check_created(put(ada, name, "1.0.0", archive), name, "1.0.0", archive)

    def test_a_form_in_every_order_and_with_every_name_of_its_parts(self):
        for path in ("/api/v1/packages", "/api/v1/packages/publish"):
            for file_part in ("tarball", "archive"):
                for text_part in ("metadata", "manifest", None):
                    for file_first in (True, False):
                        with self.subTest(path=path, file=file_part, text=text_part, file_first=file_first):
                            name = new_name()
                            archive = packages.package(name, "1.0.0")
                            parts = [(file_part, f"{name}-1.0.0.tar.gz", "application/gzip", archive)]
                            if text_part:
                                text = json.dumps({"name": name, "version": "1.0.0"}).encode()
                                parts.append((text_part, None, "application/json", text))
                            answer = post_form(ada, parts if file_first else parts[::-1], path=path)
                            self.check_created(answer, name, "1.0.0", archive)

    def test_base64_inside_of_json(self):
        for path in ("/api/v1/packages", "/api/v1/packages/publish"):
            name = new_name()
            archive = packages.package(name, "1.0.0")
            self.check_created(post_json(ada, archive, path=path, name=name, version="1.0.0"), name, "1.0.0", archive)

    def test_base64_with_every_slash_escaped_and_the_archive_first(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        text = base64.b64encode(archive).decode().replace("/", "\\/")
        body = f'{{"tarball": "{text}", "name": "{name}", "version": "1.0.0"}}'
        answer = wharf.post("/api/v1/packages", body, headers={"Content-Type": "application/json; charset=utf-8"}, token=ada)
        self.check_created(answer, name, "1.0.0", archive)

    def test_every_manifest_and_the_folder_of_synapse(self):
        for manifest in ("synapse.json", "vais.toml", "raven.toml", "wharf.toml", "wharf.json"):
            with self.subTest(manifest=manifest):
                name = new_name()
                archive = packages.package(name, "0.1.0", manifest=manifest, dependencies={"num-core": "1.2.0"})
                self.check_created(put(ada, name, "0.1.0", archive), name, "0.1.0", archive)
                requirement = self.index(name)["0.1.0"]["dependencies"]["num-core"]["req"]
                self.assertEqual("=1.2.0" if manifest == "synapse.json" else "^1.2.0", requirement)
        name = new_name()
        text = json.dumps({"name": name, "version": "0.1.0", "description": "a kit"})
        archive = packages.tar_gz({f"{name}-0.1.0/synapse.json": text, f"{name}-0.1.0/lib/main.syn": "1\n"})
        self.check_created(post_form(ada, [("tarball", "x", None, archive)]), name, "0.1.0", archive)

    def test_a_form_sent_in_chunks(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        body, content_type = packages.multipart([("tarball", "a.tar.gz", None, archive)])
        pieces = (body[i:i + 100] for i in range(0, len(body), 100))
        answer = wharf.post("/api/v1/packages", pieces, headers={"Content-Type": content_type}, token=ada)
        self.check_created(answer, name, "1.0.0", archive)

    def test_over_tls(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        answer = wharf.request("PUT", f"/api/v1/packages/{name}/1.0.0", archive, GZIP, token=ada, tls=True)
        self.check_created(answer, name, "1.0.0", archive)

    def test_the_request_only_fills_what_the_manifest_lacks(self):
        name = new_name()
        archive = manifest_only(name, "1.0.0", description="what the archive says")
        claims = {"name": name, "version": "1.0.0", "description": "what the request says", "license": "Apache-2.0",
                  "keywords": ["added"], "homepage": "https://example.org/added", "author": "Request",
                  "dependencies": {"sneaked-in": "^1.0.0"}}
        self.must(201, post_json(ada, archive, **claims))
        shown = self.must(200, wharf.get(f"/api/v1/packages/{name}/1.0.0", token=ada)).json()
        self.assertEqual("what the archive says", shown["description"])
        self.assertEqual(("Apache-2.0", ["added"], "https://example.org/added", "Request"),
                         (shown["license"], shown["keywords"], shown["homepage"], shown["author"]))
        self.assertEqual({}, shown["dependencies"])
        self.assertEqual({}, self.index(name)["1.0.0"]["dependencies"])

    def test_a_request_that_says_otherwise_than_the_archive_is_refused(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        other = new_name()
        with self.untouched():
            for answer in (put(ada, other, "1.0.0", archive), put(ada, name, "1.0.1", archive),
                           post_json(ada, archive, name=other, version="1.0.0"),
                           post_json(ada, archive, name=name, version="1.0.0+build"),
                           post_form(ada, [("tarball", "x", None, archive),
                                           ("metadata", None, None, json.dumps({"version": "2.0.0"}).encode())])):
                self.refused(answer, 422, "manifest_mismatch")


class VisibleTest(Case):
    def publish_and_look(self, token, count, seen, problems):
        try:
            name = new_name("seen")
            for number in range(count):
                version = f"1.{number}.0"
                archive = packages.package(name, version)
                answer = put(token, name, version, archive)
                visible = answer.headers.get("wharf-visible")
                index = wharf.get(f"/api/v1/packages/{name}/index.json")
                tarball = wharf.download(name, version)
                seen.append(visible)
                if answer.status != 201 or visible not in ("yes", "pending"):
                    problems.append(f"{name} {version}: {answer} {visible}")
                elif visible == "yes":
                    entries = {entry["version"]: entry for entry in index.json()["versions"]} if index.status == 200 else {}
                    if entries.get(version, {}).get("checksum") != sha256(archive) or tarball.body != archive:
                        problems.append(f"{name} {version}: visible, but {index} {tarball}")
        except Exception as error:  # a thread's failure must reach the test
            problems.append(repr(error))

    def test_what_is_said_to_be_visible_can_be_fetched_at_once(self):
        seen, problems = [], []
        self.publish_and_look(ada, 40, seen, problems)
        self.assertEqual([], problems)
        self.assertGreaterEqual(seen.count("yes"), 38, seen)

    def test_also_when_many_publish_at_once(self):
        seen, problems = [], []
        threads = [threading.Thread(target=self.publish_and_look, args=(ada, 10, seen, problems)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], problems)
        self.assertEqual(40, len(seen))
        self.assertIn("yes", seen)


class DryRunTest(Case):
    def test_every_form_is_checked_and_nothing_is_kept(self):
        for form, send in FORMS.items():
            with self.subTest(form=form):
                name = new_name("dry")
                archive = packages.package(name, "1.0.0", dependencies={"num-core": "^1.0.0"})
                with self.untouched():
                    answer = self.must(200, send(ada, name, "1.0.0", archive, query="?dry_run=1"))
                    body = answer.json()
                    self.assertEqual((name, "1.0.0", sha256(archive), len(archive)),
                                     (body["name"], body["version"], body["checksum"], body["size"]))
                    self.assertEqual({"num-core": "^1.0.0"}, body["dependencies"])
                    self.refused(wharf.get(f"/api/v1/packages/{name}"), 404, "not_found")
                self.check_created(send(ada, name, "1.0.0", archive), name, "1.0.0", archive)

    def test_what_a_publish_would_be_refused_for(self):
        name = new_name("dry")
        archive = wharf.published(ada, name, "1.0.0")
        with self.untouched():
            self.refused(put(ada, name, "1.0.0", archive, query="?dry_run=1"), 409, "version_exists")
            self.refused(put(bob, name, "1.1.0", packages.package(name, "1.1.0"), query="?dry_run=1"), 403, "forbidden")
            self.refused(put(ada, name, "2.0.0", b"rubbish", query="?dry_run=1"), 422, "archive_form")
            self.refused(put(None, name, "2.0.0", archive, query="?dry_run=1"), 401, "unauthorized")
            body = self.refused(put(ada, name, "1.1.0", packages.package(name, "1.1.0"), query="?dry_run=perhaps"), 400, "bad_request")
            self.assertIn("dry_run", body["message"])


class ChecksumTest(Case):
    def test_a_checksum_that_fits_is_taken(self):
        for form, send in FORMS.items():
            with self.subTest(form=form):
                name = new_name()
                archive = packages.package(name, "1.0.0")
                answer = send(ada, name, "1.0.0", archive, {"X-Checksum-SHA256": sha256(archive).upper()})
                self.check_created(answer, name, "1.0.0", archive)

    def test_a_checksum_that_differs_is_refused(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        for form, send in FORMS.items():
            with self.subTest(form=form), self.untouched():
                self.refused(send(ada, name, "1.0.0", archive, {"X-Checksum-SHA256": "0" * 64}), 422, "checksum_mismatch")
                for rubbish in ("0" * 63, "g" * 64, "rubbish"):
                    self.refused(send(ada, name, "1.0.0", archive, {"X-Checksum-SHA256": rubbish}), 400, "bad_request")


class ConflictTest(Case):
    def test_force_is_refused_by_every_form(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        with self.untouched():
            for version in ("1.0.0", "2.0.0"):
                for send in FORMS.values():
                    answer = send(ada, name, version, packages.package(name, version, files={"new": "x"}), {"X-Force": "true"})
                    self.refused(answer, 409, None)

    def test_a_version_that_is_there_is_named_with_its_checksum(self):
        name = new_name()
        archive = wharf.published(ada, name, "1.0.0")
        other = packages.package(name, "1.0.0", files={"new": "x"})
        with self.untouched():
            for form, send in FORMS.items():
                for again in (archive, other):
                    body = self.refused(send(ada, name, "1.0.0", again), 409, "version_exists")
                    self.assertEqual(sha256(archive), body["details"]["checksum"], form)
        self.assertEqual(archive, wharf.download(name, "1.0.0").body)

    def test_versions_that_differ_only_in_build_metadata_are_one(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0+one")
        with self.untouched():
            for version in ("1.0.0", "1.0.0+two"):
                self.refused(put(ada, name, version, packages.package(name, version)), 409, "version_exists")

    def test_versions_that_differ_in_the_case_of_a_letter_are_two(self):
        name = new_name()
        for version in ("1.0.0-RC1", "1.0.0-rc1"):
            self.assertEqual(wharf.published(ada, name, version), wharf.download(name, version).body)


class NamesTest(Case):
    def test_reserved_names_are_refused(self):
        with self.untouched():
            for name in ("publish", "trending", "recent", "popular", "categories", "std", "core", "vais", "test", "main", "lib",
                         "con", "nul", "aux", "prn", "com1", "lpt9", "nul.txt"):
                with self.subTest(name=name):
                    self.refused(post_form(ada, [("tarball", "x", None, packages.package(name, "1.0.0"))]), 409, "name_reserved")

    def test_names_that_can_be_mistaken_for_another_are_refused(self):
        wharf.published(ada, "pool-1light", "1.0.0")
        with self.untouched():
            for name in ("pool1light", "pool_1light", "pool.1light", "poo1-1light", "p00l-1light", "pool-llight", "pool-ilight",
                         "pool-1-light"):
                with self.subTest(name=name):
                    for token in (ada, bob):
                        body = self.refused(put(token, name, "1.0.0", packages.package(name, "1.0.0")), 409, "name_too_similar")
                        self.assertIn("pool-1light", json.dumps(body))

    def test_names_that_are_not_of_the_form_are_refused(self):
        with self.untouched():
            for name in ("MyLib", "-kit", "kit-", "kit--two", "kit_-two", "ki t", "kit!", "k" * 65, ".kit", "kit~"):
                with self.subTest(name=name):
                    path = name.replace(" ", "%20")
                    self.refused(put(ada, path, "1.0.0", packages.package(name, "1.0.0")), 400, None)
                    answer = post_form(ada, [("tarball", "x", None, packages.package(name, "1.0.0"))])
                    self.assertIn(answer.status, (400, 422), answer)
                    check_refusal(self, answer, answer.status)

    def test_versions_that_are_not_of_the_form_are_refused(self):
        name = new_name()
        with self.untouched():
            for version in ("1", "1.0", "01.0.0", "v1.0.0", "1.0.0-", "1.0.0-01", "1.0.0_1", "1.0.0-rc.tar.gz", "1.0.0+x.tar.gz",
                            "1.0.0-" + "a" * 200, "99999999999999999999999.0.0", "latest"):
                with self.subTest(version=version):
                    answer = post_form(ada, [("tarball", "x", None, packages.package(name, version))])
                    self.assertIn(answer.status, (400, 422), answer)
                    check_refusal(self, answer, answer.status)
                    answer = put(ada, name, version, packages.package(name, version))
                    self.assertIn(answer.status, (400, 405), answer)  # 405: `….tar.gz` is where archives are read
                    check_refusal(self, answer, answer.status)

    def test_a_dependency_without_a_version_cannot_be_published(self):
        name = new_name()
        text = packages.toml_manifest(name, "1.0.0") + '\n[dependencies]\nnear = { path = "../near" }\n'
        with self.untouched():
            self.refused(put(ada, name, "1.0.0", packages.tar_gz({"raven.toml": text})), 422, "dependency_not_publishable")
        text = packages.toml_manifest(name, "1.0.0") + '\n[dependencies]\nnear = { path = "../near", version = "1.2" }\n'
        self.must(201, put(ada, name, "1.0.0", packages.tar_gz({"raven.toml": text})))


class RightsTest(Case):
    def test_the_first_publisher_owns_the_package(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        package = wharf.get(f"/api/v1/packages/{name}").json()
        self.assertEqual("ada", package["owner"]["username"])
        self.assertEqual([("ada", "owner")], [(owner["username"], owner["role"]) for owner in package["owners"]])
        with self.untouched():
            for form, send in FORMS.items():
                with self.subTest(form=form):
                    self.refused(send(bob, name, "1.1.0", packages.package(name, "1.1.0")), 403, "forbidden")
        self.assertEqual(["1.0.0"], list(self.index(name)))

    def test_nobody_publishes_without_a_token(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        with self.untouched():
            for form, send in FORMS.items():
                for token in (None, "rubbish", "wharf_" + "a" * 49, "a.b.c"):
                    with self.subTest(form=form, token=token):
                        self.refused(send(token, name, "1.0.0", archive), 401, "unauthorized")

    def test_a_token_does_what_its_scopes_say(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        publisher = wharf.api_token(ada, scopes=["publish"])
        yanker = wharf.api_token(ada, scopes=["yank"])
        with self.untouched():
            self.refused(put(yanker, name, "1.1.0", packages.package(name, "1.1.0")), 403, "scope_missing")
            self.refused(wharf.post(f"/api/v1/packages/{name}/1.0.0/yank", token=publisher), 403, "scope_missing")
            self.refused(wharf.request("DELETE", f"/api/v1/packages/{name}/1.0.0", token=publisher), 403, "scope_missing")
        self.must(201, put(publisher, name, "1.1.0", packages.package(name, "1.1.0")))
        self.must(200, wharf.post(f"/api/v1/packages/{name}/1.0.0/yank", token=yanker))
        self.must(204, wharf.request("DELETE", f"/api/v1/packages/{name}/1.1.0", token=yanker))
        both = wharf.api_token(ada)
        self.must(201, put(both, name, "1.2.0", packages.package(name, "1.2.0")))
        self.must(200, wharf.post(f"/api/v1/packages/{name}/1.2.0/yank", token=both))

    def test_a_token_is_for_the_packages_that_its_glob_names(self):
        token = wharf.api_token(ada, packages="glob-*", scopes=["publish", "yank"])
        other = new_name("other")
        wharf.published(ada, other, "1.0.0")
        with self.untouched():
            self.refused(put(token, other, "1.1.0", packages.package(other, "1.1.0")), 403, "scope_missing")
            form = post_form(token, [("tarball", "x", None, packages.package(other, "1.1.0"))])
            self.refused(form, 403, "scope_missing")
            self.refused(wharf.post(f"/api/v1/packages/{other}/1.0.0/yank", token=token), 403, "scope_missing")
        self.must(201, put(token, "glob-one", "1.0.0", packages.package("glob-one", "1.0.0")))
        self.must(200, wharf.post("/api/v1/packages/glob-one/1.0.0/yank", token=token))

    def test_a_token_gives_no_more_than_its_user_has(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        token = wharf.api_token(bob, packages=name)
        with self.untouched():
            self.refused(put(token, name, "1.1.0", packages.package(name, "1.1.0")), 403, "forbidden")

    def test_a_token_that_has_run_out_or_was_revoked_is_none(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        old = wharf.api_token(ada, name="old", expires_in_days=1)
        wharf.sql("UPDATE api_tokens SET expires_at = '2020-01-01' WHERE name = 'old'")
        made = wharf.post("/api/v1/users/me/tokens", {"name": "gone"}, token=ada).json()
        self.must(204, wharf.request("DELETE", f"/api/v1/users/me/tokens/{made['token_id']}", token=ada))
        with self.untouched():
            self.refused(put(old, name, "1.0.0", archive), 401, "unauthorized")
            self.refused(put(made["token"], name, "1.0.0", archive), 401, "unauthorized")

    def test_a_maintainer_publishes_and_yanks_and_does_not_remove(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        helper = wharf.register()
        wharf.sql("INSERT INTO package_owners (package_id, user_id, role, added_at) SELECT p.id, u.id, 'maintainer', NOW(3) "
                  f"FROM packages p, users u WHERE p.name = '{name}' AND u.username = '{helper.username}'")
        self.must(201, put(helper.token, name, "1.1.0", packages.package(name, "1.1.0")))
        self.must(200, wharf.post(f"/api/v1/packages/{name}/1.0.0/yank", token=helper.token))
        with self.untouched():
            self.refused(wharf.request("DELETE", f"/api/v1/packages/{name}/1.1.0", token=helper.token), 403, "forbidden")


class YankTest(Case):
    def yank(self, name, version, body=None, token=None, what="yank"):
        return wharf.post(f"/api/v1/packages/{name}/{version}/{what}", body, token=token or ada)

    def test_a_yanked_version_stays_for_those_who_use_it(self):
        name = new_name()
        archives = {version: wharf.published(ada, name, version) for version in ("1.0.0", "1.1.0")}
        answer = self.must(200, self.yank(name, "1.1.0", {"reason": "it breaks — badly"}))
        self.assertEqual((True, "it breaks — badly", "1.1.0"),
                         (answer.json()["yanked"], answer.json()["yank_reason"], answer.json()["version"]))
        self.assertEqual("yes", answer.headers["wharf-visible"])
        entry = self.index(name)["1.1.0"]
        self.assertEqual((True, "it breaks — badly"), (entry["yanked"], entry["yank_reason"]))
        self.assertEqual((False, None), (self.index(name)["1.0.0"]["yanked"], self.index(name)["1.0.0"]["yank_reason"]))
        self.assertEqual(archives["1.1.0"], wharf.download(name, "1.1.0").body)
        package = wharf.get(f"/api/v1/packages/{name}", token=ada).json()
        self.assertEqual("1.0.0", package["latest_version"])
        self.assertEqual({"1.1.0": True, "1.0.0": False}, {entry["version"]: entry["yanked"] for entry in package["versions"]})
        self.assertEqual(["1.0.0"], wharf.get(f"/api/v1/packages/{name}/versions", token=ada).json()["versions"])

        answer = self.must(200, self.yank(name, "1.1.0", what="unyank"))
        self.assertEqual((False, None), (answer.json()["yanked"], answer.json()["yank_reason"]))
        self.assertEqual((False, None), (self.index(name)["1.1.0"]["yanked"], self.index(name)["1.1.0"]["yank_reason"]))
        self.assertEqual("1.1.0", wharf.get(f"/api/v1/packages/{name}", token=ada).json()["latest_version"])

    def test_the_body_is_optional_and_repeating_is_harmless(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        for _ in range(2):
            self.assertIs(True, self.must(200, self.yank(name, "1.0.0")).json()["yanked"])
        self.assertEqual(2, int(wharf.sql(f"SELECT COUNT(*) FROM journal WHERE package = '{name}'")[0][0]))
        for _ in range(2):
            self.assertIs(False, self.must(200, self.yank(name, "1.0.0", {}, what="unyank")).json()["yanked"])
        self.assertEqual(3, int(wharf.sql(f"SELECT COUNT(*) FROM journal WHERE package = '{name}'")[0][0]))

    def test_what_cannot_be_yanked(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        with self.untouched():
            self.refused(self.yank(name, "1.0.0", token=bob), 403, "forbidden")
            self.refused(wharf.post(f"/api/v1/packages/{name}/1.0.0/yank"), 401, "unauthorized")
            self.refused(self.yank(name, "9.0.0"), 404, "not_found")
            self.refused(self.yank("not-there", "1.0.0"), 404, "not_found")
            self.refused(self.yank(name, "1.0"), 400, None)
            self.refused(self.yank(name, "1.0.0", {"reason": 5}), 400, "bad_request")
            self.refused(self.yank(name, "1.0.0", {"reason": "x" * 501}), 400, "bad_request")
            self.refused(self.yank(name, "1.0.0", {"reason": "two\nlines"}), 400, "bad_request")
            self.refused(self.yank(name, "1.0.0", ["x"]), 400, "bad_request")


class RemoveTest(Case):
    def remove(self, name, version, token=None):
        return wharf.request("DELETE", f"/api/v1/packages/{name}/{version}", token=token or ada)

    def test_a_removed_version_is_gone_and_its_number_is_spent(self):
        name = new_name()
        archive = wharf.published(ada, name, "1.0.0")
        wharf.published(ada, name, "1.1.0")
        answer = self.must(204, self.remove(name, "1.0.0"))
        self.assertEqual((b"", "yes"), (answer.body, answer.headers["wharf-visible"]))
        self.assertEqual(["1.1.0"], list(self.index(name)))
        self.assertEqual(["1.1.0"], wharf.get(f"/api/v1/packages/{name}/versions?include=yanked", token=ada).json()["versions"])
        for path in ("1.0.0", "1.0.0/tarball", "1.0.0.tar.gz", "1.0.0/readme"):
            self.refused(wharf.get(f"/api/v1/packages/{name}/{path}", token=ada), 404, "not_found")
        with self.untouched():
            for again in (archive, packages.package(name, "1.0.0", files={"new": "x"})):
                body = self.refused(put(ada, name, "1.0.0", again), 409, "version_removed")
                self.assertEqual(sha256(archive), body["details"]["checksum"])
            self.refused(put(ada, name, "1.0.0+other", packages.package(name, "1.0.0+other")), 409, "version_removed")
            self.refused(self.remove(name, "1.0.0"), 404, "not_found")
            self.refused(wharf.post(f"/api/v1/packages/{name}/1.0.0/yank", token=ada), 404, "not_found")

    def test_what_others_depend_on_stays(self):
        name, user = new_name(), new_name()
        wharf.published(ada, name, "1.0.0")
        wharf.published(ada, name, "2.0.0")
        wharf.published(bob, user, "1.0.0", dependencies={name: "^1.0.0"})
        with self.untouched():
            body = self.refused(self.remove(name, "1.0.0"), 409, "removal_refused")
            self.assertIn("yank", body["message"])
            self.assertIn(user, body["message"])
        self.must(204, self.remove(name, "2.0.0"))
        self.must(204, self.remove(user, "1.0.0", bob))
        self.must(204, self.remove(name, "1.0.0"))

    def test_own_packages_do_not_hold_each_other_in_a_version_of_their_own(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        wharf.published(ada, name, "1.1.0", dependencies={name: "^1.0.0"})
        self.must(204, self.remove(name, "1.0.0"))

    def test_after_three_days_it_stays(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        wharf.sql("UPDATE versions SET published_at = published_at - INTERVAL 71 HOUR WHERE package_id = "
                  f"(SELECT id FROM packages WHERE name = '{name}')")
        wharf.published(ada, name, "1.1.0")
        wharf.sql("UPDATE versions SET published_at = published_at - INTERVAL 73 HOUR WHERE version = '1.1.0' AND package_id = "
                  f"(SELECT id FROM packages WHERE name = '{name}')")
        with self.untouched():
            self.assertIn("yank", self.refused(self.remove(name, "1.1.0"), 409, "removal_refused")["message"])
        self.must(204, self.remove(name, "1.0.0"))

    def test_only_an_owner_removes(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        with self.untouched():
            self.refused(self.remove(name, "1.0.0", bob), 403, "forbidden")
            self.refused(self.remove(name, "1.0.0", "rubbish"), 401, "unauthorized")
            self.refused(self.remove(name, "3.0.0"), 404, "not_found")

    def test_a_package_whose_last_version_is_removed_keeps_its_owner(self):
        name = new_name()
        wharf.published(ada, name, "1.0.0")
        self.must(204, self.remove(name, "1.0.0"))
        package = self.must(200, wharf.get(f"/api/v1/packages/{name}", token=ada)).json()
        self.assertEqual(([], None), (package["versions"], package["latest_version"]))
        with self.untouched():
            self.refused(put(bob, name, "2.0.0", packages.package(name, "2.0.0")), 403, "forbidden")
        self.must(201, put(ada, name, "2.0.0", packages.package(name, "2.0.0")))


class ClerkAwayTest(Case):
    def test_a_publish_stands_although_nobody_shows_it_yet(self):
        name = new_name()
        archive = packages.package(name, "1.0.0")
        wharf.kill("clerk")
        try:
            answer = put(ada, name, "1.0.0", archive)
            self.assertEqual((201, "pending"), (answer.status, answer.headers["wharf-visible"]))
            for path in ("1.0.0/tarball", "1.0.0/download", "1.0.0.tar.gz", "index.json"):
                self.refused(wharf.get(f"/api/v1/packages/{name}/{path}", token=ada), 503, "unavailable")
            self.assertEqual("1.0.0", wharf.get(f"/api/v1/packages/{name}", token=ada).json()["latest_version"])
            self.refused(put(ada, name, "1.0.0", archive), 409, "version_exists")
            # Nobody is waited for who has been silent for longer than a second.
            wait_for(lambda: self.is_quick(name), what="publishing not to wait")
        finally:
            wharf.restart("clerk")
        wait_for(lambda: wharf.download(name, "1.0.0").body == archive, what="the clerk to catch up")
        wait_for(lambda: wharf.get(f"/api/v1/packages/{name}/index.json").status == 200, what="the index document")
        self.assertIn("1.0.0", self.index(name))
        self.assertEqual("yes", put(ada, name, "9.0.0", packages.package(name, "9.0.0")).headers["wharf-visible"])

    def is_quick(self, name):
        version = f"1.{next(_numbers)}.0"
        archive = packages.package(name, version)
        began = time.monotonic()
        answer = put(ada, name, version, archive)
        self.assertEqual((201, "pending"), (answer.status, answer.headers["wharf-visible"]))
        return time.monotonic() - began < 0.9


class QuotaTest(Case):
    def tearDown(self):
        wharf.restart("workers-write")

    def test_a_user_publishes_so_many_versions_at_once(self):
        user, another, name = wharf.register().token, wharf.register().token, new_name()
        wharf.restart("workers-write", WHARF_LIMITS="standard", WHARF_LIMITS_USER_VERSIONS="3", WHARF_LIMITS_USER_VERSION_SECONDS="3600")
        archives = [packages.package(name, f"1.{number}.0") for number in range(4)]
        for number in range(3):
            self.must(201, put(user, name, f"1.{number}.0", archives[number]))
        with self.untouched():
            for send in FORMS.values():
                self.refused(send(user, name, "1.3.0", archives[3]), 429, "rate_limit_exceeded")
            # Whoever repeats a publish learns that it took place.
            self.refused(put(user, name, "1.2.0", archives[2]), 409, "version_exists")
        wharf.published(another, new_name(), "1.0.0")
        wharf.restart("workers-write")
        self.must(201, put(user, name, "1.3.0", archives[3]))

    def test_a_user_keeps_so_many_megabytes(self):
        user, name = wharf.register().token, new_name()
        wharf.restart("workers-write", WHARF_LIMITS="standard", WHARF_LIMITS_USER_STORAGE_MIB="1")
        large = [packages.package(name, f"1.{number}.0", files={"payload.bin": os.urandom(700_000)}) for number in range(2)]
        self.must(201, put(user, name, "1.0.0", large[0]))
        with self.untouched():
            self.refused(put(user, name, "1.1.0", large[1]), 403, "forbidden")
        self.must(204, wharf.request("DELETE", f"/api/v1/packages/{name}/1.0.0", token=user))
        self.must(201, put(user, name, "1.1.0", large[1]))


class CurlTest(Case):
    """As people do it: curl, TLS, HTTP/2, with and without a length announced."""

    def curl(self, *arguments, data=None):
        done = subprocess.run(["curl", "-sSk", "--http2", "--noproxy", "*", "-H", f"Authorization: Bearer {ada}", "-w", "\n%{http_code} %{http_version}",
                               *arguments], input=data, capture_output=True, timeout=60)
        self.assertEqual(0, done.returncode, done.stderr)
        body, _, last = done.stdout.rpartition(b"\n")
        status, version = last.decode().split()
        self.assertEqual("2", version)
        return int(status), body

    def test_publishing_and_downloading_over_http_2(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "archive.tar.gz"
            raw = ["-X", "PUT", "-H", "Content-Type: application/gzip"]
            base = f"https://127.0.0.1:{wharf.https_port}/api/v1/packages"
            for kind, arguments in (("a file", [*raw, "--data-binary", f"@{path}"]), ("a stream", ["-T", "-"]), ("a form", ["-F", f"tarball=@{path}"])):
                with self.subTest(kind=kind):
                    name = new_name()
                    archive = packages.package(name, "1.0.0", files={"payload.bin": os.urandom(3 << 20)})
                    path.write_bytes(archive)
                    url = base if kind == "a form" else f"{base}/{name}/1.0.0"
                    status, body = self.curl(*arguments, url, data=archive if kind == "a stream" else None)
                    self.assertEqual(201, status, body)
                    self.assertEqual(sha256(archive), json.loads(body)["checksum"])
                    wait_for(lambda: self.curl(f"{base}/{name}/1.0.0/tarball")[0] == 200, what="the archive")
                    self.assertEqual(sha256(archive), sha256(self.curl(f"{base}/{name}/1.0.0/tarball")[1]))


if __name__ == "__main__":
    unittest.main()
