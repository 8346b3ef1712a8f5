# SPDX-License-Identifier: MIT
"""`wharf pack` and `wharf publish` against a real registry, in every language's profile."""

import os
import random
import subprocess
import threading
import unittest

from support.client import MANIFESTS, PROFILES, files_of
from support.meddling_proxy import CUT, MeddlingProxy
from support.publisher_case import PublisherCase, put, sha256
from support.wharf import Wharf

# What a person's folder holds besides, and what each profile makes of it.
TREE = {
    "README.md": "# A kit\n", "LICENSE": "MIT\n", "CHANGELOG.md": "# Changes\n", "Makefile": "all:\n", "notes.txt": "x\n", "main.syn": "x\n",
    "src/main.code": "x\n", "src/deep/more.code": "x\n", "src/.hidden": "x\n", "src/data.json": "{}\n", "lib/help.code": "x\n",
    "docs/guide.md": "# Guide\n", "docs/plan.odt": "x\n", "tests/a.code": "x\n",
    ".git/config": "x\n", ".gitignore": "*.log\n/scratch\n", ".editorconfig": "x\n", "debug.log": "x\n", "scratch/x.md": "x\n",
    "target/out.o": "x\n", "node_modules/other/index.json": "{}\n", "__pycache__/a.pyc": "x\n",
    "wharf_packages/a/x.md": "x\n", "raven_packages/a/x.md": "x\n",
}
PACKED = {
    "wharf": ["CHANGELOG.md", "LICENSE", "Makefile", "README.md", "docs/guide.md", "docs/plan.odt", "lib/help.code", "main.syn", "notes.txt",
              "raven_packages/a/x.md", "src/data.json", "src/deep/more.code", "src/main.code", "tests/a.code", "wharf.toml"],
    "synapse": ["CHANGELOG.md", "LICENSE", "README.md", "docs/guide.md", "lib/help.code", "main.syn", "raven_packages/a/x.md", "src/data.json",
                "src/deep/more.code", "src/main.code", "synapse.json", "wharf_packages/a/x.md"],
    "raven": ["CHANGELOG.md", "LICENSE", "README.md", "raven.toml", "src/data.json", "src/deep/more.code", "src/main.code"],
    "vais": ["CHANGELOG.md", "LICENSE", "Makefile", "README.md", "docs/guide.md", "docs/plan.odt", "lib/help.code", "main.syn", "notes.txt",
             "raven_packages/a/x.md", "src/data.json", "src/deep/more.code", "src/main.code", "tests/a.code", "vais.toml", "wharf_packages/a/x.md"],
}


def setUpModule():
    global wharf, owner
    wharf = Wharf().start()
    PublisherCase.use(wharf)
    owner = PublisherCase.owner


def tearDownModule():
    wharf.close()


