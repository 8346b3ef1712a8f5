# SPDX-License-Identifier: MIT
"""The real world: packages that no one here made are published, read and downloaded, each with its whole closure."""

import hashlib
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import npm_packages  # noqa: E402
from support.wharf import Wharf  # noqa: E402


class RealPackagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="wharf-npm-")
        cls.found = npm_packages.fetch_closure(cls.folder.name)
        cls.wharf = Wharf().start()
        cls.account = cls.wharf.register()

    @classmethod
    def tearDownClass(cls):
        cls.wharf.close()
        cls.folder.cleanup()

    def test_real_packages_come_back_as_they_were_published(self):
        published, refused = {}, {}
        for version, tarball, package in self.found.values():
            name = npm_packages.wharf_name(package["name"])
            archive = npm_packages.wrap(tarball, package)
            answer = self.wharf.publish(self.account.token, name, version, archive)
            if answer.status == 201:
                published[name] = (version, archive, package)
            else:
                refused[name] = f"{answer.status} {answer.json().get('message')}"
        for name, why in sorted(refused.items()):
            print(f"refused {name}: {why}")
        for name, (version, archive, package) in published.items():
            with self.subTest(package=name):
                self.reads_back(name, version, archive, npm_packages.manifest_of(package))
        print(f"{len(published)} real packages published and read back, {len(refused)} refused")
        self.assertGreaterEqual(len(published), 40)
        for why in refused.values():
            self.assertRegex(why, "too similar|reserved", "a package was refused for another reason than its name")

    def reads_back(self, name, version, archive, manifest):
        checksum = hashlib.sha256(archive).hexdigest()
        metadata = self.wharf.get(f"/api/v1/packages/{name}").json()
        self.assertEqual(metadata["latest_version"], version)
        full = self.wharf.get(f"/api/v1/packages/{name}/{version}").json()
        self.assertEqual(full["checksum"], checksum)
        self.assertEqual(set(full["dependencies"]), set(manifest["dependencies"]))
        self.assertEqual(self.wharf.download(name, version).body, archive)
        index = self.wharf.get(f"/api/v1/packages/{name}/index.json").json()
        self.assertEqual([entry["checksum"] for entry in index["versions"]], [checksum])


class RealClosureTest(unittest.TestCase):
    def test_every_dependency_of_the_closure_was_fetched(self):
        with tempfile.TemporaryDirectory() as folder:
            found = npm_packages.fetch_closure(folder, ["debug@4", "chalk@4"])
        for _, _, package in found.values():
            for name in package.get("dependencies", {}):
                self.assertIn(name, found)
