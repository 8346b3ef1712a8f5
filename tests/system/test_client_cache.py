# SPDX-License-Identifier: MIT
"""The cache: used only where a checksum fits, shared by several clients at once, read where a language's own client left it, listed
and cleaned."""

import os
import shutil
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.client import Client, archive, make_directory_registry, sha256
from support.served_registry import ServedRegistry, tarball_path


class Cache(unittest.TestCase):
    def served(self, published):
        return self.enterContext(ServedRegistry(published))

    def person(self, registry):
        return self.enterContext(Client(registry))

    def of_one(self, profile):
        self.data = archive(profile, "fog", "1.0.0", files={"noise.bin": os.urandom(50_000)} if profile == "wharf" else None)
        self.registry = self.served({("fog", "1.0.0"): (self.data, {})})
        person = self.person(self.registry.url)
        return person, person.project(profile, "boat", {"fog": "^1.0.0"})

    def fetched(self):
        return len(self.registry.asked("/tarball"))

    def own_place(self, person, profile):
        name = f"{sha256(self.data)}.tar.gz"
        return person.home / {"wharf": f".cache/wharf/archives/{name}", "synapse": f".synapse/cache/archives/{name}",
                              "raven": f".raven/cache/archives/{name}",
                              "vais": ".vais/registry/cache/fog/1.0.0/archive.tar.gz"}[profile]

    @staticmethod
    def forget_unpacked(person):
        """So that the archive itself is needed once more."""
        shutil.rmtree(person.home / ".cache/wharf/unpacked")

    def test_an_archive_is_fetched_once_and_lies_where_its_language_expects(self):
        for profile in ("wharf", "synapse", "raven", "vais"):
            with self.subTest(profile):
                person, project = self.of_one(profile)
                project.run("install")
                self.assertEqual(self.data, self.own_place(person, profile).read_bytes())
                other = person.project(profile, "ship", {"fog": "^1.0.0"})
                other.run("install", "--offline")
                self.assertEqual({"fog": "1.0.0"}, other.installed())
                self.assertEqual(1, self.fetched())

    def test_what_the_languages_own_client_left_is_used(self):
        for profile, left in (("vais", ".vais/registry/cache/fog/1.0.0.tar.gz"), ("synapse", ".synapse/cache/fog-1.0.0.json")):
            with self.subTest(profile):
                person, project = self.of_one(profile)
                place = person.home / left
                place.parent.mkdir(parents=True)
                place.write_bytes(self.data)
                project.run("install")
                self.assertEqual({"fog": "1.0.0"}, project.installed())
                self.assertEqual(0, self.fetched())

    def test_what_does_not_fit_is_fetched_again(self):
        for profile, left in (("wharf", None), ("vais", ".vais/registry/cache/fog/1.0.0.tar.gz"), ("synapse", ".synapse/cache/fog-1.0.0.json")):
            with self.subTest(profile):
                person, project = self.of_one(profile)
                place = person.home / left if left else self.own_place(person, profile)
                place.parent.mkdir(parents=True)
                place.write_bytes(self.data[:-1] + b"?")
                project.run("install")
                self.assertEqual({"fog": "1.0.0"}, project.installed())
                self.assertEqual(1, self.fetched())
                self.assertEqual(self.data, self.own_place(person, profile).read_bytes())

    def test_a_damaged_archive_is_an_integrity_error_where_no_other_can_be_had(self):
        person, project = self.of_one("wharf")
        project.run("install")
        self.own_place(person, "wharf").write_bytes(b"damaged")
        self.forget_unpacked(person)
        other = person.project("wharf", "ship", {"fog": "^1.0.0"})
        done = other.run("install", "--offline", check=4)
        for part in (sha256(self.data), sha256(b"damaged"), str(self.own_place(person, "wharf"))):
            self.assertIn(part, done.stderr)
        other.run("install")
        self.assertEqual({"fog": "1.0.0"}, other.installed())

    def test_the_same_name_and_version_of_two_registries_are_two(self):
        person, project = self.of_one("vais")
        project.run("install")
        other_data = archive("vais", "fog", "1.0.0", files={"other.txt": "x"})
        other = self.served({("fog", "1.0.0"): (other_data, {})})
        person.env["WHARF_REGISTRY"] = other.url
        ship = person.project("vais", "ship", {"fog": "^1.0.0"})
        done = ship.run("install", check=None)
        # Shared by all projects, the place can hold one of them: whichever it holds, it is what the lock says, or an error.
        if done.returncode == 0:
            self.assertIn(sha256(other_data), ship.lock.read_text())
            self.assertTrue((person.home / ".vais/registry/cache/fog/1.0.0/extracted/other.txt").exists())
        else:
            self.assertIn(done.returncode, (1, 4))

    def test_many_clients_at_once_in_one_cache(self):
        packages = {(f"p{i}", "1.0.0"): (archive("wharf", f"p{i}", "1.0.0", files={"noise.bin": os.urandom(100_000)}), {}) for i in range(12)}
        registry = self.served(packages)
        person = self.person(registry.url)
        projects = [person.project("wharf", f"boat-{i}", {f"p{k}": "^1.0.0" for k in range(12)}) for i in range(6)]
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda project: project.run("install"), projects))
        for project in projects:
            self.assertEqual({f"p{k}": "1.0.0" for k in range(12)}, project.installed())
        kept = sorted((person.home / ".cache/wharf/archives").iterdir())
        self.assertEqual(sorted(sha256(data) + ".tar.gz" for data, _ in packages.values()), [path.name for path in kept])
        for path in kept:
            self.assertEqual(path.name, sha256(path.read_bytes()) + ".tar.gz")
        self.assertEqual([], list((person.home / ".cache/wharf/partial").iterdir()))

    def test_a_directory_is_a_registry_with_and_without_a_network(self):
        person = self.person("file:///nowhere")
        data = archive("wharf", "fog", "1.0.0")
        person.env["WHARF_REGISTRY"] = make_directory_registry(person.home / "a mirror", {("fog", "1.0.0"): (data, {})}).replace(" ", "%20")
        project = person.project("wharf", "boat", {"fog": "^1.0.0"})
        project.run("install")
        self.assertEqual({"fog": "1.0.0"}, project.installed())

    # --- wharf cache ---
    def test_it_is_listed_and_cleaned(self):
        person, project = self.of_one("wharf")
        self.assertEqual(str(person.home / ".cache/wharf"), person.run("cache", "dir").stdout.strip())
        self.assertEqual("", person.run("cache", "list").stdout)
        project.run("install")
        seen = person.json("cache", "list")
        self.assertEqual([("document", "fog", "", self.registry.url), ("archive", "fog", "1.0.0", ""), ("unpacked", "fog", "1.0.0", "")],
                         [(file["kind"], file["name"], file["version"], file["registry"]) for file in seen["files"]])
        self.assertEqual({"files": 1, "bytes": len(self.data)}, seen["totals"]["archive"])
        self.assertNotIn("files", person.json("cache", "list", "--totals"))
        self.assertIn("would remove 3 files", person.run("cache", "clean", "--dry-run").stdout)
        self.assertIn("removed 0 files", person.run("cache", "clean", "--older-than", "1").stdout)
        self.assertEqual(1, person.json("cache", "clean", "--kind", "document")["removed"])
        os.utime(self.own_place(person, "wharf"), (1_700_000_000, 1_700_000_000))
        self.assertIn("removed 1 file,", person.run("cache", "clean", "--older-than", "1").stdout)
        self.assertEqual(1, person.json("cache", "clean")["removed"])
        self.assertEqual("", person.run("cache", "list").stdout)
        # What is installed does not need it.
        self.assertEqual({"fog": "1.0.0"}, project.installed())
        project.run("verify")

    def test_cleaning_in_vais_leaves_what_is_installed(self):
        person, project = self.of_one("vais")
        project.run("install")
        person.run("cache", "clean", "--profile", "vais")
        self.assertFalse(self.own_place(person, "vais").exists())
        self.assertEqual({"fog": "1.0.0"}, project.installed())

    def test_using_an_archive_keeps_it_from_being_cleaned_as_old(self):
        person, project = self.of_one("wharf")
        project.run("install")
        os.utime(self.own_place(person, "wharf"), (1_700_000_000, 1_700_000_000))
        self.forget_unpacked(person)
        person.project("wharf", "ship", {"fog": "^1.0.0"}).run("install")
        self.assertEqual(0, person.json("cache", "clean", "--kind", "archive", "--older-than", "1")["removed"])

    def test_a_cache_that_cannot_be_written_is_said(self):
        person, project = self.of_one("wharf")
        (person.home / ".cache").write_text("in the way")
        done = project.run("install", check=1)
        self.assertIn(str(person.home / ".cache"), done.stderr)
        self.assertNotIn("something went wrong", done.stderr)
        self.assertEqual(0, len(self.registry.asked(tarball_path("x", "1.0.0"))))


if __name__ == "__main__":
    unittest.main()
