# SPDX-License-Identifier: MIT
"""Every documented call of the three languages, sent as it is, and the strict shape of every answer.

Each file dialects/<language>/<name>.call becomes a test. After an answer has passed, every field that its shape lists is taken
out of it, and then made null where the shape says it may not be: each time the check must fail, or it would not notice when
the server forgot that field.
"""

import base64
import gzip
import hashlib
import itertools
import json
import unittest
from pathlib import Path

from support import packages, schema
from support.calls import read_call
from support.wharf import Wharf, wait_for

FOLDER = Path(__file__).parent / "dialects"
VERSION = "1.2.0"
_numbers = itertools.count(1)


def setUpModule():
    global wharf
    wharf = Wharf().start()


def tearDownModule():
    wharf.close()


def archive_of(language, name, bare=False):
    """The archive as the language's own client packs it, and its manifest's text."""
    texts = {} if bare else {"description": "a kit", "license": "MIT", "keywords": ["geo"], "categories": ["mapping"]}
    dependencies = {"num-core": "^0.9.1"}
    if language == "synapse":
        manifest = json.dumps({"name": name, "version": VERSION, "description": "a kit", "author": "Ada", "license": "MIT",
                               "keywords": ["geo", "maps"], "homepage": "https://example.org/", "dependencies": dependencies})
        top = f"{name}-{VERSION}"
        return packages.tar_gz({f"{top}/synapse.json": manifest, f"{top}/lib/main.syn": "1\n"}), manifest
    manifest = packages.toml_manifest(name, VERSION, dependencies, authors=["Ada"], **texts)
    return packages.tar_gz({f"{language}.toml": manifest, "src/main.txt": "1\n", "README.md": "# It\n"}), manifest


def undo_gzip(answer):
    """As every client does that asks for gzip."""
    if answer.headers.get("content-encoding") == "gzip" and "json" in answer.headers["content-type"]:
        answer.body = gzip.decompress(answer.body)
    return answer


class Stage:
    """What must be there before a call, by the words of its `given` line; `values` fill the call in."""

    def __init__(self, given, language):
        number = next(_numbers)
        self.values = {"user": f"ada-{number}", "email": f"ada-{number}@example.org", "password": "a sentence that is long",
                       "name": f"kit-{language}-{number}", "version": VERSION}
        archive, manifest = archive_of(language, self.values["name"], bare="bare" in given)
        self.values.update(archive=archive, archive_base64=base64.b64encode(archive).decode(), manifest=manifest,
                           checksum=hashlib.sha256(archive).hexdigest())
        if given not in ("nothing", "unpublished"):
            self.values["token"] = self.account()
        if "package" in given:
            owner = wharf.register(f"owner-{number}").token if given.endswith("of another") else self.values["token"]
            self.publish(owner, older="older" in given)
            if "yanked" in given:
                self.must(200, wharf.post(f"/api/v1/packages/{self.values['name']}/{VERSION}/yank", token=owner))
        if given.startswith("trending"):
            this = f"FROM packages WHERE name = '{self.values['name']}'"
            wharf.sql(f"INSERT INTO package_downloads (package_id, day, count) SELECT id, UTC_DATE(), 500 {this};"
                      f"INSERT INTO download_totals (package_id, total) SELECT id, 500 {this};"
                      "UPDATE trending_periods SET due_at = '2000-01-01'")
        if given.startswith("indexed"):
            search = f"/api/v1/search?q={self.values['name']}"
            wait_for(lambda: self.values["name"].encode() in wharf.get(search).body, what="the search to know it")
        if "another" in given and not given.endswith("of another"):
            self.values["other"] = wharf.register(f"other-{number}").username
        if given.endswith("with another owner"):
            self.must(200, wharf.request("PUT", f"/api/v1/packages/{self.values['name']}/owners", {"username": self.values["other"]}, token=owner))
        if given == "api token":
            made = wharf.post("/api/v1/users/me/tokens", {"name": "ci"}, token=self.values["token"])
            self.must(201, made)
            self.values["token_id"] = made.json()["token_id"]

    def account(self):
        return wharf.register(self.values["user"], self.values["password"]).token

    def publish(self, token, older):
        """The version of the values, or an older one, which leaves theirs to be published."""
        if older:
            self.must(201, wharf.publish(token, self.values["name"], "0.9.0"))
        else:
            self.must(201, wharf.publish(token, self.values["name"], VERSION, self.values["archive"]))

    @staticmethod
    def must(status, answer):
        if answer.status != status:
            raise AssertionError(f"the stage could not be set: {answer}")


class DialectTest(unittest.TestCase):
    maxDiff = None

    def run_call(self, path):
        call = read_call(path)
        values = Stage(call.given, path.parent.name).values
        method, target, headers, body = call.request(values)
        ask = lambda: undo_gzip(wharf.request(method, target, body, headers))
        answer = ask()
        shape = call.expected_shape(values) if call.answer == "json" else None
        whole_index = target.endswith("/index.json") and isinstance(shape, list)
        if whole_index or call.given.startswith("trending"):
            # It may come a second after the publish.
            answer = wait_for(lambda: (got := ask()) and values["name"].encode() in got.body and got,
                              what=f"{values['name']} in {target}")
        self.assertIn(answer.status, call.statuses, answer)
        if call.answer == "archive":
            self.assertNotIn("content-encoding", answer.headers)
            self.assertEqual(answer.body, values["archive"])
            self.assertEqual(answer.headers["content-type"], "application/gzip")
            self.assertIn(f'{values["name"]}-{VERSION}.tar.gz', answer.headers["content-disposition"])
        elif call.answer == "nothing":
            self.assertEqual(answer.body, b"")
        elif call.answer == "text":
            self.assertEqual(answer.text.strip(), call.shape)
            self.assertIn("text/plain", answer.headers["content-type"])
        elif shape is not None:
            content = answer.json()
            if whole_index:
                content = [package for package in content if package["name"] == values["name"]]
            schema.check(shape, content)
            self.every_hole_is_noticed(shape, content)

    def every_hole_is_noticed(self, shape, content):
        tried = 0
        for what, broken in schema.holes(shape, content):
            tried += 1
            with self.assertRaises(schema.Mismatch, msg=what):
                schema.check(shape, broken)
        self.assertGreater(tried, 0)


def add_tests():
    for path in sorted(FOLDER.glob("*/*.call")):
        def test(self, path=path):
            self.run_call(path)
        name = f"test_{path.parent.name}_{path.stem}"
        test.__name__ = name
        setattr(DialectTest, name, test)


add_tests()


class DialectAtTheRootTest(unittest.TestCase):
    """`site.dialect` lets one language's clients work against the bare host."""

    def test_vais_answers_at_the_root_when_told_to(self):
        with Wharf(env={"WHARF_SITE_DIALECT": "vais"}) as rooted:
            account = rooted.register()
            archive = rooted.published(account.token, "grid", "1.0.0", manifest="vais.toml")
            index = wait_for(lambda: (got := rooted.get("/index.json")).status == 200 and b"grid" in got.body and got, what="the index")
            self.assertEqual([package["name"] for package in index.json()], ["grid"])
            self.assertEqual(rooted.get("/packages/grid/1.0.0.tar.gz").body, archive)
            self.assertEqual(rooted.post("/auth/login", {"username": account.username, "password": account.password}).status, 200)
            self.assertEqual(rooted.get("/health").json()["status"], "ok")
            self.assertEqual(rooted.get("/packages/none").json()["status"], 404)
