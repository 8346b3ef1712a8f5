# SPDX-License-Identifier: MIT
"""Each command of wharf-package against a running registry: its effect, its output, its exit code, and that what it changes is in
the answer to the next request that carries a token, and within a second in everyone's. Driven by the tool's own table: a command
without a test here fails test_every_command_has_its_test."""

import itertools
import json
import signal
import time
import unittest

from support import packages
from support.tools import Tools, operator, table
from support.wharf import Wharf, wait_for

numbers = itertools.count(1)


def setUpModule():
    global wharf, tools, ada
    wharf = Wharf().start()
    tools = Tools(wharf)
    ada = wharf.register("ada")


def tearDownModule():
    wharf.close()


class PackageToolTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.name = f"kit-{next(numbers)}"
        self.archives = {version: wharf.published(ada.token, self.name, version) for version in ("1.0.0", "1.1.0")}

    # --- helpers ---
    def run_tool(self, *arguments, check=0):
        return tools.run("wharf-package", *arguments, check=check)

    def json(self, *arguments):
        return tools.json("wharf-package", *arguments)

    def get(self, path="", **more):
        """The next request, with a token."""
        return wharf.get(f"/api/v1/packages/{self.name}{path}", token=ada.token, **more)

    def index(self):
        return self.get("/index.json").json()

    def within_a_second(self, condition, what):
        began = time.monotonic()
        wait_for(condition, seconds=5, what=what)
        # One second is promised; the machine that tests may be slow.
        self.assertLess(time.monotonic() - began, 3, what)

    def refusal(self, *arguments):
        done = self.run_tool(*arguments, check=1)
        self.assertEqual("", done.stdout)
        self.assertTrue(done.stderr.startswith("wharf-package: error: "), done.stderr)
        self.assertEqual(1, done.stderr.count("\n"), done.stderr)
        return done.stderr

    # --- the table ---
    def test_every_command_has_its_test(self):
        commands = {command["words"].replace(" ", "_") for command in table("wharf-package")}
        tested = {name for name in commands if hasattr(self, f"test_{name}")}
        self.assertEqual(commands, tested)

    def test_names_are_found_in_any_case(self):
        name = self.name.upper()
        self.assertEqual(self.name, self.json("show", name)["name"])
        for command in (("versions", name), ("owner", "list", name), ("stats", name), ("verify", name)):
            self.assertIn(self.json(*command).get("package", self.name), (self.name,), command)
        for command in (("yank", name, "1.0.0"), ("unyank", name, "1.0.0"), ("quarantine", name, "--reason", "x"), ("release", name),
                        ("owner", "add", name, "ADA"), ("remove", name, "1.0.0", "--reason", "x", "--yes")):
            self.assertEqual(self.name, self.json(*command)["package"], command)

    # --- looking ---
    def test_list(self):
        others = [f"listed-{self.name}-{letter}" for letter in "abc"]
        for name in others:
            wharf.published(ada.token, name, "1.0.0")
        names = [one["name"] for one in self.json("list", "--query", f"listed-{self.name}")["packages"]]
        self.assertEqual(others, names)
        self.assertEqual(others[1:2], [one["name"] for one in self.json("list", "--query", f"LISTED-{self.name}", "--limit", "1", "--offset", "1")["packages"]])
        self.run_tool("quarantine", others[0], "--reason", "x")
        self.run_tool("yank", others[1], "1.0.0")
        self.assertEqual(others[:1], [one["name"] for one in self.json("list", "--quarantined", "--query", "listed-")["packages"]])
        self.assertEqual(others[1:2], [one["name"] for one in self.json("list", "--yanked", "--query", "listed-")["packages"]])
        self.assertEqual(others[1], self.json("list", "--sort", "recent", "--query", "listed-")["packages"][0]["name"])
        one = self.json("list", "--query", others[2])["packages"][0]
        self.assertEqual({"name": others[2], "latest_version": "1.0.0", "versions": 1, "yanked": 0, "downloads": 0, "owners": ["ada"], "quarantined": False},
                         {key: value for key, value in one.items() if key != "updated_at"})
        self.assertEqual([], self.json("list", "--owner", "nobody-at-all")["packages"])
        self.assertIn(self.name, [one["name"] for one in self.json("list", "--owner", "ADA")["packages"]])
        shown = self.run_tool("list", "--query", f"listed-{self.name}").stdout.splitlines()
        self.assertRegex(shown[0], "^NAME +LATEST +VERSIONS +YANKED +DOWNLOADS +OWNERS +CHANGED")
        self.assertRegex(shown[1], f"^{others[0]} +quarantined ")
        self.assertEqual("", self.run_tool("list", "--query", "no-such-thing").stdout)
        self.run_tool("list", "--limit", "0", check=2)

    def test_show(self):
        shown = self.json("show", self.name)
        self.assertEqual((self.name, "1.1.0", 2, 0, 0, None), tuple(shown[key] for key in ("name", "latest_version", "versions", "yanked", "removed", "quarantined")))
        self.assertEqual([{"username": "ada", "role": "owner"}], shown["owners"])
        self.run_tool("quarantine", self.name, "--reason", "looked into")
        self.assertEqual("looked into", self.json("show", self.name)["quarantined"]["reason"])
        self.assertRegex(self.run_tool("show", self.name).stdout, r"reason:? +looked into\n")
        self.assertIn("'no-such-package'", self.refusal("show", "no-such-package"))

    def test_versions(self):
        self.run_tool("yank", self.name, "1.0.0", "--reason", "broken")
        self.run_tool("remove", self.name, "1.1.0", "--reason", "x", "--yes")
        rows = self.json("versions", self.name)["versions"]
        self.assertEqual([("1.1.0", "removed", None), ("1.0.0", "yanked", "broken")], [(row["version"], row["state"], row["yank_reason"]) for row in rows])
        self.assertEqual(len(self.archives["1.0.0"]), rows[1]["size"])
        self.assertIn("broken", self.run_tool("versions", self.name).stdout)
        self.refusal("versions", "no-such-package")

    def test_stats(self):
        user = f"user-of-{self.name}"
        wharf.published(ada.token, user, "1.0.0", dependencies={self.name: "1"})
        stats = self.json("stats", self.name, "--days", "7")
        self.assertEqual((7, 2, 1), (len(stats["downloads"]["daily"]), stats["versions"], stats["dependents"]))
        self.run_tool("quarantine", self.name, "--reason", "x")
        self.assertEqual(2, self.json("stats", self.name)["versions"])
        everything = self.json("stats")
        self.assertEqual(int(wharf.sql("SELECT listed FROM registry_totals")[0][0]), everything["packages"])
        self.assertIn("downloads", self.run_tool("stats").stdout)
        self.refusal("stats", "no-such-package")

    def test_verify(self):
        self.assertEqual({"well": True, "packages": 1, "versions": 2, "findings": []}, self.json("verify", self.name))
        self.assertEqual(1, self.json("verify", self.name, "1.0.0")["versions"])
        self.assertEqual("verified 2 versions of 1 package: all is well\n", self.run_tool("verify", self.name).stdout)
        self.refusal("verify", self.name, "9.9.9")
        digest = wharf.sql(f"SELECT v.digest FROM versions v JOIN packages p ON p.id = v.package_id WHERE p.name = '{self.name}' AND v.version = '1.0.0'")[0][0]
        blob = wharf.var / "blobs" / digest[:2] / digest
        good = blob.read_bytes()

        def finding(version="1.0.0"):
            done = self.run_tool("verify", self.name, "--json", check=1)
            found = json.loads(done.stdout)["findings"]
            self.assertEqual([version], [one["version"] for one in found], found)
            self.assertTrue(all(one["package"] == self.name for one in found))
            return found[0]["problem"]

        def store(data):
            blob.chmod(0o644)
            blob.write_bytes(data)

        store(good[:-1] + bytes([good[-1] ^ 1]))
        self.assertIn("SHA-256", finding())
        store(good + b"x")
        self.assertIn("bytes", finding())
        store(good)
        self.run_tool("verify", self.name)
        aside = blob.rename(blob.with_name("aside"))
        self.assertIn("missing", finding())
        aside.rename(blob)
        link = wharf.var / "public/tarballs" / self.name / "1.0.0.tar.gz"
        link.unlink()
        self.assertIn("not served", finding())
        link.hardlink_to(blob)
        self.run_tool("verify", self.name)
        wharf.sql(f"UPDATE versions v JOIN packages p ON p.id = v.package_id SET v.manifest = REPLACE(v.manifest, 'MIT', 'BSD') WHERE p.name = '{self.name}' AND v.version = '1.1.0'")
        self.assertIn("'license'", finding("1.1.0"))
        wharf.sql(f"UPDATE versions v JOIN packages p ON p.id = v.package_id SET v.manifest = REPLACE(v.manifest, 'BSD', 'MIT') WHERE p.name = '{self.name}' AND v.version = '1.1.0'")
        document = wharf.var / "public/index" / f"{self.name}.json"
        whole = document.read_text()
        document.write_text(whole.replace(digest, "0" * 64))
        self.assertIn("index document", finding())
        document.write_text(whole)
        self.run_tool("quarantine", self.name, "--reason", "x")
        self.run_tool("verify", self.name)
        link.parent.mkdir()
        link.hardlink_to(blob)
        self.assertIn("still served", finding())
        link.unlink()
        link.parent.rmdir()
        everything = self.json("verify")
        self.assertTrue(everything["well"], everything["findings"])
        self.assertEqual(int(wharf.sql("SELECT COUNT(*) FROM versions WHERE state <> 'removed'")[0][0]), everything["versions"])

    # --- quarantine ---
    def test_what_is_quarantined_is_not_found_even_while_the_clerk_stands_still(self):
        yanked = f"yanked-{self.name}"
        wharf.published(ada.token, yanked, "1.0.0")
        self.assertEqual(200, wharf.post(f"/api/v1/packages/{yanked}/1.0.0/yank", {}, token=ada.token).status)
        found = lambda: [one["name"] for one in wharf.get(f"/api/v1/search?q={self.name}&limit=100").json()["results"]]
        wait_for(lambda: {self.name, yanked} <= set(found()), what="both in search")
        wharf.kill("clerk", signal.SIGTERM)
        self.addCleanup(wharf.restart, "clerk")
        done = self.run_tool("quarantine", self.name, "--reason", "x")
        self.assertEqual(f"quarantined '{self.name}'\n", done.stdout)
        self.assertIn("the clerk has not shown it yet", done.stderr)
        self.assertNotIn(self.name, found())
        self.assertIn(yanked, found())
        self.assertEqual(f"released '{self.name}'\n", self.run_tool("release", self.name).stdout)
        self.assertIn(self.name, found())

    def test_quarantine(self):
        user = f"user-of-{self.name}"
        wharf.published(ada.token, user, "1.0.0", dependencies={self.name: "1"})
        before = self.index()
        reason = "its build script sends keys away"
        done = self.run_tool("quarantine", self.name, "--reason", reason)
        self.assertEqual((f"quarantined '{self.name}'; nobody is served it any more\n", ""), (done.stdout, done.stderr))
        for path in ("", "/1.0.0", "/latest", "/versions", "/1.0.0/readme", "/stats", "/dependents", "/9.9.9"):
            answer = self.get(path)
            self.assertEqual((403, "quarantined"), (answer.status, answer.json()["error"]), path)
            self.assertIn(reason, answer.json()["message"])
            self.assertEqual(reason, answer.json()["details"]["reason"])
        # From disk, for everyone, whatever they send.
        for path in ("/1.0.0/tarball", "/1.0.0/download", "/1.1.0.tar.gz"):
            self.within_a_second(lambda: wharf.get(f"/api/v1/packages/{self.name}{path}").status == 403, path)
            self.within_a_second(lambda: self.get(path, headers={"Range": "bytes=0-9"}).status == 403, path)
        for base in ("/synapse/api/v1", "/raven/api/v1", "/vais"):
            self.assertEqual(403, wharf.get(f"{base}/packages/{self.name}", token=ada.token).status, base)
        index = self.index()
        self.assertEqual((reason, [], None), (index["quarantined"]["reason"], index["versions"], index["description"]))
        self.assertGreater(index["revision"], before["revision"])
        for path, key in (("/packages?limit=100", "packages"), ("/packages/recent?limit=100", None), ("/packages/popular?limit=100", None),
                          ("/packages/trending?limit=100", None), (f"/search?q={self.name}&limit=100", "results"), ("/users/ada", "packages")):
            answer = wharf.get(f"/api/v1{path}", token=ada.token)
            self.assertEqual(200, answer.status, path)
            self.assertNotIn(f'"{self.name}"', answer.body.decode(), path)
        self.assertNotIn(self.name, wharf.get(f"/api/v1/suggest?q={self.name}", token=ada.token).json()["suggestions"])
        self.assertEqual(200, wharf.get(f"/api/v1/packages/{user}", token=ada.token).status)
        # Its owners can do nothing with it.
        for answer in (wharf.publish(ada.token, self.name, "1.2.0"),
                       wharf.post(f"/api/v1/packages/{self.name}/1.0.0/yank", token=ada.token),
                       wharf.request("DELETE", f"/api/v1/packages/{self.name}/1.0.0", token=ada.token),
                       wharf.post(f"/api/v1/packages/{self.name}/owners", {"username": "ada"}, token=ada.token)):
            self.assertEqual((403, "quarantined"), (answer.status, answer.json()["error"]))
        again = self.run_tool("quarantine", self.name, "--reason", reason)
        self.assertIn("nothing was changed", again.stdout)
        self.assertTrue(self.json("quarantine", self.name, "--reason", "another")["changed"])
        self.assertEqual("another", self.index()["quarantined"]["reason"])
        self.refusal("quarantine", "no-such-package", "--reason", "x")
        self.run_tool("quarantine", self.name, check=2)

    def test_release(self):
        before, package = self.index(), self.get().json()
        tree = {path: digest for path, digest in wharf.public_tree().items() if path.startswith(f"tarballs/{self.name}/")}
        self.assertEqual(2, len(tree))
        self.run_tool("quarantine", self.name, "--reason", "x")
        self.run_tool("yank", self.name, "1.1.0", "--reason", "meanwhile")
        self.run_tool("unyank", self.name, "1.1.0")
        done = self.json("release", self.name, "--reason", "a false alarm")
        self.assertEqual({"package": self.name, "quarantined": None, "changed": True, "visible": True}, done)
        after = self.index()
        self.assertGreater(after.pop("revision"), before.pop("revision"))
        self.assertEqual(before, after)
        again = self.get().json()
        package.pop("updated_at"), again.pop("updated_at")
        self.assertEqual(package, again)
        self.assertEqual(tree, {path: digest for path, digest in wharf.public_tree().items() if path.startswith(f"tarballs/{self.name}/")})
        self.within_a_second(lambda: wharf.download(self.name, "1.0.0").body == self.archives["1.0.0"], "the archive")
        self.assertIn(self.name, wharf.get(f"/api/v1/search?q={self.name}&limit=100", token=ada.token).body.decode())
        self.assertEqual(201, wharf.publish(ada.token, self.name, "1.2.0").status)
        self.assertIn("nothing was changed", self.run_tool("release", self.name).stdout)
        self.refusal("release", "no-such-package")

    # --- single versions ---
    def test_yank(self):
        done = self.json("yank", self.name, "1.1.0", "--reason", "wrong tables")
        self.assertEqual({"package": self.name, "version": "1.1.0", "yanked": True, "yank_reason": "wrong tables", "changed": True, "visible": True}, done)
        self.assertEqual(["1.0.0"], self.get("/versions").json()["versions"])
        self.assertEqual([(False, None), (True, "wrong tables")], [(one["yanked"], one["yank_reason"]) for one in self.index()["versions"]])
        self.assertEqual(200, self.get("/1.1.0/tarball").status)
        self.assertIn("nothing was changed", self.run_tool("yank", self.name, "1.1.0").stdout)
        self.refusal("yank", self.name, "9.9.9")

    def test_unyank(self):
        self.run_tool("yank", self.name, "1.1.0")
        self.assertEqual(f"unyanked {self.name} 1.1.0\n", self.run_tool("unyank", self.name, "1.1.0").stdout)
        self.assertEqual(["1.1.0", "1.0.0"], self.get("/versions").json()["versions"])
        self.assertIn("nothing was changed", self.run_tool("unyank", self.name, "1.1.0").stdout)
        self.refusal("unyank", "no-such-package", "1.0.0")

    def test_remove(self):
        wharf.sql(f"UPDATE versions v JOIN packages p ON p.id = v.package_id SET v.published_at = v.published_at - INTERVAL 400 DAY WHERE p.name = '{self.name}'")
        self.assertEqual(409, wharf.request("DELETE", f"/api/v1/packages/{self.name}/1.0.0", token=ada.token).status)
        user = f"user-of-{self.name}"
        wharf.published(ada.token, user, "1.0.0", dependencies={self.name: "=1.0.0"})
        self.run_tool("remove", self.name, "1.0.0", "--reason", "a secret", check=2)
        self.run_tool("remove", self.name, "1.0.0", "--yes", check=2)
        self.run_tool("remove", self.name, "--reason", "a secret", "--yes", check=2)
        self.run_tool("remove", self.name, "1.0.0", "--all-versions", "--reason", "a secret", "--yes", check=2)
        self.assertIn(f"{user} 1.0.0 depends on it", self.refusal("remove", self.name, "1.0.0", "--reason", "a secret", "--yes"))
        self.assertIn(f"{user} 1.0.0 depends on it", self.refusal("remove", self.name, "--all-versions", "--reason", "a secret", "--yes"))
        self.assertEqual(["1.1.0", "1.0.0"], self.get("/versions").json()["versions"])
        done = self.run_tool("remove", self.name, "1.0.0", "--force", "--reason", "a secret", "--yes")
        self.assertEqual((f"removed {self.name} 1.0.0\n", ""), (done.stdout, done.stderr))
        self.assertEqual(404, self.get("/1.0.0").status)
        self.within_a_second(lambda: wharf.download(self.name, "1.0.0").status == 404, "the archive to be gone")
        self.assertEqual(["1.1.0"], [one["version"] for one in self.index()["versions"]])
        self.assertEqual(["1.1.0"], self.json("remove", self.name, "--all-versions", "--reason", "malware", "--yes")["removed"])
        self.assertEqual([], self.index()["versions"])
        answer = wharf.publish(ada.token, self.name, "1.1.0")
        self.assertEqual((409, "version_removed"), (answer.status, answer.json()["error"]))
        self.assertEqual([["remove", f"{self.name} 1.0.0", "a secret"], ["remove-all", self.name, "malware"]],
                         wharf.sql(f"SELECT action, subject, reason FROM audit WHERE action LIKE 'remove%' AND subject LIKE '{self.name}%' ORDER BY id"))
        self.refusal("remove", self.name, "1.0.0", "--reason", "x", "--yes")

    # --- owners ---
    def owners(self):
        return {(one["username"], one["role"]) for one in self.get("/owners").json()["owners"]}

    def test_owner_list(self):
        self.assertEqual([("ada", "owner")], [(one["username"], one["role"]) for one in self.json("owner", "list", self.name)["owners"]])
        self.assertRegex(self.run_tool("owner", "list", self.name).stdout, r"\nada +owner ")
        self.refusal("owner", "list", "no-such-package")

    def test_owner_add(self):
        user = wharf.register().username
        self.assertTrue(self.json("owner", "add", self.name, user, "--role", "maintainer")["changed"])
        self.assertEqual({("ada", "owner"), (user, "maintainer")}, self.owners())
        self.run_tool("owner", "add", self.name, user)
        self.assertEqual({("ada", "owner"), (user, "owner")}, self.owners())
        self.assertIn("nothing was changed", self.run_tool("owner", "add", self.name, user).stdout)
        self.refusal("owner", "add", self.name, "nobody-there")
        self.run_tool("owner", "add", self.name, user, "--role", "king", check=2)

    def test_owner_remove(self):
        user = wharf.register().username
        self.run_tool("owner", "add", self.name, user)
        self.run_tool("owner", "remove", self.name, "ada")
        self.assertEqual({(user, "owner")}, self.owners())
        self.assertIn("last owner", self.refusal("owner", "remove", self.name, user))

    def test_transfer(self):
        grace, hopper = wharf.register(), wharf.register()
        self.run_tool("owner", "add", self.name, hopper.username, "--role", "maintainer")
        self.assertIn(f"'{grace.username}' is the one owner of '{self.name}'", self.run_tool("transfer", self.name, grace.username, "--reason", "squatted").stdout)
        self.assertEqual({(grace.username, "owner")}, self.owners())
        self.assertEqual(403, wharf.publish(ada.token, self.name, "1.2.0").status)
        self.assertEqual(201, wharf.publish(grace.token, self.name, "1.2.0").status)
        self.assertIn("nothing was changed", self.run_tool("transfer", self.name, grace.username).stdout)
        self.refusal("transfer", self.name, "nobody-there")

    # --- names ---
    def test_reserve(self):
        name = f"kept-{self.name}"
        self.assertEqual({"name": name, "reserved": True, "changed": True}, self.json("reserve", name, "--reason", "ask us first"))
        for taken in (name, name.replace("-", "_"), name.replace("-", "")):
            answer = wharf.publish(ada.token, taken, "1.0.0")
            self.assertEqual((409, "name_reserved"), (answer.status, answer.json()["error"]), taken)
            self.assertEqual("ask us first", answer.json()["details"]["reason"])
        self.assertIn("nothing was changed", self.run_tool("reserve", name, "--reason", "ask us first").stdout)
        self.assertIn(f"'{self.name}'", self.refusal("reserve", self.name))
        self.assertIn("only 'a-z'", self.refusal("reserve", "Not A Name"))

    def test_unreserve(self):
        name = f"kept-{self.name}"
        self.run_tool("reserve", name)
        self.assertIn("is free", self.run_tool("unreserve", name).stdout)
        self.assertEqual(201, wharf.publish(ada.token, name, "1.0.0").status)
        self.assertIn("not reserved", self.refusal("unreserve", name))
        self.assertIn("publish.reserved_names", self.refusal("unreserve", "std"))

    def test_reserved(self):
        name = f"kept-{self.name}"
        self.run_tool("reserve", name, "--reason", "a trademark")
        listed = self.json("reserved")
        self.assertIn((name, "a trademark", operator()), [(one["name"], one["reason"], one["reserved_by"]) for one in listed["reserved"]])
        self.assertIn("std", listed["configured"])
        self.assertRegex(self.run_tool("reserved").stdout, rf"\n{name} .* a trademark\n")


class RecoveryTest(unittest.TestCase):
    def test_a_rebuild_shows_the_same_of_a_quarantined_package(self):
        name = f"rebuilt-{next(numbers)}"
        wharf.published(ada.token, name, "1.0.0")
        tools.run("wharf-package", "quarantine", name, "--reason", "looked into", check=0)
        wait_for(lambda: name in (wharf.var / "public/index.json").read_text(), what="the whole index")
        followed = {path: digest for path, digest in wharf.public_tree().items() if path.startswith(("index/", "tarballs/", "journal/"))}
        wharf.kill("clerk", signal.SIGTERM)
        self.addCleanup(wharf.restart, "clerk")
        tools.run("wharf-registry", "rebuild", check=0)
        rebuilt = {path: digest for path, digest in wharf.public_tree().items() if path.startswith(("index/", "tarballs/", "journal/"))}
        self.assertEqual(followed, rebuilt)


if __name__ == "__main__":
    unittest.main()
