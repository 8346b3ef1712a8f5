# SPDX-License-Identifier: MIT
"""`wharf-registry status` says what is well and what is not, and its exit status says whether all is."""

import re
import unittest

from support.promises import run_program
from support.wharf import Wharf, wait_for


class StatusTest(unittest.TestCase):
    def setUp(self):
        self.wharf = Wharf(env={"WHARF_WORKERS": "2"}).start()
        self.addCleanup(self.wharf.close)

    def status(self):
        return run_program(self.wharf, "wharf-registry", "status")

    def test_says_who_is_how_far(self):
        wharf = self.wharf
        wharf.published(wharf.register().token, "tide", "1.0.0")
        done = self.status()
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertRegex(done.stdout, r"(?m)^database +answers; the journal ends at 1$")
        self.assertRegex(done.stdout, r"(?m)^clerk of main +has read to 1, up to date, last change \d{4}-\d\d-\d\dT")
        self.assertRegex(done.stdout, r"(?m)^clerk here +runs and shows 1, up to date$")
        wharf.kill("clerk")
        wait_for(lambda: self.status().returncode == 1, what="a dead clerk to be noticed")
        self.assertRegex(self.status().stdout, r"(?m)^clerk here +does not run$")
        wharf.restart("clerk")
        wait_for(lambda: self.status().returncode == 0, what="a clerk that was started again to be noticed")
        wharf.kill("mariadb")
        done = self.status()
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stdout, r"(?m)^database +does not answer: ")
        self.assertTrue(re.search(r"^clerk here +runs and shows 1$", done.stdout, re.M), done.stdout)


if __name__ == "__main__":
    unittest.main()
