# SPDX-License-Identifier: MIT
"""wharf-registry's own manners: what init makes, what config shows, what nginx-config refuses, and how usage errors read."""

import os
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.wharf import ROOT, programs


class RegistryToolTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="wharf-tool-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_tool(self, *arguments, **env):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("WHARF_")}
        return subprocess.run([programs() / "wharf-registry", *map(str, arguments)], env={**environment, **env}, text=True,
                              capture_output=True, timeout=60)

    def test_init_makes_what_is_missing_and_changes_nothing_that_is_there(self):
        config = self.folder / "etc/wharf.conf"
        root = ("--set", f"storage.root={self.folder}/data")
        done = self.run_tool("init", "--config", config, *root)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        for made in (config, self.folder / "data/blobs", self.folder / "etc/session.key"):
            self.assertTrue(made.exists(), made)
            self.assertIn(str(made), done.stdout)
        key = self.folder / "etc/session.key"
        self.assertEqual(0o600, stat.S_IMODE(key.stat().st_mode))
        self.assertRegex(key.read_text(), "^[0-9a-f]{64}\n$")
        before = key.read_text(), config.read_text()
        again = self.run_tool("init", "--config", config, *root)
        self.assertEqual((0, "", ""), (again.returncode, again.stdout, again.stderr))
        self.assertEqual(before, (key.read_text(), config.read_text()))

    def test_config_shows_every_value_and_where_it_is_from(self):
        config = self.folder / "wharf.conf"
        config.write_text("[database]\npassword = hunter2\n[site]\ndialect = raven\n")
        shown = self.run_tool("config", "--config", config, "--set", "log.level=debug", WHARF_AUTH_SESSION_DAYS="9").stdout
        for line in (f"site.dialect = raven  ({config}:4)", "log.level = debug  (--set log.level)", "site.mode = development  (default)",
                     "auth.session_days = 9  (WHARF_AUTH_SESSION_DAYS)", f"database.password = (secret)  ({config}:2)"):
            self.assertIn(line + "\n", shown)
        self.assertNotIn("hunter2", shown)

    def test_errors_and_wrong_usage_are_one_sentence_with_a_hint(self):
        config = self.folder / "wharf.conf"
        config.write_text("[site]\nmoode = production\n")
        for arguments, code, words in (
                (("config", "--config", config), 1, f"{config}:2: unknown key 'site.moode'; did you mean 'site.mode'?"),
                (("config", "--config", self.folder / "none"), 1, "does not exist"),
                (("confg",), 2, "did you mean 'config'?"), ((), 2, "no command"), (("config", "--colour"), 2, "unknown option '--colour'"),
                (("config", "--set", "x"), 2, "KEY=VALUE"), (("config", "extra"), 2, "no key 'extra'"),
                (("config", "log.level", "extra"), 2, "one argument too many"),
                (("config", "--config"), 2, "needs its FILE"), (("config", "--describe=1"), 2, "takes no value"),
                (("nginx-config",), 2, "--output")):
            done = self.run_tool(*arguments)
            self.assertEqual(code, done.returncode, arguments)
            self.assertTrue(done.stderr.startswith("wharf-registry: error: "), done.stderr)
            self.assertIn(words, done.stderr)
            self.assertEqual("", done.stdout)

    def test_help_and_version_go_to_stdout(self):
        for arguments, words in ((("--help",), "nginx-config"), (("nginx-config", "--help"), "--output DIR"), (("--version",), "wharf-registry ")):
            done = self.run_tool(*arguments)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertIn(words, done.stdout)

    def test_what_could_change_nginxs_meaning_is_refused(self):
        for setting, key in (("nginx.server_name=x; return 200", "nginx.server_name"), ("nginx.access_log=/var/log/a b.log", "nginx.access_log"),
                             ("storage.public=/srv/{x}", "storage.public"), ("site.cors_origins=https://x\"", "site.cors_origins"),
                             ("nginx.user=a$b", "nginx.user")):
            done = self.run_tool("nginx-config", "--output", self.folder / "out", "--set", setting, "--set", f"nginx.templates={ROOT}/nginx")
            self.assertEqual(1, done.returncode, setting)
            self.assertIn(key, done.stderr)
            self.assertFalse((self.folder / "out").exists())

    def test_templates_that_are_not_there_and_a_site_without_a_port_are_refused(self):
        done = self.run_tool("nginx-config", "--output", self.folder / "out", "--set", f"nginx.templates={self.folder}")
        self.assertEqual(1, done.returncode)
        self.assertIn("no template", done.stderr)
        done = self.run_tool("nginx-config", "--output", self.folder / "out", "--set", f"nginx.templates={ROOT}/nginx",
                             "--set", "nginx.http_port=0", "--set", "nginx.https_port=0")
        self.assertEqual(1, done.returncode)
        self.assertIn("both 0", done.stderr)


if __name__ == "__main__":
    unittest.main()
