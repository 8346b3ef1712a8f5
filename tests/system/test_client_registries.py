# SPDX-License-Identifier: MIT
"""Several registries that know packages of the same names: none is taken for the other."""

from support import client
from support.client_case import Case
from support.wharf import Wharf


def setUpModule():
    global wharf
    wharf = Wharf().start()
    Case.use(wharf)


def tearDownModule():
    wharf.close()


class RegistriesTest(Case):
    def elsewhere(self, profile, version="1.0.0"):
        """A directory registry with another package of the name."""
        name = self.name("fog")
        archive = client.archive(profile, name, version, files={"README.md": b"from elsewhere"})
        return client.make_directory_registry(self.person.home / "elsewhere", {(name, version): (archive, {})})

    def test_a_dependency_of_another_registry_is_refused(self):
        self.publish("wharf", "fog", "1.0.0")
        project = self.project("wharf")
        text = project.manifest.read_text()
        project.manifest.write_text(text + f'\n[dependencies.{self.name("fog")}]\nversion = "1"\nregistry = "https://packages.example.org/api/v1"\n')
        for arguments in (["install"], ["update"], ["resolve"], ["add", self.name("fog")]):
            done = project.run(*arguments, check=1)
            self.assertIn("https://packages.example.org", done.stderr)
            self.assertIn(wharf.url, done.stderr)
        self.assertFalse(project.lock.exists())
        project.manifest.write_text(project.manifest.read_text().replace("https://packages.example.org", wharf.url))
        project.run("install")
        self.assert_installed(project, {"fog": "1.0.0"})

    def check_a_shared_folder(self, profile):
        self.publish(profile, "fog", "1.0.0")
        first = self.project(profile, {"fog": "^1.0"}, name="first")
        first.run("install")
        second = self.project(profile, {"fog": "^1.0"}, name="second")
        done = second.run("install", "--registry", self.elsewhere(profile), check=4)
        self.assertIn("all projects share", done.stderr)
        self.assertFalse(second.lock.exists())
        first.run("verify")
        first.run("install", "--locked")

    def test_synapses_shared_folder_is_not_changed_under_other_projects(self):
        self.check_a_shared_folder("synapse")

    def test_vaiss_shared_folder_is_not_changed_under_other_projects(self):
        self.check_a_shared_folder("vais")
