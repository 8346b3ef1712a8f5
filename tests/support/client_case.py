# SPDX-License-Identifier: MIT
"""What tests of the client begin with: a person, and packages of the test's own in a running registry.

    class InstallTest(Case):
        def test_…(self):
            self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
            self.project("wharf", {"fog": "^1.0"}).run("install")
"""

import hashlib
import unittest

from support import client
from support.client import Client


class Case(unittest.TestCase):
    @classmethod
    def use(cls, wharf):
        """The registry of all tests of a module, from its setUpModule()."""
        Case.wharf, Case.token = wharf, wharf.register().token

    def setUp(self):
        self.person = Client(self.wharf.url)
        self.addCleanup(self.person.close)
        # Names of its own: a published version never changes, so tests cannot share packages.
        self.mark = hashlib.sha256(self.id().encode()).hexdigest()[:10]
        self.archives = {}

    def name(self, word):
        return f"{word}-{self.mark}"

    def publish(self, profile, word, version, needs=None, **more):
        name = self.name(word)
        data = client.archive(profile, name, version, {self.name(key): text for key, text in (needs or {}).items()}, **more)
        self.wharf.published(self.token, name, version, archive=data)
        client.wait_until_visible(self.wharf, name, version)
        self.archives[name, version] = data

    def project(self, profile, needs=None, dev=None, name="boat"):
        return self.person.project(profile, name, {self.name(key): text for key, text in (needs or {}).items()},
                                   {self.name(key): text for key, text in (dev or {}).items()})

    def named(self, versions):
        return {self.name(key): version for key, version in versions.items()}

    def assert_installed(self, project, versions):
        """Exactly these, each with exactly the files of its archive, and the lock names them."""
        versions = self.named(versions)
        self.assertEqual(versions, project.installed())
        self.assertEqual(versions, project.locked())
        for name, version in versions.items():
            expected = client.files_of(self.archives[name, version])
            place = project.places()[name][version]
            top = f"{name}-{version}/"
            if project.profile == "synapse" and all(path.startswith(top) for path in expected):
                expected = {path.removeprefix(top): content for path, content in expected.items()}
            self.assertEqual(expected, client.files_below(place), f"the files of {name} {version}")
