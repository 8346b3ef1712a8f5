# SPDX-License-Identifier: MIT
"""python3 -m support.runner SUITE: runs tests/SUITE/test_*.py, only tests whose name contains $T, prints each failure and
each skip, and ends with `SUITE: N passed, N failed, N skipped`."""

import os
import sys
import time
import unittest
from pathlib import Path


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = self.failed = self.skipped_count = 0
        self.this_failed = self.this_skipped = False

    def startTest(self, test):
        super().startTest(test)
        self.this_failed = self.this_skipped = False
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        if self.this_failed:
            self.failed += 1
        elif self.this_skipped:
            self.skipped_count += 1
        else:
            self.passed += 1
            if os.environ.get("V"):
                print(f"ok {test.id()} ({time.monotonic() - self.began:.1f} s)", flush=True)

    def report(self, test, error):
        print(f"FAILED {test.id()}\n{self._exc_info_to_string(error, test)}", flush=True)
        # A fixture of a module or a class is no test of its own, but its fault must count.
        if isinstance(test, unittest.TestCase) or hasattr(test, "test_case"):
            self.this_failed = True
        else:
            self.failed += 1

    def addError(self, test, err):
        self.report(test, err)

    def addFailure(self, test, err):
        self.report(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.report(subtest, err)

    def addSkip(self, test, reason):
        print(f"skipped {test.id()}: {reason}", flush=True)
        if isinstance(test, unittest.TestCase):
            self.this_skipped = True
        else:
            self.skipped_count += 1

    def addUnexpectedSuccess(self, test):
        print(f"FAILED {test.id()}: it was expected to fail and did not", flush=True)
        self.this_failed = True


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


def main():
    name = sys.argv[1]
    folder = Path(__file__).resolve().parent.parent / name
    pattern = os.environ.get("T", "")
    found = unittest.defaultTestLoader.discover(str(folder), pattern="test_*.py", top_level_dir=str(folder))
    # A file that cannot be imported always counts.
    chosen = [test for test in flatten(found) if pattern in test.id() or "_FailedTest" in test.id()]
    result = Result()
    unittest.TestSuite(chosen).run(result)
    print(f"{name}: {result.passed} passed, {result.failed} failed, {result.skipped_count} skipped", flush=True)
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main())
