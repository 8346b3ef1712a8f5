# SPDX-License-Identifier: MIT
"""What tests of publishing begin with: somebody with a home of their own, and a project that can be published."""

import hashlib
import itertools
import unittest
from pathlib import Path

from support.client import Client

numbers = itertools.count(1)


def put(folder, files):
    for path, content in files.items():
        place = Path(folder) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class PublisherCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def use(cls, wharf):
        """The registry of the module, and an account that everybody here publishes as."""
        cls.wharf, cls.owner = wharf, wharf.register("olga")

    def person(self, registry=None):
        """Somebody with a home of their own, who publishes as `owner`."""
        person = Client(registry or self.wharf.url)
        self.addCleanup(person.close)
        person.env["WHARF_TOKEN"] = self.owner.token
        return person

    def project(self, profile="wharf", registry=None, files=None, person=None, dependencies=None):
        person = person or self.person(registry)
        project = person.project(profile, f"kit-{next(numbers)}x", dependencies)
        put(project.folder, files or {"README.md": "# A kit\n", "src/main.code": "x\n"})
        return project

    def stored(self, project, version="0.1.0"):
        answer = self.wharf.download(project.name, version)
        self.assertEqual(200, answer.status, answer)
        return answer.body

    def assert_not_published(self, project, version="0.1.0"):
        self.assertEqual(404, self.wharf.get(f"/api/v1/packages/{project.name}/{version}", token=self.owner.token).status)
