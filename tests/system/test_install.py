# SPDX-License-Identifier: MIT
"""`make install` into a folder of its own: the installed programs run from there, find their templates, and what is removed
again is all of it. Nothing is built."""

import os
import re
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.wharf import ROOT, programs

TOOLS = tuple(sorted(path.parent.name for path in (ROOT / "admin-tools").glob("*/main.cpp")))
PROGRAMS = ("wharf-fcgi", *TOOLS, "wharf")


def make(*words):
    # What `make test` was called with is not for this one.
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("WHARF_", "MAKE", "MFLAGS"))}
    return subprocess.run(["make", "-C", ROOT, "--no-print-directory", f"PROGRAMS_FROM={programs()}", *words], env=environment,
                          text=True, check=True, capture_output=True, timeout=120).stdout


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="wharf-install-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        stamp = ROOT / os.environ.get("BUILD", "build/release") / "flags"
        before = stamp.stat().st_mtime_ns if stamp.exists() else None
        # Other flags than the programs were built with: still nothing is to be built, now or later.
        cls.said = make("install-files", f"DESTDIR={cls.folder}", "PREFIX=/usr", "CXXFLAGS=-O1")
        cls.stamp = before, stamp.stat().st_mtime_ns if stamp.exists() else None
        cls.usr = cls.folder / "usr"

    def installed(self, program):
        return self.usr / ("bin" if program == "wharf" else "sbin") / program

    def run_installed(self, program, *arguments):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}
        return subprocess.run([self.installed(program), *map(str, arguments)], env=environment, text=True, capture_output=True,
                              timeout=60, cwd="/")

    def test_nothing_was_built_and_no_later_build_starts_over(self):
        self.assertNotIn("CXX", self.said)
        self.assertEqual(*self.stamp)

    def test_every_program_says_who_it_is(self):
        version = (ROOT / "VERSION").read_text().strip()
        for program in PROGRAMS:
            said = self.run_installed(program, "--version")
            self.assertEqual((0, f"{program} {version}\n", ""), (said.returncode, said.stdout, said.stderr))
            said = self.run_installed(program, "--help")
            self.assertEqual((0, ""), (said.returncode, said.stderr))
            self.assertIn(program, said.stdout)

    def test_the_installed_program_renders_what_nginx_takes(self):
        work = Path(tempfile.mkdtemp(prefix="wharf-installed-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, work, ignore_errors=True)
        for folder in ("run", "nginx", "public", "log"):
            (work / folder).mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-keyout", work / "tls.key", "-out", work / "tls.crt", "-subj", "/CN=localhost"], check=True, capture_output=True)
        keys = {"storage.root": work, "nginx.certificate": work / "tls.crt", "nginx.certificate_key": work / "tls.key",
                "nginx.access_log": work / "log/access.log", "nginx.error_log": work / "log/error.log",
                "nginx.download_log": work / "log/downloads.log"}
        said = self.run_installed("wharf-registry", "nginx-config", "--output", work / "conf",
                                  *(part for key, value in keys.items() for part in ("--set", f"{key}={value}")))
        self.assertEqual((0, ""), (said.returncode, said.stderr))
        rendered = {path.name for path in (work / "conf").iterdir()}
        self.assertEqual({path.stem for path in (ROOT / "nginx").glob("*.in")}, rendered)
        environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}
        judged = subprocess.run(["nginx", "-t", "-q", "-e", work / "log/error.log", "-p", work, "-c", work / "conf/nginx.conf"],
                                env=environment, text=True, capture_output=True, timeout=60)
        self.assertEqual(0, judged.returncode, judged.stderr)

    def test_the_program_of_the_tree_finds_the_trees_templates(self):
        if not programs().resolve().is_relative_to(ROOT / "build"):
            self.skipTest("the programs were not built in this tree")
        with tempfile.TemporaryDirectory(prefix="wharf-install-", dir="/tmp") as folder:
            subprocess.run([programs() / "wharf-registry", "nginx-config", "--output", folder], check=True, cwd="/",
                           env={"PATH": os.environ["PATH"]}, timeout=60)
            self.assertTrue(Path(folder, "site.conf").exists())

    def test_a_program_alone_says_what_it_misses(self):
        with tempfile.TemporaryDirectory(prefix="wharf-alone-", dir="/tmp") as folder:
            alone = Path(folder, "a/b/c/wharf-registry")
            alone.parent.mkdir(parents=True)
            shutil.copy(programs() / "wharf-registry", alone)
            said = subprocess.run([alone, "nginx-config", "--output", f"{folder}/out"], env={"PATH": os.environ["PATH"]}, text=True,
                                  capture_output=True, timeout=60)
            self.assertEqual(1, said.returncode)
            self.assertIn("set nginx.templates", said.stderr)

    def test_manuals_documents_rights_and_an_example_come_with_it(self):
        for page in (ROOT / "docs/man").glob("*.[1-8]"):
            self.assertTrue((self.usr / "share/man" / f"man{page.suffix[1:]}" / page.name).exists(), page.name)
        for tool in (*TOOLS, "wharf"):
            section = 1 if tool == "wharf" else 8
            self.assertEqual(self.run_installed(tool, "--man").stdout, (self.usr / f"share/man/man{section}/{tool}.{section}").read_text())
            completion = self.usr / f"share/bash-completion/completions/{tool}"
            self.assertEqual(self.run_installed(tool, "--completion", "bash").stdout, completion.read_text())
        self.assertTrue((self.usr / "share/wharf/sql/grants.sql").exists())
        for path in (ROOT / "docs").rglob("*.md"):
            self.assertTrue((self.usr / "share/doc/wharf" / path.relative_to(ROOT)).exists(), path)
        example = self.usr / "share/doc/wharf/wharf.conf.example"
        said = self.run_installed("wharf-registry", "config", "--config", example)
        self.assertEqual((0, ""), (said.returncode, said.stderr))
        self.assertIn(f"site.mode = development  ({example}:", said.stdout)

    def test_whatever_is_installed_can_be_read_by_all_and_names_no_folder_of_the_builder(self):
        for path in self.usr.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            is_program = path.parent.name in ("bin", "sbin")
            self.assertEqual(0o755 if path.is_dir() or is_program else 0o644, mode, path)
            if path.is_file() and not is_program:
                self.assertNotIn(str(ROOT), path.read_text(), path)

    def test_uninstall_leaves_no_file(self):
        with tempfile.TemporaryDirectory(prefix="wharf-install-", dir="/tmp") as folder:
            make("install-files", f"DESTDIR={folder}", "PREFIX=/opt/wharf")
            self.assertTrue(Path(folder, "opt/wharf/sbin/wharf-registry").exists())
            make("uninstall", f"DESTDIR={folder}", "PREFIX=/opt/wharf")
            self.assertEqual([], [path for path in Path(folder).rglob("*") if path.is_file()])

    def test_help_lists_both(self):
        said = make("help")
        for target in ("install", "uninstall"):
            self.assertRegex(said, rf"(?m)^  {re.escape(target)} +\S")


if __name__ == "__main__":
    unittest.main()