class PackTest(PublisherCase):
    def test_each_profile_packs_what_its_language_expects(self):
        for profile in PROFILES:
            with self.subTest(profile=profile):
                project = self.project(profile, files=TREE)
                self.assertEqual(PACKED[profile], project.run("pack", "--list").stdout.splitlines())
                project.run("pack", "--output", "out.tar.gz")
                packed = files_of((project.folder / "out.tar.gz").read_bytes())
                top = f"{project.name}-0.1.0/" if profile == "synapse" else ""
                self.assertEqual({top + path for path in PACKED[profile]}, set(packed))
                self.assertEqual(project.manifest.read_bytes(), packed[top + MANIFESTS[profile]])

    def test_the_same_tree_makes_the_same_bytes_whoever_packs_it_and_when(self):
        one, other = (self.project(files=dict(order)) for order in (list(TREE.items()), list(reversed(TREE.items()))))
        other.manifest.write_text(one.manifest.read_text())
        for path in other.folder.rglob("*"):
            os.utime(path, (1, 1))
        (other.folder / "Makefile").chmod(0o600)
        described = one.json("pack"), other.json("pack")
        self.assertEqual(described[0]["checksum"], described[1]["checksum"])
        output = f"{one.name}-0.1.0.tar.gz"
        one.run("pack", "--output", output)
        written = (one.folder / output).read_bytes()
        self.assertEqual((described[0]["checksum"], described[0]["size"]), (sha256(written), len(written)))
        self.assertEqual(described[0]["files"], one.json("pack")["files"], "it packs what it wrote before")

    def test_each_secret_is_named_and_nothing_is_packed(self):
        project = self.project(files={".env": "A=b\n", "keys/id_rsa": "x\n", "src/a.code": "token: AKIA" + "J2QXZ3KV7M5NWPRT\n", ".gitignore": "ignored\n",
                                      "ignored/.env": "A=b\n"})
        for command in (["pack"], ["pack", "--output", "out.tar.gz"], ["publish"], ["publish", "--dry-run"]):
            done = project.run(*command, check=1)
            for path in (".env", "keys/id_rsa", "src/a.code"):
                self.assertIn(f"\n  {path}: ", done.stderr)
            self.assertNotIn("ignored", done.stderr)
            self.assertNotIn("AKIA", done.stdout + done.stderr)
        self.assertFalse((project.folder / "out.tar.gz").exists())
        self.assert_not_published(project)
        project.run("publish", "--allow", ".env", "--allow", "keys", "--allow", "src/a.code")
        self.assertIn(".env", files_of(self.stored(project)))

    def test_links_lead_nowhere_but_into_the_package(self):
        project = self.project()
        (project.folder / "AUTHORS").symlink_to("README.md")
        project.run("pack", "--output", "out.tar.gz")
        self.assertEqual(b"# A kit\n", files_of((project.folder / "out.tar.gz").read_bytes())["AUTHORS"])
        (project.folder / "passwords").symlink_to("/etc/passwd")
        self.assertIn("leads out of the package", project.run("pack", check=1).stderr)
        self.assertIn("leads out of the package", project.run("publish", check=1).stderr)
        self.assert_not_published(project)

    def test_rules_are_those_of_git(self):
        """Random patterns over a random tree, against `git check-ignore`, where there is a git."""
        if subprocess.run(["which", "git"], capture_output=True).returncode != 0:
            self.skipTest("there is no git")
        choice = random.Random(20)
        person = self.person()
        names = ["a", "b", "ab", "a.md", "b.md", "x[1]", "long name"]
        pieces = ["a", "b", "*", "?", "a*", "*.md", "**", "[ab]", "[!a]", "x\\[1\\]", "long name", "ab"]
        for number in range(60):
            project = self.project(person=person, files={"/".join(choice.choices(names[:3], k=choice.randint(0, 3)) + [choice.choice(names[3:])]): "x\n"
                                                         for _ in range(25)})
            lines = [choice.choice(["", "", "", "!"]) + choice.choice(["", "", "/"]) + "/".join(choice.choices(pieces, k=choice.randint(1, 3))) + choice.choice(["", "", "/"])
                     for _ in range(choice.randint(1, 4))]
            put(project.folder, {".gitignore": "\n".join(lines) + "\n"})
            subprocess.run(["git", "init", "-q"], cwd=project.folder, check=True)
            shown = subprocess.run(["git", "ls-files", "-z", "--others", "--exclude-standard"], cwd=project.folder, check=True, capture_output=True, text=True)
            expected = {path for path in shown.stdout.split("\0") if path and not path.startswith(".")} | {"wharf.toml"}
            self.assertEqual(sorted(expected), project.run("pack", "--list").stdout.splitlines(), lines)


