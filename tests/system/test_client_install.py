# SPDX-License-Identifier: MIT
"""Installing, for each language's profile, against a real registry: what is asked for and all that it needs comes, checked, in the
language's own place, with a lock in its own shape; and what cannot be put right is refused before anything is touched."""

import json
import shutil
from pathlib import Path

from support import client
from support.client_case import Case
from support.wharf import Wharf, wait_for


def setUpModule():
    global wharf
    wharf = Wharf().start()
    Case.use(wharf)


def tearDownModule():
    wharf.close()


class EveryLanguageTest(Case):
    """The whole of a consumer's story, once for each profile."""

    def story(self, profile):
        self.publish(profile, "core", "1.0.0")
        self.publish(profile, "core", "1.1.0")
        self.publish(profile, "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish(profile, "gauge", "0.3.0")
        project = self.project(profile, {"fog": "^1.0.0"}, {"gauge": "^0.3.0"})

        done = project.json("install")
        self.assert_installed(project, {"core": "1.1.0", "fog": "1.0.0", "gauge": "0.3.0"})
        self.assertEqual([["core", "1.1.0"], ["fog", "1.0.0"], ["gauge", "0.3.0"]],
                         [[package["name"].rsplit("-", 1)[0], package["version"]] for package in done["packages"]])
        for package in done["packages"]:
            self.assertEqual(client.sha256(self.archives[package["name"], package["version"]]), package["checksum"])

        before = project.lock.read_bytes()
        project.run("install")
        self.assertEqual(before, project.lock.read_bytes(), "nothing changed, so the lock must be the same, byte for byte")

        # What is newer is not taken while the lock is good.
        self.publish(profile, "core", "1.2.0")
        project.run("install")
        self.assertEqual(before, project.lock.read_bytes())
        # Gone is gone: it comes back as it was, offline too, since the cache has it.
        for versions in project.places().values():
            for place in versions.values():
                shutil.rmtree(place)
        project.run("install", "--offline")
        self.assert_installed(project, {"core": "1.1.0", "fog": "1.0.0", "gauge": "0.3.0"})

        moved = project.json("update")
        self.assertEqual([[self.name("core"), "1.1.0", "1.2.0"]], [[change["name"], change["from"], change["to"]] for change in moved["changes"]])
        self.assert_installed(project, {"core": "1.2.0", "fog": "1.0.0", "gauge": "0.3.0"})

        self.publish(profile, "horn", "2.1.0", {"core": "^1.1.0"})
        project.run("add", self.name("horn"))
        self.assertEqual("^2.1.0", project.asked()[self.name("horn")])
        self.assert_installed(project, {"core": "1.2.0", "fog": "1.0.0", "gauge": "0.3.0", "horn": "2.1.0"})
        project.run("remove", self.name("fog"), self.name("gauge"))
        self.assertEqual([self.name("horn")], list(project.asked()))
        self.assert_installed(project, {"core": "1.2.0", "horn": "2.1.0"})
        project.run("verify")

        self.publish(profile, "core", "2.0.0")
        refused = project.run("add", f"{self.name('core')}@^2.0.0", check=3)
        self.assertIn(self.name("horn"), refused.stderr)
        self.assertNotIn(self.name("core"), project.asked())
        self.assert_installed(project, {"core": "1.2.0", "horn": "2.1.0"})

    def test_wharf(self):
        self.story("wharf")

    def test_synapse(self):
        self.story("synapse")

    def test_raven(self):
        self.story("raven")

    def test_vais(self):
        self.story("vais")


class InstallTest(Case):
    def test_without_a_manifest_what_is_named_is_installed_and_locked(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish("wharf", "horn", "2.0.0")
        folder = self.person.home / "empty"
        folder.mkdir()
        self.person.run("install", self.name("fog"), cwd=folder)
        self.person.run("install", self.name("horn") + "@2", cwd=folder)
        self.assertEqual(self.named({"core": "1.0.0", "fog": "1.0.0", "horn": "2.0.0"}),
                         client.locked_versions("wharf", (folder / "wharf.lock").read_text()))
        self.assertEqual(sorted(self.named({"core": "", "fog": "", "horn": ""})),
                         sorted(path.name for path in (folder / "wharf_packages").iterdir() if not path.name.startswith(".")))
        self.assertFalse((folder / "wharf.toml").exists())

    def test_the_users_own_packages_are_beside_every_project(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish("wharf", "fog", "1.1.0", {"core": "^1.0.0"})
        project = self.project("wharf")
        before = sorted(path.name for path in project.folder.iterdir())
        project.run("install", "--global", self.name("fog") + "@=1.0.0")
        self.assertEqual(before, sorted(path.name for path in project.folder.iterdir()))
        listed = project.json("list", "--global")["packages"]
        self.assertEqual([[self.name("core"), "1.0.0", False], [self.name("fog"), "1.0.0", True]],
                         [[package["name"], package["version"], package["direct"]] for package in listed])
        self.assertTrue(all(Path(package["path"]).is_dir() and package["installed"] for package in listed))
        self.assertEqual([], project.json("list")["packages"])
        project.run("install", "-g", self.name("fog") + "@1")
        project.run("update", "--global")
        self.assertEqual("1.1.0", project.json("list", "-g")["packages"][1]["version"])
        self.assertIn(self.name("fog"), project.run("remove", "--global", self.name("core"), check=1).stderr)
        project.run("remove", "--global", self.name("fog"))
        self.assertEqual([], project.json("list", "--global")["packages"])

    def test_without_a_manifest_and_without_names_it_says_what_to_do(self):
        done = self.person.run("install", check=1)
        self.assertIn("wharf.toml", done.stderr)
        self.assertIn("init", done.stderr)

    def test_names_are_added_to_the_manifest_unless_told_otherwise(self):
        self.publish("wharf", "fog", "1.2.0")
        self.publish("wharf", "gauge", "0.3.1")
        self.publish("wharf", "horn", "2.0.0")
        project = self.project("wharf")
        project.manifest.write_text("# my boat\n" + project.manifest.read_text())
        project.run("install", f"{self.name('fog')}@>=1.1")
        project.run("install", self.name("gauge"), "--dev")
        self.assertEqual({self.name("fog"): ">=1.1"}, project.asked())
        self.assertEqual({self.name("gauge"): "^0.3.1"}, project.asked("dev-dependencies"))
        self.assertTrue(project.manifest.read_text().startswith("# my boat\n"))
        before = project.manifest.read_bytes()
        project.run("install", self.name("horn"), "--no-save")
        self.assertEqual(before, project.manifest.read_bytes())
        self.assertEqual("2.0.0", project.installed()[self.name("horn")])

    def test_locked_fails_with_the_difference(self):
        self.publish("wharf", "fog", "1.0.0")
        self.publish("wharf", "fog", "2.0.0")
        project = self.project("wharf", {"fog": "^1.0"})
        done = project.run("install", "--locked", check=1)
        self.assertIn("wharf.lock", done.stderr)
        self.assertFalse(project.lock.exists())
        project.run("install")
        project.run("install", "--locked")
        before = project.lock.read_bytes()
        project.write_manifest({self.name("fog"): "^2.0"})
        done = project.run("install", "--locked", check=1)
        self.assertIn(self.name("fog"), done.stderr)
        self.assertIn("^2.0", done.stderr)
        self.assertEqual(before, project.lock.read_bytes())
        self.assertEqual(self.named({"fog": "1.0.0"}), project.installed())

    def test_offline_says_what_is_missing(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        project = self.project("wharf", {"fog": "^1.0"})
        done = project.run("install", "--offline", check=3)
        self.assertIn(self.name("fog"), done.stderr)
        self.assertIn("offline", done.stderr)
        self.assertFalse(project.lock.exists())
        project.run("install")
        self.person.run("cache", "clean")
        shutil.rmtree(project.folder / "wharf_packages")
        done = project.run("install", "--offline", check=1)
        self.assertIn(self.name("fog"), done.stderr)
        self.assertIn(self.name("core"), done.stderr)

    def test_another_persons_offline_install_needs_the_lock_alone_and_the_archives(self):
        self.publish("wharf", "fog", "1.0.0")
        project = self.project("wharf", {"fog": "^1.0"})
        project.run("install")
        shutil.rmtree(project.folder / "wharf_packages")
        # Nobody answers there: a lock that is good needs no registry where the cache has the archives.
        project.run("install")
        self.assert_installed(project, {"fog": "1.0.0"})

    def test_a_checksum_that_does_not_fit_the_lock_is_an_integrity_error_that_names_both(self):
        self.publish("wharf", "fog", "1.0.0")
        self.publish("wharf", "horn", "1.0.0")
        project = self.project("wharf", {"fog": "^1.0"})
        project.run("install")
        real = client.sha256(self.archives[self.name("fog"), "1.0.0"])
        false = "0" * 64
        project.lock.write_text(project.lock.read_text().replace(real, false))
        shutil.rmtree(project.folder / "wharf_packages")
        locked = project.lock.read_bytes()
        for arguments in (["install"], ["add", self.name("horn")], ["update", self.name("fog")]):
            with self.subTest(" ".join(arguments)):
                done = project.run(*arguments, check=4)
                self.assertIn(real, done.stderr)
                self.assertIn(false, done.stderr)
                self.assertEqual(locked, project.lock.read_bytes())
                self.assertEqual({}, project.places())
        self.person.run("cache", "clean")
        self.assertIn(real, project.run("install", check=4).stderr)

    def test_a_yanked_version_installs_where_it_is_locked_and_warns(self):
        self.publish("wharf", "fog", "1.0.0")
        self.publish("wharf", "fog", "1.1.0")
        project = self.project("wharf", {"fog": "^1.0"})
        project.run("install")
        answer = wharf.post(f"/api/v1/packages/{self.name('fog')}/1.1.0/yank", {"reason": "it leaks"}, token=self.token)
        self.assertEqual(200, answer.status, answer)
        wait_for(lambda: wharf.get(f"/api/v1/packages/{self.name('fog')}/index.json").json()["versions"][1]["yanked"], what="the yank to be seen")
        shutil.rmtree(project.folder / "wharf_packages")
        self.person.run("cache", "clean")
        done = project.run("install")
        self.assertIn("yanked", done.stderr)
        self.assertIn("it leaks", done.stderr)
        self.assert_installed(project, {"fog": "1.1.0"})
        # Another dependency leaves it where it is, too.
        self.publish("wharf", "horn", "1.0.0")
        self.assertIn("yanked", project.run("add", self.name("horn")).stderr)
        self.assert_installed(project, {"fog": "1.1.0", "horn": "1.0.0"})
        # Nobody else gets it.
        self.assertEqual("1.0.0", self.project("wharf", {"fog": "^1.0"}, name="other").json("resolve")["packages"][0]["version"])
        done = project.run("update")
        self.assertIn("1.1.0 was yanked", done.stdout + done.stderr)
        self.assert_installed(project, {"fog": "1.0.0", "horn": "1.0.0"})

    def test_a_lock_of_another_registry_is_refused(self):
        self.publish("wharf", "fog", "1.0.0")
        project = self.project("wharf", {"fog": "^1.0"})
        project.run("install")
        before = project.lock.read_bytes()
        elsewhere = client.make_directory_registry(self.person.home / "elsewhere", {
            (self.name("fog"), "1.5.0"): (client.archive("wharf", self.name("fog"), "1.5.0"), {})})
        for arguments in (["install"], ["update"], ["add", self.name("fog") + "@1.5"]):
            done = project.run(*arguments, "--registry", elsewhere, check=1)
            self.assertIn(wharf.url, done.stderr)
            self.assertIn(elsewhere, done.stderr)
            self.assertIn("--registry", done.stderr)
            self.assertEqual(before, project.lock.read_bytes())
        project.lock.unlink()
        project.run("install", "--registry", elsewhere)
        self.assertEqual(self.named({"fog": "1.5.0"}), project.installed())

    def test_no_solution_is_explained_with_a_way_out_that_works(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "2.0.0")
        self.publish("wharf", "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish("wharf", "fog", "1.1.0", {"core": "^2.0.0"})
        project = self.project("wharf", {"fog": "=1.0.0", "core": "^2.0"})
        done = project.run("install", check=3)
        for text in (self.name("fog"), self.name("core"), "wharf.toml", "^2.0"):
            self.assertIn(text, done.stderr)
        self.assertEqual("", done.stdout)
        told = project.json("install", check=3)
        self.assertEqual({"error", "message", "explanation", "ways_out"}, set(told))
        self.assertEqual("no_solution", told["error"])
        self.assertTrue(told["explanation"] and told["ways_out"])
        self.assertFalse(project.lock.exists())
        self.assertEqual({}, project.places())

    def test_a_dependency_given_by_path_is_used_in_place_and_its_own_are_installed(self):
        self.publish("wharf", "core", "1.0.0")
        self.publish("wharf", "core", "1.1.0")
        self.publish("wharf", "horn", "1.0.0", {"near": "^0.2.0"})
        near = self.person.project("wharf", self.name("near"), {self.name("core"): "=1.0.0"}, folder=self.person.home / "near")
        near.write_manifest({self.name("core"): "=1.0.0"}, version="0.2.0")
        project = self.project("wharf", {"horn": "^1.0"})
        project.manifest.write_text(project.manifest.read_text() + f'{self.name("near")} = {{ path = "../near" }}\n')
        done = project.json("install")
        self.assertEqual(self.named({"core": "1.0.0", "horn": "1.0.0"}), project.locked())
        self.assertIn(self.name("near"), [package["name"] for package in done["in_place"]])
        before = project.lock.read_bytes()
        project.run("install", "--locked")
        self.assertEqual(before, project.lock.read_bytes())
        # What it needs is the project's own affair: a change there is a difference.
        near.write_manifest({self.name("core"): "^1.1"}, version="0.2.0")
        self.assertIn(self.name("core"), project.run("install", "--locked", check=1).stderr)
        project.run("install")
        self.assertEqual(self.named({"core": "1.1.0", "horn": "1.0.0"}), project.locked())

    def test_two_manifests_in_one_place_need_a_word(self):
        self.publish("raven", "fog", "1.0.0")
        project = self.project("raven", {"fog": "^1.0"})
        (project.folder / "vais.toml").write_text('[package]\nname = "boat"\nversion = "0.1.0"\n')
        done = project.run("install", check=1)
        for text in ("raven.toml", "vais.toml", "--profile"):
            self.assertIn(text, done.stderr)
        project.run("install", "--profile", "raven")
        self.assert_installed(project, {"fog": "1.0.0"})

    def test_a_manifest_is_found_from_a_folder_below(self):
        self.publish("wharf", "fog", "1.0.0")
        project = self.project("wharf", {"fog": "^1.0"})
        below = project.folder / "src/deep"
        below.mkdir(parents=True)
        self.person.run("install", cwd=below)
        self.assert_installed(project, {"fog": "1.0.0"})
        self.person.run("-C", project.folder, "install", "--locked")

    def test_an_unknown_package_is_answered_with_names_like_it(self):
        self.publish("wharf", "tide-tables", "1.0.0")
        project = self.project("wharf")
        done = project.run("add", self.name("tide-tabels"), check=3)
        self.assertIn(self.name("tide-tabels"), done.stderr)
        self.assertEqual({}, project.asked())


class OlderLocksTest(Case):
    """A lock that the language's own tool wrote: its versions are kept, and it gains what it lacks."""

    def check(self, profile, lock):
        self.publish(profile, "core", "1.0.0")
        self.publish(profile, "core", "1.1.0")
        self.publish(profile, "fog", "1.0.0", {"core": "^1.0.0"})
        self.publish(profile, "fog", "1.1.0", {"core": "^1.0.0"})
        project = self.project(profile, {"fog": "^1.0.0"})
        project.lock.write_text(lock(self.name("fog"), self.name("core"), client.sha256(self.archives[self.name("core"), "1.0.0"]),
                                     client.sha256(self.archives[self.name("fog"), "1.0.0"])))
        self.assertIn(project.lock.name, project.run("install", "--locked", check=1).stderr)
        project.run("install")
        self.assert_installed(project, {"core": "1.0.0", "fog": "1.0.0"})
        project.run("install", "--locked")
        self.assertIn(wharf.url, project.lock.read_text())

    def test_synapses_library(self):
        self.check("synapse", lambda fog, core, core_sum, fog_sum: json.dumps({
            "lockfile_version": 1, "generated_at": "2026-01-31T10:00:00.000000", "dependencies": {
                core: {"version": "1.0.0", "checksum": core_sum, "resolved_from": "^1.0.0", "dependencies": {}, "installed_at": "2026-01-31T10:00:00.000000"},
                fog: {"version": "1.0.0", "checksum": fog_sum, "resolved_from": "^1.0.0", "dependencies": {core: "1.0.0"},
                      "installed_at": "2026-01-31T10:00:00.000000"}}}))

    def test_synapses_install(self):
        self.check("synapse", lambda fog, core, *_: json.dumps({"dependencies": {fog: "1.0.0", core: "1.0.0"}, "version": "1.0"}))

    def test_raven(self):
        package = ('[[packages]]\nname = "{}"\nversion = "1.0.0"\ndependencies = [{}]\n[packages.source]\ntype = "Registry"\n'
                   'url = "https://packages.ravensone.dev/{}/1.0.0"\n')
        self.check("raven", lambda fog, core, *_: 'version = "1"\n' + package.format(core, "", core) + package.format(fog, f'"{core}"', fog))

    def test_vais(self):
        package = '[packages.{}]\nversion = "1.0.0"\nchecksum = "{}"\nsource = "registry"\ndependencies = [{}]\n'
        self.check("vais", lambda fog, core, core_sum, fog_sum: "version = 1\n" + package.format(core, core_sum, "") + package.format(fog, fog_sum, f'"{core}"'))


class TogetherTest(Case):
    def test_two_installs_at_once_in_one_project_do_not_harm_each_other(self):
        for word in "abcdef":
            self.publish("wharf", word, "1.0.0", files={f"src/{i}.txt": word * 1000 for i in range(20)})
        project = self.project("wharf", {word: "^1.0" for word in "abcdef"})
        for _ in range(5):
            shutil.rmtree(project.folder / "wharf_packages", ignore_errors=True)
            project.lock.unlink(missing_ok=True)
            both = [project.start("install", "--quiet") for _ in range(3)]
            self.assertEqual([0, 0, 0], [one.wait(60) for one in both])
            self.assert_installed(project, dict.fromkeys("abcdef", "1.0.0"))

    def test_two_adds_at_once_both_stand(self):
        self.publish("wharf", "a", "1.0.0")
        self.publish("wharf", "b", "1.0.0")
        for _ in range(5):
            project = self.project("wharf")
            project.lock.unlink(missing_ok=True)
            both = [project.start("add", self.name(word), "--quiet") for word in "ab"]
            self.assertEqual([0, 0], [one.wait(60) for one in both])
            self.assertEqual(self.named({"a": "^1.0.0", "b": "^1.0.0"}), project.asked())
            self.assert_installed(project, {"a": "1.0.0", "b": "1.0.0"})

    def test_projects_that_share_one_cache_and_one_folder_do_not_harm_each_other(self):
        for profile in ("wharf", "vais", "synapse"):
            with self.subTest(profile):
                words = [f"{profile}{letter}" for letter in "abcdef"]
                for word in words:
                    self.publish(profile, word, "1.0.0", files={f"src/{i}.txt": word * 1000 for i in range(20)})
                projects = [self.project(profile, dict.fromkeys(words, "^1.0"), name=f"{profile}-{number}") for number in range(4)]
                running = [project.start("install", "--quiet") for project in projects]
                self.assertEqual([0] * 4, [one.wait(60) for one in running])
                for project in projects:
                    self.assert_installed(project, dict.fromkeys(words, "1.0.0"))