class PublishTest(PublisherCase):
    def test_every_profile_publishes_and_the_registry_has_the_very_bytes(self):
        for profile in PROFILES:
            with self.subTest(profile=profile):
                project = self.project(profile, files=TREE)
                described = project.json("pack")
                done = project.run("publish")
                self.assertEqual(f"published {project.name} 0.1.0 to {wharf.url}\n", done.stdout)
                self.assertNotIn("warning", done.stderr)
                self.assertEqual(described["checksum"], sha256(self.stored(project)))
                self.assertEqual({"wharf": "native"}.get(profile, profile),
                                 wharf.get(f"/api/v1/packages/{project.name}/0.1.0").json()["dialect"])
                again = project.run("publish")
                self.assertIn("already published", again.stdout)
                self.assertIn("the same bytes", again.stdout)

    def test_other_bytes_under_a_published_version_are_refused(self):
        project = self.project()
        project.run("publish")
        first = self.stored(project)
        put(project.folder, {"src/more.code": "y\n"})
        done = project.run("publish", check=1)
        self.assertIn("a published version never changes", done.stderr)
        self.assertIn("a published version never changes", project.run("publish", "--dry-run", check=1).stderr)
        self.assertEqual(first, self.stored(project))
        project.write_manifest({}, version="0.2.0")
        project.run("publish")

    def test_a_version_with_build_metadata_finds_its_way_there_and_back(self):
        project = self.project()
        project.write_manifest({}, version="0.2.0-rc.1+linux.5")
        self.assertEqual("verified", project.json("publish")["read_back"])
        self.assertIn("already published", project.run("publish").stdout)

    def test_a_trial_shows_the_list_and_publishes_nothing(self):
        project = self.project()
        done = project.run("publish", "--dry-run")
        for word in ("README.md", "src/main.code", "the registry would take it", project.json("pack")["checksum"]):
            self.assertIn(word, done.stdout)
        self.assert_not_published(project)
        bob = wharf.register()
        wharf.published(bob.token, project.name, "0.0.1")
        self.assertIn("owner", project.run("publish", "--dry-run", check=1).stderr)
        del project.person.env["WHARF_TOKEN"]
        self.assertIn("not signed in", project.run("publish", "--dry-run").stdout)

    def test_a_folder_or_an_archive_can_be_named(self):
        person = self.person()
        project = self.project("raven", person=person)
        person.run("publish", project.name)
        self.assertEqual("raven", wharf.get(f"/api/v1/packages/{project.name}/0.1.0").json()["dialect"])
        project.write_manifest({}, version="0.2.0")
        project.run("pack", "--output", "../boat.tar.gz")
        person.run("publish", "boat.tar.gz")
        self.assertEqual((person.home / "boat.tar.gz").read_bytes(), self.stored(project, "0.2.0"))
        put(person.home, {"no.tar.gz": "no archive"})
        self.assertIn("gzip", person.run("publish", "no.tar.gz", check=1).stderr)
        self.assertIn("there is no folder", person.run("publish", "nowhere", check=2).stderr)
        (project.folder / "sub").mkdir()
        self.assertIn("there is no", project.run("publish", "sub", check=1).stderr)

    def test_a_path_dependency_without_a_version_is_refused_before_anything_is_sent(self):
        with MeddlingProxy(wharf.http_port) as proxy:
            project = self.project(registry=proxy.url)
            project.manifest.write_text(f'[package]\nname = "{project.name}"\nversion = "0.1.0"\n\n[dependencies]\nfog = {{ path = "../fog" }}\n')
            done = project.run("publish", check=1)
            self.assertIn("fog", done.stderr)
            self.assertIn("version", done.stderr)
            self.assertEqual([], proxy.seen)

    def test_what_is_missing_is_said_in_a_line_each(self):
        project = self.project(files={"src/main.code": "x\n"})
        project.manifest.write_text(f'[package]\nname = "{project.name}"\nversion = "0.1.0"\n')
        done = project.run("publish")
        hints = [line for line in done.stderr.splitlines() if line.startswith("hint: ")]
        self.assertEqual(3, len(hints), hints)
        for word, hint in zip(("README", "licence", "description"), hints):
            self.assertIn(word, hint)
        self.assertEqual("", "".join(line for line in project.run("publish", "--quiet").stderr.splitlines() if "hint" in line))

    def test_files_that_git_does_not_know_are_a_hint(self):
        if subprocess.run(["which", "git"], capture_output=True).returncode != 0:
            self.skipTest("there is no git")
        project = self.project()
        git = ["git", "-c", "user.name=G", "-c", "user.email=g@example.org"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
            subprocess.run(git + words, cwd=project.folder, check=True)
        self.assertNotIn("git", project.run("pack").stderr)
        put(project.folder, {"src/main.code": "changed\n", "src/new.code": "x\n"})
        self.assertIn("hint: 2 files here are not committed to git", project.run("pack").stderr)
        # A git that fails, or none at all, is nobody's trouble.
        self.assertNotIn("git", project.run("pack", env={"PATH": "/nonexistent"}).stderr)

    def test_a_publish_that_is_killed_leaves_nothing_behind(self):
        arrived, over = threading.Event(), threading.Event()

        def hold(request, answer):
            if request.method == "PUT":
                arrived.set()
                over.wait(60)
                return CUT
            return None
        self.addCleanup(over.set)
        with MeddlingProxy(wharf.http_port, hold) as proxy:
            project = self.project(registry=proxy.url)
            scratch = project.person.home / "scratch"
            scratch.mkdir()
            with project.start("publish", env={"TMPDIR": str(scratch)}, stderr=subprocess.PIPE) as child:
                self.assertTrue(arrived.wait(30))
                child.kill()
            self.assertEqual([], list(scratch.iterdir()))
        self.assert_not_published(project)

    def test_who_is_not_signed_in_or_may_not_is_told_so(self):
        project = self.project()
        token = project.person.env.pop("WHARF_TOKEN")
        self.assertIn("wharf login", project.run("publish", check=1).stderr)
        project.person.env["WHARF_TOKEN"] = "wharf_nonsense"
        self.assertIn("wharf login", project.run("publish", check=1).stderr)
        project.person.env["WHARF_TOKEN"] = wharf.api_token(token, scopes=["yank"])
        self.assertIn("wharf whoami", project.run("publish", check=1).stderr)
        wharf.published(wharf.register().token, project.name, "0.0.1")
        project.person.env["WHARF_TOKEN"] = token
        self.assertIn(project.name, project.run("publish", check=1).stderr)
        self.assert_not_published(project)

    def test_a_limit_says_what_it_is_and_when_to_come_back(self):
        person = self.person()
        account = wharf.register()
        person.env["WHARF_TOKEN"] = account.token
        wharf.sql(f"REPLACE INTO user_quotas SELECT id, 'versions', 1, 600, NOW(3) FROM users WHERE username = '{account.username}'")
        self.project(person=person).run("publish")
        done = self.project(person=person).run("publish", check=1)
        self.assertRegex(done.stderr, r"used up the quota of 1 version.*limit 1, 0 left of versions.*try again in \d+ seconds")

    def test_json_says_what_took_place(self):
        project = self.project()
        trial, first, second = project.json("publish", "--dry-run"), project.json("publish"), project.json("publish")
        expected = {"name": project.name, "version": "0.1.0", "checksum": sha256(self.stored(project)), "size": len(self.stored(project)), "registry": wharf.url}
        self.assertEqual({**expected, "dry_run": True, "asked": True, "already_published": False}, trial)
        self.assertEqual({**expected, "already_published": False, "visible": True, "read_back": "verified"}, first)
        self.assertEqual({**expected, "already_published": True, "visible": True, "read_back": "verified"}, second)

    def test_memory_does_not_grow_with_the_archive(self):
        peaks = []
        for megabytes in (1, 60):
            project = self.project()
            # Not made in this process: on Linux a child's peak begins with its parent's.
            subprocess.run(f"head -c {megabytes}M /dev/urandom > src/noise.bin", shell=True, check=True, cwd=project.folder)
            with project.start("publish", "--quiet", stdout=subprocess.DEVNULL) as child:
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(0, child.returncode)
            peaks.append(usage.ru_maxrss / 1024)
        self.assertLess(peaks[1] - peaks[0], 8, f"{peaks} MiB")


if __name__ == "__main__":
    unittest.main()
